package main

import (
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"mapfleet/functions/check/address"
	"mapfleet/functions/cost"
	"mapfleet/functions/job"
	"mapfleet/functions/job/checks"
	"mapfleet/functions/trigger/uploads"
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

// TestTheEstimateKnowsTheChecks: what a month of checks is said to cost is of what is deployed.
func TestTheEstimateKnowsTheChecks(t *testing.T) {
	s := synth(t, checking())
	for name, want := range map[string]int{"CheckWorker": checks.StackMemory, "CheckPlan": cost.ClerkMemory, "CheckReport": cost.ClerkMemory} {
		if got := s.only(t, "AWS::Lambda::Function", name).Properties["MemorySize"]; got != float64(want) {
			t.Errorf("%s has %v MB, the estimate %d", name, got, want)
		}
	}
	if got := config.Default().MaxConcurrency; got != checks.StackMaxConcurrency {
		t.Errorf("%d batches are at work at a time, in the estimate %d", got, checks.StackMaxConcurrency)
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
		DefaultBatchSize: checks.StackBatchSize, MaxBatchSize: 10000,
		DefaultMaxConcurrency: c.MaxConcurrency, MaxMaxConcurrency: c.MaxConcurrencyCeiling,
		StaleAfter: time.Hour,
	}
	if diff := cmp.Diff(want, got); diff != "" || !strings.HasPrefix(got.WorkBucket, "${Work") {
		t.Errorf("deployment (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(map[string]string{"ALLOWED_NETWORKS": "10.20.0.0/16", "CONNECTIONS": "100", "JOB": "mapfleet-checks"}, environmentOf(t, s, "CheckWorker")); diff != "" {
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
			if err != nil || in.File != deployment.File {
				t.Errorf("the schedule's input %s: %+v, %v", text(target["Input"]), in, err)
			}
		})
	}
}

// TestUploadsOfChecks: they go the way of all uploads, to the one trigger, which knows files from results.
func TestUploadsOfChecks(t *testing.T) {
	s := synth(t, checking())
	environment := environmentOf(t, s, "Trigger")
	trigger, err := uploads.FromEnv(func(name string) string { return environment[name] })
	if err != nil {
		t.Fatal(err)
	}
	work := environmentOf(t, s, "CheckReport")["WORK_BUCKET"]
	if !strings.HasPrefix(trigger.Checks, "${ChecksMachine") || trigger.ChecksFiles != (job.Location{Bucket: work, Prefix: filesPrefix}) {
		t.Errorf("the trigger starts %s by files in %v", trigger.Checks, trigger.ChecksFiles)
	}
	for key, want := range map[string]bool{
		"checks/mine.csv": true, checks.ReportKey("r", "failing.jsonl"): false, checks.WorkKey("r", checks.ItemsName): false,
		checks.LockKey("s3://b/k.csv"): false, checks.LastKey("s3://b/k.csv"): false,
	} {
		if got := matches(t, s, work, key); got != want {
			t.Errorf("%s raises a rule: %v, want %v", key, got, want)
		}
	}
	if may := s.statements(t, "Trigger")["StartChecks"]; len(may.resources) != 1 || !strings.HasPrefix(may.resources[0], "${ChecksMachine") {
		t.Errorf("the trigger may start %v, want the checks", may.resources)
	}
	without := checking()
	without.Checks, without.ChecksFile, without.ChecksSchedule, without.ChecksAllowedNetworks, without.ChecksConnections = false, "", "", "", 0
	if got := environmentOf(t, synth(t, without), "Trigger"); got["CHECKS_STATE_MACHINE_ARN"] != "" {
		t.Errorf("without checks the trigger has %v", got)
	}
}

// TestReportsOfChecksExpire, and nothing else does that a later run or a person looks for.
func TestReportsOfChecksExpire(t *testing.T) {
	c := checking()
	c.ChecksReportDays = 7
	days := map[string]float64{}
	rules := under(synth(t, c).only(t, "AWS::S3::Bucket", "Work").Properties, "LifecycleConfiguration", "Rules").([]any)
	for _, each := range rules {
		rule := each.(map[string]any)
		if prefix, ok := rule["Prefix"].(string); ok && rule["Status"] == "Enabled" {
			days[prefix], _ = rule["ExpirationInDays"].(float64)
		}
	}
	for key, want := range map[string]float64{
		checks.ReportKey("run-1", "report.html"): 7, checks.WorkKey("run-1", checks.ItemsName): 30, job.ReportKey("run-1", "report.html"): 0,
		job.ReportKey("checks", "report.html"): 0, checks.LastKey("s3://b/k.csv"): 0, "checks/sites.results.csv": 0, checks.LockKey("s3://b/k.csv"): 0,
	} {
		got := 0.0
		for prefix, n := range days {
			if strings.HasPrefix(key, prefix) {
				got = n
			}
		}
		if got != want {
			t.Errorf("%s expires after %v days, want %v; 0 is never", key, got, want)
		}
	}
	for prefix, said := range map[string]string{checkWorkPrefix: checks.WorkPrefix, checkReportsPrefix: checks.ReportsPrefix} {
		if prefix != said {
			t.Errorf("the stack says %q, the functions %q", prefix, said)
		}
	}
	if !strings.HasPrefix(checks.LastKey("s3://b/k.csv"), checkMemoryPrefix) {
		t.Errorf("the memory of a file lies at %s, not below %s", checks.LastKey("s3://b/k.csv"), checkMemoryPrefix)
	}
}

// TestChecksAreWatched: by their own metrics, without an alarm for what is in their nature, and without what
// their lines hold in any log.
func TestChecksAreWatched(t *testing.T) {
	s := synth(t, checking())
	var names []string
	for id, alarm := range s.all("AWS::CloudWatch::Alarm") {
		if strings.HasPrefix(id, "Checks") {
			names = append(names, strings.TrimPrefix(text(alarm.Properties["AlarmName"]), "mapfleet-checks-"))
		}
	}
	slices.Sort(names)
	if diff := cmp.Diff([]string{"FailedRuns", "Spending", "Throttles", "Undelivered"}, names); diff != "" {
		t.Errorf("alarms (-want +got):\n%s", diff)
	}
	dashboard := text(s.only(t, "AWS::CloudWatch::Dashboard", "Checks").Properties["DashboardBody"])
	for _, name := range []string{"Requests", "Failed", "Retried", "BadLines", "BytesIn", "Answered", "DnsMilliseconds", "ConnectMilliseconds", "TlsMilliseconds", "FirstByteMilliseconds", "TotalMilliseconds"} {
		if !strings.Contains(dashboard, `"mapfleet","`+name+`","Job","mapfleet-checks"`) {
			t.Errorf("the dashboard shows no %s", name)
		}
	}
	if !strings.Contains(dashboard, `{mapfleet,Code,Job} MetricName=\"Failed\" Job=\"mapfleet-checks\"`) {
		t.Error("the dashboard does not show failures by code")
	}
	logging := s.only(t, "AWS::StepFunctions::StateMachine", "Checks").Properties["LoggingConfiguration"].(map[string]any)
	if logging["IncludeExecutionData"] != false {
		t.Error("the log of the state machine holds headers and bodies")
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
		"CheckReport": {work + "/locks/checks/*", work + "/work/checks.*"},
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
