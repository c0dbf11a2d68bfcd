package main

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// needs says what the role must allow for each resource that a state names.
// https://docs.aws.amazon.com/step-functions/latest/dg/iam-policies-eg-dist-map.html
var needs = map[string][]string{
	"arn:aws:states:::lambda:invoke":    {"lambda:InvokeFunction"},
	"arn:aws:states:::s3:listObjectsV2": {"s3:ListBucket"},
	"arn:aws:states:::s3:getObject":     {"s3:GetObject"},
	"arn:aws:states:::s3:putObject":     {"s3:PutObject", "s3:GetObject", "s3:ListMultipartUploadParts", "s3:AbortMultipartUpload"},
	"arn:aws:states:::sns:publish":      {"sns:Publish"},
	"DISTRIBUTED":                       {"states:StartExecution", "states:DescribeExecution", "states:StopExecution", "states:RedriveExecution"},
}

// TestMachineMayDoWhatItsStatesDo compares both ways: what the states need is allowed, and nothing else
// is, but the logs and traces that CDK adds.
func TestMachineMayDoWhatItsStatesDo(t *testing.T) {
	for _, machine := range machines(t) {
		t.Run(machine.construct, func(t *testing.T) {
			allowed := map[string]bool{}
			for _, st := range machine.s.statements(t, machine.construct) {
				for _, action := range st.actions {
					if !strings.HasPrefix(action, "logs:") && !strings.HasPrefix(action, "xray:") && !strings.HasPrefix(action, "kms:") {
						allowed[action] = true
					}
				}
			}
			needed := map[string]bool{}
			for name, state := range states(t, machine.definition) {
				for _, does := range []string{
					at(state, "Resource"), at(state, "ItemReader", "Resource"), at(state, "ResultWriter", "Resource"),
					at(state, "ItemProcessor", "ProcessorConfig", "Mode"),
				} {
					if does == "" || does == "INLINE" {
						continue
					}
					actions, ok := needs[does]
					if !ok {
						t.Errorf("state %s does %s: say in this test what that needs", name, does)
					}
					for _, action := range actions {
						needed[action] = true
					}
				}
			}
			if diff := cmp.Diff(slices.Sorted(maps.Keys(needed)), slices.Sorted(maps.Keys(allowed))); diff != "" {
				t.Errorf("actions (-needed +allowed):\n%s", diff)
			}
		})
	}
}

func TestMachineMayRedriveEachLabel(t *testing.T) {
	for _, machine := range machines(t) {
		var want []string
		for name, state := range states(t, machine.definition) {
			if at(state, "ItemProcessor", "ProcessorConfig", "Mode") != "DISTRIBUTED" {
				continue
			}
			label := at(state, "Label")
			if label == "" || len(label) > 40 {
				t.Errorf("Distributed Map %s has the label %q, want 1 to 40 characters", name, label)
			}
			want = append(want, "arn:${AWS::Partition}:states:${AWS::Region}:${AWS::AccountId}:execution:"+machine.name+"/"+label+":*")
		}
		slices.Sort(want)
		if diff := cmp.Diff(want, machine.s.statements(t, machine.construct)["RedriveChildren"].resources); diff != "" {
			t.Errorf("Map Runs of %s (-want +got):\n%s", machine.name, diff)
		}
	}
}

// TestPermissionsEndAtThePrefixes reads every role of a deployment whose source and destination are two
// prefixes of one bucket that holds more.
func TestPermissionsEndAtThePrefixes(t *testing.T) {
	s := synth(t, shared())
	const bucket = "arn:${AWS::Partition}:s3:::my-photos"
	var work string
	for id := range s.all("AWS::S3::Bucket") {
		work = "${" + id + ".Arn}"
	}
	const in, out = `{"StringLikeIfExists":{"s3:prefix":"in/*"}}`, `{"StringLikeIfExists":{"s3:prefix":"out/*"}}`
	get, put, list := "s3:GetObject", "s3:PutObject", "s3:ListBucket"

	for role, want := range map[string][]statement{
		"Prepare": {
			{"AbortUploads", []string{"s3:AbortMultipartUpload"}, []string{work + "/work/*"}, ""},
			{"FindDestination", []string{list}, []string{bucket}, out},
			{"FindSource", []string{list}, []string{bucket}, in},
			{"FindWork", []string{list}, []string{work}, ""},
			{"ReadAndWriteWork", []string{get, put}, []string{work + "/reports/*", work + "/work/*"}, ""},
			{"ReadManifests", []string{get}, []string{work + "/manifests/*", bucket + "/*"}, ""},
		},
		"Resize": {
			{"FindDestination", []string{list}, []string{bucket}, out},
			{"FindSource", []string{list}, []string{bucket}, in},
			{"FindWork", []string{list}, []string{work}, `{"StringLikeIfExists":{"s3:prefix":"work/*"}}`},
			{"ReadAndWriteDestination", []string{get, put}, []string{bucket + "/out/*"}, ""},
			{"ReadAndWriteWork", []string{get, put}, []string{work + "/work/*"}, ""},
			{"ReadSource", []string{get}, []string{bucket + "/in/*"}, ""},
		},
		"Report": {
			{"FindWork", []string{list}, []string{work}, ""},
			{"ReadDestination", []string{get}, []string{bucket + "/out/*"}, ""},
			{"ReadWork", []string{get}, []string{work + "/reports/*", work + "/work/*"}, ""},
			{"WriteReports", []string{put}, []string{work + "/reports/*"}, ""},
		},
		"Workflow": {
			{"ListSource", []string{list}, []string{bucket}, `{"StringLike":{"s3:prefix":"in/*"}}`},
			{"ReadManifests", []string{get}, []string{work + "/work/*"}, ""},
			{"WriteResults", []string{"s3:AbortMultipartUpload", get, "s3:ListMultipartUploadParts", put}, []string{work + "/work/*"}, ""},
		},
	} {
		t.Run(role, func(t *testing.T) {
			var got []statement
			for _, st := range s.statements(t, role) {
				if slices.ContainsFunc(st.actions, func(action string) bool { return strings.HasPrefix(action, "s3:") }) {
					slices.Sort(st.actions)
					slices.Sort(st.resources)
					got = append(got, st)
				}
			}
			slices.SortFunc(got, func(a, b statement) int { return strings.Compare(a.sid, b.sid) })
			for i := range want {
				slices.Sort(want[i].actions)
				slices.Sort(want[i].resources)
			}
			if diff := cmp.Diff(want, got, cmp.AllowUnexported(statement{})); diff != "" {
				t.Errorf("S3 statements (-want +got):\n%s", diff)
			}
		})
	}
}

// TestManifestBucketIsReadOnly: the bucket that manifests may lie in beside source and work is read, by
// Prepare alone, and told to it.
func TestManifestBucketIsReadOnly(t *testing.T) {
	c := shared()
	c.ManifestBucket = "my-lists"
	s := synth(t, c)
	const bucket = "arn:${AWS::Partition}:s3:::my-lists"
	for _, role := range []string{"Prepare", "Resize", "Report", "Workflow"} {
		var actions []string
		for _, st := range s.statements(t, role) {
			if slices.ContainsFunc(st.resources, func(r string) bool { return strings.HasPrefix(r, bucket) }) {
				actions = append(actions, st.actions...)
			}
		}
		slices.Sort(actions)
		want := map[string]string{"Prepare": "s3:GetObject s3:ListBucket"}[role]
		if got := strings.Join(actions, " "); got != want {
			t.Errorf("%s may %q, want %q", role, got, want)
		}
	}
	if got := environmentOf(t, s, "Prepare")["MANIFEST_BUCKET"]; got != "my-lists" {
		t.Errorf("MANIFEST_BUCKET is %q", got)
	}
	if n := len(s.all("AWS::S3::Bucket")); n != 1 {
		t.Errorf("the stack makes %d buckets, want the work bucket alone", n)
	}
}
