package estimate

import (
	"math"
	"testing"
	"time"
)

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
