package asl

import (
	"bytes"
	"context"
	"errors"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

func TestDistributed_express_limit(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var j journal
		x := execution1(`[1]`)
		x.Observe = j.observe
		x.Tasks = tasks(func(ctx context.Context, _ string, _ any) (any, error) { <-ctx.Done(); return nil, ctx.Err() })
		start := time.Now()
		_, err := parse(t, fleet(`"ToleratedFailureCount":1,`)).Run(t.Context(), x)
		run := j.mapRun(t)
		if took := time.Since(start); err != nil || took != 5*time.Minute || run.Executions.TimedOut != 1 || j.count(ChildTimedOut) != 1 {
			t.Errorf("Run took %v, %v, %+v, want one child timed out after 5m", took, err, run)
		}
	})
}

func TestDistributed_abort(t *testing.T) {
	synctest.Test(t, func(t *testing.T) { // fails if a goroutine is left
		var j journal
		s := filled(40_000)
		ctx, cancel := context.WithCancel(t.Context())
		x := execution1(`{"prefix":"runs"}`)
		x.Objects, x.Observe = s, j.observe
		x.Tasks = tasks(func(ctx context.Context, _ string, _ any) (any, error) { <-ctx.Done(); return nil, ctx.Err() })
		done := make(chan error)
		go func() {
			_, err := parse(t, fleet(listing+exporter+`"MaxConcurrency":10,"Catch":[{"ErrorEquals":["States.ALL"],"Next":"S"}],`)).Run(ctx, x)
			done <- err
		}()
		synctest.Wait()
		lists := s.lists
		cancel()
		err := <-done
		if !errors.Is(err, ErrAborted) || !errors.Is(err, context.Canceled) {
			t.Errorf("Run = %v, want ErrAborted", err)
		}
		if lists > readAhead+3 {
			t.Errorf("%d pages were read while nothing went on, want a bounded read-ahead", lists)
		}
		run := j.mapRun(t)
		if run.Status != "ABORTED" || run.Executions.Aborted != 10 || run.Listed || run.Items.Pending != run.Items.Total-10 {
			t.Errorf("Map Run = %+v, want ABORTED with 10 aborted children", run)
		}
		if files := resultFilesOf(t, s); !bytes.Contains(files["manifest.json"], []byte("PENDING_0.json")) {
			t.Errorf("manifest.json = %s, want PENDING_0.json in it", files["manifest.json"])
		}
	})
}

func TestDistributed_parent_timeout_aborts(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var j journal
		x := execution1(`[1,2]`)
		x.Observe = j.observe
		x.Tasks = tasks(func(ctx context.Context, _ string, _ any) (any, error) { <-ctx.Done(); return nil, ctx.Err() })
		definition := strings.Replace(fleet(``), `{"StartAt"`, `{"TimeoutSeconds":60,"StartAt"`, 1)
		_, err := parse(t, definition).Run(t.Context(), x)
		if run := j.mapRun(t); !TimedOut(err) || run.Status != "ABORTED" || run.Executions.Aborted != 2 {
			t.Errorf("Run = %v, %+v, want a time-out that aborts 2 children", err, run)
		}
	})
}
