package checks

import "time"

// Summary is what a run amounts to: summary.json, and the output of the execution. Lines that are in no
// finding are Missing: those of batches that failed or were not started.
type Summary struct {
	Run       string    `json:"run"`
	Execution string    `json:"execution"`
	Status    string    `json:"status"` // SUCCEEDED, FAILED, TIMED_OUT or ABORTED
	Message   string    `json:"message"`
	Started   time.Time `json:"started"`
	Finished  time.Time `json:"finished"`
	Seconds   float64   `json:"seconds"`

	Lines   int          `json:"lines"` // of the input = OK + NotOK + Missing
	OK      int          `json:"ok"`
	NotOK   int          `json:"notOk"`
	Missing int          `json:"missing"`
	ByCode  map[Code]int `json:"byCode"`
	Retried int          `json:"retried"`
	Bytes   int64        `json:"bytes"`
	Batches int          `json:"batches"`

	// Latency has the parts dns, connect, tls, firstByte and total.
	Latency  map[string]Quantiles `json:"milliseconds"`
	Balanced bool                 `json:"balanced"` // the findings and the tallies of the batches agree

	// Alert says whether somebody should be told: a line is not OK, or missing. Failing are the first of
	// those that are not OK, in the order of their lines, as many as a message has room for.
	Alert   bool      `json:"alert"`
	Failing []Finding `json:"failing"`

	Output string `json:"output"` // s3:// URL of the findings of all lines, in the order of the input
}

// Quantiles describes a distribution in milliseconds.
type Quantiles struct {
	Count int64   `json:"count"`
	Mean  float64 `json:"mean"`
	P50   float64 `json:"p50"`
	P90   float64 `json:"p90"`
	P95   float64 `json:"p95"`
	P99   float64 `json:"p99"`
	Max   float64 `json:"max"`
}

// Quantiles returns the histogram in short.
func (h *Histogram) Quantiles() Quantiles {
	return Quantiles{
		Count: h.Count, Mean: milliseconds(h.Mean()), Max: milliseconds(h.Max),
		P50: milliseconds(h.Quantile(0.5)), P90: milliseconds(h.Quantile(0.9)), P95: milliseconds(h.Quantile(0.95)), P99: milliseconds(h.Quantile(0.99)),
	}
}

// Quantiles returns all parts in short, by the names that a Summary has for them.
func (l *Latencies) Quantiles() map[string]Quantiles {
	return map[string]Quantiles{
		"dns": l.DNS.Quantiles(), "connect": l.Connect.Quantiles(), "tls": l.TLS.Quantiles(),
		"firstByte": l.FirstByte.Quantiles(), "total": l.Total.Quantiles(),
	}
}
