package audit

import (
	"context"
	"iter"

	"golang.org/x/sync/errgroup"
)

// window is how many values may be under way: a page of a listing, so that those at work have enough
// while the next page comes.
const window = 1000

// inOrder calls do for every value, for so many at a time, and done with the results in the order of the
// values, from one goroutine. The first error ends it.
func inOrder[T, R any](ctx context.Context, atATime int, values iter.Seq2[T, error], do func(context.Context, T) (R, error), done func(R) error) error {
	type slot struct {
		value  T
		result chan R
	}
	group, ctx := errgroup.WithContext(ctx)
	work, order := make(chan slot, window), make(chan slot, window)
	group.Go(func() error {
		defer close(work)
		defer close(order)
		for value, err := range values {
			if err != nil {
				return err
			}
			s := slot{value, make(chan R, 1)}
			for _, to := range []chan slot{order, work} {
				select {
				case to <- s:
				case <-ctx.Done():
					return ctx.Err()
				}
			}
		}
		return nil
	})
	for range atATime {
		group.Go(func() error {
			for s := range work {
				if ctx.Err() != nil {
					return ctx.Err()
				}
				result, err := do(ctx, s.value)
				if err != nil {
					return err
				}
				s.result <- result
			}
			return nil
		})
	}
	group.Go(func() error {
		for s := range order {
			select {
			case result := <-s.result:
				if err := done(result); err != nil {
					return err
				}
			case <-ctx.Done():
				return ctx.Err()
			}
		}
		return nil
	})
	return group.Wait()
}
