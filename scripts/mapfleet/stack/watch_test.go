package stack

import (
	"context"
	"errors"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/sfn/types"

	"mapfleet/statemachine/asl"
)

const (
	done    = types.MapRunStatusSucceeded
	failed  = types.MapRunStatusFailed
	aborted = types.MapRunStatusAborted
)

// gaps are the times between calls.
func gaps(times []time.Time) (between []time.Duration) {
	for i := 1; i < len(times); i++ {
		between = append(between, times[i].Sub(times[i-1]))
	}
	return between
}

// TestWatch_asks_once_a_second: however many Map Runs there are, and whatever fails.
func TestWatch_asks_once_a_second(t *testing.T) {
	for _, c := range []struct {
		name    string
		mapRuns int
		fail    func(m *machines) func(call string) error
	}{
		{"one Map Run", 1, nil},
		{"forty Map Runs", 40, nil},
		{"throttled now and then", 3, func(m *machines) func(string) error {
			return func(call string) error {
				if n := len(m.asked[call]); call == "DescribeMapRun" && n%5 == 0 {
					return throttle(call)
				}
				return nil
			}
		}},
		{"answers that take their time", 2, func(*machines) func(string) error {
			return func(string) error { time.Sleep(700 * time.Millisecond); return nil }
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				m := &machines{started: time.Now(), ends: time.Now().Add(5 * time.Minute), status: types.ExecutionStatusSucceeded, mapRuns: slices.Repeat([]types.MapRunStatus{done}, c.mapRuns)}
				if c.fail != nil {
					m.fail = c.fail(m)
				}
				var last Sight
				run, err := Watch(t.Context(), m, "arn", func(s Sight) { last = s })
				if err != nil || run.Status != Succeeded {
					t.Fatalf("Watch = %+v, %v, want it to SUCCEED", run, err)
				}
				for call, times := range m.asked {
					least := map[string]time.Duration{"DescribeMapRun": time.Second, "DescribeExecution": time.Second}[call]
					if got := slices.Min(gaps(times)); got < least {
						t.Errorf("%s was called %d times, twice within %v, want %v between", call, len(times), got, least)
					}
				}
				if n := len(m.asked["ListMapRuns"]); n > 70 {
					t.Errorf("ListMapRuns was called %d times in five minutes", n)
				}
				if took := time.Since(m.ends); took > 15*time.Second {
					t.Errorf("the end was seen after %v", took)
				}
				if len(last.MapRuns) != c.mapRuns {
					t.Errorf("%d Map Runs are seen, want %d", len(last.MapRuns), c.mapRuns)
				}
			})
		})
	}
}

// TestWatch_sees_the_first_Map_Run_at_once: whenever it opens, the next look sees it, and no call is made twice a second.
func TestWatch_sees_the_first_Map_Run_at_once(t *testing.T) {
	for _, after := range []time.Duration{500 * time.Millisecond, 1200 * time.Millisecond, 7100 * time.Millisecond} {
		synctest.Test(t, func(t *testing.T) {
			begin := time.Now()
			m := &machines{started: begin, opens: begin.Add(after), ends: begin.Add(time.Hour), mapRuns: []types.MapRunStatus{done}}
			ctx, cancel := context.WithTimeout(t.Context(), 20500*time.Millisecond)
			defer cancel()
			var first time.Duration
			_, _ = Watch(ctx, m, "arn", func(s Sight) {
				if len(s.MapRuns) > 0 && first == 0 {
					first = s.At.Sub(begin)
				}
			})
			if first < after || first > after+time.Second {
				t.Errorf("a Map Run that opens after %v is seen after %v, want within a second", after, first)
			}
			for call, times := range m.asked {
				if got := slices.Min(gaps(times)); got < time.Second {
					t.Errorf("%s was called twice within %v", call, got)
				}
			}
			if n := len(m.asked["ListMapRuns"]); n > int(first/time.Second)+5 {
				t.Errorf("ListMapRuns was called %d times in 20 s, the first Map Run was seen after %v", n, first)
			}
		})
	}
}

// TestWatch_every_Map_Run_has_its_turn: none is looked at twice before all others were.
func TestWatch_every_Map_Run_has_its_turn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := &machines{started: time.Now(), ends: time.Now().Add(time.Hour), mapRuns: slices.Repeat([]types.MapRunStatus{done}, 7)}
		ctx, cancel := context.WithTimeout(t.Context(), 6500*time.Millisecond)
		defer cancel()
		seen := 0
		_, err := Watch(ctx, m, "arn", func(s Sight) { seen = len(s.MapRuns) })
		if !errors.Is(err, context.DeadlineExceeded) || seen != 7 {
			t.Errorf("Watch = %v after %d Map Runs, want all 7 in 7 looks", err, seen)
		}
	})
}

// TestWatch_outlasts_a_lost_connection: an hour without a network is waited out, said, and asked about
// ever less often.
func TestWatch_outlasts_a_lost_connection(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		begin := time.Now()
		m := &machines{started: begin, ends: begin.Add(2 * time.Hour), status: types.ExecutionStatusFailed, mapRuns: []types.MapRunStatus{failed}}
		m.fail = func(call string) error {
			if now := time.Since(begin); now > time.Minute && now < time.Hour {
				return lost(call)
			}
			return nil
		}
		trouble, after := 0, 0
		run, err := Watch(t.Context(), m, "arn", func(s Sight) {
			switch {
			case s.Trouble != nil:
				trouble++
				if s.Wait <= 0 || s.Wait > longestWait || s.Run.Status != Running || len(s.MapRuns) != 1 {
					t.Errorf("in trouble it sees %+v, want what was seen before, and a wait of up to %v", s, longestWait)
				}
			case trouble > 0:
				after++
			}
		})
		if err != nil || run.Status != Failed {
			t.Errorf("Watch = %+v, %v, want it to see the end", run, err)
		}
		if trouble < 100 || trouble > 300 || after < 3000 {
			t.Errorf("%d looks in trouble and %d after it, want one in 15 to 30 s, then one a second", trouble, after)
		}
	})
}

// TestWatch_outlasts_answers_that_cannot_be_read: a proxy's page, or half an answer, is no reason to leave a run alone.
func TestWatch_outlasts_answers_that_cannot_be_read(t *testing.T) {
	for name, wrong := range map[string]func(string) error{"broken off": brokenOff, "no JSON": noJSON} {
		synctest.Test(t, func(t *testing.T) {
			m := &machines{started: time.Now(), ends: time.Now().Add(time.Minute), status: types.ExecutionStatusSucceeded, mapRuns: []types.MapRunStatus{done}}
			m.fail = func(call string) error {
				if now := time.Since(m.started); now > 10*time.Second && now < 20*time.Second {
					return wrong(call)
				}
				return nil
			}
			trouble := 0
			run, err := Watch(t.Context(), m, "arn", func(s Sight) {
				if s.Trouble != nil {
					trouble++
				}
			})
			if err != nil || run.Status != Succeeded || trouble == 0 {
				t.Errorf("%s: Watch = %+v, %v after %d troubles, want the end of the run", name, run, err, trouble)
			}
		})
	}
}

// TestWatch_gives_up_what_cannot_pass: nobody waits for a permission.
func TestWatch_gives_up_what_cannot_pass(t *testing.T) {
	for _, code := range []string{"AccessDeniedException", "ExpiredTokenException", "ExecutionDoesNotExist"} {
		synctest.Test(t, func(t *testing.T) {
			m := &machines{started: time.Now(), ends: time.Now().Add(time.Hour), mapRuns: []types.MapRunStatus{done}}
			m.fail = func(call string) error {
				if time.Since(m.started) < 10*time.Second {
					return nil
				}
				return answer("SFN", call, 400, code, "")
			}
			run, err := Watch(t.Context(), m, "arn", func(Sight) {})
			if err == nil || run.Status != Running || time.Since(m.started) > 11*time.Second {
				t.Errorf("%s: Watch = %+v, %v after %v, want its error at once", code, run, err, time.Since(m.started))
			}
		})
	}
}

// TestWatch_of_an_ended_run takes no longer than the looks that it needs.
func TestWatch_of_an_ended_run(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		now := time.Now()
		m := &machines{started: now.Add(-time.Hour), ends: now.Add(-time.Minute), status: types.ExecutionStatusAborted, mapRuns: []types.MapRunStatus{aborted}}
		run, err := Watch(t.Context(), m, "arn", func(Sight) {})
		if err != nil || run.Status != Aborted || !run.Stopped.Equal(m.ends) || time.Since(now) > 0 {
			t.Errorf("Watch = %+v, %v after %v, want the end at once", run, err, time.Since(now))
		}
	})
}

// TestWatch_of_a_redriven_run: a Map Run that had failed before the redrive is looked at again.
func TestWatch_of_a_redriven_run(t *testing.T) {
	for _, c := range []struct {
		status types.MapRunStatus
		looks  int // at the Map Run within ten seconds
	}{{failed, 10}, {done, 1}} {
		synctest.Test(t, func(t *testing.T) {
			now := time.Now()
			m := &machines{started: now.Add(-2 * time.Hour), ends: now.Add(time.Hour), older: 2 * time.Hour, redriven: now.Add(-time.Minute), mapRuns: []types.MapRunStatus{c.status}}
			ctx, cancel := context.WithTimeout(t.Context(), 9500*time.Millisecond)
			defer cancel()
			_, _ = Watch(ctx, m, "arn", func(Sight) {})
			if got := len(m.asked["DescribeMapRun"]); got != c.looks {
				t.Errorf("a Map Run that was %s before the redrive is looked at %d times in 10 s, want %d", c.status, got, c.looks)
			}
		})
	}
}

// TestWatch_adds_up_the_time_of_batches: two at a time, from an hour before the first look on.
func TestWatch_adds_up_the_time_of_batches(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		now := time.Now()
		m := &machines{started: now.Add(-time.Hour), ends: now.Add(time.Hour), mapRuns: []types.MapRunStatus{done}}
		ctx, cancel := context.WithTimeout(t.Context(), 600500*time.Millisecond)
		defer cancel()
		var last Sight
		_, _ = Watch(ctx, m, "arn", func(s Sight) { last = s })
		if want := 2 * (time.Hour + 10*time.Minute); last.Working != want {
			t.Errorf("batches worked for %v, want %v", last.Working, want)
		}
		if !last.MapRuns[0].Listed || last.MapRuns[0].Label != "Label" {
			t.Errorf("%+v: want the number of items, which has not grown, to be final", last.MapRuns[0])
		}
	})
}

// TestWatch_of_a_listing_that_was_cut: what a stop cut off while it grew is not taken for all there is.
func TestWatch_of_a_listing_that_was_cut(t *testing.T) {
	now := time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC)
	for _, c := range []struct {
		name   string
		status string
		totals []int64 // one a second
		want   bool
	}{
		{"still growing", Running, []int64{1000, 2000, 3000}, false},
		{"stopped while it grew", Aborted, []int64{1000, 2000, 3000}, false},
		{"stopped long after it was read", Aborted, []int64{3000, 3000, 3000, 3000}, true},
		{"succeeded", Succeeded, []int64{1000, 2000, 3000}, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			var w watcher
			for i, total := range c.totals {
				m := asl.MapRun{ARN: "m", Status: Running, Start: now, Items: asl.Counts{Total: total}}
				if i == len(c.totals)-1 {
					m.Status, m.Stop = c.status, now.Add(time.Minute)
				}
				w.sight.At = now.Add(time.Duration(i) * time.Second)
				w.take(m)
			}
			if got := w.sight.MapRuns[0].Listed; got != c.want {
				t.Errorf("Listed = %v, want %v", got, c.want)
			}
		})
	}
}
