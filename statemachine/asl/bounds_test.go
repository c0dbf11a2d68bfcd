package asl

import (
	"context"
	"errors"
	"io"
	"strings"
	"testing"
	"testing/iotest"
)

// TestIntrinsics_nest ten deep, and no deeper (A06).
func TestIntrinsics_nest(t *testing.T) {
	nested := func(n int) string {
		call := strings.Repeat("States.Array(", n) + "1" + strings.Repeat(")", n)
		return oneState(`{"Type":"Pass","Parameters":{"a.$":"` + call + `"},"End":true}`)
	}
	if _, err := Parse([]byte(nested(10))); err != nil {
		t.Errorf("10 deep: %v", err)
	}
	if _, err := Parse([]byte(nested(11))); err == nil || !strings.Contains(err.Error(), "nested more than 10 deep") {
		t.Errorf("11 deep: %v, want it to be refused", err)
	}
}

// cut is an object store whose connections break at once.
type cut struct{ Objects }

func (cut) Open(context.Context, string, string) (io.ReadCloser, error) {
	return io.NopCloser(iotest.ErrReader(errors.New("connection reset"))), nil
}

func TestItemReader_of_a_connection_that_breaks_at_once(t *testing.T) {
	x := execution1(`{"key":"items.jsonl"}`)
	x.Objects = cut{}
	x.Tasks = tasks(func(context.Context, string, any) (any, error) { return 0, nil })
	_, err := parse(t, fleet(lines)).Run(t.Context(), x)
	failed, ok := errors.AsType[*Error](err)
	if !ok || failed.Name != "States.ItemReaderFailed" || !strings.Contains(failed.Cause, "s3://in/items.jsonl: connection reset") {
		t.Errorf("Run = %v, want States.ItemReaderFailed that says why", err)
	}
}

// TestMachineWithoutAnARN lives nowhere, under its own name.
func TestMachineWithoutAnARN(t *testing.T) {
	for id, want := range map[string]string{
		machineARN: "arn:aws:states:eu-west-1:123456789012:mapRun:resize/L:u",
		"resize":   "arn:aws:states:local:000000000000:mapRun:resize/L:u",
		"a:b":      "arn:aws:states:local:000000000000:mapRun:a-b/L:u",
		"x:aws:states:eu-west-1:123456789012:stateMachine:resize": "arn:aws:states:local:000000000000:mapRun:x-aws-states-eu-west-1-123456789012-stateMachine-resize/L:u",
		"arn:aws:states": "arn:aws:states:local:000000000000:mapRun:arn-aws-states/L:u",
	} {
		if got := newMapRunARNs(id, "L", "u", true).run; got != want {
			t.Errorf("the Map Run of %s is %s, want %s", id, got, want)
		}
	}
}
