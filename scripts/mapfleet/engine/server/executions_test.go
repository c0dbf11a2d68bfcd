package server_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sfn"
	"github.com/aws/aws-sdk-go-v2/service/sfn/types"

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
		if e.Type == types.HistoryEventTypeMapStateExited && i > 0 && e.PreviousEventId != forth[i-1].Id {
			t.Errorf("event %d, the exit of a Map, comes after %d", e.Id, e.PreviousEventId)
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
	bare, err := c.sfn.GetExecutionHistory(t.Context(), &sfn.GetExecutionHistoryInput{ExecutionArn: arn, IncludeExecutionData: aws.Bool(false)})
	if err != nil || bare.Events[0].ExecutionStartedEventDetails.Input != nil {
		t.Errorf("without data: %+v, %v", bare.Events[0].ExecutionStartedEventDetails, err)
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
	redriven, err := c.sfn.RedriveExecution(t.Context(), &sfn.RedriveExecutionInput{ExecutionArn: arn, ClientToken: aws.String("t1")})
	if err != nil || redriven.RedriveDate == nil {
		t.Fatal(err)
	}
	x = c.end(t, arn)
	if x.Status != types.ExecutionStatusSucceeded || *x.RedriveCount != 1 || !strings.Contains(*x.Output, fmt.Sprintf(`"listed":%d`, pictures)) {
		t.Errorf("redriven: %s %v, output %s", x.Status, x.RedriveCount, aws.ToString(x.Output))
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
