package main

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"mapfleet/functions/job"
	"mapfleet/functions/trigger/uploads"
	"mapfleet/infra/config"
)

func uploading(c config.Config) config.Config {
	c.Uploads = true
	return c
}

// matches says whether an object that is created in a bucket raises a rule of the template, by the part of
// EventBridge's pattern language that the rules use.
// https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-event-patterns-content-based-filtering.html
func matches(t *testing.T, s template, bucket, key string) bool {
	t.Helper()
	found := false
	for id, rule := range s.all("AWS::Events::Rule") {
		pattern := rule.Properties["EventPattern"].(map[string]any)
		if text(pattern["source"]) != "[aws.s3]" {
			continue
		}
		if text(pattern["detail-type"]) != "[Object Created]" || len(pattern) != 3 {
			t.Errorf("%s: pattern %v", id, pattern)
		}
		detail := pattern["detail"].(map[string]any)
		if !slices.Contains(texts(detail["bucket"].(map[string]any)["name"]), bucket) {
			continue
		}
		object, bounded := detail["object"].(map[string]any)
		if !bounded {
			found = true
			continue
		}
		for _, each := range object["key"].([]any) {
			prefix, ok := each.(map[string]any)["prefix"].(string)
			if !ok {
				t.Errorf("%s: this test does not know what %v matches", id, each)
			}
			found = found || strings.HasPrefix(key, prefix)
		}
	}
	return found
}

func TestUploadsThatStartARun(t *testing.T) {
	one := shared()
	owned := synth(t, uploading(config.Default()))
	work, source, destination := "", "", ""
	for id := range owned.all("AWS::S3::Bucket") {
		for prefix, name := range map[string]*string{"Work": &work, "Source": &source, "Destination": &destination} {
			if strings.HasPrefix(id, prefix) {
				*name = "${" + id + "}"
			}
		}
	}
	for _, test := range []struct {
		name, bucket, key string
		s                 template
		want              bool
	}{
		{"a picture", source, "2026/cat.jpg", owned, true},
		{"an output", destination, "w1024/2026/cat.jpg", owned, false},
		{"a list", work, job.ManifestsPrefix + "today.csv", owned, true},
		{"a result", work, "work/run/results/x.json", owned, false},
		{"a report", work, "reports/run/report.html", owned, false},
		{"a picture, one bucket for both", "my-photos", "in/cat.jpg", synth(t, uploading(one)), true},
		{"an output, one bucket for both", "my-photos", "out/w1024/in/cat.jpg", synth(t, uploading(one)), false},
		{"something else in the bucket", "my-photos", "other/cat.jpg", synth(t, uploading(one)), false},
	} {
		t.Run(test.name, func(t *testing.T) {
			if got := matches(t, test.s, test.bucket, test.key); got != test.want {
				t.Errorf("%s in %s raises a rule: %v, want %v", test.key, test.bucket, got, test.want)
			}
		})
	}
	if manifestsPrefix != job.ManifestsPrefix {
		t.Errorf("the stack says %q, the functions %q", manifestsPrefix, job.ManifestsPrefix)
	}
}

func TestUploadsAreOffByDefault(t *testing.T) {
	s := synth(t, config.Default())
	for _, kind := range []string{"AWS::Lambda::EventSourceMapping", "AWS::Scheduler::Schedule"} {
		if n := len(s.all(kind)); n != 0 {
			t.Errorf("%d of %s, want none: nothing starts by itself", n, kind)
		}
	}
	if strings.Contains(string(s.raw), "EventBridgeEnabled") {
		t.Error("a bucket tells EventBridge of objects, which is paid for and nobody listens to")
	}
}

func TestOnlyBucketsOfTheStackAreMadeToTellEventBridge(t *testing.T) {
	for id, bucket := range synth(t, everything()).all("AWS::S3::Bucket") {
		_, tells := bucket.Properties["NotificationConfiguration"]
		if want := !strings.HasPrefix(id, "Destination"); tells != want {
			t.Errorf("%s tells EventBridge: %v, want %v", id, tells, want)
		}
	}
}

func TestQueueOfUploads(t *testing.T) {
	c := everything()
	s := synth(t, c)
	queue := s.only(t, "AWS::SQS::Queue", "WorkflowUploadsWaiting").Properties
	trigger := s.only(t, "AWS::Lambda::Function", "Trigger").Properties
	if least := 6*trigger["Timeout"].(float64) + c.UploadWindow.Seconds(); queue["VisibilityTimeout"].(float64) < least {
		t.Errorf("a message is hidden for %v s, want at least %v: six timeouts of the trigger, and the window", queue["VisibilityTimeout"], least)
	}
	redrive := queue["RedrivePolicy"].(map[string]any)
	if !strings.HasPrefix(text(redrive["deadLetterTargetArn"]), "${WorkflowUploadsLost") || redrive["maxReceiveCount"] != 5.0 {
		t.Errorf("redrive policy %v", redrive)
	}
	mapping := s.only(t, "AWS::Lambda::EventSourceMapping", "").Properties
	delete(mapping, "FunctionName")
	delete(mapping, "EventSourceArn")
	want := map[string]any{
		"BatchSize": 1000.0, "MaximumBatchingWindowInSeconds": 30.0, "FunctionResponseTypes": []any{"ReportBatchItemFailures"},
		"ScalingConfig": map[string]any{"MaximumConcurrency": 2.0},
	}
	if diff := cmp.Diff(want, mapping); diff != "" {
		t.Errorf("mapping (-want +got):\n%s", diff)
	}
	for _, name := range []string{"WorkflowUploadsWaiting", "WorkflowUploadsLost"} {
		t.Run(name+" takes from the rules alone", func(t *testing.T) {
			document := s.only(t, "AWS::SQS::QueuePolicy", name).Properties["PolicyDocument"].(map[string]any)
			var from, rules []string
			for _, each := range document["Statement"].([]any) {
				if st := each.(map[string]any); st["Effect"] == "Allow" {
					from = append(from, texts(under(st, "Condition", "ArnEquals", "aws:SourceArn"))...)
				}
			}
			for id := range s.all("AWS::Events::Rule") {
				if strings.HasPrefix(id, "WorkflowUploads") {
					rules = append(rules, "${"+id+".Arn}")
				}
			}
			slices.Sort(from)
			slices.Sort(rules)
			if diff := cmp.Diff(rules, from); diff != "" || len(rules) != 2 {
				t.Errorf("who may send (-rules +allowed):\n%s", diff)
			}
		})
	}
}

func TestEnvironmentOfTrigger(t *testing.T) {
	environment := environmentOf(t, synth(t, everything()), "Trigger")
	unread := maps.Clone(environment)
	got, err := uploads.FromEnv(func(name string) string {
		delete(unread, name)
		return environment[name]
	})
	if len(unread) > 0 {
		t.Errorf("the trigger does not read %v", unread)
	}
	if err != nil || !strings.HasPrefix(got.StateMachine, "${WorkflowMachine") || got.Source.Prefix != "in/" || got.Destination.Prefix != "out/" {
		t.Errorf("trigger %+v, %v", got, err)
	}
}
