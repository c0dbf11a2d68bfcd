package estimate

import (
	"math"
	"testing"
	"time"
)

// TestNewEnvironmentsAfterALongWait: however long nothing was started while items were read, no more new
// environments are started at once than Lambda starts.
func TestNewEnvironmentsAfterALongWait(t *testing.T) {
	limits := AWS()
	limits.AccountConcurrency, limits.MaxConcurrency = 100_000, 100_000
	limits.Starts = 1e6
	s := simulation{limits: limits, tokens: float64(limits.NewEnvironments), waits: map[Bottleneck]time.Duration{}}
	s.forecast.Waited = map[Bottleneck]time.Duration{}
	atOnce := 0
	for range 5 * limits.NewEnvironments {
		const now = time.Hour // of reading
		begin, cold := s.environment(now)
		if !cold {
			t.Fatal("there is no environment that could be warm")
		}
		if begin == now {
			atOnce++
		}
	}
	if atOnce != limits.NewEnvironments {
		t.Errorf("%d new environments begin at once after an hour, want %d", atOnce, limits.NewEnvironments)
	}
	if want := 4 * limits.NewEnvironmentsEvery; s.filled < time.Hour+want-time.Second || s.filled > time.Hour+want+time.Second {
		t.Errorf("the last of %d begins %v after the first, want %v", 5*limits.NewEnvironments, s.filled-time.Hour, want)
	}
}

// TestFleetAfterALongListing is the same from outside: a page of a thousand batches that was waited for. A hundred
// workers are new at once and six hundred in the minute until the first are warm again, which take most of what is
// left.
func TestFleetAfterALongListing(t *testing.T) {
	limits := AWS()
	limits.NewEnvironments, limits.ListPage, limits.Starts, limits.ColdStart = 100, 10*time.Minute, 1e6, 0
	f, err := Simulate(Work{Items: 1000, BatchSize: 1, Batch: time.Minute}, limits, 1)
	if err != nil {
		t.Fatal(err)
	}
	if f.Bottleneck != ByScaling || f.Cold < 700 || f.Cold > 850 {
		t.Errorf("bound by %s with %d new environments, want Lambda's 100 in ten seconds and 700 to 850", f.Bottleneck, f.Cold)
	}
}

// The published run over 8,088 pictures, in batches of 100 and of 10, by the mean durations that were
// published with it.
func TestPublishedRun(t *testing.T) {
	for _, c := range []struct {
		name             string
		batch            int
		mean             time.Duration
		invocations      int
		seconds, atATime float64 // 0: not published
	}{
		{"batches of 100", 100, 2300 * time.Millisecond, 81, 8.4, 0},
		{"batches of 10", 10, 430 * time.Millisecond, 809, 0, 341},
	} {
		t.Run(c.name, func(t *testing.T) {
			for seed := range uint64(5) {
				f, err := Simulate(Work{Items: 8088, BatchSize: c.batch, Batch: c.mean, Spread: 0.3, Gets: 1, Puts: 1}, AWS(), seed)
				if err != nil {
					t.Fatal(err)
				}
				t.Logf("%d invocations, %.1f s, peak %d, bound by %s", f.Invocations, f.Time.Seconds(), f.Peak, f.Bottleneck)
				if f.Invocations != c.invocations {
					t.Errorf("%d invocations, want %d", f.Invocations, c.invocations)
				}
				if got := f.Time.Seconds(); c.seconds > 0 && math.Abs(got/c.seconds-1) > 0.2 {
					t.Errorf("it takes %.1f s, want %.1f within 20 %%", got, c.seconds)
				}
				if got := float64(f.Peak); c.atATime > 0 && math.Abs(got/c.atATime-1) > 0.2 {
					t.Errorf("at most %.0f at a time, want %.0f within 20 %%", got, c.atATime)
				}
			}
		})
	}
}
