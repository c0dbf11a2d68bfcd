package asl

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// told are the events of an execution, without those of children: what each is, of which state, and what
// else it says.
func (j *journal) told() string {
	j.mu.Lock()
	defer j.mu.Unlock()
	var said []string
	for _, e := range j.events {
		if e.Child != "" || e.Kind == ItemsRead || strings.HasPrefix(string(e.Kind), "Child") {
			continue
		}
		words := fmt.Sprint(e.Kind, " ", e.State, e.Iteration)
		switch e.Kind {
		case TaskScheduled:
			words += fmt.Sprint(" ", asJSON(e.Input), " ", e.Timeout)
		case TaskSucceeded:
			words += " " + asJSON(e.Output)
		case TaskFailed, TaskTimedOut, MapFailed:
			words += " " + e.Error
		case MapStarted:
			words += fmt.Sprint(" ", e.Length)
		}
		said = append(said, words)
	}
	return strings.Join(said, "\n")
}

// TestEvents_of_a_Task_that_is_tried_again: each try is scheduled, and ends in its own way.
func TestEvents_of_a_Task_that_is_tried_again(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var j journal
		x, calls := execution1(`{}`), 0
		x.Observe = j.observe
		x.Tasks = tasks(func(ctx context.Context, _ string, _ any) (any, error) {
			switch calls++; calls {
			case 1:
				return nil, &Error{Name: "Broken", Cause: "why"}
			case 2:
				<-ctx.Done()
				return nil, ctx.Err()
			}
			return 7, nil
		})
		if _, err := parse(t, oneState(`{`+lambda+`,"TimeoutSeconds":60,"ResultPath":null,"Retry":[{"ErrorEquals":["States.ALL"]}],"End":true}`)).Run(t.Context(), x); err != nil {
			t.Fatal(err)
		}
		const scheduled = `TaskScheduled S[] {"FunctionName":"f"} 1m0s
TaskStarted S[]
`
		want := `ExecutionStarted []
StateEntered S[]
` + scheduled + `TaskFailed S[] Broken
TaskRetried S[]
` + scheduled + `TaskTimedOut S[] States.Timeout
TaskRetried S[]
` + scheduled + `TaskSucceeded S[] {"Payload":7,"StatusCode":200}
StateExited S[]
ExecutionSucceeded []`
		if got := j.told(); got != want {
			t.Errorf("it tells\n%s\nwant\n%s", got, want)
		}
	})
}

// TestEvents_of_Maps: of an inline one with its iterations, and of one with a Map Run; both fail with the
// first error in them.
func TestEvents_of_Maps(t *testing.T) {
	const inline = `{"Type":"Map","ItemProcessor":{"StartAt":"P","States":{"P":{"Type":"Pass","End":true}}},"End":true}`
	for _, test := range []struct{ name, definition, want string }{
		{"inline", oneState(inline), "StateEntered S[]\nMapStarted S[] 1\nIterationStarted S[0]\nStateEntered P[0]\nStateExited P[0]\nIterationSucceeded S[0]\nMapSucceeded S[]\nStateExited S[]\nExecutionSucceeded []"},
		{"inline that fails", oneState(strings.Replace(inline, `{"Type":"Pass","End":true}`, `{"Type":"Fail","Error":"E"}`, 1)), "StateEntered S[]\nMapStarted S[] 1\nIterationStarted S[0]\nStateEntered P[0]\nIterationFailed S[0]\nMapFailed S[] E\nExecutionFailed []"},
		{"distributed", fleet(``), "StateEntered S[]\nMapStarted S[] 1\nMapRunStarted S[]\nMapRunFinished S[]\nMapFailed S[] States.ExceedToleratedFailureThreshold\nExecutionFailed []"},
	} {
		t.Run(test.name, func(t *testing.T) {
			var j journal
			x := execution1(`[1]`)
			x.Observe = j.observe
			x.Tasks = tasks(func(context.Context, string, any) (any, error) { return nil, &Error{Name: "E"} })
			_, _ = parse(t, test.definition).Run(t.Context(), x)
			if got := j.told(); !strings.HasSuffix(got, test.want) {
				t.Errorf("it tells\n%s\nwant\n%s", got, test.want)
			}
		})
	}
}

// TestEvents_of_what_is_stopped: states that were at work are aborted, from the inside out.
func TestEvents_of_what_is_stopped(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var j journal
		x := execution1(`[1]`)
		x.Observe, x.Sleep = j.observe, nil
		ctx, stop := context.WithTimeout(t.Context(), time.Minute)
		defer stop()
		_, err := parse(t, oneState(`{"Type":"Map","ItemProcessor":{"StartAt":"W","States":{"W":{"Type":"Wait","Seconds":90,"End":true}}},"End":true}`)).Run(ctx, x)
		const want = "StateEntered W[0]\nStateAborted W[0]\nIterationAborted S[0]\nStateAborted S[]\nExecutionAborted []"
		if got := j.told(); !strings.HasSuffix(got, want) {
			t.Errorf("Run = %v; it tells\n%s\nwant\n%s", err, got, want)
		}
	})
}

// TestEvents_of_a_task_that_is_stopped: it is aborted; a state that takes no time never is.
func TestEvents_of_a_task_that_is_stopped(t *testing.T) {
	for _, test := range []struct{ definition, want string }{
		{`{"StartAt":"T","States":{"T":{"Type":"Task","Resource":"arn:aws:states:::lambda:invoke","Parameters":{"FunctionName":"f"},"End":true}}}`,
			"StateAborted T[]\nExecutionAborted []"},
		{`{"StartAt":"T","States":{"T":{"Type":"Task","Resource":"arn:aws:states:::lambda:invoke","Parameters":{"FunctionName":"stops"},"Next":"P"},"P":{"Type":"Pass","End":true}}}`,
			"StateExited T[]\nExecutionAborted []"},
	} {
		var j journal
		ctx, stop := context.WithCancel(t.Context())
		x := execution1(`{}`)
		x.Observe = j.observe
		x.Tasks = tasks(func(ctx context.Context, function string, _ any) (any, error) {
			stop()
			if function == "stops" {
				return "done", nil
			}
			return nil, ctx.Err()
		})
		_, err := parse(t, test.definition).Run(ctx, x)
		if got := j.told(); !errors.Is(err, ErrAborted) || !strings.HasSuffix(got, test.want) {
			t.Errorf("Run = %v; it tells\n%s\nwant at its end\n%s", err, got, test.want)
		}
	}
}
