package main

import (
	"context"
	"errors"
	"testing"

	"mapfleet/functions/job"
)

func TestMemory(t *testing.T) {
	for _, c := range []struct {
		given string
		want  int64 // MiB
	}{
		{"128", 48}, {"512", 336}, {"1769", 1278}, {"10240", 7632}, {"", 0}, {"64", 0}, {"1769MB", 0}, {"-1769", 0},
	} {
		got, err := memory(c.given)
		if got>>20 != c.want || (err != nil) != (c.want == 0) {
			t.Errorf("memory(%q) = %d MiB, %v, want %d", c.given, got>>20, err, c.want)
		}
	}
}

func TestHandler_ends_a_process_that_is_stuck(t *testing.T) {
	answers := func(err error) func(context.Context, job.Batch) (job.Result, error) {
		return func(context.Context, job.Batch) (job.Result, error) {
			return job.Result{Done: job.Tally{Listed: 1}}, err
		}
	}
	throttled := job.Throttled{Message: "slow down"}
	for _, want := range []error{nil, throttled, context.DeadlineExceeded} {
		if result, err := handler(answers(want))(t.Context(), job.Batch{}); !errors.Is(err, want) || result.Done.Listed != 1 {
			t.Errorf("handler returns %+v, %v, want what the worker returned, %v", result, err, want)
		}
	}
	defer func() {
		if got := recover(); got != (job.Stuck{Message: "cat.jpg"}) {
			t.Errorf("the panic's value is %T %v, want job.Stuck: its type is what the state machine matches", got, got)
		}
	}()
	_, _ = handler(answers(job.Stuck{Message: "cat.jpg"}))(t.Context(), job.Batch{})
	t.Error("it returned")
}
