package account

import (
	"testing"

	"mapfleet/functions/job"
)

func TestMachine(t *testing.T) {
	for execution, want := range map[string]string{
		"arn:aws:states:eu-west-1:123456789012:execution:Resize:nightly":    "arn:aws:states:eu-west-1:123456789012:stateMachine:Resize",
		"arn:aws:states:us-east-1:000000000000:execution:mapfleet-resize:r": "", // ran on one machine
		"": "",
	} {
		p := page{Summary: job.Summary{Execution: execution}}
		if got := p.Machine(); got != want {
			t.Errorf("Machine of %q = %q, want %q", execution, got, want)
		}
	}
}

// TestRatio: what rounds to nothing is no difference.
func TestRatio(t *testing.T) {
	for _, c := range []struct {
		before, after int64
		want          string
	}{
		{1000, 1000, "the same size"}, {88_300, 88_700, "the same size"}, {1000, 996, "the same size"},
		{1000, 994, "1 % smaller"}, {1000, 1006, "1 % larger"}, {1000, 500, "2.00× smaller"}, {1000, 640, "36 % smaller"}, {500, 1000, "2.00× larger"}, {0, 10, ""},
	} {
		e := exhibit{Sample: job.Sample{Before: job.Picture{Bytes: c.before}, After: job.Picture{Bytes: c.after}}}
		if got := e.Ratio(); got != c.want {
			t.Errorf("Ratio of %d to %d bytes = %q, want %q", c.after, c.before, got, c.want)
		}
	}
}
