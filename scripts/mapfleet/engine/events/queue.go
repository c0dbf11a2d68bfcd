package events

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
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

// hand invokes the function once, and settles what becomes of each message.
func (q *Queue) hand(ctx context.Context, batch []message) {
	failed, why := q.invoke(ctx, batch)
	if ctx.Err() != nil {
		return // they are in the log, as they were before this try
	}
	q.mu.Lock()
	defer q.mu.Unlock()
	var done []string
	for _, m := range batch {
		if !failed(m.ID) {
			done = append(done, m.ID)
			continue
		}
		m.Why = why
		if m.Tries >= q.config.Tries {
			if err := q.bury(m); err == nil {
				done = append(done, m.ID)
				continue
			}
		}
		if err := q.log.put(m); err != nil {
			q.config.Say("queue of uploads: %v", err)
		}
		q.later = append(q.later, delayed{m, time.Now().Add(q.config.Again)})
	}
	if err := q.log.done(done); err != nil {
		q.config.Say("queue of uploads: %v", err)
	}
}

// invoke returns which messages failed, and why. Nothing that is not said to be done is.
// https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html
func (q *Queue) invoke(ctx context.Context, batch []message) (failed func(id string) bool, why string) {
	every := func(string) bool { return true }
	records := make([]map[string]any, len(batch))
	for i, m := range batch {
		records[i] = m.record()
	}
	event, err := json.Marshal(map[string]any{"Records": records})
	if err != nil {
		return every, err.Error()
	}
	answer, err := q.config.Invoke(ctx, event)
	if err != nil {
		if ctx.Err() == nil {
			q.config.Say("trigger failed on %d uploads, which are tried again: %v", len(batch), err)
		}
		return every, err.Error()
	}
	var response struct {
		Failures []struct {
			ID string `json:"itemIdentifier"`
		} `json:"batchItemFailures"`
	}
	if err := json.Unmarshal(answer, &response); err != nil {
		return every, fmt.Sprintf("the trigger answered no list of failures: %v", err)
	}
	ids := map[string]bool{}
	for _, f := range response.Failures {
		if !slices.ContainsFunc(batch, func(m message) bool { return m.ID == f.ID }) {
			return every, fmt.Sprintf("the trigger names a message %q that it was not given", f.ID) // as AWS does
		}
		ids[f.ID] = true
	}
	return func(id string) bool { return ids[id] }, "the trigger handed it back: its log says why"
}

// bury makes a message a dead letter.
func (q *Queue) bury(m message) error {
	path := filepath.Join(q.config.Folder, DeadLetters)
	data, err := json.Marshal(m)
	if err != nil {
		return err
	}
	file, err := os.OpenFile(path, os.O_CREATE|os.O_WRONLY|os.O_APPEND, 0o644)
	if err == nil {
		_, err = file.Write(append(data, '\n'))
		err = errors.Join(err, file.Close())
	}
	if err != nil {
		q.config.Say("queue of uploads: %v", err)
		return err
	}
	q.config.Say("an upload failed %d times and is a dead letter in %s: %s", m.Tries, path, m.Why)
	return nil
}
