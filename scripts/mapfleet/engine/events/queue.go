package events

import (
	"context"
	"fmt"
	"path/filepath"
	"slices"
	"sync"
	"time"

	"mapfleet/scripts/mapfleet/engine/storage"
)

// Config says how a Queue works. The zero durations and numbers mean the defaults.
type Config struct {
	Folder string                                        // of the queue and the dead letters
	Invoke func(context.Context, []byte) ([]byte, error) // hands an event to the trigger function
	Wants  func(storage.Created) bool                    // the rule; others are dropped
	Say    func(format string, args ...any)              // what went wrong, a line each
	Window time.Duration                                 // how long messages are gathered; default 1 s
	Batch  int                                           // messages a batch, at most; default 1,000
	Tries  int                                           // before a message is a dead letter; default 5
	Again  time.Duration                                 // until a message that failed is tried again; default 2 s
}

const (
	queueFile = "queue.jsonl"
	// DeadLetters is the file of messages that failed too often, a JSON object each, in the folder.
	DeadLetters = "dead-letters.jsonl"
)

// Queue hands events to the function, in order of their arrival but for those that are tried again.
type Queue struct {
	config Config
	stop   context.CancelFunc
	done   chan struct{}
	wake   chan struct{}

	mu      sync.Mutex
	log     *log
	waiting []message
	later   []delayed
}

// delayed is a message that is tried again at some time.
type delayed struct {
	message
	at time.Time
}

// Open begins to hand over what an earlier queue in the folder left, and what is put. The caller closes it.
func Open(c Config) (*Queue, error) {
	c.Window, c.Again = orDefault(c.Window, time.Second), orDefault(c.Again, 2*time.Second)
	c.Batch, c.Tries = orDefault(c.Batch, 1000), orDefault(c.Tries, 5)
	l, messages, err := openLog(filepath.Join(c.Folder, queueFile))
	if err != nil {
		return nil, fmt.Errorf("open the queue of uploads: %w", err)
	}
	ctx, stop := context.WithCancel(context.Background())
	q := &Queue{config: c, stop: stop, done: make(chan struct{}), wake: make(chan struct{}, 1), log: l, waiting: messages}
	go q.run(ctx)
	return q, nil
}

func orDefault[T int | time.Duration](v, standard T) T {
	if v == 0 {
		return standard
	}
	return v
}

// Put takes in an object that was made. It returns when the event is kept.
func (q *Queue) Put(o storage.Created) {
	if !q.config.Wants(o) {
		return
	}
	m := message{ID: uuid(), Sent: time.Now()}
	var err error
	if m.Body, err = body(o, m.ID); err != nil {
		q.config.Say("upload of %s: %v", o.Key, err)
		return
	}
	q.mu.Lock()
	defer q.mu.Unlock()
	if err := q.log.put(m); err != nil {
		q.config.Say("upload of %s: it starts a run, unless this process ends before: %v", o.Key, err)
	}
	q.waiting = append(q.waiting, m)
	q.nudge()
}

func (q *Queue) nudge() {
	select {
	case q.wake <- struct{}{}:
	default:
	}
}

// Stop ends the handing over: what is still in the queue, and what is put from now on, is handed over by the
// next one in its folder. An invocation that is under way is broken off.
func (q *Queue) Stop() {
	q.stop()
	<-q.done
}

// Close stops too, and takes no more. Nothing may be put any more.
func (q *Queue) Close() error {
	q.Stop()
	q.mu.Lock()
	defer q.mu.Unlock()
	return q.log.file.Close()
}

func (q *Queue) run(ctx context.Context) {
	defer close(q.done)
	for q.gather(ctx) {
		if batch := q.take(); len(batch) > 0 {
			q.hand(ctx, batch)
		}
	}
}

// gather waits until there are messages, and then for the window or a full batch. It says no at the end.
func (q *Queue) gather(ctx context.Context) bool {
	for {
		n, next := q.due(time.Now())
		if n > 0 {
			break
		}
		timer := time.NewTimer(next)
		select {
		case <-q.wake:
		case <-timer.C:
		case <-ctx.Done():
			return false
		}
		timer.Stop()
	}
	window := time.NewTimer(q.config.Window)
	defer window.Stop()
	for {
		if n, _ := q.due(time.Now()); n >= q.config.Batch {
			return ctx.Err() == nil
		}
		select {
		case <-q.wake:
		case <-window.C:
			return ctx.Err() == nil
		case <-ctx.Done():
			return false
		}
	}
}

// due makes messages wait whose time to be tried again has come. It returns how many wait, and how long
// it is until the next.
func (q *Queue) due(now time.Time) (waiting int, next time.Duration) {
	q.mu.Lock()
	defer q.mu.Unlock()
	next = time.Hour
	q.later = slices.DeleteFunc(q.later, func(d delayed) bool {
		if d.at.After(now) {
			next = min(next, d.at.Sub(now))
			return false
		}
		q.waiting = append(q.waiting, d.message)
		return true
	})
	return len(q.waiting), next
}

func (q *Queue) take() []message {
	q.mu.Lock()
	defer q.mu.Unlock()
	n := min(len(q.waiting), q.config.Batch)
	batch := slices.Clone(q.waiting[:n])
	q.waiting = slices.Delete(q.waiting, 0, n)
	for i := range batch {
		batch[i].Tries++
	}
	return batch
}
