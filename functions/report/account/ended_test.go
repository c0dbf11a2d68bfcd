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
	}{
		"a batch loses an item":         {10, files{"SUCCEEDED_0.jsonl": line(unbalanced)}, "lists 10 pictures, but accounts for 9"},
		"fewer items than the manifest": {11, files{"SUCCEEDED_0.jsonl": line(written(10))}, "The manifest holds 11 pictures, but the batches account for 10"},
		"more items than the manifest":  {9, files{"SUCCEEDED_0.jsonl": line(written(10))}, "The manifest holds 9 pictures"},
		"pending in a run that is done": {11, files{"SUCCEEDED_0.jsonl": line(written(10)), "PENDING_0.json": line(child("", "", "", "in/z.jpg"))}, "1 picture never started"},
		"remaining in a batch":          {11, files{"SUCCEEDED_0.jsonl": line(left)}, "ended well and left 1 picture"},
		"a result without an account":   {0, files{"SUCCEEDED_0.jsonl": "{}\n"}, "but not what it did"},
		"a record of another shape":     {0, files{"SUCCEEDED_0.jsonl": "[[1]]\n"}, "Record 1 of s3://work/"},
		"a file that is cut":            {10, files{"SUCCEEDED_0.jsonl": line(written(10)) + `{"done":`}, "cannot be read beyond record 1"},
		"an array that is cut":          {10, files{"SUCCEEDED_0.json": "[" + line(written(10))}, "cannot be read beyond record 1"},
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
