package batch

import (
	"context"
	"errors"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"mapfleet/functions/job"
	"mapfleet/functions/job/checks"
)

func TestBatch(t *testing.T) {
	w := newWorld()
	w.lines(t, `{"id":"a","url":"http://a.test/"}`, `{"id":"b","url":"http://b.test/"}`, `{"id":"c"}`, `{"id":"d","refused":"no such thing"}`, `{"id":"e","url":"http://e.test/"}`)
	w.answer = func(_ context.Context, c checks.Check) (checks.Finding, error) {
		f := checks.Finding{ID: c.ID, URL: c.URL, Code: checks.OK, Status: 200, Attempts: 1, Bytes: 7, Latency: checks.Latency{Total: time.Second}}
		switch c.ID {
		case "b":
			f.Code, f.Message = checks.Timeout, strings.Repeat("x", 1000)
		case "e":
			panic("index out of range")
		}
		return f, nil
	}
	tally := w.done(t)
	if diff := cmp.Diff(map[checks.Code]int{checks.OK: 1, checks.Timeout: 1, checks.BadLine: 2, checks.Panic: 1}, tally.ByCode); diff != "" {
		t.Errorf("by code (-want +got):\n%s", diff)
	}
	var got []string
	for _, f := range w.findings(t) {
		got = append(got, f.ID+" "+string(f.Code)+" "+f.URL+" "+f.Message[:min(len(f.Message), 18)])
	}
	want := []string{"a OK http://a.test/ ", "b Timeout http://b.test/ " + strings.Repeat("x", 18), "c BadLine  url: given nothing", "d BadLine  no such thing",
		"e Panic http://e.test/ panic: index out o"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("findings (-want +got):\n%s", diff)
	}
	if w.requests() != 3 || w.closed != 1 {
		t.Errorf("%d requests, closed %d times, want 3 and once", w.requests(), w.closed)
	}
	if f := w.findings(t)[1]; len(f.Message) != checks.MaxMessageBytes {
		t.Errorf("a message of %d bytes", len(f.Message))
	}
}

// TestBudget: no more connections than allowed, in all and to one host, and no host waits for another.
func TestBudget(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld()
		w.worker.Connections, w.worker.PerHost = 10, 3
		for range 30 {
			w.lines(t, `{"url":"http://slow.test/"}`)
		}
		w.hosts(t, 70)
		begun := time.Now()
		w.answer = func(context.Context, checks.Check) (checks.Finding, error) {
			time.Sleep(time.Second)
			return checks.Finding{Code: checks.OK, Status: 200}, nil
		}
		w.done(t)
		if w.most[""] != 10 || w.most["slow.test"] != 3 {
			t.Errorf("%d connections at a time, %d to one host, want 10 and 3", w.most[""], w.most["slow.test"])
		}
		// 30 slow lines by three, 70 others on the seven places beside them.
		if took := time.Since(begun).Truncate(time.Millisecond); took != 10*time.Second {
			t.Errorf("took %v, want 10s", took)
		}
	})
}

// TestPace: requests start one after the other; what is left over takes no time.
func TestPace(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld()
		w.worker.Pace = 10 * time.Millisecond
		w.hosts(t, 100)
		begun := time.Now()
		var mu sync.Mutex
		var starts []time.Duration
		w.answer = func(context.Context, checks.Check) (checks.Finding, error) {
			mu.Lock()
			starts = append(starts, time.Since(begun))
			mu.Unlock()
			time.Sleep(time.Second)
			return checks.Finding{Code: checks.OK}, nil
		}
		ctx, cancel := context.WithTimeout(t.Context(), 15300*time.Millisecond) // 0.3 s for what may take 10 s
		defer cancel()
		result, err := w.run(t, ctx)
		if err != nil {
			t.Fatal(err)
		}
		for i, start := range starts {
			if want := time.Duration(i) * 10 * time.Millisecond; start != want {
				t.Errorf("request %d starts at %v, want %v", i, start, want)
			}
		}
		if took := time.Since(begun); len(starts) != 32 || len(result.Remaining) != 68 || took != 1310*time.Millisecond {
			t.Errorf("%d requests, %d left, in %v, want 32, 68 and 1.31s", len(starts), len(result.Remaining), took)
		}
	})
}

func TestDefaultBudget(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld()
		for range 100 {
			w.lines(t, `{"url":"http://one.test/"}`)
		}
		w.hosts(t, 400)
		w.answer = func(context.Context, checks.Check) (checks.Finding, error) {
			time.Sleep(time.Second)
			return checks.Finding{Code: checks.OK}, nil
		}
		w.done(t)
		if w.most[""] != DefaultConnections || w.most["one.test"] != DefaultPerHost {
			t.Errorf("%d connections at a time, %d to one host", w.most[""], w.most["one.test"])
		}
	})
}

// TestDeadlineNear: a request is started only if it can have all its time.
func TestDeadlineNear(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld()
		w.worker.Connections, w.worker.Margin = 2, 4*time.Second
		w.hosts(t, 40)
		w.lines(t, `{"url":"http://quick.test/","timeout":"1s"}`, `{"url":"http://again.test/","timeout":"1s","retry":true}`)
		w.answer = func(context.Context, checks.Check) (checks.Finding, error) {
			time.Sleep(time.Second)
			return checks.Finding{Code: checks.OK}, nil
		}
		ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second+time.Millisecond) // the pace takes some
		defer cancel()
		begun := time.Now()
		result, err := w.run(t, ctx)
		if err != nil {
			t.Fatalf("Run: %v", err)
		}
		// Until the 6th second the ones of 10 s are started: two each at 0, 1, … 6. Then come the quicker ones.
		if took := time.Since(begun).Truncate(time.Millisecond); result.Done.Lines != 16 || took != 8*time.Second {
			t.Errorf("%d were made in %v, want 16 in 8s", result.Done.Lines, took)
		}
		for _, item := range result.Remaining {
			if item.Check.Timeout == time.Second {
				t.Errorf("line %d is left, though it had time", item.Line)
			}
		}
	})
}

// TestRoundsComeToAnEnd: with less time than any check may take every round does one, and loses none.
func TestRoundsComeToAnEnd(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld()
		w.hosts(t, 4)
		w.answer = func(ctx context.Context, c checks.Check) (checks.Finding, error) {
			if c.Host() == "2.test" { // hangs
				<-ctx.Done()
				return checks.Finding{}, ctx.Err()
			}
			return checks.Finding{URL: c.URL, Code: checks.OK, Status: 200, Attempts: 1}, nil
		}
		keys := map[string]bool{}
		for round := 1; ; round++ {
			ctx, cancel := context.WithTimeout(t.Context(), 9*time.Second)
			begun := time.Now()
			result, err := w.run(t, ctx)
			cancel()
			if err != nil {
				t.Fatalf("round %d: %v", round, err)
			}
			if took := time.Since(begun); took > 5*time.Second {
				t.Errorf("round %d took %v of 9s, of which the last are for the findings", round, took)
			}
			keys[w.key()] = true
			if result.Done.Lines != round || result.Done.Rounds != round || len(keys) != round {
				t.Fatalf("round %d: %d lines in %d rounds, under %d keys", round, result.Done.Lines, result.Done.Rounds, len(keys))
			}
			if round == 2 {
				if f := w.findings(t)[0]; f.Code != checks.Timeout || f.Message != "given up after 5s: the worker has no more time, though the check may take 10s" {
					t.Errorf("finding of the one that hangs = %+v", f)
				}
			}
			if len(result.Remaining) == 0 {
				break
			}
			w.next(t, result)
		}
		if w.requests() != 4 {
			t.Errorf("%d requests, want 4", w.requests())
		}
	})
}

// TestHangingServers: however many hang, the batch ends before its deadline.
func TestHangingServers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld()
		w.worker.Connections = 20
		w.hosts(t, 100)
		w.answer = func(ctx context.Context, c checks.Check) (checks.Finding, error) {
			limited, cancel := context.WithTimeout(ctx, c.Timeout)
			defer cancel()
			<-limited.Done()
			return checks.Finding{Code: checks.Timeout, Attempts: 1}, ctx.Err()
		}
		ctx, cancel := context.WithTimeout(t.Context(), 50*time.Second)
		defer cancel()
		begun := time.Now()
		result, err := w.run(t, ctx)
		if took := time.Since(begun); err != nil || took > 45*time.Second {
			t.Fatalf("Run: %v after %v", err, took)
		}
		if result.Done.ByCode[checks.Timeout] != 80 || len(result.Remaining) != 20 {
			t.Errorf("%v, %d left, want 80 timeouts and 20", result.Done.ByCode, len(result.Remaining))
		}
	})
}

func TestCancelledBatch(t *testing.T) {
	w := newWorld()
	w.hosts(t, 300)
	ctx, cancel := context.WithCancel(t.Context())
	w.answer = func(ctx context.Context, _ checks.Check) (checks.Finding, error) {
		cancel()
		return checks.Finding{}, ctx.Err()
	}
	if _, err := w.run(t, ctx); err != context.Canceled {
		t.Errorf("Run: %T %v, want context.Canceled", err, err)
	}
	if w.puts != 0 || w.closed != 1 {
		t.Errorf("%d puts, closed %d times", w.puts, w.closed)
	}
}

// TestOwnFault: what this process lacks is no finding. What is left comes again.
func TestOwnFault(t *testing.T) {
	lacking := job.Unavailable{Message: "open a connection: too many open files"}
	t.Run("for some", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			w := newWorld()
			w.worker.Connections = 1
			w.hosts(t, 9)
			n := 0
			w.answer = func(context.Context, checks.Check) (checks.Finding, error) {
				if n++; n == 4 {
					return checks.Finding{}, lacking
				}
				return checks.Finding{Code: checks.OK}, nil
			}
			result, err := w.run(t, t.Context())
			if err != nil || result.Done.OK != 3 || result.Done.NotOK != 0 || len(result.Remaining) != 6 {
				t.Errorf("Run = %+v, %v, want three lines, and the others left", result.Done, err)
			}
		})
	})
	t.Run("for all", func(t *testing.T) {
		w := newWorld()
		w.hosts(t, 9)
		w.answer = func(context.Context, checks.Check) (checks.Finding, error) { return checks.Finding{}, lacking }
		if _, err := w.run(t, t.Context()); err != lacking {
			t.Errorf("Run: %T %v, want %v", err, err, lacking)
		}
		if w.puts != 0 {
			t.Error("findings were written")
		}
	})
}

func TestInvalidBatch(t *testing.T) {
	w := newWorld()
	w.batch = checks.Batch{}
	_, err := w.run(t, t.Context())
	if e, ok := errors.AsType[job.InvalidInput](err); !ok || len(e.Problems) != 4 {
		t.Errorf("Run: %T %v, want four problems", err, err)
	}
}

// TestResultFits: what a worker returns fits into a state, beside the batch that it was given.
func TestResultFits(t *testing.T) {
	w := newWorld()
	size := 0
	for size < 96<<10 {
		w.lines(t, `{"url":"http://a.test/?q=<&>","method":"POST","body":"`+strings.Repeat("<", 900)+`"}`)
		size += len(asJSON(t, w.batch.Items[len(w.batch.Items)-1])) / 6 // Step Functions counts < as one byte, json.Marshal as six
	}
	w.worker.Connections = 1
	w.answer = func(context.Context, checks.Check) (checks.Finding, error) {
		return checks.Finding{}, job.Unavailable{Message: "x"}
	}
	first := w.answer
	w.answer = func(ctx context.Context, c checks.Check) (checks.Finding, error) {
		w.answer = first
		return checks.Finding{Code: checks.OK}, nil
	}
	result, err := w.run(t, t.Context())
	if err != nil {
		t.Fatal(err)
	}
	var state strings.Builder
	if err := encode(&state, map[string]any{"Items": w.batch.Items, "outcome": map[string]any{"result": result}}); err != nil {
		t.Fatal(err)
	}
	if n := state.Len(); n+checks.MaxTallyBytes > 256<<10 {
		t.Errorf("a state of %d bytes and %d for the tally, more than 256 KiB", n, checks.MaxTallyBytes)
	}
}
