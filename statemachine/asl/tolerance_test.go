package asl

import (
	"bytes"
	"context"
	"errors"
	"sync/atomic"
	"testing"
)

func TestTolerance(t *testing.T) {
	tests := []struct {
		name          string
		count         int64
		percentage    float64
		failed, total int64
		listed        bool
		want          bool
	}{
		{"none, nothing failed", -1, -1, 0, 10, false, false},
		{"none, one failed", -1, -1, 1, 1 << 20, false, true},
		{"count reached", 5, -1, 5, 5, true, false},
		{"count exceeded", 5, -1, 6, 1 << 20, false, true},
		{"one batch of a large run", -1, 5, 50, 100, false, false},
		{"more than that", -1, 5, 51, 100, false, true},
		{"of the true number", -1, 5, 50, 100, true, true},
		{"reached", -1, 50, 50, 100, true, false},
		{"fraction", -1, 0.1, 2, 1000, true, true},
		{"either", 100, 1, 11, 1000, true, true},
		{"either way", 10, 100, 11, 1000, true, true},
		{"all may fail", -1, 100, 1000, 1000, true, false},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if got := (tolerance{test.count, test.percentage}).exceeded(test.failed, test.total, test.listed); got != test.want {
				t.Errorf("exceeded(%d, %d, %v) = %v, want %v", test.failed, test.total, test.listed, got, test.want)
			}
		})
	}
}

func TestDistributed_too_many_failures(t *testing.T) {
	var j journal
	x := execution1(`{"prefix":"runs/","limits":{"percentage":5}}`)
	s := filled(20_000)
	x.Objects, x.Observe = s, j.observe
	var running atomic.Int64
	x.Tasks = tasks(func(ctx context.Context, _ string, payload any) (any, error) {
		if running.Add(1) > 3 {
			return nil, &Error{Name: "BatchFailed", Cause: "wrong recipe"}
		}
		<-ctx.Done() // aborted with the run
		return nil, ctx.Err()
	})
	_, err := parse(t, fleet(listing+exporter+`"ItemBatcher":{"MaxItemsPerBatch":100},"MaxConcurrency":4,"ToleratedFailurePercentagePath":"$.limits.percentage",`)).Run(t.Context(), x)
	if e, _ := errors.AsType[*Error](err); e == nil || e.Name != errorToleranceLimit {
		t.Fatalf("Run = %v, want %s", err, errorToleranceLimit)
	}
	run := j.mapRun(t)
	if run.Status != "FAILED" || run.Executions.Aborted != 3 || run.Executions.Running != 0 || run.Executions.Failed < 1 || run.Executions.Failed > 15 {
		t.Errorf("Map Run = %+v, want FAILED with 3 aborted children and few failed ones", run)
	}
	if i := run.Items; i.Total != i.Pending+i.Failed+i.Aborted || run.Executions.Total != run.Executions.Pending+run.Executions.Failed+3 {
		t.Errorf("counts do not add up: %+v", run)
	}
	files := resultFilesOf(t, s)
	if n := bytes.Count(files["FAILED_0.json"], []byte(`"Status":"FAILED"`)); n != int(run.Executions.Failed) {
		t.Errorf("FAILED_0.json has %d failures, want %d", n, run.Executions.Failed)
	}
	if n := bytes.Count(files["FAILED_0.json"], []byte(`"Status":"ABORTED"`)); n != 3 {
		t.Errorf("FAILED_0.json has %d aborted children, want 3", n)
	}
	if n := bytes.Count(files["PENDING_0.json"], []byte(`"Status":"PENDING"`)); n != int(run.Executions.Pending) || n == 0 {
		t.Errorf("PENDING_0.json has %d children, want %d", n, run.Executions.Pending)
	}
}

func TestDistributed_within_tolerance(t *testing.T) {
	var j journal
	x := execution1(`{}`)
	x.Objects, x.Observe = filled(1000), j.observe
	var calls atomic.Int64
	x.Tasks = tasks(func(context.Context, string, any) (any, error) {
		if calls.Add(1) == 1 {
			return nil, errors.New("once")
		}
		return nil, nil
	})
	_, err := parse(t, fleet(listing+`"ItemBatcher":{"MaxItemsPerBatch":100},"MaxConcurrency":1,"ToleratedFailurePercentage":10,"OutputPath":null,"ResultPath":null,`)).Run(t.Context(), x)
	if run := j.mapRun(t); err != nil || run.Items.Failed != 100 || run.Items.Succeeded != 900 || run.Status != "SUCCEEDED" {
		t.Errorf("Run = %v, %+v, want success with 100 of 1000 failed", err, run)
	}
	if run := j.mapRun(t); run.MaxConcurrency != 1 {
		t.Errorf("MaxConcurrency = %d", run.MaxConcurrency)
	}
}
