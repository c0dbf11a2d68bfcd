package audit

import (
	"context"
	"errors"
	"slices"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
)

// numbers counts up to n, and then fails if there is an error.
func numbers(n int, err error) func(func(int, error) bool) {
	return func(yield func(int, error) bool) {
		for i := range n {
			if !yield(i, nil) {
				return
			}
		}
		if err != nil {
			yield(0, err)
		}
	}
}

func TestInOrder_is_concurrent_and_in_order(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		started := time.Now()
		var got []int
		err := inOrder(t.Context(), 10, numbers(100, nil), func(_ context.Context, n int) (int, error) {
			time.Sleep(time.Duration(10-n%10) * time.Second) // the bubble's clock
			return n * n, nil
		}, func(square int) error {
			got = append(got, square)
			return nil
		})
		if err != nil || len(got) != 100 || !slices.IsSorted(got) {
			t.Errorf("inOrder = %v, results %v", err, got)
		}
		if took := time.Since(started); took > 70*time.Second {
			t.Errorf("it took %v of 550 s of work: not ten at a time", took)
		}
	})
}

func TestInOrder_ends_at_the_first_error(t *testing.T) {
	broken := errors.New("broken")
	do := func(fails int) func(context.Context, int) (int, error) {
		return func(_ context.Context, n int) (int, error) {
			if n == fails {
				return 0, broken
			}
			return n, nil
		}
	}
	done := func(fails int) func(int) error {
		return func(n int) error {
			if n == fails {
				return broken
			}
			return nil
		}
	}
	for name, err := range map[string]error{
		"a value": inOrder(t.Context(), 3, numbers(5000, broken), do(-1), done(-1)),
		"do":      inOrder(t.Context(), 3, numbers(5000, nil), do(700), done(-1)),
		"done":    inOrder(t.Context(), 3, numbers(5000, nil), do(-1), done(700)),
	} {
		if err != broken {
			t.Errorf("%s fails: inOrder = %v, want %v", name, err, broken)
		}
	}
	ctx, cancel := context.WithCancel(t.Context())
	var calls atomic.Int64
	err := inOrder(ctx, 3, numbers(5000, nil), func(context.Context, int) (int, error) {
		if calls.Add(1) == 50 {
			cancel()
		}
		return 0, nil
	}, func(int) error { return nil })
	if !errors.Is(err, context.Canceled) || calls.Load() > 60 {
		t.Errorf("cancelled: inOrder = %v after %d calls", err, calls.Load())
	}
}
