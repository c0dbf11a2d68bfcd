package cli

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"mapfleet/functions/job"
)

const (
	fakeMachine = "arn:aws:states:eu-west-1:123456789012:stateMachine:mapfleet-resize"
	fakeWork    = "mapfleet-work"
)

// fakeRun is an execution of a fakeAWS. One that is RUNNING ends as end after so many looks at it.
type fakeRun struct {
	name, status, input string
	failure, cause      string
	started, stopped    time.Time
	redrivable          bool
	looks               int
	end                 string
}

// fakeAWS is CloudFormation, Step Functions and S3 at one address.
type fakeAWS struct {
	url string

	mu      sync.Mutex
	stacks  map[string]map[string]string // outputs
	runs    []*fakeRun                   // those that started last first
	objects map[string]string            // by bucket/key
	calls   []string
	bodies  []map[string]any // of the calls of Step Functions

	fault func(call string, nth int) string // code of the answer to the nth call of its kind; "drop" drops the connection
}

// newFakeAWS starts one that holds the stack mapfleet, and sets the environment for it.
func newFakeAWS(t *testing.T) *fakeAWS {
	t.Helper()
	f := &fakeAWS{objects: map[string]string{}, stacks: map[string]map[string]string{"mapfleet": {
		"StateMachineArn": fakeMachine, "SourceBucket": "photos", "DestinationBucket": "thumbs", "WorkBucket": fakeWork,
	}}}
	server := httptest.NewServer(f)
	t.Cleanup(server.Close)
	f.url = server.URL
	home := t.TempDir()
	for name, value := range map[string]string{
		"AWS_ENDPOINT_URL_SFN": f.url, "AWS_ENDPOINT_URL_S3": f.url, "AWS_ENDPOINT_URL_CLOUDFORMATION": f.url,
		"AWS_ACCESS_KEY_ID": "AKIA", "AWS_SECRET_ACCESS_KEY": "secret", "AWS_SESSION_TOKEN": "", "AWS_PROFILE": "", "AWS_ENDPOINT_URL": "",
		"AWS_REGION": "eu-west-1", "AWS_EC2_METADATA_DISABLED": "true",
		"AWS_CONFIG_FILE": filepath.Join(home, "config"), "AWS_SHARED_CREDENTIALS_FILE": filepath.Join(home, "credentials"),
	} {
		t.Setenv(name, value)
	}
	return f
}

// command carries out a command line in this process.
func command(ctx context.Context, args ...string) (stdout, stderr string, status int) {
	var o, e bytes.Buffer
	status = Run(ctx, args, &o, &e)
	return o.String(), e.String(), status
}

// report puts the report of a run into the work bucket.
func (f *fakeAWS) report(t *testing.T, s job.Summary, failures ...job.Failure) {
	t.Helper()
	f.reportPlanned(t, s, func(*job.Plan) {}, failures...)
}

// reportPlanned is report of a run with another plan.
func (f *fakeAWS) reportPlanned(t *testing.T, s job.Summary, planned func(*job.Plan), failures ...job.Failure) {
	t.Helper()
	if s.Finished.IsZero() {
		s.Finished = time.Now()
	}
	variants := []job.Variant{{Name: "w64", Width: 64, Fit: job.FitInside, Format: job.FormatSame, Quality: 80, Key: job.DefaultKey}}
	plan := job.Plan{Run: s.Run, Started: s.Started, Job: job.Job{Source: job.Location{Bucket: "photos", Prefix: "in/"}, Destination: job.Location{Bucket: "thumbs"}, Variants: variants, Overwrite: job.OverwriteStale}}
	plan.Limits.ToleratedFailurePercentage, plan.Limits.MaxItems = 5, job.MaxMapRunItems
	planned(&plan)
	var lines strings.Builder
	for _, failure := range failures {
		lines.WriteString(string(marshalled(t, failure)) + "\n")
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	for name, data := range map[string]string{
		"plan.json": string(marshalled(t, plan)), "summary.json": string(marshalled(t, s)), "failures.jsonl": lines.String(), "report.html": "<title>" + s.Run + "</title>",
	} {
		f.objects[fakeWork+"/"+job.ReportKey(s.Run, name)] = data
	}
}

func marshalled(t *testing.T, v any) []byte {
	t.Helper()
	data, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// called returns how often an operation was.
func (f *fakeAWS) called(call string) (n int) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, c := range f.calls {
		if c == call {
			n++
		}
	}
	return n
}

func (f *fakeAWS) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	f.mu.Lock()
	defer f.mu.Unlock()
	target := r.Header.Get("X-Amz-Target")
	_, call, _ := strings.Cut(target, ".")
	if target == "" && r.Method == http.MethodPost {
		_ = r.ParseForm()
		call = r.Form.Get("Action")
	} else if target == "" {
		call = r.Method
	}
	f.calls = append(f.calls, call)
	nth := len(slices.DeleteFunc(slices.Clone(f.calls), func(c string) bool { return c != call }))
	code := ""
	if f.fault != nil {
		code = f.fault(call, nth)
	}
	switch {
	case code == "drop":
		connection, _, _ := http.NewResponseController(w).Hijack()
		connection.Close()
	case target != "":
		f.stepFunctions(w, r, call, code)
	case r.Method == http.MethodPost:
		f.cloudFormation(w, r.Form.Get("StackName"), code)
	default:
		f.s3(w, strings.TrimPrefix(r.URL.Path, "/"), code)
	}
}

func (f *fakeAWS) s3(w http.ResponseWriter, key, code string) {
	data, ok := f.objects[key]
	status := http.StatusForbidden
	if code == "" && !ok {
		code, status = "NoSuchKey", http.StatusNotFound
	}
	if code != "" {
		w.WriteHeader(status)
		fmt.Fprintf(w, "<Error><Code>%s</Code><Message>no</Message></Error>", code)
		return
	}
	fmt.Fprint(w, data)
}

func (f *fakeAWS) cloudFormation(w http.ResponseWriter, name, code string) {
	message := "no"
	if _, ok := f.stacks[name]; name != "" && !ok && code == "" {
		code, message = "ValidationError", "Stack with id "+name+" does not exist"
	}
	if code != "" {
		w.WriteHeader(http.StatusBadRequest)
		fmt.Fprintf(w, "<ErrorResponse><Error><Code>%s</Code><Message>%s</Message></Error></ErrorResponse>", code, message)
		return
	}
	fmt.Fprint(w, "<DescribeStacksResponse><DescribeStacksResult><Stacks>")
	for each, outputs := range f.stacks {
		if name != "" && name != each {
			continue
		}
		fmt.Fprintf(w, "<member><StackName>%s</StackName><StackStatus>CREATE_COMPLETE</StackStatus><Outputs>", each)
		for key, value := range outputs {
			fmt.Fprintf(w, "<member><OutputKey>%s</OutputKey><OutputValue>%s</OutputValue></member>", key, value)
		}
		fmt.Fprint(w, "</Outputs></member>")
	}
	fmt.Fprint(w, "</Stacks></DescribeStacksResult></DescribeStacksResponse>")
}

func (f *fakeAWS) stepFunctions(w http.ResponseWriter, r *http.Request, call, code string) {
	var in map[string]any
	_ = json.NewDecoder(r.Body).Decode(&in)
	in["call"] = call
	f.bodies = append(f.bodies, in)
	var out any = map[string]any{}
	if code == "" {
		out, code = f.answer(call, in)
	}
	w.Header().Set("Content-Type", "application/x-amz-json-1.0")
	if code != "" {
		w.WriteHeader(http.StatusBadRequest)
		out = map[string]string{"__type": "com.amazonaws.states#" + code, "message": "no"}
	}
	_ = json.NewEncoder(w).Encode(out)
}

func (f *fakeAWS) answer(call string, in map[string]any) (out any, code string) {
	if m, ok := in["stateMachineArn"]; ok && m != fakeMachine {
		return nil, "StateMachineDoesNotExist"
	}
	arn, _ := in["executionArn"].(string)
	run := f.find(arn[strings.LastIndexByte(arn, ':')+1:])
	if arn != "" && run == nil {
		return nil, "ExecutionDoesNotExist"
	}
	switch call {
	case "ListStateMachines":
		return map[string]any{"stateMachines": []any{map[string]any{"stateMachineArn": fakeMachine, "name": "mapfleet-resize", "type": "STANDARD", "creationDate": 1}}}, ""
	case "StartExecution":
		name := in["name"].(string)
		if f.find(name) != nil {
			return nil, "ExecutionAlreadyExists"
		}
		run := &fakeRun{name: name, status: "RUNNING", input: in["input"].(string), started: time.Now(), looks: 1, end: "SUCCEEDED"}
		f.runs = append([]*fakeRun{run}, f.runs...)
		return map[string]any{"executionArn": run.arn(), "startDate": epoch(run.started)}, ""
	case "DescribeExecution":
		out := run.describe()
		if run.status == "RUNNING" {
			if run.looks--; run.looks < 0 {
				run.status, run.stopped = run.end, time.Now()
			}
		}
		return out, ""
	case "StopExecution":
		run.status, run.stopped = "ABORTED", time.Now()
		return map[string]any{"stopDate": epoch(run.stopped)}, ""
	case "RedriveExecution":
		run.status, run.looks, run.end = "RUNNING", 0, "SUCCEEDED"
		return map[string]any{"redriveDate": epoch(time.Now())}, ""
	case "ListExecutions":
		list := []any{}
		for _, run := range f.runs {
			if filter := in["statusFilter"]; filter == nil || filter == run.status {
				list = append(list, run.describe())
			}
		}
		return map[string]any{"executions": list}, ""
	case "ListMapRuns":
		return map[string]any{"mapRuns": []any{map[string]any{"executionArn": arn, "mapRunArn": "arn:aws:states:eu-west-1:1:mapRun:m/L:" + run.name, "stateMachineArn": fakeMachine, "startDate": 1}}}, ""
	case "DescribeMapRun":
		arn := in["mapRunArn"].(string)
		return f.find(arn[strings.LastIndexByte(arn, ':')+1:]).mapRun(arn), ""
	}
	return nil, "UnknownOperationException"
}

func (f *fakeAWS) find(name string) *fakeRun {
	if i := slices.IndexFunc(f.runs, func(r *fakeRun) bool { return r.name == name }); i >= 0 {
		return f.runs[i]
	}
	return nil
}

func (r *fakeRun) arn() string {
	return strings.Replace(fakeMachine, ":stateMachine:", ":execution:", 1) + ":" + r.name
}

func (r *fakeRun) describe() map[string]any {
	out := map[string]any{
		"executionArn": r.arn(), "stateMachineArn": fakeMachine, "name": r.name, "status": r.status, "startDate": epoch(r.started), "input": r.input,
		"redriveStatus": "NOT_REDRIVABLE", "redriveStatusReason": "Execution is " + r.status + " and cannot be redriven",
	}
	if r.redrivable && r.status != "RUNNING" {
		out["redriveStatus"], out["redriveStatusReason"] = "REDRIVABLE", ""
	}
	if r.status != "RUNNING" {
		out["stopDate"], out["error"], out["cause"] = epoch(r.stopped), r.failure, r.cause
	}
	return out
}

func (r *fakeRun) mapRun(arn string) map[string]any {
	none := map[string]int{"pending": 0, "running": 0, "succeeded": 0, "failed": 0, "timedOut": 0, "aborted": 0, "total": 0, "resultsWritten": 0}
	items, executions := map[string]int{}, map[string]int{}
	for name := range none {
		items[name], executions[name] = 0, 0
	}
	items["total"], items["succeeded"], items["running"] = 1000, 250, 750
	executions["total"], executions["succeeded"], executions["running"] = 10, 3, 7
	out := map[string]any{"mapRunArn": arn, "executionArn": r.arn(), "status": "RUNNING", "startDate": epoch(r.started), "maxConcurrency": 8,
		"itemCounts": items, "executionCounts": executions, "toleratedFailurePercentage": 5, "toleratedFailureCount": 0}
	if r.status != "RUNNING" {
		out["status"], out["stopDate"] = "SUCCEEDED", epoch(r.stopped)
		items["succeeded"], items["running"], executions["succeeded"], executions["running"] = 1000, 0, 10, 0
	}
	return out
}

func epoch(t time.Time) float64 { return float64(t.UnixMilli()) / 1e3 }

// fakeBrowser puts an xdg-open into the PATH that notes what it is asked to open in a file.
func fakeBrowser(t *testing.T) (opened string) {
	t.Helper()
	dir := t.TempDir()
	opened = filepath.Join(dir, "opened")
	script := "#!/bin/sh\necho \"$1\" > " + opened + "\n"
	for _, name := range []string{"xdg-open", "open"} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(script), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	t.Setenv("PATH", dir+string(os.PathListSeparator)+os.Getenv("PATH"))
	return opened
}
