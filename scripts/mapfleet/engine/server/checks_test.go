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

	"github.com/aws/aws-sdk-go-v2/service/sfn"
	"github.com/aws/aws-sdk-go-v2/service/sfn/types"

	"mapfleet/functions/job/checks"
	"mapfleet/scripts/mapfleet/engine"
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
	name := "first"
	_, err = pictures.sfn.StartExecution(t.Context(), &sfn.StartExecutionInput{StateMachineArn: pictures.machine, Name: &name})
	if code(err) != "ExecutionAlreadyExists" {
		t.Errorf("a name of the other state machine: %v, want it refused", err)
	}
	_, err = c.sfn.RedriveExecution(t.Context(), &sfn.RedriveExecutionInput{ExecutionArn: x.ExecutionArn})
	if code(err) != "ExecutionNotRedrivable" {
		t.Errorf("a redrive of a run that SUCCEEDED: %v", err)
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
