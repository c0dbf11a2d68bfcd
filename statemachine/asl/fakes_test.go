package asl

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"
)

const machineARN = "arn:aws:states:eu-west-1:123456789012:stateMachine:resize"

// tasks is a Tasks made of a function; it is given what FunctionName says and the Payload.
type tasks func(ctx context.Context, function string, payload any) (any, error)

func (t tasks) Invoke(ctx context.Context, _ string, parameters any) (any, error) {
	p := parameters.(map[string]any)
	result, err := t(ctx, fmt.Sprint(p["FunctionName"]), p["Payload"])
	return map[string]any{"Payload": result, "StatusCode": 200}, err
}

// store is an Objects in memory that lists in pages.
type store struct {
	mu       sync.Mutex
	objects  map[string][]byte // key: bucket/key
	pageSize int
	lists    int
	failList int // this call of List fails; 0: none
	failPut  string
}

func (s *store) List(_ context.Context, bucket, prefix, continuation string) ([]any, string, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.lists++; s.lists == s.failList {
		return nil, "", fmt.Errorf("no such bucket")
	}
	var keys []string
	for name := range s.objects {
		if key, ok := strings.CutPrefix(name, bucket+"/"); ok && strings.HasPrefix(key, prefix) {
			keys = append(keys, key)
		}
	}
	slices.Sort(keys)
	from, _ := strconv.Atoi(continuation)
	size := cmp.Or(s.pageSize, 1000)
	page := keys[from:min(from+size, len(keys))]
	items := make([]any, len(page))
	for i, key := range page {
		items[i] = map[string]any{"Key": key, "Etag": `"e"`, "Size": len(s.objects[bucket+"/"+key]), "LastModified": 1.789180622e9, "StorageClass": "STANDARD"}
	}
	if from+size >= len(keys) {
		return items, "", nil
	}
	return items, strconv.Itoa(from + size), nil
}

func (s *store) Open(_ context.Context, bucket, key string) (io.ReadCloser, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	data, ok := s.objects[bucket+"/"+key]
	if !ok {
		return nil, fmt.Errorf("no such key")
	}
	return io.NopCloser(bytes.NewReader(data)), nil
}

func (s *store) Put(ctx context.Context, bucket, key, _ string, body io.ReadSeeker) error {
	if ctx.Err() != nil {
		return ctx.Err()
	}
	if s.failPut != "" && strings.Contains(key, s.failPut) {
		return fmt.Errorf("access denied")
	}
	data, err := io.ReadAll(body)
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.objects == nil {
		s.objects = map[string][]byte{}
	}
	s.objects[bucket+"/"+key] = data
	return err
}

// filled returns a store with n objects in bucket "in".
func filled(n int) *store {
	s := &store{objects: map[string][]byte{}}
	for i := range n {
		s.objects[fmt.Sprintf("in/p/%06d.jpg", i)] = []byte("x")
	}
	return s
}

// journal keeps the events of a run.
type journal struct {
	mu     sync.Mutex
	events []Event
}

func (j *journal) observe(ev Event) {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.events = append(j.events, ev)
}

func (j *journal) count(kind Kind) (n int) {
	j.mu.Lock()
	defer j.mu.Unlock()
	for _, ev := range j.events {
		if ev.Kind == kind {
			n++
		}
	}
	return n
}

// mapRun returns the last snapshot.
func (j *journal) mapRun(t *testing.T) MapRun {
	t.Helper()
	j.mu.Lock()
	defer j.mu.Unlock()
	for _, ev := range slices.Backward(j.events) {
		if ev.MapRun != nil {
			return *ev.MapRun
		}
	}
	t.Fatal("no event has a MapRun")
	return MapRun{}
}

func parse(t testing.TB, definition string) *Machine {
	t.Helper()
	m, err := Parse([]byte(definition))
	if err != nil {
		t.Fatalf("Parse: %v", err)
	}
	return m
}

func execution1(input string) Execution {
	return Execution{
		ID:   "arn:aws:states:eu-west-1:123456789012:execution:resize:run-1",
		Name: "run-1", StateMachineID: machineARN, Input: json.RawMessage(input),
		StartTime: time.Date(2026, 11, 20, 8, 30, 0, 0, time.UTC),
		Sleep:     func(ctx context.Context, _ time.Duration) error { return ctx.Err() },
	}
}

// oneState wraps a state as a machine.
func oneState(state string) string { return `{"StartAt":"S","States":{"S":` + state + `}}` }

func asJSON(v any) string {
	data, err := encode(v)
	if err != nil {
		return err.Error()
	}
	return string(data)
}
