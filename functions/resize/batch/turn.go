package batch

import "context"

// turn is had by one item at a time.
type turn chan struct{}

func newTurn() turn { return make(turn, 1) }

func (t turn) take(ctx context.Context) error {
	select {
	case t <- struct{}{}:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (t turn) pass() { <-t }

// usualBytes is what a source of unknown size is taken to have until it comes.
const usualBytes = 1 << 20

// admit lets item i go on to be fetched once there is memory for it, in a careful round only when it is
// its turn, with the marker naming it. ok is false if it is left for the next round; else done is to be
// called at the item's end.
func (r *round) admit(ctx context.Context, i int, s *source) (done func(), ok bool, err error) {
	done = func() {}
	if r.crash != nil {
		if err := r.hand.take(ctx); err != nil {
			return nil, false, err
		}
		done = r.hand.pass
	}
	size := s.size
	if size < 0 {
		size = usualBytes
	}
	s.hold, err = r.worker.memory.fetch(ctx, min(size, r.worker.MaxSourceBytes))
	if err == nil && !r.over(ctx, i) {
		if r.crash != nil {
			err = r.takeInHand(ctx, s.key)
		}
		if err == nil {
			return done, true, nil
		}
	}
	s.hold.release()
	done()
	return nil, false, err
}
