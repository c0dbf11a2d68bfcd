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
