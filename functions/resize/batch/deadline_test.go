package batch

import (
	"context"
	"encoding/json"
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"mapfleet/functions/job"
)

// TestDeadlineNear: items are started until the margin, and never after, however long they wait for a place.
func TestDeadlineNear(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld()
		w.worker.Margin = 4 * time.Second
		w.pictures(t, 10*inFlight())
		w.takes(time.Second)
		ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
		defer cancel()
		result, err := w.run(t, ctx)
		if err != nil {
			t.Fatalf("Run: %v", err)
		}
		// One goes ahead at 0, the others follow at 1, 2, … 6 seconds.
		want := 1 + 6*inFlight()
		if result.Done.Written != want {
			t.Errorf("%d were written, want %d", result.Done.Written, want)
		}
		for i, item := range result.Remaining {
			if want := fmt.Sprintf("in/%03d.jpg", want+i); item.Key != want {
				t.Fatalf("left over at %d: %s, want %s", i, item.Key, want)
			}
		}
	})
}

// TestRoundsComeToAnEnd: with less time than the margin every round does one item.
func TestRoundsComeToAnEnd(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld()
		w.worker.Margin = 15 * time.Second
		w.pictures(t, 3)
		for round := 1; ; round++ {
			ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
			result, err := w.run(t, ctx)
			cancel()
			if err != nil {
				t.Fatalf("round %d: %v", round, err)
			}
			if result.Done.Written != round || result.Done.Rounds != round {
				t.Fatalf("round %d: %d written in %d rounds", round, result.Done.Written, result.Done.Rounds)
			}
			if len(result.Remaining) == 0 {
				break
			}
			// As the state machine does: through JSON.
			data, err := json.Marshal(map[string]any{"Items": result.Remaining, "BatchInput": w.batch.BatchInput, "Earlier": result.Done})
			if err != nil {
				t.Fatal(err)
			}
			before := w.batch
			w.batch = job.Batch{}
			if err := json.Unmarshal(data, &w.batch); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(before.Items[1:], w.batch.Items); diff != "" {
				t.Fatalf("items of round %d differ:\n%s", round+1, diff)
			}
		}
		if got := w.count("put"); got != 3 {
			t.Errorf("%d puts, want 3", got)
		}
	})
}

func TestItemThatTakesTooLong(t *testing.T) {
	t.Run("alone", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			w := newWorld()
			w.pictures(t, 1)
			w.takes(time.Hour)
			ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
			defer cancel()
			began := time.Now()
			if _, err := w.run(t, ctx); err != context.DeadlineExceeded {
				t.Errorf("Run: %T %v, want the context's error, bare", err, err)
			}
			if got, want := time.Since(began), time.Minute-lastCall; got != want {
				t.Errorf("given up after %v, want %v", got, want)
			}
		})
	})
	t.Run("beside others", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			w := newWorld()
			w.pictures(t, 2)
			w.takes(time.Hour)
			slow := w.before
			w.before = func(ctx context.Context, call string) error {
				if call == "GET photos/in/001.jpg" {
					return slow(ctx, call)
				}
				return nil
			}
			ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
			defer cancel()
			result, err := w.run(t, ctx)
			if err != nil || result.Done.Written != 1 || len(result.Remaining) != 1 || result.Remaining[0].Key != "in/001.jpg" {
				t.Errorf("Run = %+v, left %v, %v, want one written and one left", summarise(result.Done), result.Remaining, err)
			}
		})
	})
}

func TestCancelledBatch(t *testing.T) {
	w := newWorld()
	w.pictures(t, 3)
	ctx, cancel := context.WithCancel(t.Context())
	w.before = func(ctx context.Context, call string) error {
		cancel()
		return ctx.Err()
	}
	if _, err := w.run(t, ctx); err != context.Canceled {
		t.Errorf("Run: %T %v, want context.Canceled", err, err)
	}
}

func TestProcessorsTakenUntilTheEnd(t *testing.T) {
	w := newWorld()
	w.pictures(t, 1)
	w.worker.prepare()
	for range cap(w.worker.cpu) {
		w.worker.cpu <- struct{}{}
	}
	ctx, cancel := context.WithCancel(t.Context())
	w.before = func(_ context.Context, call string) error {
		if call == "GET photos/in/000.jpg" {
			cancel()
		}
		return nil
	}
	if _, err := w.run(t, ctx); err != context.Canceled {
		t.Errorf("Run: %T %v, want context.Canceled", err, err)
	}
}

// TestMargin: a batch that is given little time uses most of it all the same.
func TestMargin(t *testing.T) {
	for _, c := range []struct{ own, given, want time.Duration }{
		{0, 10 * time.Second, 2500 * time.Millisecond},
		{0, time.Minute, 15 * time.Second},
		{0, 15 * time.Minute, DefaultMargin},
		{time.Second, time.Minute, time.Second},
	} {
		if got := (&Worker{Margin: c.own}).margin(c.given); got != c.want {
			t.Errorf("Worker{Margin: %v}.margin(%v) = %v, want %v", c.own, c.given, got, c.want)
		}
	}
}
