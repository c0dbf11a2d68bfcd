package account

import (
	"encoding/json"
	"io"
	"strings"
	"testing"

	"mapfleet/functions/job"
)

func TestImbalanceIsLoud(t *testing.T) {
	unbalanced := written(10)
	unbalanced.Done.Written = 9
	left := written(10)
	left.Remaining = []job.Item{{Key: "in/z.jpg"}}
	for name, test := range map[string]struct {
		items    int
		contents files
		want     string
		left     int // not started
	}{
		"a batch loses an item":         {10, files{"SUCCEEDED_0.jsonl": line(unbalanced)}, "lists 10 pictures, but accounts for 9", 0},
		"fewer items than the manifest": {11, files{"SUCCEEDED_0.jsonl": line(written(10))}, "The manifest holds 11 pictures, but the batches account for 10", 0},
		"more items than the manifest":  {9, files{"SUCCEEDED_0.jsonl": line(written(10))}, "The manifest holds 9 pictures", 0},
		"pending in a run that is done": {11, files{"SUCCEEDED_0.jsonl": line(written(10)), "PENDING_0.json": line(child("", "", "", "in/z.jpg"))}, "1 picture never started", 1},
		"remaining in a batch":          {11, files{"SUCCEEDED_0.jsonl": line(left)}, "ended well and left 1 picture", 1},
		"a result without an account":   {0, files{"SUCCEEDED_0.jsonl": "{}\n"}, "but not what it did", 0},
		"a record of another shape":     {0, files{"SUCCEEDED_0.jsonl": "[[1]]\n"}, "Record 1 of s3://work/", 0},
		"a file that is cut":            {10, files{"SUCCEEDED_0.jsonl": line(written(10)) + `{"done":`}, "cannot be read beyond record 1", 0},
		"an array that is cut":          {10, files{"SUCCEEDED_0.json": "[" + line(written(10))}, "cannot be read beyond record 1", 0},
	} {
		t.Run(name, func(t *testing.T) {
			r := newRun(test.items)
			r.mapRun(test.contents)
			s := r.mustReport(t, "")
			if s.Balanced || s.Status != "FAILED" || !strings.HasPrefix(s.Message, "the accounts disagree: ") || !strings.Contains(r.html(), "Why the accounts disagree") {
				t.Errorf("balanced %v, status %s, message %q", s.Balanced, s.Status, s.Message)
			}
			if !strings.Contains(r.html()+s.Message, test.want) {
				t.Errorf("neither report nor message say %q: %s", test.want, s.Message)
			}
			if s.NotStarted != test.left {
				t.Errorf("%d not started, want %d", s.NotStarted, test.left)
			}
		})
	}
	t.Run("result files that are gone", func(t *testing.T) {
		r := newRun(10)
		r.maps = 1
		if s := r.mustReport(t, ""); s.Balanced || !strings.Contains(s.Message, "Result files are missing") {
			t.Errorf("balanced %v, message %q", s.Balanced, s.Message)
		}
	})
}

// TestListingWithoutResultFiles: nothing else tells how many pictures a listing had, so that one whose result
// files are missing looks like one of an empty folder.
func TestListingWithoutResultFiles(t *testing.T) {
	listing := func(parts, left int) *run {
		r := newRun(0)
		r.plan.Shards = make([]job.Shard, parts)
		for i := range r.plan.Shards {
			r.plan.Shards[i] = job.Shard{Kind: job.ShardListing, Bucket: "photos", Prefix: "in/"}
		}
		for range left {
			r.mapRun(files{"SUCCEEDED_0.jsonl": line(written(10))})
		}
		return r
	}
	for _, c := range []struct {
		parts, left int
		want        string
	}{
		{1, 0, "the accounts disagree: 1 of 1 Map Runs left no result files; "},
		{3, 1, "the accounts disagree: 2 of 3 Map Runs left no result files; 10 pictures"},
	} {
		s := listing(c.parts, c.left).mustReport(t, `{"run":"nightly"}`)
		if s.Balanced || s.Status != "FAILED" || !strings.HasPrefix(s.Message, c.want) {
			t.Errorf("%d of %d left result files: balanced %v, status %s, message %q, want %q", c.left, c.parts, s.Balanced, s.Status, s.Message, c.want)
		}
	}
	if s := listing(2, 2).mustReport(t, `{"run":"nightly"}`); !s.Balanced || s.Status != "SUCCEEDED" || s.MapRuns != 2 {
		t.Errorf("both left result files: %+v, want it balanced", s)
	}
	if s := listing(1, 0).mustReport(t, changed("ABORTED", "", "")); !s.Balanced || s.Status != "ABORTED" {
		t.Errorf("stopped before it had any: %+v, want it balanced", s)
	}
}

// changed is an EventBridge event.
func changed(status, code, cause string) string {
	return line(map[string]any{
		"source": "aws.states", "detail-type": "Step Functions Execution Status Change",
		"detail": map[string]any{
			"executionArn": "arn:aws:states:eu-west-1:123456789012:execution:Resize:nightly", "name": "nightly",
			"status": status, "startDate": begun.UnixMilli(), "stopDate": over.UnixMilli(), "error": code, "cause": cause,
		},
	})
}

func TestRunsThatEndEarly(t *testing.T) {
	r := newRun(100)
	r.mapRun(files{"SUCCEEDED_0.jsonl": line(written(10)), "FAILED_0.json": line(child("ABORTED", "", "", "a", "b")), "PENDING_0.json": line(child("", "", "", "c"))})
	s := r.mustReport(t, changed("ABORTED", "", ""))
	if s.Status != "ABORTED" || s.Listed != 10 || s.NotStarted != 90 || !s.Balanced || s.Seconds != 8.4 {
		t.Errorf("status %s, listed %d, not started %d, balanced %v, %v s; want ABORTED, 10, 90, true, 8.4", s.Status, s.Listed, s.NotStarted, s.Balanced, s.Seconds)
	}
	if want := "the run was stopped; 10 pictures, none failed: 10 written, 0 current, 0 ignored; 90 more not finished; see "; !strings.HasPrefix(s.Message, want) {
		t.Errorf("message %q, want it to start with %q", s.Message, want)
	}
	if want := "90 more were not finished when the run ended. What had not been read of the source by then is not counted. A redrive goes on with all of it, within 14 days: <code>mapfleet retry nightly</code>"; !strings.Contains(r.html(), want) || !strings.Contains(r.html(), "<em>Redrive</em> in the console") {
		t.Errorf("report.html does not say how the run goes on: %q", want)
	}
	s = r.mustReport(t, changed("FAILED", "States.ExceedToleratedFailureThreshold", "Too many failures."))
	if want := "the run failed with States.ExceedToleratedFailureThreshold: Too many failures; 10 "; !strings.HasPrefix(s.Message, want) {
		t.Errorf("message %q, want it to start with %q", s.Message, want)
	}
}

// TestRunThatFailsTooOften says that a redrive alone does not bring it further, which it does one that was stopped.
func TestRunThatFailsTooOften(t *testing.T) {
	r := newRun(100)
	result := written(10)
	result.Done.Written, result.Done.Failed, result.Done.FailedBy = 0, 10, map[string]int{"DecodeFailed": 10}
	r.mapRun(files{"SUCCEEDED_0.jsonl": line(result), "PENDING_0.json": line(child("", "", "", "c"))})
	for _, c := range []struct {
		status string
		want   bool
	}{{"FAILED", true}, {"ABORTED", false}} {
		s := r.mustReport(t, changed(c.status, "States.ExceedToleratedFailureThreshold", "Too many failures."))
		const says = "a <code>toleratedFailurePercentage</code> that is higher"
		if got := strings.Contains(r.html(), says); s.Status != c.status || s.NotStarted != 90 || got != c.want {
			t.Errorf("report.html of a run that is %s with %d not started says %q: %v, want %v", s.Status, s.NotStarted, says, got, c.want)
		}
	}
}

func TestRunThatItsReportFailedIsNotAddedUpAgain(t *testing.T) {
	r := newRun(11)
	r.mapRun(files{"SUCCEEDED_0.jsonl": line(written(10))})
	first := r.mustReport(t, "")
	r.s3.faults["LIST"] = answer(500, "InternalError")
	again := r.mustReport(t, changed("FAILED", "AccountsDisagree", first.Message))
	if line(first) != line(again) {
		t.Errorf("second report %+v, want the first %+v", again, first)
	}
}

func TestRunWithoutPlan(t *testing.T) {
	s3 := &fakeS3{objects: map[string]string{}}
	reporter := Reporter{S3: s3, WorkBucket: "work"}
	_, err := reporter.Handle(t.Context(), json.RawMessage(`{"run":"nightly","mapRuns":[]}`))
	if _, ok := err.(PlanMissing); !ok {
		t.Errorf("error %T %v, want PlanMissing", err, err)
	}
	refused := changed("FAILED", "InvalidInput", lambdaCause("prefx: given \"a\"; allowed: no such field", "InvalidInput"))
	s, err := reporter.Handle(t.Context(), json.RawMessage(refused))
	if err != nil {
		t.Fatal(err)
	}
	if want := `the run failed before it was planned with InvalidInput: prefx: given "a"; allowed: no such field; see s3://work/`; !strings.HasPrefix(s.Message, want) || s.Status != "FAILED" {
		t.Errorf("status %s, message %q, want %q", s.Status, s.Message, want)
	}
	if !strings.Contains(s3.objects["work/reports/nightly/report.html"], "Nothing was started") || s3.objects["work/reports/nightly/summary.json"] == "" {
		t.Error("no report was written of a run without a plan")
	}
}

func TestErrorsAtTheEdgeAreBare(t *testing.T) {
	for name, test := range map[string]struct {
		at    string
		fault error
		check func(error) bool
	}{
		"throttled":             {"GET work/reports/nightly/plan.json", answer(503, "SlowDown"), is[job.Throttled]},
		"plan denied":           {"GET work/reports/nightly/plan.json", answer(403, "AccessDenied"), is[job.AccessDenied]},
		"manifest denied":       {"GET work/work/nightly/results/run-0/manifest.json", answer(403, "AccessDenied"), is[job.AccessDenied]},
		"result file throttled": {"GET work/work/nightly/results/run-0/SUCCEEDED_0.jsonl", answer(503, "SlowDown"), is[job.Throttled]},
		"no work bucket":        {"GET work/reports/nightly/plan.json", answer(404, "NoSuchBucket"), is[job.DestinationMissing]},
		"summary changed":       {"PUT work/reports/nightly/summary.json", answer(412, "PreconditionFailed"), is[job.Unavailable]},
		"report denied":         {"PUT work/reports/nightly/report.html", answer(403, "AccessDenied"), is[job.AccessDenied]},
	} {
		t.Run(name, func(t *testing.T) {
			r := newRun(10)
			r.mapRun(files{"SUCCEEDED_0.jsonl": line(written(10))})
			r.s3.faults[test.at] = test.fault
			_, err := r.report(t, "")
			call, bucket := strings.ToUpper(test.at[:1])+strings.ToLower(test.at[1:3])+"Object", "s3://work/"
			if !test.check(err) || !strings.Contains(err.Error(), call) || !strings.Contains(err.Error(), bucket) {
				t.Errorf("error %T %v, which must be bare and name %s and %s", err, err, call, bucket)
			}
		})
	}
	t.Run("connection breaks", func(t *testing.T) {
		r := newRun(10)
		r.mapRun(files{"SUCCEEDED_0.jsonl": ""})
		r.s3.streams["work/work/nightly/results/run-0/SUCCEEDED_0.jsonl"] = func() io.Reader {
			return io.MultiReader(strings.NewReader(line(written(10))), broken{})
		}
		if _, err := r.report(t, ""); !is[job.Unavailable](err) {
			t.Errorf("error %T %v, want Unavailable", err, err)
		}
	})
	for _, event := range []string{`{}`, `[]`, `{"run":"a/../b"}`, changed("RUNNING", "", "")} {
		if _, err := ParseEvent([]byte(event)); !is[job.InvalidInput](err) {
			t.Errorf("ParseEvent(%s): error %T %v, want InvalidInput", event, err, err)
		}
	}
}

func is[E error](err error) bool {
	_, ok := err.(E)
	return ok
}

type broken struct{}

func (broken) Read([]byte) (int, error) { return 0, io.ErrUnexpectedEOF }
