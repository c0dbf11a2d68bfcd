package server_test

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sfn"
	"github.com/aws/aws-sdk-go-v2/service/sfn/types"
	"github.com/google/go-cmp/cmp"

	"mapfleet/functions/job"
)

// TestServer_a_run_from_start_to_end goes the way of a user with the AWS SDK.
func TestServer_a_run_from_start_to_end(t *testing.T) {
	out := t.TempDir()
	c := serve(t, config(album(t, 45), out))
	list, err := c.sfn.ListStateMachines(t.Context(), &sfn.ListStateMachinesInput{})
	if err != nil || len(list.StateMachines) != 1 || *list.StateMachines[0].Name != "mapfleet-resize" {
		t.Fatalf("ListStateMachines = %+v, %v", list, err)
	}
	machine, err := c.sfn.DescribeStateMachine(t.Context(), &sfn.DescribeStateMachineInput{StateMachineArn: list.StateMachines[0].StateMachineArn})
	if err != nil || machine.Status != types.StateMachineStatusActive || !strings.Contains(*machine.Definition, `"EachShard"`) {
		t.Errorf("DescribeStateMachine = %+v, %v", machine, err)
	}
	arn := c.begin(t, "first", w8)
	x := c.end(t, arn)
	if x.Status != types.ExecutionStatusSucceeded || *x.Input != w8 || x.StartDate == nil || x.StopDate.Before(*x.StartDate) || x.RedriveStatus != types.ExecutionRedriveStatusNotRedrivable {
		t.Errorf("DescribeExecution = %+v", x)
	}
	if !strings.Contains(*x.Output, `"written":45`) {
		t.Errorf("output %s, want 45 written", *x.Output)
	}
	if made, err := os.ReadDir(filepath.Join(out, "w8")); err != nil || len(made) != 45 {
		t.Errorf("%d files are made, %v, want 45", len(made), err)
	}
	of, err := c.sfn.DescribeStateMachineForExecution(t.Context(), &sfn.DescribeStateMachineForExecutionInput{ExecutionArn: arn})
	if err != nil || *of.Definition != *machine.Definition || *of.Name != "mapfleet-resize" {
		t.Errorf("DescribeStateMachineForExecution: %v", err)
	}
	runs, err := c.sfn.ListMapRuns(t.Context(), &sfn.ListMapRunsInput{ExecutionArn: arn})
	if err != nil || len(runs.MapRuns) != 1 {
		t.Fatalf("ListMapRuns = %+v, %v, want one", runs, err)
	}
	run, err := c.sfn.DescribeMapRun(t.Context(), &sfn.DescribeMapRunInput{MapRunArn: runs.MapRuns[0].MapRunArn})
	if err != nil || run.Status != types.MapRunStatusSucceeded || run.ItemCounts.Total != 45 || run.ItemCounts.Succeeded != 45 || run.ItemCounts.ResultsWritten != 45 || run.ExecutionCounts.Succeeded != 5 || *run.ExecutionArn != *arn || run.MaxConcurrency != 2 {
		t.Errorf("DescribeMapRun = %+v, items %+v, executions %+v, %v", run, run.ItemCounts, run.ExecutionCounts, err)
	}
	_, err = c.sfn.ListExecutions(t.Context(), &sfn.ListExecutionsInput{MapRunArn: run.MapRunArn})
	if code(err) != "StateMachineTypeNotSupported" {
		t.Errorf("ListExecutions of EXPRESS children: %v", err)
	}
}

func TestServer_history(t *testing.T) {
	c := serve(t, config(album(t, 3), t.TempDir()))
	arn := c.begin(t, "told", w8)
	c.end(t, arn)
	var forth, back []types.HistoryEvent
	for _, way := range []struct {
		reverse bool
		to      *[]types.HistoryEvent
	}{{false, &forth}, {true, &back}} {
		pages := sfn.NewGetExecutionHistoryPaginator(c.sfn, &sfn.GetExecutionHistoryInput{ExecutionArn: arn, MaxResults: 4, ReverseOrder: way.reverse})
		for pages.HasMorePages() {
			page, err := pages.NextPage(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			if len(page.Events) > 4 {
				t.Errorf("a page of %d events, want 4 at most", len(page.Events))
			}
			*way.to = append(*way.to, page.Events...)
		}
	}
	seen := map[types.HistoryEventType]types.HistoryEvent{}
	for i, e := range forth {
		if e.Id != int64(i+1) || e.PreviousEventId >= e.Id || e.PreviousEventId == 0 && i > 0 || back[len(back)-1-i].Id != e.Id || e.Timestamp.IsZero() {
			t.Errorf("event %d is %+v", i, e)
		}
		if _, known := seen[e.Type]; !known {
			seen[e.Type] = e
		}
	}
	for i, e := range forth {
		if e.Type == types.HistoryEventTypeMapStateSucceeded && i > 0 && e.PreviousEventId != forth[i-1].Id {
			t.Errorf("event %d, the end of a Map, comes after %d", e.Id, e.PreviousEventId)
		}
	}
	if len(back) != len(forth) {
		t.Errorf("%d events forth, %d back", len(forth), len(back))
	}
	for _, kind := range []types.HistoryEventType{
		types.HistoryEventTypeExecutionStarted, types.HistoryEventTypeTaskStateEntered, types.HistoryEventTypeTaskStateExited,
		types.HistoryEventTypeChoiceStateEntered, types.HistoryEventTypeMapStateEntered, types.HistoryEventTypeMapIterationStarted,
		types.HistoryEventTypeMapRunStarted, types.HistoryEventTypeMapRunSucceeded, types.HistoryEventTypeMapIterationSucceeded,
		types.HistoryEventTypeSucceedStateEntered, types.HistoryEventTypeExecutionSucceeded,
		types.HistoryEventTypeTaskScheduled, types.HistoryEventTypeTaskStarted, types.HistoryEventTypeTaskSucceeded,
		types.HistoryEventTypeMapStateStarted, types.HistoryEventTypeMapStateSucceeded,
	} {
		if _, ok := seen[kind]; !ok {
			t.Errorf("no event %s", kind)
		}
	}
	if d := seen[types.HistoryEventTypeExecutionStarted].ExecutionStartedEventDetails; d == nil || *d.Input != w8 {
		t.Errorf("ExecutionStarted has %+v", d)
	}
	if d := seen[types.HistoryEventTypeMapRunStarted].MapRunStartedEventDetails; d == nil || !strings.Contains(*d.MapRunArn, ":mapRun:mapfleet-resize/ResizeListing:") {
		t.Errorf("MapRunStarted has %+v", d)
	}
	if d := seen[types.HistoryEventTypeTaskStateEntered].StateEnteredEventDetails; d == nil || *d.Name != "Prepare" || d.Input == nil {
		t.Errorf("TaskStateEntered has %+v", d)
	}
	if d := seen[types.HistoryEventTypeTaskScheduled].TaskScheduledEventDetails; d == nil || *d.ResourceType != "lambda" || *d.Resource != "invoke" ||
		*d.Region != c.Region || !strings.Contains(*d.Parameters, `"FunctionName"`) || aws.ToInt64(d.TimeoutInSeconds) != 900 {
		t.Errorf("TaskScheduled has %+v", d)
	}
	if d := seen[types.HistoryEventTypeTaskStarted].TaskStartedEventDetails; d == nil || *d.ResourceType != "lambda" || *d.Resource != "invoke" {
		t.Errorf("TaskStarted has %+v", d)
	}
	if d := seen[types.HistoryEventTypeTaskSucceeded].TaskSucceededEventDetails; d == nil || *d.Resource != "invoke" || !strings.Contains(aws.ToString(d.Output), `"shards"`) || d.OutputDetails.Truncated {
		t.Errorf("TaskSucceeded has %+v", d)
	}
	if d := seen[types.HistoryEventTypeMapStateStarted].MapStateStartedEventDetails; d == nil || d.Length != 1 {
		t.Errorf("MapStateStarted has %+v, want one shard", d)
	}
	bare, err := c.sfn.GetExecutionHistory(t.Context(), &sfn.GetExecutionHistoryInput{ExecutionArn: arn, IncludeExecutionData: aws.Bool(false)})
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range bare.Events {
		switch {
		case e.ExecutionStartedEventDetails != nil && e.ExecutionStartedEventDetails.Input != nil,
			e.StateEnteredEventDetails != nil && e.StateEnteredEventDetails.Input != nil,
			e.StateExitedEventDetails != nil && e.StateExitedEventDetails.Output != nil,
			e.TaskScheduledEventDetails != nil && aws.ToString(e.TaskScheduledEventDetails.Parameters) != "",
			e.TaskSucceededEventDetails != nil && e.TaskSucceededEventDetails.Output != nil:
			t.Errorf("without data there is event %d, %s, with data", e.Id, e.Type)
		}
	}
}

// history returns the types of all events, each with what it comes after, and the events by type.
func (c clients) history(t *testing.T, arn *string) (steps []string, last map[types.HistoryEventType]types.HistoryEvent) {
	t.Helper()
	last = map[types.HistoryEventType]types.HistoryEvent{}
	pages := sfn.NewGetExecutionHistoryPaginator(c.sfn, &sfn.GetExecutionHistoryInput{ExecutionArn: arn, MaxResults: 7})
	for pages.HasMorePages() {
		page, err := pages.NextPage(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range page.Events {
			steps = append(steps, fmt.Sprintf("%d<%d %s", e.Id, e.PreviousEventId, e.Type))
			last[e.Type] = e
		}
	}
	return steps, last
}

// TestServer_history_of_a_run: every event of a small run, as a client of AWS sees it, and the same after the
// server has been ended and started again.
func TestServer_history_of_a_run(t *testing.T) {
	settings := config(album(t, 3), t.TempDir())
	first := start(t, settings)
	arn := first.begin(t, "whole", w8)
	first.end(t, arn)
	steps, _ := first.history(t, arn)
	want := []string{
		"1<0 ExecutionStarted",
		"2<1 TaskStateEntered", "3<2 TaskScheduled", "4<3 TaskStarted", "5<4 TaskSucceeded", "6<5 TaskStateExited",
		"7<6 ChoiceStateEntered", "8<7 ChoiceStateExited",
		"9<8 MapStateEntered", "10<9 MapStateStarted", "11<10 MapIterationStarted", "12<11 ChoiceStateEntered", "13<12 ChoiceStateExited",
		"14<13 MapStateEntered", "15<14 MapStateStarted", "16<15 MapRunStarted", "17<16 MapRunSucceeded", "18<17 MapStateSucceeded", "19<18 MapStateExited",
		"20<19 MapIterationSucceeded", "21<20 MapStateSucceeded", "22<21 MapStateExited",
		"23<22 TaskStateEntered", "24<23 TaskScheduled", "25<24 TaskStarted", "26<25 TaskSucceeded", "27<26 TaskStateExited",
		"28<27 ChoiceStateEntered", "29<28 ChoiceStateExited", "30<29 SucceedStateEntered", "31<30 SucceedStateExited",
		"32<31 ExecutionSucceeded",
	}
	if diff := cmp.Diff(want, steps); diff != "" {
		t.Errorf("the history (-want +got):\n%s", diff)
	}
	if _, err := first.Close(); err != nil {
		t.Fatal(err)
	}
	second := serve(t, settings)
	if again, _ := second.history(t, arn); !slices.Equal(steps, again) {
		t.Errorf("after the restart the history is %q, before %q", again, steps)
	}
	var back []string
	token := (*string)(nil)
	for range want {
		page, err := second.sfn.GetExecutionHistory(t.Context(), &sfn.GetExecutionHistoryInput{ExecutionArn: arn, MaxResults: 1, ReverseOrder: true, NextToken: token})
		if err != nil || len(page.Events) != 1 {
			t.Fatalf("a page of one: %+v, %v", page, err)
		}
		token = page.NextToken
		back = append(back, fmt.Sprintf("%d<%d %s", page.Events[0].Id, page.Events[0].PreviousEventId, page.Events[0].Type))
	}
	slices.Reverse(back)
	if token != nil || !slices.Equal(back, steps) {
		t.Errorf("backwards the history is %q", back)
	}
	if _, err := second.sfn.GetExecutionHistory(t.Context(), &sfn.GetExecutionHistoryInput{ExecutionArn: arn, MaxResults: 1001}); code(err) != "ValidationException" {
		t.Errorf("maxResults 1001: %v, want a ValidationException", err)
	}
	if _, err := second.sfn.GetExecutionHistory(t.Context(), &sfn.GetExecutionHistoryInput{ExecutionArn: arn, NextToken: aws.String("x")}); code(err) != "InvalidToken" {
		t.Errorf("a token of nobody: %v, want InvalidToken", err)
	}
}

// TestServer_history_of_a_failure: what a function refuses is a TaskFailed, and ends the execution.
func TestServer_history_of_a_failure(t *testing.T) {
	c := serve(t, config(album(t, 1), t.TempDir()))
	arn := c.begin(t, "refused", `{"batchSize":-1}`)
	c.end(t, arn)
	steps, last := c.history(t, arn)
	want := []string{"1<0 ExecutionStarted", "2<1 TaskStateEntered", "3<2 TaskScheduled", "4<3 TaskStarted", "5<4 TaskFailed", "6<5 ExecutionFailed"}
	if diff := cmp.Diff(want, steps); diff != "" {
		t.Errorf("the history (-want +got):\n%s", diff)
	}
	if d := last[types.HistoryEventTypeTaskFailed].TaskFailedEventDetails; d == nil || aws.ToString(d.Error) != "InvalidInput" || !strings.Contains(aws.ToString(d.Cause), "batchSize") || *d.ResourceType != "lambda" || *d.Resource != "invoke" {
		t.Errorf("TaskFailed has %+v", d)
	}
	if d := last[types.HistoryEventTypeExecutionFailed].ExecutionFailedEventDetails; d == nil || aws.ToString(d.Error) != "InvalidInput" || aws.ToString(d.Cause) == "" {
		t.Errorf("ExecutionFailed has %+v", d)
	}
}

// TestServer_start_twice: a name is one execution, as long as the input is the same while it runs.
func TestServer_start_twice(t *testing.T) {
	c := serve(t, config(album(t, 300), t.TempDir()))
	arn := c.begin(t, "once", w8)
	again, err := c.sfn.StartExecution(t.Context(), &sfn.StartExecutionInput{StateMachineArn: c.machine, Name: aws.String("once"), Input: aws.String(w8)})
	if err != nil || *again.ExecutionArn != *arn {
		t.Errorf("the same again: %+v, %v, want the same answer", again, err)
	}
	start := func(input string) error {
		_, err := c.sfn.StartExecution(t.Context(), &sfn.StartExecutionInput{StateMachineArn: c.machine, Name: aws.String("once"), Input: &input})
		return err
	}
	if err := start(`{}`); code(err) != "ExecutionAlreadyExists" {
		t.Errorf("another input while it runs: %v", err)
	}
	c.end(t, arn)
	if err := start(w8); code(err) != "ExecutionAlreadyExists" {
		t.Errorf("the same input when it has ended: %v", err)
	}
}

// TestServer_stop_and_redrive: what is stopped goes on where it was, and nothing is done twice.
func TestServer_stop_and_redrive(t *testing.T) {
	const pictures = 600
	out := t.TempDir()
	c := serve(t, config(album(t, pictures), out))
	arn := c.begin(t, "long", w8)
	var mapRun *string
	eventually(t, "some batches are done", func() bool {
		runs, err := c.sfn.ListMapRuns(t.Context(), &sfn.ListMapRunsInput{ExecutionArn: arn})
		if err != nil {
			t.Fatal(err)
		}
		if len(runs.MapRuns) == 0 {
			return false
		}
		mapRun = runs.MapRuns[0].MapRunArn
		run, err := c.sfn.DescribeMapRun(t.Context(), &sfn.DescribeMapRunInput{MapRunArn: mapRun})
		if err != nil {
			t.Fatal(err)
		}
		return run.Status == types.MapRunStatusRunning && run.ItemCounts.Succeeded > 0
	})
	if _, err := c.sfn.UpdateMapRun(t.Context(), &sfn.UpdateMapRunInput{MapRunArn: mapRun, MaxConcurrency: aws.Int32(1), ToleratedFailurePercentage: aws.Float32(12.5)}); err != nil {
		t.Fatal(err)
	}
	updated, err := c.sfn.DescribeMapRun(t.Context(), &sfn.DescribeMapRunInput{MapRunArn: mapRun})
	if err != nil || updated.MaxConcurrency != 1 || updated.ToleratedFailurePercentage != 12.5 {
		t.Errorf("the Map Run after its update: %+v, %v; want one child at a time, and 12.5 %%", updated, err)
	}
	stopped, err := c.sfn.StopExecution(t.Context(), &sfn.StopExecutionInput{ExecutionArn: arn, Error: aws.String("Enough"), Cause: aws.String("for today")})
	if err != nil || stopped.StopDate == nil {
		t.Fatal(err)
	}
	x, err := c.sfn.DescribeExecution(t.Context(), &sfn.DescribeExecutionInput{ExecutionArn: arn})
	if err != nil || x.Status != types.ExecutionStatusAborted || *x.Error != "Enough" || *x.Cause != "for today" || x.RedriveStatus != types.ExecutionRedriveStatusRedrivable {
		t.Fatalf("stopped: %+v, %v", x, err)
	}
	history, err := c.sfn.GetExecutionHistory(t.Context(), &sfn.GetExecutionHistoryInput{ExecutionArn: arn, ReverseOrder: true})
	if _, err := c.sfn.UpdateMapRun(t.Context(), &sfn.UpdateMapRunInput{MapRunArn: mapRun, MaxConcurrency: aws.Int32(2)}); err == nil {
		t.Error("a Map Run that has ended can be updated")
	}
	if err != nil || history.Events[0].Type != types.HistoryEventTypeExecutionAborted || *history.Events[0].ExecutionAbortedEventDetails.Error != "Enough" {
		t.Errorf("the history ends with %+v, %v", history.Events[0], err)
	}
	if again, err := c.sfn.StopExecution(t.Context(), &sfn.StopExecutionInput{ExecutionArn: arn}); err != nil || !again.StopDate.Equal(*x.StopDate) {
		t.Errorf("stop again: %+v, %v, want the same date", again, err)
	}
	if steps, last := c.history(t, arn); last[types.HistoryEventTypeMapRunAborted].Id == 0 || last[types.HistoryEventTypeMapStateAborted].Id == 0 || last[types.HistoryEventTypeMapIterationAborted].Id == 0 {
		t.Errorf("the history tells nothing of what was stopped: %q", steps)
	}
	redriven, err := c.sfn.RedriveExecution(t.Context(), &sfn.RedriveExecutionInput{ExecutionArn: arn, ClientToken: aws.String("t1")})
	if err != nil || redriven.RedriveDate == nil {
		t.Fatal(err)
	}
	x = c.end(t, arn)
	if x.Status != types.ExecutionStatusSucceeded || *x.RedriveCount != 1 || !strings.Contains(*x.Output, fmt.Sprintf(`"listed":%d`, pictures)) {
		t.Errorf("redriven: %s %v, output %s", x.Status, x.RedriveCount, aws.ToString(x.Output))
	}
	if _, last := c.history(t, arn); last[types.HistoryEventTypeExecutionRedriven].Id == 0 || last[types.HistoryEventTypeMapRunRedriven].MapRunRedrivenEventDetails == nil ||
		*last[types.HistoryEventTypeMapRunRedriven].MapRunRedrivenEventDetails.RedriveCount != 1 || last[types.HistoryEventTypeMapRunSucceeded].Id == 0 {
		t.Errorf("the history tells of the redrive: %+v", last)
	}
	run, err := c.sfn.DescribeMapRun(t.Context(), &sfn.DescribeMapRunInput{MapRunArn: mapRun})
	if err != nil || run.Status != types.MapRunStatusSucceeded || run.ItemCounts.Succeeded != pictures || *run.RedriveCount != 1 {
		t.Errorf("the Map Run: %+v, %+v, %v", run, run.ItemCounts, err)
	}
	if _, err := c.sfn.RedriveExecution(t.Context(), &sfn.RedriveExecutionInput{ExecutionArn: arn}); code(err) != "ExecutionNotRedrivable" {
		t.Errorf("redrive what SUCCEEDED: %v", err)
	}
	list, err := c.sfn.ListExecutions(t.Context(), &sfn.ListExecutionsInput{StateMachineArn: c.machine, RedriveFilter: types.ExecutionRedriveFilterRedriven})
	if err != nil || len(list.Executions) != 1 {
		t.Errorf("ListExecutions of those redriven: %+v, %v", list, err)
	}
}

// TestServer_several_at_a_time: more than are carried out at once, and all come to their end; one that waits
// can be stopped.
func TestServer_several_at_a_time(t *testing.T) {
	c := serve(t, config(album(t, 40), t.TempDir()))
	var arns []*string
	for i := range 8 {
		arns = append(arns, c.begin(t, fmt.Sprint("run-", i), fmt.Sprintf(`{"variants":[{"name":"v%d","width":%d}]}`, i, i+5)))
	}
	if _, err := c.sfn.StopExecution(t.Context(), &sfn.StopExecutionInput{ExecutionArn: arns[7]}); err != nil {
		t.Fatal(err)
	}
	for _, arn := range arns[:7] {
		if x := c.end(t, arn); x.Status != types.ExecutionStatusSucceeded {
			t.Errorf("%s %s %s", *x.Name, x.Status, aws.ToString(x.Cause))
		}
	}
	if x := c.end(t, arns[7]); x.Status != types.ExecutionStatusAborted {
		t.Errorf("%s %s, want it ABORTED", *x.Name, x.Status)
	}
	var names []string
	pages := sfn.NewListExecutionsPaginator(c.sfn, &sfn.ListExecutionsInput{StateMachineArn: c.machine, MaxResults: 3, StatusFilter: types.ExecutionStatusSucceeded})
	for pages.HasMorePages() {
		page, err := pages.NextPage(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		for _, x := range page.Executions {
			names = append(names, *x.Name)
		}
	}
	if got, want := strings.Join(names, " "), "run-6 run-5 run-4 run-3 run-2 run-1 run-0"; got != want {
		t.Errorf("ListExecutions: %s, want %s", got, want)
	}
}

// TestServer_is_closed_while_a_run_is_at_work, and opened again on the same folder.
func TestServer_is_closed_while_a_run_is_at_work(t *testing.T) {
	out := t.TempDir()
	settings := config(album(t, 600), out)
	first := start(t, settings)
	arn := first.begin(t, "cut", w8)
	eventually(t, "some pictures are made", func() bool {
		made, _ := os.ReadDir(filepath.Join(out, "w8"))
		return len(made) > 10
	})
	if _, err := first.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(filepath.Join(out, ".mapfleet", "work", filepath.FromSlash(job.ReportKey("cut", "report.html")))); err != nil {
		t.Errorf("the run that was cut off has no report: %v", err)
	}
	second := serve(t, settings)
	if second.AccessKey != first.AccessKey || second.SecretKey != first.SecretKey {
		t.Error("the credentials are others than before")
	}
	x := second.end(t, arn)
	if x.Status != types.ExecutionStatusAborted || x.RedriveStatus != types.ExecutionRedriveStatusRedrivable {
		t.Errorf("%s, %s, want ABORTED and redrivable", x.Status, x.RedriveStatus)
	}
	runs, err := second.sfn.ListMapRuns(t.Context(), &sfn.ListMapRunsInput{ExecutionArn: arn})
	if err != nil || len(runs.MapRuns) != 1 {
		t.Fatalf("ListMapRuns: %+v, %v", runs, err)
	}
	run, err := second.sfn.DescribeMapRun(t.Context(), &sfn.DescribeMapRunInput{MapRunArn: runs.MapRuns[0].MapRunArn})
	if err != nil || run.Status != types.MapRunStatusAborted {
		t.Errorf("DescribeMapRun after the restart: %+v, %v", run, err)
	}
	if _, err := second.sfn.RedriveExecution(t.Context(), &sfn.RedriveExecutionInput{ExecutionArn: arn}); err != nil {
		t.Fatal(err)
	}
	if x := second.end(t, arn); x.Status != types.ExecutionStatusSucceeded {
		t.Errorf("redriven: %s %s", x.Status, aws.ToString(x.Cause))
	}
}
