package main

import (
	"time"

	"mapfleet/functions/job/checks"
	"mapfleet/functions/telemetry"
)

// tell tells of one round of a batch: Requests (lines that hold a check, asked or not), Failed of them, Retried,
// BadLines, BytesIn; Answered, and the time that those took in all and by stage; and Failed by verdict.
func tell(m telemetry.Metrics, t checks.Tally) error {
	bad, l := t.ByCode[checks.BadLine], t.Latency
	values := []telemetry.Metric{
		{Name: "Requests", Unit: telemetry.Count, Value: int64(t.Lines - bad)},
		{Name: "Failed", Unit: telemetry.Count, Value: int64(t.NotOK - bad)},
		{Name: "Retried", Unit: telemetry.Count, Value: int64(t.Retried)},
		{Name: "BadLines", Unit: telemetry.Count, Value: int64(bad)},
		{Name: "BytesIn", Unit: telemetry.Bytes, Value: t.Bytes},
		{Name: "Answered", Unit: telemetry.Count, Value: l.Total.Count},
	}
	for _, stage := range []struct {
		name string
		took time.Duration
	}{
		// Each is a part of the whole; what is left is waiting for the answer, and reading it.
		{"Dns", l.DNS.Sum}, {"Connect", l.Connect.Sum}, {"Tls", l.TLS.Sum}, {"FirstByte", l.FirstByte.Sum}, {"Total", l.Total.Sum},
	} {
		values = append(values, telemetry.Metric{Name: stage.name + "Milliseconds", Unit: telemetry.Milliseconds, Value: stage.took.Milliseconds()})
	}
	failed := map[string]int{}
	for code, n := range t.ByCode {
		if code != checks.OK && code != checks.BadLine {
			failed[string(code)] = n
		}
	}
	return m.Tell(values, failed)
}
