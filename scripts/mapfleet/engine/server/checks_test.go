package server_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/sfn"
	"github.com/aws/aws-sdk-go-v2/service/sfn/types"

	"mapfleet/functions/job/checks"
	"mapfleet/scripts/mapfleet/engine"
	"mapfleet/scripts/mapfleet/engine/executions"
	"mapfleet/statemachine"
)

// checking serves both jobs. The second clients are those of the state machine of checks.
func checking(t *testing.T, in, out string) (resizing, checks clients) {
	t.Helper()
	settings := config(in, out)
	settings.Engine.Also, settings.Engine.Networks = []engine.Job{engine.Checks}, "127.0.0.0/8"
	c := serve(t, settings)
	if len(c.Machines) != 2 {
		t.Fatalf("state machines %+v, want two", c.Machines)
	}
	second := c
	second.machine = &c.Machines[1].ARN
	return c, second
}

// TestChecks_beside_pictures: one server, two state machines, each with its own runs and reports.
func TestChecks_beside_pictures(t *testing.T) {
	site := httptest.NewServer(http.NotFoundHandler())
	t.Cleanup(site.Close)
	in, out := album(t, 2), t.TempDir()
	pictures, c := checking(t, in, out)
	if !strings.HasSuffix(*pictures.machine, ":mapfleet-resize") || !strings.HasSuffix(*c.machine, ":mapfleet-checks") {
		t.Fatalf("state machines %s, %s", *pictures.machine, *c.machine)
	}
	file := []byte(`{"id":"a","url":"` + site.URL + `/","expect":{"status":404}}` + "\n" + `{"id":"b","url":"` + site.URL + `/?token=hunter2"}` + "\n")
	c.put(t, "work", "checks/sites.jsonl", file)
	eventually(t, "the upload's run is over", func() bool { return len(c.runs(t, types.ExecutionStatusSucceeded)) == 1 })
	x := c.end(t, c.begin(t, "first", `{"file":"s3://work/checks/sites.jsonl"}`))
	var s checks.Summary
	if err := json.Unmarshal([]byte(*x.Output), &s); err != nil || x.Status != types.ExecutionStatusSucceeded || s.OK != 1 || s.Failing != 1 || s.Alert.Still != 1 {
		t.Fatalf("%s with %s: %v", x.Status, *x.Output, err)
	}
	work := filepath.Join(c.folder, "work")
	if !there(filepath.Join(work, "checks", "sites.results.jsonl")) || !there(filepath.Join(work, checks.ReportKey("first", "report.html"))) {
		t.Error("results or report are missing")
	}
	alerts, err := os.ReadFile(engine.Alerts(c.folder))
	if err != nil || strings.Count(string(alerts), "\n") != 1 || !strings.Contains(string(alerts), "line 2, b "+site.URL+"/?…") || strings.Contains(string(alerts), "hunter2") {
		t.Errorf("alerts %s, %v, want one, without the token", alerts, err)
	}
	if history, err := c.sfn.GetExecutionHistory(t.Context(), &sfn.GetExecutionHistoryInput{ExecutionArn: x.ExecutionArn}); err != nil || len(history.Events) == 0 {
		t.Errorf("history: %v", err)
	}
	if y := pictures.end(t, pictures.begin(t, "second", w8)); y.Status != types.ExecutionStatusSucceeded {
		t.Errorf("the pictures beside it %s", y.Status)
	}
	if runs := pictures.runs(t, ""); len(runs) != 1 || *runs[0].Name != "second" {
		t.Errorf("runs of pictures: %v, want second alone", runs)
	}
	if runs := c.runs(t, ""); len(runs) != 2 || *runs[0].Name != "first" {
		t.Errorf("runs of checks: %v, want first and the upload's", runs)
	}
	_, err = c.sfn.RedriveExecution(t.Context(), &sfn.RedriveExecutionInput{ExecutionArn: x.ExecutionArn})
	if code(err) != "ExecutionNotRedrivable" {
		t.Errorf("a redrive of a run that SUCCEEDED: %v", err)
	}
}

// TestChecks_have_names_of_their_own: as on AWS, a run of each job may have the same name; each keeps what it is, over
// the end of the server too.
func TestChecks_have_names_of_their_own(t *testing.T) {
	site := httptest.NewServer(http.NotFoundHandler())
	t.Cleanup(site.Close)
	in, out := album(t, 2), t.TempDir()
	settings := config(in, out)
	settings.Engine.Also, settings.Engine.Networks = []engine.Job{engine.Checks}, "127.0.0.0/8"
	pictures := start(t, settings)
	c := pictures
	c.machine = &c.Machines[1].ARN
	if err := os.WriteFile(filepath.Join(in, "sites.csv"), []byte("url,expect.status\n"+site.URL+",404\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	const file = `{"file":"s3://source/sites.csv","output":"s3://destination/results.csv"}`
	ofPictures, ofChecks := pictures.begin(t, "a1", w8), c.begin(t, "a1", file)
	same := func(c clients, when string) {
		t.Helper()
		for arn, word := range map[*string]string{ofPictures: `"written":2`, ofChecks: `"ok":1`} {
			x := c.end(t, arn)
			if x.Output == nil || *x.ExecutionArn != *arn || !strings.Contains(*x.Output, word) {
				t.Fatalf("%s %s is told as %+v", when, *arn, x)
			}
			runs, err := c.sfn.ListMapRuns(t.Context(), &sfn.ListMapRunsInput{ExecutionArn: arn})
			if err != nil || len(runs.MapRuns) != 1 || *runs.MapRuns[0].ExecutionArn != *arn {
				t.Fatalf("%s %s has the Map Runs %+v, %v, want one of its own", when, *arn, runs, err)
			}
			run, err := c.sfn.DescribeMapRun(t.Context(), &sfn.DescribeMapRunInput{MapRunArn: runs.MapRuns[0].MapRunArn})
			if err != nil || *run.ExecutionArn != *arn {
				t.Errorf("%s its Map Run is told as %+v, %v", when, run, err)
			}
			history, err := c.sfn.GetExecutionHistory(t.Context(), &sfn.GetExecutionHistoryInput{ExecutionArn: arn, MaxResults: 1})
			if err != nil || !strings.Contains(*history.Events[0].ExecutionStartedEventDetails.Input, map[bool]string{true: "variants", false: "file"}[arn == ofPictures]) {
				t.Errorf("%s the history of %s begins with %+v, %v", when, *arn, history, err)
			}
		}
	}
	same(c, "at first")
	for _, again := range []clients{pictures, c} {
		name, input := "a1", `{}`
		if _, err := again.sfn.StartExecution(t.Context(), &sfn.StartExecutionInput{StateMachineArn: again.machine, Name: &name, Input: &input}); code(err) != "ExecutionAlreadyExists" || !strings.Contains(err.Error(), strings.Replace(*again.machine, "stateMachine", "execution", 1)+":a1") {
			t.Errorf("a name that %s has had: %v, want its own execution named", *again.machine, err)
		}
	}
	if _, err := c.Close(); err != nil {
		t.Fatal(err)
	}
	again := serve(t, settings)
	same(again, "served again")
}

// TestChecks_kept_before_they_had_names_of_their_own are found where they are.
func TestChecks_kept_before_they_had_names_of_their_own(t *testing.T) {
	settings := config(album(t, 0), t.TempDir())
	settings.Engine.Also = []engine.Job{engine.Checks}
	folder := engine.Executions(settings.Engine.State)
	const machine = "arn:aws:states:us-east-1:000000000000:stateMachine:mapfleet-checks"
	arn := strings.Replace(machine, "stateMachine", "execution", 1) + ":old"
	x := executions.Execution{ARN: arn, StateMachine: machine, Name: "old", Status: executions.Running, Start: time.Now(), Input: json.RawMessage(`{}`), Source: settings.Engine.Source, Destination: settings.Engine.Destination}
	if err := folder.Create(x, string(statemachine.Checks())); err != nil {
		t.Fatal(err)
	}
	c := serve(t, settings)
	c.machine = &c.Machines[1].ARN
	if runs := c.runs(t, types.ExecutionStatusAborted); len(runs) != 1 || *runs[0].ExecutionArn != arn {
		t.Errorf("the runs are %+v, want the old one", runs)
	}
	if x := c.end(t, &arn); x.Status != types.ExecutionStatusAborted {
		t.Errorf("it is told as %s, want ABORTED", x.Status)
	}
}

// TestChecks_of_an_upload: a file that is put under checks/ starts one run, and its results start none.
func TestChecks_of_an_upload(t *testing.T) {
	site := httptest.NewServer(http.NotFoundHandler())
	t.Cleanup(site.Close)
	_, c := checking(t, album(t, 0), t.TempDir())
	file := []byte("url,expect.status\n" + site.URL + ",404\n")
	c.put(t, "work", "checks/sites.csv", file)
	eventually(t, "the upload's run has succeeded", func() bool { return len(c.runs(t, types.ExecutionStatusSucceeded)) == 1 })
	// Uploads are handed over in their order: when the run of the second is there, the results of the first have
	// started what they would.
	c.put(t, "work", "checks/more.csv", file)
	eventually(t, "the second upload's run has succeeded", func() bool { return len(c.runs(t, types.ExecutionStatusSucceeded)) == 2 })
	if runs := c.runs(t, ""); len(runs) != 2 || !strings.HasPrefix(*runs[0].Name, "checks-") {
		t.Errorf("runs %v, want one for each file", runs)
	}
	if !there(filepath.Join(c.folder, "work", "checks", "sites.results.csv")) {
		t.Error("there are no results beside the file")
	}
}

// TestChecks_stopped_and_redriven: the run goes on where it was stopped, and says something of every line.
func TestChecks_stopped_and_redriven(t *testing.T) {
	begun, goOn := make(chan struct{}, 100), make(chan struct{})
	free := sync.OnceFunc(func() { close(goOn) })
	site := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/slow" {
			begun <- struct{}{}
			<-goOn
		}
	}))
	t.Cleanup(func() { free(); site.Close() })
	_, c := checking(t, album(t, 0), t.TempDir())
	c.put(t, "work", "checks/sites.csv", []byte("url\n"+site.URL+"/quick\n"+site.URL+"/slow\n"))
	eventually(t, "the run has begun", func() bool { return len(c.runs(t, types.ExecutionStatusRunning)) == 1 })
	<-begun
	arn := c.runs(t, types.ExecutionStatusRunning)[0].ExecutionArn
	if _, err := c.sfn.StopExecution(t.Context(), &sfn.StopExecutionInput{ExecutionArn: arn}); err != nil {
		t.Fatal(err)
	}
	if x := c.end(t, arn); x.Status != types.ExecutionStatusAborted {
		t.Fatalf("it is %s, want ABORTED", x.Status)
	}
	free()
	if _, err := c.sfn.RedriveExecution(t.Context(), &sfn.RedriveExecutionInput{ExecutionArn: arn}); err != nil {
		t.Fatal(err)
	}
	x := c.end(t, arn)
	var s checks.Summary
	if x.Output == nil || json.Unmarshal([]byte(*x.Output), &s) != nil || s.OK != 2 {
		t.Errorf("redriven it %s: %+v", x.Status, x)
	}
}
