package batch

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"strings"
	"testing"
	"testing/iotest"

	"mapfleet/functions/job"
	"mapfleet/functions/job/checks"
)

func encode(w io.Writer, v any) error {
	encoder := json.NewEncoder(w)
	encoder.SetEscapeHTML(false)
	return encoder.Encode(v)
}

// TestTriedAgain: a round whose answer was lost is not made again, but told again.
func TestTriedAgain(t *testing.T) {
	t.Run("whole", func(t *testing.T) {
		w := newWorld()
		w.hosts(t, 5)
		observed := 0
		w.worker.Observe = func(round checks.Tally) { observed += round.Lines }
		first := asJSON(t, w.done(t))
		if again := asJSON(t, w.done(t)); again != first {
			t.Errorf("the second answer is\n%s, the first\n%s", again, first)
		}
		if w.requests() != 5 || w.puts != 1 || observed != 5 {
			t.Errorf("%d requests, %d puts and %d lines observed, want 5, 1 and 5", w.requests(), w.puts, observed)
		}
	})
	t.Run("in part", func(t *testing.T) {
		w := newWorld()
		w.hosts(t, 5)
		w.store(`{"line":2,"code":"OK","milliseconds":{"total":3},"at":"2026-11-21T10:00:00Z","attempts":1}` + "\n")
		result, err := w.run(t, t.Context())
		if err != nil || result.Done.Lines != 1 || len(result.Remaining) != 4 || w.requests() != 0 {
			t.Errorf("Run = %+v, %v, %d requests, want one line known, four left, and no request", result, err, w.requests())
		}
	})
	t.Run("at the same time", func(t *testing.T) {
		w := newWorld()
		w.hosts(t, 3)
		w.answer = func(_ context.Context, c checks.Check) (checks.Finding, error) {
			if c.Host() == "3.test" { // the other was faster
				w.store(findings(checks.Timeout, 1, 2, 3))
			}
			return checks.Finding{Code: checks.OK}, nil
		}
		if tally := w.done(t); tally.ByCode[checks.Timeout] != 3 || w.puts != 0 {
			t.Errorf("tally = %+v, want the other's", tally)
		}
	})
}

// store puts an object where the batch's findings belong.
func (w *world) store(body string) {
	w.fakeS3.mu.Lock()
	defer w.fakeS3.mu.Unlock()
	w.objects[w.key()] = []byte(body)
}

func findings(code checks.Code, lines ...int) string {
	var out strings.Builder
	for _, line := range lines {
		_ = encode(&out, checks.Finding{Line: line, Code: code})
	}
	return out.String()
}

// TestStrangeObject: findings of other lines are nobody's account of this batch.
func TestStrangeObject(t *testing.T) {
	for name, body := range map[string]string{
		"empty": "", "half": findings(checks.OK, 1) + `{"line":2,`, "another line": findings(checks.OK, 1, 9), "a line twice": findings(checks.OK, 1, 2, 1), "no findings": `{}`,
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld()
			w.hosts(t, 3)
			w.store(body)
			_, err := w.run(t, t.Context())
			if _, ok := err.(job.Unavailable); !ok || !strings.Contains(err.Error(), "read s3://work/"+w.key()) || w.requests() != 0 {
				t.Errorf("Run: %T %v, %d requests", err, err, w.requests())
			}
		})
	}
}

// TestStoreFaults: the state machine is told by type what is wrong with S3. What is known before the
// requests are made is told before.
func TestStoreFaults(t *testing.T) {
	for name, test := range map[string]struct {
		fault error
		want  error
	}{
		"throttled":   {answer(503, "SlowDown"), job.Throttled{}},
		"unavailable": {answer(500, "InternalError"), job.Unavailable{}},
		"no way":      {&net.OpError{Op: "dial", Err: errors.New("connection refused")}, job.Unavailable{}},
		"denied":      {answer(403, "AccessDenied"), job.AccessDenied{}},
		"no bucket":   {answer(404, "NoSuchBucket"), job.DestinationMissing{}},
		"full":        {answer(507, "QuotaExceeded"), job.DestinationFull{}},
		"archived":    {answer(403, "InvalidObjectState"), job.Unavailable{}},
		"cancelled":   {context.Canceled, context.Canceled},
	} {
		for _, verb := range []string{"GET", "PUT"} {
			t.Run(name+" at "+verb, func(t *testing.T) {
				w := newWorld()
				w.hosts(t, 2)
				w.fails(verb, test.fault)
				_, err := w.run(t, t.Context())
				if fmt.Sprintf("%T", err) != fmt.Sprintf("%T", test.want) {
					t.Errorf("Run: %T %v, want %T", err, err, test.want)
				}
				if want := map[string]int{"GET": 0, "PUT": 2}[verb]; w.requests() != want {
					t.Errorf("%d requests were made, want %d", w.requests(), want)
				}
				if verb == "GET" && name == "denied" && !strings.Contains(err.Error(), "s3:ListBucket") {
					t.Errorf("Run: %v does not say what is missing", err)
				}
			})
		}
	}
	t.Run("a body that breaks", func(t *testing.T) {
		w := newWorld()
		w.hosts(t, 1)
		w.store(findings(checks.OK, 1))
		w.tail = iotest.ErrReader(&net.OpError{Op: "read", Err: errors.New("connection reset by peer")})
		if _, err := w.run(t, t.Context()); fmt.Sprintf("%T", err) != "job.Unavailable" || w.requests() != 0 {
			t.Errorf("Run: %T %v, %d requests", err, err, w.requests())
		}
	})
	t.Run("gone again", func(t *testing.T) {
		w := newWorld()
		w.hosts(t, 1)
		w.fails("PUT", answer(412, "PreconditionFailed"))
		if _, err := w.run(t, t.Context()); err == nil || !strings.Contains(err.Error(), "it was there, and then it was not") {
			t.Errorf("Run: %v", err)
		}
	})
	t.Run("another bucket", func(t *testing.T) {
		w := newWorld()
		w.hosts(t, 1)
		w.batch.BatchInput.Job.Work.Bucket = "gone"
		if _, err := w.run(t, t.Context()); fmt.Sprintf("%T", err) != "job.DestinationMissing" || w.requests() != 0 {
			t.Errorf("Run: %T %v, %d requests", err, err, w.requests())
		}
	})
}
