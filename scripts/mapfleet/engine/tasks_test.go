package engine

import (
	"testing"

	"mapfleet/statemachine/asl"
)

// TestItemCount_over_a_redrive counts each Map Run once: what had succeeded stays, what is redriven or
// begun anew counts as it ends.
func TestItemCount_over_a_redrive(t *testing.T) {
	run := func(arn, status string, items int64) asl.MapRun {
		return asl.MapRun{ARN: arn, Status: status, Items: asl.Counts{Total: items}}
	}
	c := newItemCount([]asl.MapRun{run("done", "SUCCEEDED", 1000), run("cut", "ABORTED", 300), run("other", "FAILED", 70)})
	again, fresh := run("cut", "SUCCEEDED", 500), run("new", "SUCCEEDED", 20)
	c.observe(asl.Event{Kind: asl.MapRunRedriven, MapRunARN: "cut", MapRun: &again})
	c.observe(asl.Event{Kind: asl.MapRunFinished, MapRunARN: "cut", MapRun: &again})
	c.observe(asl.Event{Kind: asl.MapRunFinished, MapRunARN: "new", MapRun: &fresh})
	if got := c.total(); got != 1520 {
		t.Errorf("total = %d, want 1,000 + 500 + 20", got)
	}
}
