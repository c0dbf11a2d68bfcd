package cli

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"mapfleet/functions/job"
)

// wants compares an exit status and looks for words in what was said.
func wants(t *testing.T, said string, status, want int, words ...string) {
	t.Helper()
	if status != want {
		t.Errorf("exit %d, want %d\n%s", status, want, said)
	}
	for _, word := range words {
		if !strings.Contains(said, word) {
			t.Errorf("%q does not say %q", said, word)
		}
	}
}

func TestStart_tells_how_to_go_on(t *testing.T) {
	f := newFakeAWS(t)
	stdout, stderr, status := command(t.Context(), "start", "--input", `{"prefix":"2026/"}`, "--name", "first")
	wants(t, stdout+stderr, status, ExitSucceeded, "first started", "mapfleet watch first", "mapfleet stop first",
		"https://eu-west-1.console.aws.amazon.com/states/home?region=eu-west-1#/v2/executions/details/arn:aws:states:eu-west-1:123456789012:execution:mapfleet-resize:first")
	if len(f.runs) != 1 || f.runs[0].input != `{"prefix":"2026/"}` {
		t.Fatalf("runs are %+v, want one with the input as it was given", f.runs)
	}

	// The same once more is the same run, however it is spelt; another input is refused.
	stdout, _, status = command(t.Context(), "start", "--input", `{ "prefix": "2026/" }`, "--name", "first", "--json")
	var again started
	if err := json.Unmarshal([]byte(stdout), &again); err != nil || again.Started || again.Run != "first" || again.Status != "RUNNING" || status != ExitSucceeded {
		t.Errorf("the same start again: exit %d, %+v, %v, want the run that there is", status, again, err)
	}
	_, stderr, status = command(t.Context(), "start", "--name", "first")
	wants(t, stderr, status, ExitFailed, "there is a run first already", `{"prefix":"2026/"}`, "--name")
	f.runs[0].input = `{"keys":["` + strings.Repeat("k", 5000) + `"]}`
	if _, stderr, _ = command(t.Context(), "start", "--name", "first"); len(stderr) > 500 || !strings.Contains(stderr, "kkk…: choose another --name") {
		t.Errorf("of a long input %d bytes are shown: %s", len(stderr), stderr)
	}

	// Without a name each start is a run.
	stdout, _, status = command(t.Context(), "start", "--json", "--stack", "mapfleet")
	if err := json.Unmarshal([]byte(stdout), &again); err != nil || !again.Started || !strings.HasPrefix(again.Run, "run-") || again.Console == "" || status != ExitSucceeded {
		t.Errorf("start --json: exit %d, %+v, %v", status, again, err)
	}
	if n := f.called("StartExecution"); n != 2 {
		t.Errorf("%d executions were started, want 2", n)
	}
}

func TestStart_refuses_before_it_starts(t *testing.T) {
	f := newFakeAWS(t)
	for _, c := range []struct {
		name string
		args []string
		says []string
	}{
		{"no JSON", []string{"--input", `{"a":`}, []string{"--input", "a JSON object"}},
		{"an unknown field", []string{"--input", `{"batchsize":3}`}, []string{"batchsize: given 3", "batchSize"}},
		{"a value that no deployment allows", []string{"--input", `{"batchSize":100000}`}, []string{"batchSize: given 100000"}},
		{"no file", []string{"--input", "none.json"}, []string{"neither a JSON object nor a file"}},
		{"a name with a space", []string{"--name", "a b"}, []string{"--name", `"a b"`, "letters"}},
		{"a name that no run can have", []string{"--name", "v1.2"}, []string{"--name", `"v1.2"`, "1 to 80 letters, digits, - and _"}},
		{"a hidden name", []string{"--job", "checks", "--name", ".hidden"}, []string{"--name", `".hidden"`, "letters, digits, - and _"}},
		{"a name that means another", []string{"--name", "last"}, []string{"--name", "the run that started last"}},
		{"a word too many", []string{"now"}, []string{`"now"`}},
		{"an endpoint without a scheme", []string{"--endpoint-url", "localhost:8080"}, []string{"--endpoint-url", "http://"}},
		{"an ARN of something else", []string{"--state-machine", "arn:aws:s3:::x"}, []string{"--state-machine", "stateMachine"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			stdout, stderr, status := command(t.Context(), append([]string{"start"}, c.args...)...)
			wants(t, stderr, status, ExitUsage, c.says...)
			if stdout != "" {
				t.Errorf("printed %q to stdout", stdout)
			}
		})
	}
	if n := f.called("StartExecution"); n != 0 {
		t.Errorf("%d executions were started", n)
	}
	// What only the deployment can judge is sent.
	stdout, stderr, status := command(t.Context(), "start", "--input", `{"manifest":"s3://inventory/a.csv","prefix":null}`, "--state-machine", fakeMachine, "--work-bucket", fakeWork)
	wants(t, stdout+stderr, status, ExitSucceeded, "started", "--state-machine")
}

// TestWatch_a_run_to_its_end: throttled once, cut off once, and then told how it ended.
func TestWatch_a_run_to_its_end(t *testing.T) {
	f := newFakeAWS(t)
	f.runs = []*fakeRun{{name: "r", status: "RUNNING", input: "{}", started: time.Now().Add(-time.Minute), looks: 3, end: "SUCCEEDED"}}
	f.report(t, job.Summary{Run: "r", Listed: 1000, Written: 988, Failed: 12, FailedBy: map[string]int{"UnknownFormat": 12}, BytesIn: 5e6, BytesOut: 1e6},
		many(12)...)
	f.fault = func(call string, nth int) string {
		switch {
		case call == "DescribeExecution" && nth == 3: // the first is the look for the run
			return "drop"
		case call == "DescribeMapRun" && nth == 1:
			return "ThrottlingException"
		}
		return ""
	}
	stdout, stderr, status := command(t.Context(), "watch")
	wants(t, stdout, status, ExitSucceeded, "r SUCCEEDED in", "1,000 listed: 988 written", "12 failed (12 UnknownFormat)",
		`failed   "k0.jpg": UnknownFormat: no picture`, "and more, in s3://mapfleet-work/reports/r/failures.jsonl", "mapfleet retry r", "s3://thumbs", "reports/r/report.html", "console")
	wants(t, stderr, status, ExitSucceeded, "AWS in eu-west-1 asks to slow down", "next look in", "cannot reach AWS in eu-west-1")
	if strings.Contains(stdout, "k10.jpg") {
		t.Errorf("more than ten failures are shown:\n%s", stdout)
	}
	// Once it is over, the same is told at once, and all failures to a program.
	stdout, stderr, status = command(t.Context(), "watch", "r", "--json")
	var a struct {
		remoteReport
		Failures []job.Failure
	}
	if err := json.Unmarshal([]byte(stdout), &a); err != nil || a.Run != "r" || a.Written != 988 || len(a.Failures) != 12 || a.Execution != f.runs[0].arn() || status != ExitSucceeded {
		t.Errorf("watch --json: exit %d, %+v, %v\n%s", status, a, err, stderr)
	}
}

func many(n int) (failures []job.Failure) {
	for i := range n {
		failures = append(failures, job.Failure{Key: fmt.Sprintf("k%d.jpg", i), Code: "UnknownFormat", Message: "no picture"})
	}
	return failures
}

// TestWatch_shows_progress: items, batches, rate, time left and money.
func TestWatch_shows_progress(t *testing.T) {
	f := newFakeAWS(t)
	f.runs = []*fakeRun{{name: "r", status: "RUNNING", input: "{}", started: time.Now().Add(-100 * time.Second), looks: 2, end: "FAILED", failure: "TooManyFailures", cause: "12 of 100 pictures failed"}}
	f.report(t, job.Summary{Run: "r", Listed: 100, Written: 88, Failed: 12})
	stdout, stderr, status := command(t.Context(), "watch", "last")
	wants(t, stderr, status, ExitFailed, "250 of 1,000+ items", "3 batches done, 7 running", "0 failed with their batch", "/s", "about $0.0")
	wants(t, stdout, status, ExitFailed, "r FAILED", "TooManyFailures: 12 of 100 pictures failed")
}

// TestWatch_without_the_report: the exit status is the run's, though its report cannot be read.
func TestWatch_without_the_report(t *testing.T) {
	f := newFakeAWS(t)
	f.runs = []*fakeRun{{name: "r", status: "SUCCEEDED", input: "{}", started: time.Now().Add(-time.Minute), stopped: time.Now()}}
	stdout, stderr, status := command(t.Context(), "watch", "--state-machine", fakeMachine)
	wants(t, stdout+stderr, status, ExitSucceeded, "r SUCCEEDED", "cannot be read", "--work-bucket")
	f.fault = func(call string, _ int) string { return map[string]string{"GET": "AccessDenied"}[call] }
	stdout, stderr, status = command(t.Context(), "watch", "r")
	wants(t, stdout+stderr, status, ExitSucceeded, "r SUCCEEDED", "s3:GetObject")
	stdout, stderr, status = command(t.Context(), "report", "r")
	wants(t, stdout+stderr, status, ExitFailed, "r SUCCEEDED", "s3:GetObject")
}

// TestWatch_can_be_left: Ctrl-C ends the watch and not the run.
func TestWatch_can_be_left(t *testing.T) {
	f := newFakeAWS(t)
	f.runs = []*fakeRun{{name: "r", status: "RUNNING", input: "{}", started: time.Now(), looks: 1000}}
	ctx, cancel := context.WithCancel(t.Context())
	f.fault = func(call string, _ int) string {
		if call == "DescribeMapRun" {
			cancel()
		}
		return ""
	}
	_, stderr, status := command(ctx, "watch", "r", "--stack", "mapfleet")
	wants(t, stderr, status, ExitLeft, "r goes on", "mapfleet watch r --stack mapfleet", "mapfleet stop r --stack mapfleet")
	if f.runs[0].status != "RUNNING" {
		t.Errorf("the run is %s", f.runs[0].status)
	}
}

func TestRemote_faults_say_what_to_do(t *testing.T) {
	for _, c := range []struct {
		name   string
		args   []string
		set    func(t *testing.T, f *fakeAWS)
		status int
		says   []string
	}{
		{"no credentials", []string{"list"}, func(t *testing.T, _ *fakeAWS) { t.Setenv("AWS_ACCESS_KEY_ID", "") }, ExitFailed, []string{"no AWS credentials", "--profile", "aws sso login"}},
		{"no Region", []string{"list"}, func(t *testing.T, _ *fakeAWS) { t.Setenv("AWS_REGION", "") }, ExitFailed, []string{"no Region", "--region"}},
		{"no such profile", []string{"list", "--profile", "nobody"}, nil, ExitFailed, []string{"nobody", "--profile"}},
		{"an expired token", []string{"list"}, code("DescribeStacks", "ExpiredToken"), ExitFailed, []string{"have expired", "aws sso login"}},
		{"an expired token on the way", []string{"watch"}, code("DescribeMapRun", "ExpiredTokenException"), ExitFailed, []string{"have expired", "r goes on", "mapfleet watch r"}},
		{"no such stack", []string{"start", "--stack", "thumb"}, nil, ExitUsage, []string{`no stack "thumb" in eu-west-1`, "mapfleet", "--stack"}},
		{"no stack at all", []string{"start"}, func(_ *testing.T, f *fakeAWS) { f.stacks = nil }, ExitUsage, []string{`no stack "mapfleet" in eu-west-1`, "--region", "make deploy"}},
		{"a stack of something else", []string{"start", "--stack", "web"}, func(_ *testing.T, f *fakeAWS) { f.stacks["web"] = nil }, ExitFailed, []string{"web", "StateMachineArn", "CREATE_COMPLETE"}},
		{"stacks may not be seen", []string{"list"}, code("DescribeStacks", "AccessDenied"), ExitFailed, []string{"cloudformation:DescribeStacks"}},
		{"runs may not be seen", []string{"list"}, code("ListExecutions", "AccessDeniedException"), ExitFailed, []string{"states:ListExecutions"}},
		{"no such run", []string{"watch", "nope"}, nil, ExitUsage, []string{`no run "nope"`, "r RUNNING"}},
		{"a run of another machine", []string{"watch", "arn:aws:states:eu-west-1:1:execution:other:r"}, nil, ExitFailed, []string{"no run of " + fakeMachine, "--state-machine arn:aws:states:eu-west-1:1:stateMachine:other"}},
		{"an ARN of something else", []string{"watch", "arn:aws:s3:::r"}, nil, ExitFailed, []string{"no run of " + fakeMachine, "--stack"}},
		{"a run of a stack with checks", []string{"watch", "nope"}, func(_ *testing.T, f *fakeAWS) {
			f.stacks["mapfleet"]["ChecksStateMachineArn"] = fakeMachine + "-checks"
		}, ExitUsage, []string{`no run "nope"`, "--job checks"}},
		{"no run yet", []string{"report"}, func(_ *testing.T, f *fakeAWS) { f.runs = nil }, ExitUsage, []string{"no run yet", "mapfleet start"}},
		{"no such machine", []string{"list", "--state-machine", fakeMachine + "x"}, nil, ExitFailed, []string{"no state machine", fakeMachine + "x"}},
		{"a Step Functions that fails", []string{"list"}, func(t *testing.T, _ *fakeAWS) {
			broken := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusServiceUnavailable) }))
			t.Cleanup(broken.Close)
			t.Setenv("AWS_ENDPOINT_URL_SFN", broken.URL)
		}, ExitFailed, []string{"AWS in eu-west-1 failed", "503 Service Unavailable", "try again"}},
		{"the page of a proxy", []string{"list"}, func(t *testing.T, _ *fakeAWS) {
			hotel := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "<html>Sign in</html>") }))
			t.Cleanup(hotel.Close)
			t.Setenv("AWS_ENDPOINT_URL_SFN", hotel.URL)
		}, ExitFailed, []string{"cannot read the answer of AWS in eu-west-1", "network"}},
		{"throttled for long", []string{"list"}, code("ListExecutions", "ThrottlingException"), ExitFailed, []string{"slow down", "try again"}},
		{"a run that is not over", []string{"report", "r"}, nil, ExitFailed, []string{"RUNNING", "mapfleet watch r"}},
		{"a retry of a run that is not over", []string{"retry", "r"}, nil, ExitFailed, []string{"RUNNING", "mapfleet watch r"}},
		{"nobody there", []string{"list", "--endpoint-url", "http://127.0.0.1:1"}, nil, ExitFailed, []string{"cannot reach http://127.0.0.1:1", "mapfleet serve"}},
		{"folders and a stack", []string{"retry", "r", "--in", "x", "--stack", "y"}, nil, ExitUsage, []string{"--in", "--stack"}},
		{"an unknown status", []string{"list", "--status", "done"}, nil, ExitUsage, []string{"--status", "SUCCEEDED"}},
		{"too long a list", []string{"list", "--limit", "0"}, nil, ExitUsage, []string{"--limit: given 0"}},
		{"a stop of nothing", []string{"stop"}, nil, ExitUsage, []string{"name of a run is missing"}},
		{"too long a name of an error", []string{"stop", "r", "--error", strings.Repeat("e", 257)}, nil, ExitUsage, []string{"--error", "257"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			f := newFakeAWS(t)
			t.Setenv("AWS_MAX_ATTEMPTS", "1")
			f.runs = []*fakeRun{{name: "r", status: "RUNNING", input: "{}", started: time.Now(), looks: 1000}}
			if c.set != nil {
				c.set(t, f)
			}
			stdout, stderr, status := command(t.Context(), c.args...)
			wants(t, stderr, status, c.status, c.says...)
			if stdout != "" {
				t.Errorf("printed %q to stdout", stdout)
			}
		})
	}
}

// code makes an operation fail.
func code(call, code string) func(*testing.T, *fakeAWS) {
	return func(_ *testing.T, f *fakeAWS) {
		f.fault = func(c string, _ int) string {
			if c == call {
				return code
			}
			return ""
		}
	}
}

func TestStart_outlasts_a_short_throttling(t *testing.T) {
	f := newFakeAWS(t)
	f.fault = func(call string, nth int) string {
		if call == "StartExecution" && nth == 1 {
			return "ThrottlingException"
		}
		return ""
	}
	stdout, stderr, status := command(t.Context(), "start")
	wants(t, stdout+stderr, status, ExitSucceeded, "started")
}

func TestList_and_report(t *testing.T) {
	f := newFakeAWS(t)
	noon := time.Now().Add(-time.Hour)
	f.runs = []*fakeRun{
		{name: "now", status: "RUNNING", input: "{}", started: noon.Add(30 * time.Minute), looks: 1000},
		{name: "refused", status: "FAILED", failure: "InvalidInput", cause: `{"errorMessage":"batchSize: given 0"}`, input: "{}", started: noon.Add(time.Minute), stopped: noon.Add(2 * time.Minute)},
		{name: "good", status: "SUCCEEDED", input: "{}", started: noon, stopped: noon.Add(90 * time.Second)},
	}
	f.report(t, job.Summary{Run: "good", Listed: 1200, Written: 1199, Failed: 1}, many(1)...)

	stdout, stderr, status := command(t.Context(), "list")
	wants(t, stdout, status, ExitSucceeded, "RUN", "ITEMS", "1m30s", "1,200, 1 failed", "refused  FAILED", "now      RUNNING")
	if stderr != "" {
		t.Errorf("stderr %q", stderr)
	}
	stdout, _, status = command(t.Context(), "list", "--json", "--status", "succeeded", "--limit", "5")
	var list struct{ Runs []listedRun }
	if err := json.Unmarshal([]byte(stdout), &list); err != nil || status != ExitSucceeded || len(list.Runs) != 1 || list.Runs[0].Items == nil || *list.Runs[0].Items != 1200 || list.Runs[0].Seconds != 90 {
		t.Errorf("list --json: exit %d, %+v, %v", status, list, err)
	}

	stdout, _, status = command(t.Context(), "list", "--status", "TIMED_OUT", "--stack", "mapfleet")
	wants(t, stdout, status, ExitSucceeded, `no run is TIMED_OUT; "mapfleet list --stack mapfleet" lists all`)

	opened, dir := fakeBrowser(t), filepath.Join(t.TempDir(), "reports")
	stdout, stderr, status = command(t.Context(), "report", "good", "--save", dir, "--open")
	wants(t, stdout+stderr, status, ExitSucceeded, "good SUCCEEDED in 1 min 30 s", "1,200 listed", `"k0.jpg"`, "4 files saved in "+filepath.Join(dir, "good"))
	page := filepath.Join(dir, "good", "report.html")
	if data, err := os.ReadFile(page); err != nil || string(data) != "<title>good</title>" {
		t.Errorf("the saved page is %q, %v", data, err)
	}
	if data, err := os.ReadFile(opened); err != nil || strings.TrimSpace(string(data)) != page {
		t.Errorf("the browser was given %q, %v, want %s", data, err, page)
	}

	// A run that was refused says why, and has no report.
	stdout, stderr, status = command(t.Context(), "report", "refused")
	wants(t, stdout+stderr, status, ExitSucceeded, "refused FAILED", "InvalidInput: batchSize: given 0")
	_, stderr, status = command(t.Context(), "report", "refused", "--open")
	wants(t, stderr, status, ExitFailed, "no report.html to open")

	write(t, filepath.Join(dir, "taken"), nil)
	_, stderr, status = command(t.Context(), "report", "good", "--save", filepath.Join(dir, "taken"))
	wants(t, stderr, status, ExitFailed, "save the report in a folder of its own: mkdir "+filepath.Join(dir, "taken"))

	// A browser that is not there is told in a line, and what to open.
	write(t, filepath.Join(filepath.Dir(opened), "xdg-open"), []byte("#!/bin/sh\necho No browser! >&2\necho lynx: not found >&2\nexit 3\n"))
	write(t, filepath.Join(filepath.Dir(opened), "open"), []byte("#!/bin/sh\necho No browser! >&2\nexit 3\n"))
	_, stderr, status = command(t.Context(), "report", "good", "--save", dir, "--open")
	wants(t, stderr, status, ExitFailed, "could not open the report (No browser!): open "+page+" by hand")

	// Reports that may not be read do not hide the runs.
	f.fault = func(call string, _ int) string { return map[string]string{"GET": "AccessDenied"}[call] }
	stdout, stderr, status = command(t.Context(), "list")
	wants(t, stdout+stderr, status, ExitSucceeded, "good     SUCCEEDED", "s3:GetObject")
}

func TestStop(t *testing.T) {
	f := newFakeAWS(t)
	f.runs = []*fakeRun{{name: "r", status: "RUNNING", input: "{}", started: time.Now(), looks: 1000}}
	stdout, stderr, status := command(t.Context(), "stop", "last", "--error", "WrongRecipe", "--cause", "80 px")
	wants(t, stdout+stderr, status, ExitSucceeded, "r stopped", "mapfleet report r", "mapfleet retry r")
	if last := f.bodies[len(f.bodies)-1]; last["call"] != "StopExecution" || last["error"] != "WrongRecipe" || last["cause"] != "80 px" {
		t.Errorf("the last call is %v, want the stop with error and cause", last)
	}
	stdout, _, status = command(t.Context(), "stop", "r", "--json")
	wants(t, stdout, status, ExitSucceeded, `"stopped":false`, `"ABORTED"`)
	if n := f.called("StopExecution"); n != 1 {
		t.Errorf("it was stopped %d times", n)
	}
}

func TestRetry_of_a_stack(t *testing.T) {
	hourAgo := time.Now().Add(-time.Hour)
	ended := func(status, failure string, redrivable bool) *fakeRun {
		return &fakeRun{name: "r", status: status, failure: failure, input: "{}", started: hourAgo, stopped: hourAgo.Add(time.Minute), redrivable: redrivable}
	}
	for _, c := range []struct {
		name    string
		run     *fakeRun
		summary *job.Summary
		later   *job.Summary // of a run over the failures
		call    string       // that changes something; "" for none
		status  int
		says    []string
	}{
		{"stopped on its way", ended("ABORTED", "", true), &job.Summary{Listed: 10, NotStarted: 5}, nil, "RedriveExecution", ExitSucceeded, []string{"was ABORTED, so it is redriven", "r redriven", "mapfleet watch r"}},
		{"failed on its way", ended("FAILED", "States.ExceedToleratedFailureThreshold", true), nil, nil, "RedriveExecution", ExitSucceeded, []string{"FAILED with States.ExceedToleratedFailureThreshold, so it is redriven"}},
		{"failed at the judge", ended("FAILED", "TooManyFailures", true), &job.Summary{Status: "FAILED", Listed: 10, Failed: 3}, nil, "StartExecution", ExitSucceeded, []string{"FAILED in TooManyFailures with 3 failures", "run-", "started"}},
		{"succeeded with a failure", ended("SUCCEEDED", "", false), &job.Summary{Status: "SUCCEEDED", Listed: 100, Failed: 1}, nil, "StartExecution", ExitSucceeded, []string{"with 1 failure"}},
		{"retried already", ended("SUCCEEDED", "", false), &job.Summary{Status: "SUCCEEDED", Listed: 100, Failed: 1}, &job.Summary{Listed: 1}, "", ExitSucceeded, []string{"nothing to retry: later has run all"}},
		{"retried in vain", ended("SUCCEEDED", "", false), &job.Summary{Status: "SUCCEEDED", Listed: 100, Failed: 1}, &job.Summary{Listed: 1, Failed: 1}, "StartExecution", ExitSucceeded, []string{"with 1 failure"}},
		{"succeeded", ended("SUCCEEDED", "", false), &job.Summary{Status: "SUCCEEDED", Listed: 100}, nil, "", ExitSucceeded, []string{"nothing to retry"}},
		{"too late", ended("ABORTED", "", false), &job.Summary{Listed: 10}, nil, "", ExitFailed, []string{"cannot be redriven: Execution is ABORTED and cannot be redriven", "new run"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			f := newFakeAWS(t)
			f.runs = []*fakeRun{c.run}
			if c.summary != nil {
				c.summary.Run, c.summary.Finished = "r", hourAgo
				f.report(t, *c.summary)
			}
			if c.later != nil {
				c.later.Run, c.later.Started = "later", hourAgo.Add(time.Minute)
				f.report(t, *c.later)
				f.runs = append([]*fakeRun{{name: "later", status: "SUCCEEDED", input: `{"retryFailuresOf":"r"}`, started: hourAgo.Add(time.Minute), stopped: hourAgo.Add(2 * time.Minute)}}, f.runs...)
			}
			stdout, stderr, status := command(t.Context(), "retry", "r")
			wants(t, stdout+stderr, status, c.status, c.says...)
			for _, call := range []string{"RedriveExecution", "StartExecution"} {
				if got := f.called(call) > 0; got != (call == c.call) {
					t.Errorf("%s was called: %v, want only %q", call, got, c.call)
				}
			}
			if c.call != "StartExecution" {
				return
			}
			const want = `{"filter":{},"overwrite":"stale","retryFailuresOf":"r","toleratedFailurePercentage":100,"variants":[{"name":"w64","width":64,"fit":"inside","format":"same","quality":80,"key":"{variant}/{dir}{stem}{ext}"}]}`
			if got := f.runs[0].input; got != want {
				t.Errorf("the new run has the input\n%s, want\n%s, by the recipe of r", got, want)
			}
		})
	}
}

// TestRetry_watched: failures that still fail are judged by what the first run tolerated.
func TestRetry_watched(t *testing.T) {
	f := newFakeAWS(t)
	hourAgo := time.Now().Add(-time.Hour)
	f.runs = []*fakeRun{{name: "r", status: "FAILED", failure: "TooManyFailures", input: "{}", started: hourAgo, stopped: hourAgo}}
	f.report(t, job.Summary{Run: "r", Status: "FAILED", Listed: 10, Failed: 3}, many(3)...)
	f.fault = func(call string, _ int) string {
		if call == "DescribeMapRun" {
			summary, _ := json.Marshal(job.Summary{Listed: 3, Written: 2, Failed: 1})
			f.objects[fakeWork+"/"+job.ReportKey(f.runs[0].name, "summary.json")] = string(summary)
		}
		return ""
	}
	stdout, stderr, status := command(t.Context(), "retry", "last", "--watch")
	wants(t, stdout+stderr, status, ExitFailed, "TooManyFailures: 1 of the 10 pictures of r still fail, 5 % are tolerated")
}

func TestAudit_of_a_stack_takes_the_latest_plan(t *testing.T) {
	f := newFakeAWS(t)
	_, stderr, status := command(t.Context(), "audit", "--stack", "mapfleet")
	wants(t, stderr, status, ExitFailed, "no run of mapfleet has left a plan", "--source")
	f.runs = []*fakeRun{{name: "r", status: "SUCCEEDED", input: "{}", started: time.Now(), stopped: time.Now()}}
	f.report(t, job.Summary{Run: "r"})
	_, stderr, _ = command(t.Context(), "audit", "--stack", "mapfleet", "--quick")
	wants(t, stderr, 0, 0, "the plan of r", "s3://photos/in/ to s3://thumbs/", "its recipe")
	_, stderr, status = command(t.Context(), "audit", "--stack", "mapfleet", "--in", "x")
	wants(t, stderr, status, ExitUsage, "--stack", "--in")
}

func TestCompletion(t *testing.T) {
	f := newFakeAWS(t)
	f.runs = []*fakeRun{
		{name: "two", status: "RUNNING", input: "{}", started: time.Now(), looks: 1000},
		{name: "one", status: "FAILED", input: "{}", started: time.Now(), stopped: time.Now()},
	}
	for _, shell := range []string{"bash", "zsh", "fish"} {
		stdout, stderr, status := command(t.Context(), "completion", shell)
		wants(t, stdout+stderr, status, ExitSucceeded, "mapfleet", "__complete")
	}
	for _, c := range []struct {
		args       []string
		has, lacks string
	}{
		{[]string{"watch", ""}, "one\tFAILED", "mapfleet"},
		{[]string{"report", ""}, "last\t", ""},
		{[]string{"retry", ""}, "two\tRUNNING", ""},
		{[]string{"stop", ""}, "two\tRUNNING", "one\t"},
		{[]string{"watch", "one", ""}, ":", "two"},
		{[]string{"list", "--status", ""}, "TIMED_OUT", ""},
		{[]string{"sta"}, "start", "stop"},
		{[]string{"list", "--job", ""}, "checks", ""},
		{[]string{"start", ""}, ":4", "remote"}, // it takes no argument: no file is offered
		{[]string{"list", ""}, ":4", ""},
		{[]string{"serve", ""}, ":4", ""},
		{[]string{"watch", "--region", ""}, ":4", ""},
		{[]string{"serve", "--in", ""}, ":16", ""}, // a folder
		{[]string{"report", "--save", ""}, ":16", ""},
		{[]string{"start", "--input", ""}, ":0", ""}, // a file
	} {
		stdout, _, status := command(t.Context(), append([]string{"__complete"}, c.args...)...)
		wants(t, stdout, status, ExitSucceeded, c.has)
		if c.lacks != "" && strings.Contains(stdout, c.lacks) {
			t.Errorf("completing %q offers %q:\n%s", c.args, c.lacks, stdout)
		}
	}
	f.fault = func(string, int) string { return "AccessDenied" }
	stdout, _, status := command(t.Context(), "__complete", "watch", "")
	wants(t, stdout, status, ExitSucceeded, ":")
}
