package main

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"mapfleet/functions/check/address"
	"mapfleet/functions/job"
	"mapfleet/functions/job/checks"
	"mapfleet/infra/config"
	"mapfleet/statemachine"
)

func TestChecksAreOffByDefault(t *testing.T) {
	for name, c := range map[string]config.Config{"default": config.Default(), "everything else": everything()} {
		if raw := string(synth(t, c).raw); strings.Contains(strings.ToLower(raw), "-check") {
			t.Errorf("%s: the template speaks of checks", name)
		}
	}
}

func TestMachineOfChecks(t *testing.T) {
	s := synth(t, checking())
	machine := s.only(t, "AWS::StepFunctions::StateMachine", "Checks").Properties
	if machine["StateMachineName"] != "mapfleet-checks" || machine["DefinitionString"] != statemachine.Checks() {
		t.Errorf("machine %v does not run the file as it stands", machine["StateMachineName"])
	}
	for placeholder, want := range map[string]string{
		"PlanFunction": "${CheckPlanFunction", "CheckFunction": "${CheckWorkerFunction", "ReportFunction": "${CheckReportFunction", "AlertTopic": "${WorkflowTopic",
	} {
		if got := text(under(machine, "DefinitionSubstitutions", placeholder)); !strings.HasPrefix(got, want) {
			t.Errorf("${%s} is %s, want %s…", placeholder, got, want)
		}
	}
	if tells := s.statements(t, "Checks")["TellChanges"]; len(tells.resources) != 1 || !strings.HasPrefix(tells.resources[0], "${WorkflowTopic") {
		t.Errorf("a run may tell %v, want the topic alone", tells.resources)
	}
	ended := s.only(t, "AWS::Events::Rule", "ChecksEnded").Properties["Targets"].([]any)[0]
	if got := text(under(ended, "Arn")); !strings.HasPrefix(got, "${CheckReportFunction") {
		t.Errorf("unhappy ends go to %s, want the report of checks", got)
	}
	for id, alarm := range s.all("AWS::CloudWatch::Alarm") {
		if actions := texts(alarm.Properties["AlarmActions"]); len(actions) != 1 || !strings.HasPrefix(actions[0], "${WorkflowTopic") {
			t.Errorf("%s tells %v, want the one topic", id, actions)
		}
	}
	dashboard := text(s.only(t, "AWS::CloudWatch::Dashboard", "Checks").Properties["DashboardBody"])
	if strings.Contains(dashboard, "Pictures") || !strings.Contains(dashboard, "Is it healthy?") {
		t.Errorf("the dashboard of checks is one of pictures: %s", dashboard)
	}
}

func TestEnvironmentOfChecks(t *testing.T) {
	c := checking()
	s := synth(t, c)
	environment := environmentOf(t, s, "CheckPlan")
	unread := maps.Clone(environment)
	got, err := checks.DeploymentFromEnv(func(name string) string {
		delete(unread, name)
		return environment[name]
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(unread) > 0 {
		t.Errorf("checkplan does not read %v", unread)
	}
	want := checks.Deployment{
		WorkBucket: got.WorkBucket, Files: []string{"my-lists"}, File: c.ChecksFile,
		DefaultBatchSize: 250, MaxBatchSize: 10000,
		DefaultMaxConcurrency: c.MaxConcurrency, MaxMaxConcurrency: c.MaxConcurrencyCeiling,
		StaleAfter: time.Hour,
	}
	if diff := cmp.Diff(want, got); diff != "" || !strings.HasPrefix(got.WorkBucket, "${Work") {
		t.Errorf("deployment (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(map[string]string{"ALLOWED_NETWORKS": "10.20.0.0/16", "CONNECTIONS": "100"}, environmentOf(t, s, "CheckWorker")); diff != "" {
		t.Errorf("environment of the worker (-want +got):\n%s", diff)
	}
	if _, err := address.ParseNetworks(c.ChecksAllowedNetworks); err != nil {
		t.Error(err)
	}
	if filesPrefix != checks.FilesPrefix || !strings.HasPrefix(checks.LockKey("s3://b/k.csv"), checkLocksPrefix) || !strings.HasPrefix(checkLocksPrefix, job.LocksPrefix) {
		t.Errorf("the stack says %q and %q, the functions %q and %q", filesPrefix, checkLocksPrefix, checks.FilesPrefix, checks.LockKey("s3://b/k.csv"))
	}
}

// TestChecksStart: by the clock in time or not at all, and by an upload, with inputs that a run takes.
func TestChecksStart(t *testing.T) {
	ownFile := config.Default()
	ownFile.Checks, ownFile.ChecksFile, ownFile.ChecksSchedule = true, "checks/sites.csv", "rate(5 minutes)"
	for name, c := range map[string]config.Config{"a file of another bucket": checking(), "a file of the work bucket": ownFile} {
		t.Run(name, func(t *testing.T) {
			s := synth(t, c)
			environment := environmentOf(t, s, "CheckPlan")
			deployment, err := checks.DeploymentFromEnv(func(name string) string { return environment[name] })
			if err != nil {
				t.Fatal(err)
			}
			schedule := s.only(t, "AWS::Scheduler::Schedule", "Checks").Properties
			target := schedule["Target"].(map[string]any)
			if age := under(target, "RetryPolicy", "MaximumEventAgeInSeconds"); age != 60.0 || schedule["ScheduleExpression"] != c.ChecksSchedule {
				t.Errorf("schedule %v within %v s", schedule["ScheduleExpression"], age)
			}
			in, err := checks.ParseInput([]byte(text(target["Input"])), deployment)
			if err != nil || in.File != deployment.File || in.Uploaded {
				t.Errorf("the schedule's input %s: %+v, %v", text(target["Input"]), in, err)
			}
		})
	}
	s := synth(t, checking())
	rule := s.only(t, "AWS::Events::Rule", "ChecksFiles").Properties
	target := rule["Targets"].([]any)[0].(map[string]any)
	for _, name := range []string{"Input", "InputPath", "InputTransformer"} {
		if target[name] != nil {
			t.Errorf("the event is changed by %s: checkplan reads it as it is", name)
		}
	}
	if !strings.HasPrefix(text(target["Arn"]), "${ChecksMachine") || !strings.HasPrefix(text(target["RoleArn"]), "${ChecksFilesRole") ||
		!strings.HasPrefix(text(under(target, "DeadLetterConfig", "Arn")), "${ChecksUndelivered") {
		t.Errorf("target %v", target)
	}
	work := environmentOf(t, s, "CheckReport")["WORK_BUCKET"]
	for key, want := range map[string]bool{"checks/mine.csv": true, "reports/r/results.csv": false, "locks/checks/x.json": false} {
		if got := matches(t, s, work, key); got != want {
			t.Errorf("%s raises a rule: %v, want %v", key, got, want)
		}
	}
	event, err := json.Marshal(map[string]any{"detail-type": "Object Created", "detail": map[string]any{
		"bucket": map[string]any{"name": work}, "object": map[string]any{"key": "checks/mine.csv"},
	}})
	if err != nil {
		t.Fatal(err)
	}
	deployment := checks.Deployment{WorkBucket: work, DefaultBatchSize: 1, MaxBatchSize: 1, DefaultMaxConcurrency: 1, MaxMaxConcurrency: 1, StaleAfter: time.Hour}
	if in, err := checks.ParseInput(event, deployment); err != nil || !in.Uploaded {
		t.Errorf("a run does not take the event: %+v, %v", in, err)
	}
}

// TestChecksTouchNoOtherKeys: of the bucket that the file lies in, what begins as it does.
func TestChecksTouchNoOtherKeys(t *testing.T) {
	s := synth(t, checking())
	const bucket = "arn:${AWS::Partition}:s3:::my-lists"
	for role, want := range map[string][]string{
		"CheckPlan":   {"s3:GetObject " + bucket + "/sites/uptime*", "s3:ListBucket " + bucket},
		"CheckWorker": nil,
		"CheckReport": {"s3:AbortMultipartUpload " + bucket + "/sites/uptime*", "s3:PutObject " + bucket + "/sites/uptime*"},
		"Checks":      nil,
	} {
		var got []string
		for _, st := range s.statements(t, role) {
			for _, resource := range st.resources {
				for _, action := range st.actions {
					if strings.HasPrefix(resource, bucket) {
						got = append(got, action+" "+resource)
					}
				}
			}
		}
		slices.Sort(got)
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", role, diff)
		}
	}
	work := strings.TrimSuffix(environmentOf(t, s, "CheckReport")["WORK_BUCKET"], "}") + ".Arn}"
	for role, want := range map[string][]string{
		"CheckPlan":   {work + "/locks/checks/*"},
		"CheckReport": {work + "/locks/checks/*", work + "/work/*"},
	} {
		for _, st := range s.statements(t, role) {
			if slices.Contains(st.actions, "s3:DeleteObject") {
				if diff := cmp.Diff(want, st.resources); diff != "" {
					t.Errorf("%s deletes (-want +allowed):\n%s", role, diff)
				}
			}
		}
	}
}
