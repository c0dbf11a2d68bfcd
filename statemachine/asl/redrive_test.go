package asl

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

var errFull = errors.New("no space left on device")

// calls is a Tasks that notes what each function was called with, and fails where it is told to.
type calls struct {
	mu    sync.Mutex
	made  []string // FunctionName and Payload
	fails func(call string) error
}

func (c *calls) Invoke(ctx context.Context, _ string, parameters any) (any, error) {
	p := parameters.(map[string]any)
	call := fmt.Sprint(p["FunctionName"]) + asJSON(p["Payload"])
	c.mu.Lock()
	c.made = append(c.made, call)
	c.mu.Unlock()
	if c.fails != nil {
		if err := c.fails(call); err != nil {
			return nil, err
		}
	}
	return map[string]any{"Payload": p["Payload"]}, ctx.Err()
}

// taken returns the calls since the last time, sorted.
func (c *calls) taken() string {
	c.mu.Lock()
	defer c.mu.Unlock()
	made := slices.Sorted(slices.Values(c.made))
	c.made = nil
	return strings.Join(made, " ")
}

// failing fails calls that contain one of the texts.
func failing(texts ...string) func(string) error {
	return func(call string) error {
		for _, text := range texts {
			if strings.Contains(call, text) {
				return &Error{Name: "Broken", Cause: text}
			}
		}
		return nil
	}
}

// journalled is execution1 with a journal and counted calls.
func journalled(input string) (Execution, *memory, *calls) {
	x, j, c := execution1(input), &memory{}, &calls{}
	x.Journal, x.Tasks = j, c
	return x, j, c
}

// invoking is a Task state that calls function with its input.
func invoking(function, next string) string {
	return `{"Type":"Task","Resource":"arn:aws:states:::lambda:invoke","Parameters":{"FunctionName":"` + function + `","Payload.$":"$"},"OutputPath":"$.Payload",` + next + `}`
}

func TestRedrive_goes_on_where_it_failed(t *testing.T) {
	m := parse(t, `{"StartAt":"A","States":{
		"A":`+invoking("a", `"Next":"B"`)+`,
		"B":`+invoking("b", `"Retry":[{"ErrorEquals":["Broken"],"MaxAttempts":2}],"Next":"C"`)+`,
		"C":{"Type":"Pass","Parameters":{"in.$":"$","count.$":"$$.Execution.RedriveCount","time.$":"$$.Execution.RedriveTime","start.$":"$$.Execution.StartTime"},"End":true}}}`)
	x, j, c := journalled(`{"n":1}`)
	c.fails = failing("b{")
	var events journal
	x.Observe = events.observe
	if _, err := m.Run(t.Context(), x); err == nil || c.taken() != `a{"n":1} b{"n":1} b{"n":1} b{"n":1}` {
		t.Fatalf("Run = %v, want Broken after two retries", err)
	}
	if at, err := m.Unfinished(j); err != nil || len(at) != 1 || at[0].State != "B" || at[0].Type != "Task" {
		t.Errorf("Unfinished = %+v, %v, want B", at, err)
	}
	x.RedriveCount, x.RedriveTime = 1, time.Date(2026, 11, 20, 9, 0, 0, 0, time.UTC)
	if _, err := m.Redrive(t.Context(), x); err == nil || c.taken() != `b{"n":1} b{"n":1} b{"n":1}` {
		t.Errorf("first Redrive = %v, want Broken after two retries more", err)
	}
	c.fails = nil
	x.RedriveCount = 2
	output, err := m.Redrive(t.Context(), x)
	if want := `{"count":2,"in":{"n":1},"start":"2026-11-20T08:30:00.000Z","time":"2026-11-20T09:00:00.000Z"}`; err != nil || asJSON(output) != want {
		t.Errorf("second Redrive = %s, %v, want %s", asJSON(output), err, want)
	}
	if events.count(ExecutionStarted) != 1 || events.count(ExecutionRedriven) != 2 {
		t.Errorf("%d executions started, %d redriven, want 1 and 2", events.count(ExecutionStarted), events.count(ExecutionRedriven))
	}
	if at, err := m.Unfinished(j); err != nil || len(at) != 0 {
		t.Errorf("Unfinished = %+v, %v after the end, want none", at, err)
	}
}

func TestRedrive_does_not_repeat_a_task_that_was_done_when_the_run_was_aborted(t *testing.T) {
	m := parse(t, `{"StartAt":"A","States":{"A":`+invoking("a", `"Next":"B"`)+`,"B":`+invoking("b", `"End":true`)+`}}`)
	x, _, c := journalled(`{}`)
	ctx, cancel := context.WithCancel(t.Context())
	x.Tasks = tasks(func(_ context.Context, _ string, payload any) (any, error) { cancel(); return payload, nil })
	if _, err := m.Run(ctx, x); !errors.Is(err, ErrAborted) {
		t.Fatalf("Run = %v, want ErrAborted", err)
	}
	x.Tasks = c
	if _, err := m.Redrive(t.Context(), x); err != nil || c.taken() != `b{}` {
		t.Errorf("Redrive = %v, want a call of b alone", err)
	}
}

func TestRedrive_enters_a_Fail_again(t *testing.T) {
	m := parse(t, `{"StartAt":"A","States":{"A":`+invoking("a", `"Next":"F"`)+`,"F":{"Type":"Fail","Error":"Bad"}}}`)
	x, j, c := journalled(`{}`)
	_, _ = m.Run(t.Context(), x)
	c.taken()
	_, err := m.Redrive(t.Context(), x)
	if e, _ := errors.AsType[*Error](err); e == nil || e.Name != "Bad" || c.taken() != "" {
		t.Errorf("Redrive = %v, want Bad at once", err)
	}
	if at, _ := m.Unfinished(j); len(at) != 1 || at[0].Type != "Fail" {
		t.Errorf("Unfinished = %+v, want the Fail", at)
	}
}

func TestRedrive_leaves_a_caught_error_alone(t *testing.T) {
	m := parse(t, `{"StartAt":"A","States":{"A":`+invoking("a", `"Catch":[{"ErrorEquals":["States.ALL"],"Next":"B"}],"Next":"B"`)+`,"B":`+invoking("b", `"End":true`)+`}}`)
	x, _, c := journalled(`{}`)
	c.fails = failing("a", "b")
	_, _ = m.Run(t.Context(), x)
	c.taken()
	c.fails = nil
	if _, err := m.Redrive(t.Context(), x); err != nil || c.taken() != `b{"Cause":"a","Error":"Broken"}` {
		t.Errorf("Redrive = %v, want b alone, with the input that the Catch made", err)
	}
}

func TestRedrive_inline_Map(t *testing.T) {
	iterations := func(more string) string {
		return oneState(`{"Type":"Map","End":true,"MaxConcurrency":1,` + more + `"ItemProcessor":{"StartAt":"A","States":{
			"A":` + invoking("a", `"Next":"B"`) + `,"B":` + invoking("b", `"End":true`) + `}}}`)
	}
	t.Run("iterations that succeeded are not run again", func(t *testing.T) {
		x, j, c := journalled(`[0,1,2,3]`)
		c.fails = failing("b2")
		m := parse(t, iterations(``))
		if _, err := m.Run(t.Context(), x); err == nil || c.taken() != "a0 a1 a2 b0 b1 b2" {
			t.Fatalf("Run = %v, want Broken at the third", err)
		}
		if at, err := m.Unfinished(j); err != nil || fmt.Sprint(at) != "[{B Task [2]}]" {
			t.Errorf("Unfinished = %v, %v, want B of the third", at, err)
		}
		c.fails = nil
		output, err := m.Redrive(t.Context(), x)
		if made := c.taken(); err != nil || made != "a3 b2 b3" || asJSON(output) != `[0,1,2,3]` {
			t.Errorf("Redrive = %s, %v after %s, want [0,1,2,3] after a3 b2 b3", asJSON(output), err, made)
		}
	})
	t.Run("a Retry of the Map starts over, also for a later redrive", func(t *testing.T) {
		x, _, c := journalled(`[0,1]`)
		c.fails = failing("b1")
		m := parse(t, iterations(`"Retry":[{"ErrorEquals":["Broken"],"MaxAttempts":1}],`))
		if _, err := m.Run(t.Context(), x); err == nil || c.taken() != "a0 a0 a1 a1 b0 b0 b1 b1" {
			t.Fatalf("Run = %v, want Broken after two attempts", err)
		}
		if _, err := m.Redrive(t.Context(), x); err == nil || c.taken() != "a0 a1 b0 b1 b1" {
			t.Errorf("Redrive = %v, want b1 where it failed, and then a Retry of all", err)
		}
		c.fails = nil
		if _, err := m.Redrive(t.Context(), x); err != nil || c.taken() != "b1" {
			t.Errorf("second Redrive = %v, want b1 alone", err)
		}
	})
	t.Run("after States.DataLimitExceeded all run again", func(t *testing.T) {
		x, _, c := journalled(`[0,1,2]`)
		large := true
		x.Tasks = tasks(func(ctx context.Context, function string, payload any) (any, error) {
			_, _ = c.Invoke(ctx, "", map[string]any{"FunctionName": function, "Payload": payload})
			if function == "b" && large {
				return strings.Repeat("x", maxPayload/2), nil
			}
			return payload, nil
		})
		m := parse(t, iterations(``))
		_, err := m.Run(t.Context(), x)
		if e, _ := errors.AsType[*Error](err); e == nil || e.Name != errorDataLimit {
			t.Fatalf("Run = %v, want %s", err, errorDataLimit)
		}
		c.taken()
		large = false
		if _, err := m.Redrive(t.Context(), x); err != nil || c.taken() != "a0 a1 a2 b0 b1 b2" {
			t.Errorf("Redrive = %v, want all iterations again", err)
		}
	})
}

func TestRedrive_resets_the_time_limit(t *testing.T) {
	m := parse(t, `{"TimeoutSeconds":1,"StartAt":"A","States":{"A":`+invoking("a", `"End":true`)+`}}`)
	x, _, c := journalled(`{}`)
	x.Tasks = tasks(func(ctx context.Context, _ string, _ any) (any, error) { <-ctx.Done(); return nil, ctx.Err() })
	if _, err := m.Run(t.Context(), x); !TimedOut(err) {
		t.Fatalf("Run = %v, want a time-out", err)
	}
	x.Tasks = c
	if _, err := m.Redrive(t.Context(), x); err != nil || c.taken() != "a{}" {
		t.Errorf("Redrive = %v, want the Task again", err)
	}
}

func TestRun_ends_when_its_journal_cannot_be_kept(t *testing.T) {
	m := parse(t, `{"StartAt":"A","States":{"A":`+invoking("a", `"Catch":[{"ErrorEquals":["States.ALL"],"Next":"B"}],"Next":"B"`)+`,"B":`+invoking("b", `"End":true`)+`}}`)
	for fails := 1; fails <= 3; fails++ {
		x, j, c := journalled(`{}`)
		j.fails = fails
		_, err := m.Run(t.Context(), x)
		if e, _ := errors.AsType[*Error](err); e == nil || e.Name != errorRuntime || !strings.Contains(e.Cause, errFull.Error()) {
			t.Errorf("with record %d refused: Run = %v, want %s that says why", fails, err, errorRuntime)
		}
		j.fails = 0
		c.taken()
		if _, err := m.Redrive(t.Context(), x); err != nil || !strings.HasSuffix(c.taken(), "b{}") {
			t.Errorf("with record %d refused: Redrive = %v, want it to go on", fails, err)
		}
	}
}
