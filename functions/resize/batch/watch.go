package batch

import (
	"context"
	"fmt"
	"sync"
	"time"
)

// watch knows whether a picture is rendered without an end. Nothing can stop that but the end of the
// process: a watch that was tripped stays so.
type watch struct {
	once  sync.Once
	ended chan struct{}
	hang  hang // read after ended
}

// hang is the picture that does not come to an end.
type hang struct {
	key      string
	patience time.Duration
}

func (h hang) Error() string {
	return fmt.Sprintf("rendering %s did not come to an end within %v", h.key, h.patience)
}

// expect trips the watch unless stop is called within patience; 0 is any time.
func (w *watch) expect(key string, patience time.Duration) (stop func() bool) {
	if patience <= 0 {
		return func() bool { return true }
	}
	return time.AfterFunc(patience, func() {
		w.once.Do(func() {
			w.hang = hang{key, patience}
			close(w.ended)
		})
	}).Stop
}

// tell cancels a round with the hang once the watch is tripped, until ctx ends.
func (w *watch) tell(ctx context.Context, cancel context.CancelCauseFunc) {
	go func() {
		select {
		case <-w.ended:
			cancel(w.hang)
		case <-ctx.Done():
		}
	}()
}
