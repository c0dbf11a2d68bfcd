package main

import (
	"encoding/json"
	"strings"
	"testing"

	"mapfleet/functions/job"
	"mapfleet/functions/report/account"
	"mapfleet/infra/config"
)

func TestScheduleStartsRuns(t *testing.T) {
	c := everything()
	s := synth(t, c)
	schedule := s.only(t, "AWS::Scheduler::Schedule", "Workflow").Properties
	target := schedule["Target"].(map[string]any)
	if schedule["ScheduleExpression"] != c.Schedule || schedule["ScheduleExpressionTimezone"] != c.ScheduleTimezone || target["Input"] != c.ScheduleInput {
		t.Errorf("schedule %v", schedule)
	}
	if !strings.HasPrefix(text(target["Arn"]), "${WorkflowMachine") || !strings.HasPrefix(text(under(target, "DeadLetterConfig", "Arn")), "${WorkflowUndelivered") {
		t.Errorf("target %v", target)
	}
	d := job.Deployment{SourcePrefix: "in/", MaxBatchSize: 1000, MaxMaxConcurrency: 1000, DefaultBatchSize: 1, DefaultMaxConcurrency: 1}
	if _, err := job.ParseInput([]byte(target["Input"].(string)), d); err != nil {
		t.Errorf("a run does not take the input of the schedule: %v", err)
	}
}

// TestUnhappyEndsAreReported holds the rule to what Report reads: EventBridge's event as it is.
func TestUnhappyEndsAreReported(t *testing.T) {
	s := synth(t, config.Default())
	rule := s.only(t, "AWS::Events::Rule", "WorkflowEnded").Properties
	detail := under(rule, "EventPattern", "detail").(map[string]any)
	if got := texts(detail["stateMachineArn"]); len(got) != 1 || got[0] != "arn:${AWS::Partition}:states:${AWS::Region}:${AWS::AccountId}:stateMachine:mapfleet-resize" {
		t.Errorf("machines: %v", got)
	}
	statuses := texts(detail["status"])
	if strings.Join(statuses, " ") != "FAILED TIMED_OUT ABORTED" {
		t.Errorf("statuses: %v", statuses)
	}
	target := rule["Targets"].([]any)[0].(map[string]any)
	for _, name := range []string{"Input", "InputPath", "InputTransformer"} {
		if target[name] != nil {
			t.Errorf("the event is changed by %s: Report reads it as it is", name)
		}
	}
	if !strings.HasPrefix(text(target["Arn"]), "${ReportFunction") || !strings.HasPrefix(text(under(target, "DeadLetterConfig", "Arn")), "${WorkflowUndelivered") {
		t.Errorf("target %v", target)
	}
	for _, status := range statuses {
		// An event as AWS's page on the integration shows it.
		event, err := json.Marshal(map[string]any{
			"source": "aws.states", "detail-type": "Step Functions Execution Status Change",
			"detail": map[string]any{
				"executionArn": "arn:aws:states:us-east-1:123456789012:execution:mapfleet-resize:night", "name": "night", "status": status,
				"startDate": 1551225271984, "stopDate": 1551225275000, "input": "{}", "output": nil,
				"error": "TooManyFailures", "cause": `{"a": "quote"}`,
			},
		})
		if err != nil {
			t.Fatal(err)
		}
		ended, err := account.ParseEvent(event)
		if err != nil || ended.Run != "night" || ended.Status != status || ended.Error != "TooManyFailures" || ended.Cause != `{"a": "quote"}` {
			t.Errorf("Report reads %+v, %v", ended, err)
		}
	}
	permission := s.only(t, "AWS::Lambda::Permission", "WorkflowEnded").Properties
	if !strings.HasPrefix(text(permission["SourceArn"]), "${WorkflowEndedRule") || permission["Principal"] != "events.amazonaws.com" {
		t.Errorf("permission %v", permission)
	}
	invocations := s.only(t, "AWS::Lambda::EventInvokeConfig", "WorkflowEnded").Properties
	if !strings.HasPrefix(text(under(invocations, "DestinationConfig", "OnFailure", "Destination")), "${WorkflowUndelivered") {
		t.Errorf("what Report fails on is lost: %v", invocations)
	}
}

// TestExecutionsKeepTheirCode: the machine invokes versions, which stay when a deployment makes others, and
// its role allows those of earlier deployments too.
func TestExecutionsKeepTheirCode(t *testing.T) {
	s := synth(t, config.Default())
	versions := s.all("AWS::Lambda::Version")
	machine := s.only(t, "AWS::StepFunctions::StateMachine", "Workflow").Properties
	for placeholder, value := range machine["DefinitionSubstitutions"].(map[string]any) {
		id := strings.Trim(text(value), "${}")
		version, ok := versions[id]
		if !ok || version.DeletionPolicy != "Retain" {
			t.Errorf("%s is %s, want a version that stays", placeholder, text(value))
		}
	}
	for _, resource := range s.statements(t, "Workflow")["InvokeFunctions"].resources {
		if !strings.HasSuffix(resource, ".Arn}:*") {
			t.Errorf("the machine may invoke %s, want every version", resource)
		}
	}
	c := config.Default()
	c.Timeout *= 2
	for id := range synth(t, c).all("AWS::Lambda::Version") {
		if _, same := versions[id]; same == strings.HasPrefix(id, "Resize") {
			t.Errorf("with another timeout of the worker, version %s is the same: %v", id, same)
		}
	}
}
