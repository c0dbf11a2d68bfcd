package batch

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"mapfleet/functions/job/checks"
)

// hangs answers as a server that takes connections and says nothing.
func hangs(ctx context.Context, c checks.Check) (checks.Finding, error) {
	limited, cancel := context.WithTimeout(ctx, c.Timeout)
	defer cancel()
	<-limited.Done()
	if ctx.Err() != nil {
		return checks.Finding{}, ctx.Err()
	}
	return checks.Finding{ID: c.ID, URL: c.URL, Code: checks.Timeout, Message: "given up", Attempts: 1, At: time.Now().Add(-c.Timeout), Latency: checks.Latency{Total: c.Timeout}}, nil
}

// after answers well after a time.
func after(wait time.Duration) func(context.Context, checks.Check) (checks.Finding, error) {
	return func(ctx context.Context, c checks.Check) (checks.Finding, error) {
		if c.Timeout < wait {
			return hangs(ctx, c)
		}
		time.Sleep(wait)
		return checks.Finding{ID: c.ID, URL: c.URL, Code: checks.OK, Status: 200, Attempts: 1, At: time.Now().Add(-wait), Latency: checks.Latency{Total: wait}}, nil
	}
}

// child runs rounds of the batch as the state machine does, 140 s for a worker and a moment between rounds,
// and holds that they are over before the child execution is.
func (w *world) child(t *testing.T) (result checks.Result, took time.Duration) {
	t.Helper()
	begun := time.Now()
	for {
		time.Sleep(time.Second)
		ctx, cancel := context.WithTimeout(t.Context(), 140*time.Second)
		result, err := w.run(t, ctx)
		cancel()
		if err != nil {
			t.Fatalf("Run: %T %v", err, err)
		}
		if took = time.Since(begun); took > 290*time.Second {
			t.Fatalf("the batch is at work after %v, when its child execution has five minutes", took)
		}
		if len(result.Remaining) == 0 {
			return result, took
		}
		w.next(t, result)
	}
}

func wantCodes(t *testing.T, tally checks.Tally, want map[checks.Code]int) {
	t.Helper()
	if diff := cmp.Diff(want, tally.ByCode); diff != "" {
		t.Errorf("by code (-want +got):\n%s", diff)
	}
}

// TestSilentHost: a host that hangs costs the batch two of its timeouts, not the whole run.
func TestSilentHost(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld()
		for n := range 250 {
			w.lines(t, fmt.Sprintf(`{"url":"http://dead.test/%d","timeout":"30s"}`, n))
		}
		w.hosts(t, 50)
		w.answer = func(ctx context.Context, c checks.Check) (checks.Finding, error) {
			if c.Host() == "dead.test" {
				return hangs(ctx, c)
			}
			return after(time.Second)(ctx, c)
		}
		result, took := w.child(t)
		wantCodes(t, result.Done, map[checks.Code]int{checks.Timeout: 2 * DefaultPerHost, checks.HostSilent: 250 - 2*DefaultPerHost, checks.OK: 50})
		if took > 62*time.Second {
			t.Errorf("took %v, want a minute", took)
		}
		f := w.findings(t)[100]
		if f.Code != checks.HostSilent || f.Attempts != 0 || f.Status != 0 || f.Message != "not asked: no answer to 40 requests in a row to dead.test, which waited 30s or more each" {
			t.Errorf("line 101: %+v", f)
		}
		if last := w.findings(t)[249]; last.Code != checks.Timeout {
			t.Errorf("line 250: %s, want it to be asked: the last lines are tried as well as the first", last.Code)
		}
	})
}

// TestSlowLinesOfALivingHost condemn no other, however they stand in the file.
func TestSlowLinesOfALivingHost(t *testing.T) {
	slow := func(n int) bool { return n%2 == 0 }
	for name, test := range map[string]struct {
		slow    func(n int) bool
		perHost int
		timeout string // of slow lines
		silent  int    // of these, not asked
	}{
		"one":                           {func(n int) bool { return n == 7 }, 0, "2s", 0},
		"every other":                   {slow, 0, "2s", 0},
		"every other, one at a time":    {slow, 1, "2s", 0},
		"a hundred at the top":          {func(n int) bool { return n < 100 }, 0, "2s", 0},
		"a hundred at the end":          {func(n int) bool { return n >= 150 }, 0, "2s", 60},
		"thirty in a row, one by one":   {func(n int) bool { return n < 30 }, 1, "2s", 0},
		"a hundred with little time":    {func(n int) bool { return n%5 < 2 }, 0, "20ms", 0},
		"little time at both ends":      {func(n int) bool { return n < 100 || n >= 150 }, 0, "20ms", 160},
		"all but the last, little time": {func(n int) bool { return n < 249 }, 0, "20ms", 170},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w := newWorld()
				w.worker.PerHost = test.perHost
				for n := range 250 {
					if test.slow(n) {
						w.lines(t, fmt.Sprintf(`{"url":"http://one.test/slow","timeout":%q}`, test.timeout))
					} else {
						w.lines(t, fmt.Sprintf(`{"url":"http://one.test/%d"}`, n))
					}
				}
				w.answer = func(ctx context.Context, c checks.Check) (checks.Finding, error) {
					if strings.HasSuffix(c.URL, "/slow") {
						return hangs(ctx, c)
					}
					return after(50*time.Millisecond)(ctx, c)
				}
				tally := w.done(t)
				for n, f := range w.findings(t) {
					if !test.slow(n) && f.Code != checks.OK {
						t.Fatalf("line %d: %s %q, want OK: the host answers it", n+1, f.Code, f.Message)
					}
				}
				if n := tally.ByCode[checks.HostSilent]; n != test.silent {
					t.Errorf("%d slow lines were not asked, want %d", n, test.silent)
				}
			})
		})
	}
}

// TestWhatIsNoSilence: a host that says anything at all is asked to the end.
func TestWhatIsNoSilence(t *testing.T) {
	for name, f := range map[string]checks.Finding{
		"headers without a body":    {Code: checks.Timeout, Status: 200},
		"a redirect to who is":      {Code: checks.Timeout, Redirects: 1},
		"an answer to the first go": {Code: checks.Timeout, FirstCode: checks.WrongStatus, Attempts: 2},
		"refusal":                   {Code: checks.Refused},
		"reset":                     {Code: checks.Reset},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld()
			for range 250 {
				w.lines(t, `{"url":"http://one.test/"}`)
			}
			w.answer = func(context.Context, checks.Check) (checks.Finding, error) { return f, nil }
			wantCodes(t, w.done(t), map[checks.Code]int{f.Code: 250})
		})
	}
}

// TestNoTime: what does not fit into the five minutes of a child execution is told so, and the batch is done.
func TestNoTime(t *testing.T) {
	t.Run("a host that answers slowly", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			w := newWorld()
			for range 250 {
				w.lines(t, `{"url":"http://slow.test/","timeout":"30s"}`)
			}
			w.answer = after(25 * time.Second)
			result, _ := w.child(t)
			// Nobody is cut short: four waves of twenty start in the first 105 s of each of two rounds, and a fifth.
			if n := result.Done.ByCode[checks.NoTime]; n != 250-result.Done.OK || n == 0 || result.Done.OK < 180 {
				t.Errorf("%v, want nine or ten waves of 20 to be OK, and the rest to have no time", result.Done.ByCode)
			}
			if f := w.findings(t)[len(w.findings(t))-1]; f.Message != "not asked: the requests before it took all the time that its batch has" || f.Attempts != 0 {
				t.Errorf("the last line: %+v", f)
			}
		})
	})
	t.Run("hosts that hang, each with a line of its own", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			w := newWorld()
			for n := range 2000 {
				w.lines(t, fmt.Sprintf(`{"url":"http://%d.test/","timeout":"60s"}`, n))
			}
			w.answer = hangs
			result, _ := w.child(t)
			wantCodes(t, result.Done, map[checks.Code]int{checks.Timeout: 4 * DefaultConnections, checks.NoTime: 2000 - 4*DefaultConnections})
		})
	})
	t.Run("two tries of a minute each", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			w := newWorld()
			for range 250 {
				w.lines(t, `{"url":"http://dead.test/","timeout":"60s","retry":true}`)
			}
			w.answer = func(ctx context.Context, c checks.Check) (checks.Finding, error) {
				f, err := hangs(ctx, c)
				if err != nil {
					return f, err
				}
				time.Sleep(checks.RetryWait)
				f, err = hangs(ctx, c)
				f.Attempts, f.FirstCode = 2, checks.Timeout
				return f, err
			}
			result, _ := w.child(t)
			wantCodes(t, result.Done, map[checks.Code]int{checks.Timeout: 2 * DefaultPerHost, checks.NoTime: 250 - 2*DefaultPerHost})
		})
	})
	t.Run("a round whose child execution is as good as over", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			w := newWorld()
			w.hosts(t, 10)
			w.batch.Earlier = &checks.Tally{Started: time.Now(), Rounds: 1}
			w.answer = after(time.Millisecond)
			time.Sleep(275 * time.Second)
			ctx, cancel := context.WithTimeout(t.Context(), 140*time.Second)
			defer cancel()
			result, err := w.run(t, ctx)
			if err != nil || len(result.Remaining) > 0 || result.Done.OK != 1 || result.Done.ByCode[checks.NoTime] != 9 {
				t.Errorf("Run = %v, %d left, %v, want one line and the others to have no time", result.Done.ByCode, len(result.Remaining), err)
			}
		})
	})
}

// TestBegun: the first round of a batch began no later than that.
func TestBegun(t *testing.T) {
	start := time.Date(2026, 11, 21, 10, 0, 0, 0, time.UTC)
	for name, test := range map[string]struct {
		earlier checks.Tally
		want    time.Duration // after start
	}{
		"every check made once":          {checks.Tally{Started: start, Finished: start.Add(2 * time.Minute), Rounds: 1}, 0},
		"some made twice, a short round": {checks.Tally{Started: start, Finished: start.Add(20 * time.Second), Rounds: 1, Retried: 1}, -checks.MaxTimeout - checks.RetryWait},
		"some made twice, a long round":  {checks.Tally{Started: start, Finished: start.Add(130 * time.Second), Rounds: 1, Retried: 1}, -15 * time.Second},
	} {
		if got := begun(&test.earlier).Sub(start); got != test.want {
			t.Errorf("%s: begun at %v, want %v", name, got, test.want)
		}
	}
	synctest.Test(t, func(t *testing.T) {
		for _, earlier := range []*checks.Tally{nil, {}} {
			if got := begun(earlier); !got.Equal(time.Now()) {
				t.Errorf("with nothing before it a round begins %v, want now", got)
			}
		}
	})
}

// TestOwnHosts have as many places as they are given; all others keep the usual ones.
func TestOwnHosts(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld()
		w.worker.Own, w.worker.PerOwnHost = func(host string) bool { return host == "own.test:8080" }, 50
		for range 100 {
			w.lines(t, `{"url":"http://own.test:8080/"}`, `{"url":"http://other.test/"}`)
		}
		w.answer = after(time.Second)
		w.done(t)
		if w.most["own.test:8080"] != 50 || w.most["other.test"] != DefaultPerHost {
			t.Errorf("%d requests to the own host at a time, %d to the other, want 50 and %d", w.most["own.test:8080"], w.most["other.test"], DefaultPerHost)
		}
	})
}
