package cli

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"mapfleet/functions/job"
	"mapfleet/scripts/mapfleet/engine/storage"
)

// dryRun is what a dry run prints at its end; with --json it is the one object.
type dryRun struct {
	Run      string       `json:"run"`
	Status   string       `json:"status"`
	DryRun   bool         `json:"dryRun"`
	Seconds  float64      `json:"seconds"` // that the dry run took
	Estimate job.Estimate `json:"estimate"`

	batches int  // at a time
	remote  bool // not on this machine
}

// readDryRun reads what a run left if it was a dry one; ok is false if it was not.
func readDryRun(state, run string, took time.Duration) (d dryRun, ok bool, err error) {
	path := filepath.Join(state, storage.Work, filepath.FromSlash(job.ReportKey(run, "estimate.json")))
	data, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return d, false, nil
	}
	if err != nil {
		return d, false, err
	}
	var plan job.Plan
	if err := json.Unmarshal(data, &plan); err != nil || plan.Estimate == nil {
		return d, false, fmt.Errorf("read %s: it holds no estimate: %w", path, err)
	}
	return newDryRun(run, plan, took), true, nil
}

func newDryRun(run string, plan job.Plan, took time.Duration) dryRun {
	return dryRun{
		Run: run, Status: "SUCCEEDED", DryRun: true, Seconds: float64(took.Milliseconds()) / 1e3, Estimate: *plan.Estimate,
		batches: plan.Limits.MapRuns * plan.Limits.MaxConcurrency,
	}
}

func (d dryRun) writeJSON(w io.Writer) error {
	return json.NewEncoder(w).Encode(d)
}

func (d dryRun) writeText(w io.Writer) error {
	out, e := bufio.NewWriter(w), d.Estimate
	fmt.Fprintf(out, "%s %s in %s: a dry run, nothing was started\n", d.Run, d.Status, duration(d.Seconds))
	first := ""
	if !e.Complete {
		first = "the first "
	}
	fmt.Fprintf(out, "  %s%s listed: %s to write at most, %s ignored%s, %s failed%s\n",
		first, count(e.Items), count(e.ToWrite), count(total(e.IgnoredBy)), by(e.IgnoredBy), count(total(e.FailedBy)), by(e.FailedBy))
	fmt.Fprintf(out, "  %s to read, %s to write, in %s and %s\n",
		size(e.BytesToRead), counted(e.Outputs, "output", "outputs"), counted(e.Batches, "batch", "batches"), counted(e.MapRuns, "Map Run", "Map Runs"))
	fmt.Fprintf(out, "  time     about %s on AWS, with %s at a time\n", duration(e.Seconds), counted(d.batches, "batch", "batches"))
	here := "; nothing on this machine"
	if d.remote {
		here = ""
	}
	fmt.Fprintf(out, "  cost     about $%s on AWS (%s)%s\n", amount(e.USD), e.Prices, here)
	for _, line := range e.Lines {
		fmt.Fprintf(out, "           %-33s %16s x $%-12s = $%s\n", line.What, amount(line.Quantity)+" "+short(line.Unit), amount(line.Price), amount(line.USD))
	}
	for _, note := range e.Notes {
		fmt.Fprintf(out, "  note     %s\n", note)
	}
	return out.Flush()
}

func counted(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return count(n) + " " + many
}

func total(counts map[string]int) (n int) {
	for _, c := range counts {
		n += c
	}
	return n
}

// amount writes a number without an exponent: whole as it is, else with what matters of its fraction.
func amount(v float64) string {
	if v == float64(int64(v)) {
		return count(int64(v))
	}
	digits := strconv.FormatFloat(v, 'f', -1, 64)
	if whole, fraction, _ := strings.Cut(digits, "."); whole != "0" && len(fraction) > 2 {
		digits = strconv.FormatFloat(v, 'f', 2, 64)
	}
	return digits
}

// short writes a unit in a word.
func short(unit string) string { return strings.Replace(unit, "GB-second", "GB-s", 1) }
