package events

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"mapfleet/scripts/mapfleet/engine/storage"
)

// function is a trigger that keeps what it is given, and fails as it is told.
type function struct {
	mu     sync.Mutex
	calls  [][]string // keys of each call
	counts []string   // ApproximateReceiveCount of each call's first message
	answer func(call int, ids, keys []string) (string, error)
}

// given is what the function receives.
type given struct {
	Records []struct {
		MessageID  string            `json:"messageId"`
		Body       string            `json:"body"`
		Source     string            `json:"eventSource"`
		Attributes map[string]string `json:"attributes"`
	}
}

func (f *function) invoke(_ context.Context, event []byte) ([]byte, error) {
	var g given
	if err := json.Unmarshal(event, &g); err != nil {
		return nil, err
	}
	var ids, keys []string
	for _, r := range g.Records {
		var e created
		if err := json.Unmarshal([]byte(r.Body), &e); err != nil || r.Source != "aws:sqs" || e.DetailType != "Object Created" || e.Source != "aws.s3" {
			return nil, fmt.Errorf("record %+v, %w", r, err)
		}
		ids, keys = append(ids, r.MessageID), append(keys, e.Detail.Object.Key)
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	f.calls = append(f.calls, keys)
	f.counts = append(f.counts, g.Records[0].Attributes["ApproximateReceiveCount"])
	if f.answer == nil {
		return []byte(`{"batchItemFailures":[]}`), nil
	}
	answer, err := f.answer(len(f.calls), ids, keys)
	return []byte(answer), err
}

func (f *function) told() string {
	f.mu.Lock()
	defer f.mu.Unlock()
	var calls []string
	for _, keys := range f.calls {
		calls = append(calls, strings.Join(keys, "+"))
	}
	return strings.Join(calls, " ")
}

func open(t *testing.T, folder string, f *function) *Queue {
	t.Helper()
	q, err := Open(Config{
		Folder: folder, Invoke: f.invoke, Say: t.Logf,
		Wants: func(o storage.Created) bool { return o.Bucket == "source" },
	})
	if err != nil {
		t.Fatal(err)
	}
	return q
}

func object(key string) storage.Created {
	return storage.Created{Bucket: "source", Key: key, Size: 1, ETag: "e", Time: time.Now(), Reason: "PutObject"}
}

func closed(t *testing.T, q *Queue) {
	t.Helper()
	if err := q.Close(); err != nil {
		t.Error(err)
	}
}

func TestQueue_gathers_for_a_second(t *testing.T) {
	folder := t.TempDir()
	synctest.Test(t, func(t *testing.T) {
		f := &function{}
		q := open(t, folder, f)
		q.Put(object("a"))
		time.Sleep(500 * time.Millisecond)
		q.Put(object("b"))
		q.Put(storage.Created{Bucket: "destination", Key: "other"})
		time.Sleep(time.Second)
		q.Put(object("c"))
		time.Sleep(2 * time.Second)
		closed(t, q)
		if got, want := f.told(), "a+b c"; got != want {
			t.Errorf("calls %q, want %q", got, want)
		}
	})
	if info, err := os.Stat(filepath.Join(folder, queueFile)); err != nil || info.Size() != 0 {
		t.Errorf("the file of a queue that is done: %v, %v, want it empty", info, err)
	}
}

func TestQueue_does_not_wait_with_a_full_batch(t *testing.T) {
	folder := t.TempDir()
	synctest.Test(t, func(t *testing.T) {
		f := &function{}
		q := open(t, folder, f)
		for i := range 2500 {
			q.Put(object(fmt.Sprint(i)))
		}
		time.Sleep(5 * time.Second)
		closed(t, q)
		var sizes []int
		for _, keys := range f.calls {
			sizes = append(sizes, len(keys))
		}
		if !slices.Equal(sizes, []int{1000, 1000, 500}) {
			t.Errorf("batches of %v, want 1000, 1000, 500", sizes)
		}
	})
}

func TestQueue_tries_again_what_is_handed_back(t *testing.T) {
	folder := t.TempDir()
	synctest.Test(t, func(t *testing.T) {
		f := &function{answer: func(call int, ids, keys []string) (string, error) {
			switch {
			case call == 1:
				return fmt.Sprintf(`{"batchItemFailures":[{"itemIdentifier":%q}]}`, ids[slices.Index(keys, "b")]), nil
			case call == 2:
				return "", errors.New("Runtime.ExitError")
			case call == 3:
				return `{"batchItemFailures":[{"itemIdentifier":"none of these"}]}`, nil
			case call == 4:
				return `no JSON`, nil
			}
			return `null`, nil
		}}
		q := open(t, folder, f)
		for _, key := range []string{"a", "b", "c"} {
			q.Put(object(key))
		}
		time.Sleep(time.Minute)
		closed(t, q)
		if got, want := f.told(), "a+b+c b b b b"; got != want {
			t.Errorf("calls %q, want %q", got, want)
		}
		if got := strings.Join(f.counts, " "); got != "1 2 3 4 5" {
			t.Errorf("tries %s", got)
		}
	})
	if _, err := os.Stat(filepath.Join(folder, DeadLetters)); err == nil {
		t.Error("a message that was done at last is a dead letter")
	}
}

func TestQueue_buries_what_fails_five_times(t *testing.T) {
	folder := t.TempDir()
	synctest.Test(t, func(t *testing.T) {
		f := &function{answer: func(_ int, ids, keys []string) (string, error) {
			if i := slices.Index(keys, "bad"); i >= 0 {
				return fmt.Sprintf(`{"batchItemFailures":[{"itemIdentifier":%q}]}`, ids[i]), nil
			}
			return `{}`, nil
		}}
		q := open(t, folder, f)
		q.Put(object("bad"))
		q.Put(object("good"))
		time.Sleep(time.Minute)
		closed(t, q)
		if got, want := f.told(), "bad+good bad bad bad bad"; got != want {
			t.Errorf("calls %q, want %q", got, want)
		}
	})
	data, err := os.ReadFile(filepath.Join(folder, DeadLetters))
	var m message
	if err == nil {
		err = json.Unmarshal(data, &m)
	}
	if err != nil || m.Tries != 5 || !strings.Contains(m.Body, `"key":"bad"`) || m.Why == "" {
		t.Errorf("the dead letter %s, %v", data, err)
	}
	if info, err := os.Stat(filepath.Join(folder, queueFile)); err != nil || info.Size() != 0 {
		t.Errorf("a dead letter is in the queue still: %v, %v", info, err)
	}
}

// TestQueue_goes_on_where_a_process_ended: with what was not done, and how often it had been tried.
func TestQueue_goes_on_where_a_process_ended(t *testing.T) {
	folder := t.TempDir()
	synctest.Test(t, func(t *testing.T) {
		failing := &function{answer: func(int, []string, []string) (string, error) { return "", errors.New("down") }}
		q := open(t, folder, failing)
		q.Put(object("tried"))
		time.Sleep(1500 * time.Millisecond)
		q.Put(object("new"))
		q.Stop()
		q.Put(object("late")) // the server is still ending
		closed(t, q)
	})
	path := filepath.Join(folder, queueFile)
	file, err := os.OpenFile(path, os.O_APPEND|os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	_, err = file.WriteString(`{"message":{"id":"half`) // killed in the middle of a line
	if err := errors.Join(err, file.Close()); err != nil {
		t.Fatal(err)
	}
	synctest.Test(t, func(t *testing.T) {
		f := &function{}
		q := open(t, folder, f)
		time.Sleep(time.Minute)
		closed(t, q)
		if got, want := f.told(), "tried+new+late"; got != want || f.counts[0] != "2" {
			t.Errorf("calls %q by try %v, want %q by the second", got, f.counts, want)
		}
	})
}

func TestLog_is_written_anew_when_most_is_done(t *testing.T) {
	path := filepath.Join(t.TempDir(), queueFile)
	l, _, err := openLog(path)
	if err != nil {
		t.Fatal(err)
	}
	body := strings.Repeat("x", 4096)
	keep := message{ID: "keep", Body: body, Sent: time.Now(), Tries: 2}
	if err := l.put(keep); err != nil {
		t.Fatal(err)
	}
	for i := range 3000 {
		id := fmt.Sprint(i)
		if err := errors.Join(l.put(message{ID: id, Body: body, Sent: time.Now()}), l.done([]string{id})); err != nil {
			t.Fatal(err)
		}
	}
	if err := l.file.Close(); err != nil {
		t.Fatal(err)
	}
	data, err := os.ReadFile(path)
	if err != nil || len(data) > compactFrom+3*4096 || bytes.Count(data, []byte("\n")) < 1 {
		t.Errorf("%d bytes, %v, want some %d", len(data), err, compactFrom)
	}
	l, messages, err := openLog(path)
	if err != nil || len(messages) != 1 || messages[0].ID != "keep" || messages[0].Tries != 2 || messages[0].Body != body {
		t.Errorf("%d messages, %v, want the one that was not done", len(messages), err)
	}
	_ = l.file.Close()
}
