package asl

import (
	"context"
	"errors"
	"math"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
)

// TestUpdate_while_it_runs: more children run as soon as they may, and fewer once those that run are done.
func TestUpdate_while_it_runs(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var running, most atomic.Int64
		var update func(MapRunUpdate)
		var last MapRun
		x := execution1(`{}`)
		x.Objects = filled(100)
		x.Observe = func(e Event) {
			if e.Update != nil {
				update = e.Update
			}
			if e.MapRun != nil {
				last = *e.MapRun
			}
		}
		x.Tasks = tasks(func(context.Context, string, any) (any, error) {
			most.Store(max(most.Load(), running.Add(1)))
			time.Sleep(time.Second)
			running.Add(-1)
			return nil, nil
		})
		m := parse(t, fleet(listing+`"ItemBatcher":{"MaxItemsPerBatch":1},"MaxConcurrency":2,`))
		ended := make(chan error, 1)
		go func() {
			_, err := m.Run(t.Context(), x)
			ended <- err
		}()
		after := func(wait time.Duration, limit int, want int64) {
			t.Helper()
			time.Sleep(wait)
			synctest.Wait()
			if got := running.Load(); got != want {
				t.Errorf("%d children run, want %d", got, want)
			}
			update(MapRunUpdate{MaxConcurrency: &limit})
		}
		after(500*time.Millisecond, 10, 2)
		after(time.Second, 3, 10)
		after(time.Second, 0, 3)
		if err := <-ended; err != nil {
			t.Fatal(err)
		}
		// 2, 8 more, 2 and 8 in their places; then none until 3 may run, and beside them the 77 that are left
		if most.Load() != 80 || last.MaxConcurrency != math.MaxInt32 || last.Items.Succeeded != 100 {
			t.Errorf("at most %d ran, then %+v; want all that were left at once without a limit", most.Load(), last)
		}
		one := 1
		update(MapRunUpdate{MaxConcurrency: &one})
		if last.MaxConcurrency == 1 {
			t.Error("a Map Run that has ended was updated")
		}
	})
}

// TestUpdate_tolerance judges what has failed already by what holds now.
func TestUpdate_tolerance(t *testing.T) {
	x := execution1(`{}`)
	x.Objects = filled(4000)
	started := make(chan func(MapRunUpdate), 1)
	x.Observe = func(e Event) {
		if e.Update != nil {
			started <- e.Update
		}
	}
	var done atomic.Int64
	x.Tasks = tasks(func(ctx context.Context, _ string, _ any) (any, error) {
		switch n := done.Add(1); {
		case n <= 5:
			return nil, &Error{Name: "Broken"}
		case n == 10:
			none := int64(4)
			(<-started)(MapRunUpdate{ToleratedFailureCount: &none})
		case n > 10:
			<-ctx.Done()
			return nil, ctx.Err()
		}
		return nil, nil
	})
	_, err := parse(t, fleet(listing+`"ItemBatcher":{"MaxItemsPerBatch":1},"MaxConcurrency":1,"ToleratedFailurePercentage":50,`)).Run(t.Context(), x)
	if e, ok := errors.AsType[*Error](err); !ok || e.Name != errorToleranceLimit || done.Load() > 12 {
		t.Errorf("Run = %v after %d children, want %s soon after the tolerance was lowered", err, done.Load(), errorToleranceLimit)
	}
}
