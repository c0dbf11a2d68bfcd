package checks

import "time"

// Summary is what a run amounts to: summary.json, and the output of the execution.
type Summary struct {
	Run       string    `json:"run"`
	Execution string    `json:"execution"`
	Status    string    `json:"status"` // SUCCEEDED, FAILED, TIMED_OUT or ABORTED
	Message   string    `json:"message"`
	Started   time.Time `json:"started"`
	Finished  time.Time `json:"finished"`
	Seconds   float64   `json:"seconds"`
	File      string    `json:"file"` // s3:// URL

	Lines   int          `json:"lines"`   // of the file = OK + Failing + Bad + NotDone
	OK      int          `json:"ok"`      // as expected
	Failing int          `json:"failing"` // asked, and not as expected; or not asked: Blocked, HostSilent, NoTime
	Bad     int          `json:"bad"`     // lines that hold no check: BadLine
	NotDone int          `json:"notDone"` // nothing is known: their batch failed, or was not started
	ByCode  map[Code]int `json:"byCode"`  // all of Lines
	Retried int          `json:"retried"`
	Bytes   int64        `json:"bytes"`
	Batches int          `json:"batches"` // that succeeded
	// Availability is the share of OK in OK and Failing, in percent; 0 if there are neither.
	Availability float64 `json:"availability"`

	// Latency has the parts dns, connect, tls, firstByte and total.
	Latency map[string]Quantiles `json:"milliseconds"`
	// Balanced says that every line of the file is counted exactly once, and that the findings agree with
	// what the batches say of themselves. Notes say why not.
	Balanced bool     `json:"balanced"`
	Notes    []string `json:"notes,omitempty"`

	Alert Alert `json:"alert"`

	// OvertakenBy is the run that began later and reported before, or empty. Then Output is not where the
	// plan says but beside the report, with URLs as Shown, and Alert is of nothing that is told.
	OvertakenBy string `json:"overtakenBy,omitzero"`

	Output string `json:"output"` // s3:// URL of the results of all lines, in the order of the file
	// FailingLines is the s3:// URL of the findings that are not OK, as JSON Lines.
	FailingLines string `json:"failingLines"`
	Report       string `json:"report"` // s3:// URL of report.html
}

// Alert is what changed since the last run over the same file.
type Alert struct {
	Changed   bool `json:"changed"` // somebody should be told
	New       int  `json:"newlyFailing"`
	Recovered int  `json:"recovered"`
	Still     int  `json:"stillFailing"`
	Gone      int  `json:"noLongerChecked"` // were failing, and are in the file no more; told once

	Subject string `json:"subject"` // at most 100 characters of ASCII (A70 of package asl)
	Message string `json:"message"`
}

// NotDone is the code of a line in the results that nothing is known of: its batch failed, or was not
// started. It is in no finding.
const NotDone Code = "NotDone"

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
