package main

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"mapfleet/infra/config"
)

// TestRolesHaveTheKeysTheyNeed is for every key of a deployment over buckets that exist: who may do what by
// it, and nobody else may.
func TestRolesHaveTheKeysTheyNeed(t *testing.T) {
	c := imported()
	c.Uploads, c.Schedule = true, "rate(1 day)"
	s, checking := synth(t, c), synth(t, checking())
	const read, write = "kms:Decrypt", "kms:Decrypt kms:GenerateDataKey"
	want := map[string]map[string]string{
		"Prepare":  {sourceKey: read, manifestKey: read, workKey: write},
		"Resize":   {sourceKey: read, destinationKey: write, workKey: write},
		"Report":   {destinationKey: read, workKey: write},
		"Trigger":  {},
		"Workflow": {workKey: "kms:Decrypt kms:Encrypt kms:GenerateDataKey"},
		// my-lists, which the file of checks lies in, too
		"CheckPlan":   {manifestKey: read, workKey: write},
		"CheckWorker": {workKey: write},
		"CheckReport": {manifestKey: write, workKey: write},
		"Checks":      {workKey: "kms:Decrypt kms:Encrypt kms:GenerateDataKey"},
	}
	for role, keys := range want {
		s := s
		if strings.HasPrefix(role, "Check") {
			s = checking
		}
		got := map[string]map[string]bool{}
		for _, st := range s.statements(t, role) {
			if !strings.HasPrefix(st.actions[0], "kms:") {
				continue
			}
			if !strings.Contains(st.condition, `"kms:ViaService":"s3.`) {
				t.Errorf("%s, %s: not through S3 only: %s", role, st.sid, st.condition)
			}
			for _, key := range st.resources {
				if got[key] == nil {
					got[key] = map[string]bool{}
				}
				for _, action := range st.actions {
					got[key][action] = true
				}
			}
		}
		flat := map[string]string{}
		for key, actions := range got {
			var names []string
			for action := range actions {
				names = append(names, action)
			}
			slices.Sort(names)
			flat[key] = strings.Join(names, " ")
		}
		if diff := cmp.Diff(keys, flat); diff != "" {
			t.Errorf("%s (-want +got):\n%s", role, diff)
		}
	}
}

// TestChecksHaveTheKeyOfTheirFile: a bucket that is none of the others has a key of its own.
func TestChecksHaveTheKeyOfTheirFile(t *testing.T) {
	c := checking()
	c.ManifestBucket, c.ManifestKey, c.ChecksKey = "", "", manifestKey
	s := synth(t, c)
	for role, want := range map[string]string{"CheckPlan": "kms:Decrypt", "CheckWorker": "", "CheckReport": "kms:Decrypt kms:GenerateDataKey", "Prepare": ""} {
		var got []string
		for _, st := range s.statements(t, role) {
			if slices.Contains(st.resources, manifestKey) {
				got = append(got, st.actions...)
			}
		}
		slices.Sort(got)
		if got := strings.Join(slices.Compact(got), " "); got != want {
			t.Errorf("%s may %q by the key, want %q", role, got, want)
		}
	}
}

func TestOwnedBucketsEncryptByTheirKey(t *testing.T) {
	c := everything()
	s := synth(t, c)
	for id, want := range map[string]string{"Source": sourceKey, "Work": workKey, "Destination": ""} {
		encryption := s.only(t, "AWS::S3::Bucket", id).Properties["BucketEncryption"].(map[string]any)
		rule := encryption["ServerSideEncryptionConfiguration"].([]any)[0].(map[string]any)
		by := rule["ServerSideEncryptionByDefault"].(map[string]any)
		algorithm := "AES256"
		if want != "" {
			algorithm = "aws:kms"
		}
		if key, _ := by["KMSMasterKeyID"].(string); key != want || by["SSEAlgorithm"] != algorithm || rule["BucketKeyEnabled"] != (want != "") {
			t.Errorf("%s: %v, want %s by %q", id, rule, algorithm, want)
		}
	}
}

func TestWithoutKeysNobodyMayUseOne(t *testing.T) {
	if raw := string(synth(t, config.Default()).raw); strings.Contains(raw, "kms:") {
		t.Error("the template of a deployment without keys speaks of KMS")
	}
}

// TestTopicIsEncryptedByItsKey: who publishes to it by a role may use the key, through SNS alone; CloudWatch is
// for the key's owner to let in.
func TestTopicIsEncryptedByItsKey(t *testing.T) {
	c := checking()
	c.TopicKey = destinationKey
	s := synth(t, c)
	if got := s.only(t, "AWS::SNS::Topic", "Workflow").Properties["KmsMasterKeyId"]; got != c.TopicKey {
		t.Errorf("the topic is encrypted by %v, want %s", got, c.TopicKey)
	}
	want := statement{"EncryptChanges", []string{"kms:Decrypt", "kms:GenerateDataKey"}, []string{c.TopicKey}, `{"StringLike":{"kms:ViaService":"sns.*.amazonaws.com*"}}`}
	if diff := cmp.Diff(want, s.statements(t, "Checks")["EncryptChanges"], cmp.AllowUnexported(statement{})); diff != "" {
		t.Errorf("what tells of changes (-want +got):\n%s", diff)
	}
	if _, ok := s.statements(t, "Workflow")["EncryptChanges"]; ok {
		t.Error("the machine of pictures, which tells nothing, may use the key")
	}
}
