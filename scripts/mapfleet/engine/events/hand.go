package events

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"time"
)

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

// invoke returns which messages failed, and why. Nothing that is not said to be done is (A83 of package
// asl).
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
