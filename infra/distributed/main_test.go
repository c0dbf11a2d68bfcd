package distributed_test

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsiam"
	"github.com/aws/aws-cdk-go/awscdk/v2/awslambda"
	"github.com/aws/jsii-runtime-go"
	"github.com/google/go-cmp/cmp"

	"mapfleet/infra/distributed"
	"mapfleet/infra/function"
	"mapfleet/infra/rules"
	"mapfleet/infra/storage"
)

func TestMain(m *testing.M) {
	_ = os.Setenv("JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION", "20") // it still works there
	_ = os.Setenv("CDK_VALIDATION", "false")                             // the tests of the app validate
	code := m.Run()
	if null, err := os.OpenFile(os.DevNull, os.O_WRONLY, 0); err == nil {
		os.Stderr = null // jsii.Close waits twice, and the wait that loses complains
	}
	jsii.Close()
	os.Exit(code)
}

// binaries is a directory of what stands for a function that is built.
func binaries(t *testing.T, name string) string {
	t.Helper()
	if _, err := exec.LookPath("node"); err != nil {
		t.Skip("needs Node.js: there is no node in PATH")
	}
	root := t.TempDir()
	if err := os.Mkdir(filepath.Join(root, name), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(root, name, "bootstrap"), []byte(name), 0o755); err != nil {
		t.Fatal(err)
	}
	return root
}

func newStack(t *testing.T) (app awscdk.App, stack awscdk.Stack, out string) {
	out = t.TempDir()
	app = awscdk.NewApp(&awscdk.AppProps{Outdir: &out, AnalyticsReporting: jsii.Bool(false)})
	return app, awscdk.NewStack(app, jsii.String("stack"), nil), out
}

// synth returns the template of a stack, which keeps to the rules.
func synth(t *testing.T, app awscdk.App, out string) string {
	t.Helper()
	app.Synth(nil)
	template, err := os.ReadFile(filepath.Join(out, "stack.template.json"))
	if err != nil {
		t.Fatal(err)
	}
	if err := rules.Check(template); err != nil {
		t.Error(err)
	}
	return string(template)
}

// holds says what a template has to hold, and what not.
func holds(t *testing.T, template string, wants, nots []string) {
	t.Helper()
	for _, want := range wants {
		if !strings.Contains(template, want) {
			t.Errorf("the template has no %s", want)
		}
	}
	for _, not := range nots {
		if strings.Contains(template, not) {
			t.Errorf("the template has %s, which the job does not use", not)
		}
	}
}

// TestASecondJob synthesises the example: it keeps to the rules, its role follows from its definition, and what its
// runs read, write and tell is what the role allows.
func TestASecondJob(t *testing.T) {
	built := binaries(t, "visit")
	app, stack, out := newStack(t)
	if _, err := secondJob(stack, built); err != nil {
		t.Fatal(err)
	}
	template := synth(t, app, out)
	holds(t, template,
		[]string{`"InvokeFunctions"`, `"ReadManifests"`, `"WriteResults"`, `"StartChildren"`, `"Tell"`, `:execution:visits/Each:*`, `"rate(5 minutes)"`, `"visits-Undelivered"`},
		[]string{`"ListSource"`, `EventSourceMapping`, `AWS::Events::Rule`, `123456789012`})
	var parsed struct {
		Resources map[string]struct {
			Type       string
			Properties struct {
				DefinitionString        string
				DefinitionSubstitutions map[string]any
				Target                  struct{ Input string }
				PolicyDocument          struct {
					Statement []struct {
						Sid      string
						Resource any
					}
				}
			}
		}
	}
	if err := json.Unmarshal([]byte(template), &parsed); err != nil {
		t.Fatal(err)
	}
	var definition, input string
	var values, allowed = map[string]any{}, map[string]any{}
	for _, resource := range parsed.Resources {
		switch p := resource.Properties; resource.Type {
		case "AWS::StepFunctions::StateMachine":
			definition, values = p.DefinitionString, p.DefinitionSubstitutions
		case "AWS::Scheduler::Schedule":
			input = p.Target.Input
		case "AWS::IAM::Policy":
			for _, statement := range p.PolicyDocument.Statement {
				allowed[statement.Sid] = statement.Resource
			}
		}
	}
	work, _ := values["WorkBucket"].(map[string]any)
	objects := map[string]any{"Fn::Join": []any{"", []any{map[string]any{"Fn::GetAtt": []any{work["Ref"], "Arn"}}, "/visits/*"}}}
	want := map[string]any{"ReadManifests": objects, "WriteResults": objects, "Tell": values["Topic"]}
	got := map[string]any{"ReadManifests": allowed["ReadManifests"], "WriteResults": allowed["WriteResults"], "Tell": allowed["Tell"]}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("what the role allows (-used +allowed):\n%s", diff)
	}
	if !strings.Contains(input, `"key":"visits/`) || strings.Contains(input, "ucket") || strings.Contains(definition, `"Bucket.$"`) {
		t.Errorf("the schedule gives %s: the key of a file under visits/, and no bucket of the caller's, is all that the role may read", input)
	}
}

// hashes is a job over a listing, which needs no more than its definition says.
const hashes = `{"StartAt": "Each", "States": {"Each": {"Type": "Map", "Label": "Each",
	"ItemReader": {"Resource": "arn:aws:states:::s3:listObjectsV2", "Parameters": {"Bucket": "${SourceBucket}"}},
	"ItemProcessor": {"ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "EXPRESS"}, "StartAt": "Hash", "States": {
		"Hash": {"Type": "Task", "Resource": "arn:aws:states:::lambda:invoke", "Parameters": {"FunctionName": "${HashFunction}", "Payload.$": "$"}, "End": true}}},
	"ResultWriter": {"Resource": "arn:aws:states:::s3:putObject", "Parameters": {"Bucket": "${WorkBucket}", "Prefix": "hashes/results"}}, "End": true}}}`

// TestAThirdJob is one over a listing whose few lines leave out all that has a default.
func TestAThirdJob(t *testing.T) {
	built := binaries(t, "hash")
	for _, test := range []struct {
		name                   string
		sourcePrefix, workWith string
		oneBucket              bool
		refused                string
	}{
		{"source and work are two buckets", "", "hashes/", false, ""},
		{"two prefixes of one bucket", "photos/", "hashes/", true, ""},
		{"results would be listed", "", "hashes/", true, `work: results under "hashes/" would be listed as items under ""`},
		{"results lie elsewhere than the role may write", "", "work/", false, `work: results go to "hashes/results", which the role may not write to; allowed: what starts with "work/"`},
	} {
		t.Run(test.name, func(t *testing.T) {
			app, stack, out := newStack(t)
			source := storage.Place{Bucket: storage.Bucket(stack, "Source", storage.Props{Name: "my-photos"}), Prefix: test.sourcePrefix}
			work := storage.Place{Bucket: source.Bucket, Prefix: test.workWith}
			if !test.oneBucket {
				work.Bucket = storage.Bucket(stack, "Work", storage.Props{})
			}
			_, err := distributed.New(stack, "Hashes", distributed.Props{
				Name:       "hashes",
				Definition: hashes,
				Functions: map[string]awslambda.Function{"HashFunction": function.New(stack, "Hash", function.Props{
					Name: "hashes-hash", Asset: built + "/hash",
					Allow: []awsiam.PolicyStatement{storage.Allow("ReadSource", []string{"s3:GetObject"}, source)},
				})},
				Values:   map[string]string{"SourceBucket": *source.Bucket.BucketName(), "WorkBucket": *work.Bucket.BucketName()},
				Source:   source,
				Work:     work,
				Schedule: &distributed.Schedule{Expression: "rate(7 days)"},
			})
			if test.refused != "" {
				if err == nil || !strings.Contains(err.Error(), test.refused) {
					t.Errorf("New = %v, want in it: %s", err, test.refused)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			holds(t, synth(t, app, out),
				[]string{`"ListSource"`, `"WriteResults"`, `"hashes-Throttles"`, `"ScheduleExpressionTimezone": "UTC"`, `"Input": "{}"`, `"RetentionInDays": 30`, `"arm64"`},
				[]string{`"ReadManifests"`, `"hashes-SlowBatches"`})
		})
	}
}
