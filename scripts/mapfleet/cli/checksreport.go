package cli

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"mapfleet/functions/job/checks"
	"mapfleet/scripts/mapfleet/engine"
)

// checksReport is what local checks print at their end; with --json it is the one object.
type checksReport struct {
	Run    string `json:"run"`
	Status string `json:"status"` // SUCCEEDED, FAILED, TIMED_OUT or ABORTED
	Error  string `json:"error,omitzero"`
	Cause  string `json:"cause,omitzero"`
	Skip   string `json:"skip,omitzero"` // why nothing was done

	Lines        int                         `json:"lines"` // = OK + Failing + Bad + NotDone
	OK           int                         `json:"ok"`
	Failing      int                         `json:"failing"`
	Bad          int                         `json:"bad"`
	NotDone      int                         `json:"notDone"`
	ByCode       map[checks.Code]int         `json:"byCode"`
	Availability float64                     `json:"availability"` // percent of what was asked
	Latency      map[string]checks.Quantiles `json:"milliseconds"`

	NewlyFailing    int `json:"newlyFailing"`
	Recovered       int `json:"recovered"`
	NoLongerChecked int `json:"noLongerChecked"` // were failing, and are in the file no more

	Batches int     `json:"batches"`
	Seconds float64 `json:"seconds"`

	OvertakenBy  string `json:"overtakenBy,omitzero"` // the later run whose results stay where they are
	Results      string `json:"results"`              // file
	FailingLines string `json:"failingLines"`         // file of JSON Lines
	Report       string `json:"report"`               // file; empty if the run ended before there was anything to report

	told string // where, in words; empty: nowhere, for nothing changed
	open func() (io.ReadCloser, error)
}

func newChecksReport(o engine.Outcome, took time.Duration, c engine.Config, results string) checksReport {
	r := checksReport{
		Run: o.Run, Status: o.Status, Error: o.Error, Cause: plainCause(o.Cause), Seconds: float64(took.Milliseconds()) / 1e3,
		ByCode: map[checks.Code]int{}, Latency: map[string]checks.Quantiles{},
	}
	s := o.Checks
	if s == nil {
		var plan checks.Plan
		_ = json.Unmarshal(o.Output, &plan) // of a run that was skipped; else there is none
		r.Skip = plan.Skip
		return r
	}
	r.count(*s)
	r.Results, r.FailingLines, r.Report = results, o.Failures, o.Report
	r.open = func() (io.ReadCloser, error) { return os.Open(o.Failures) }
	if r.OvertakenBy != "" {
		r.Results = filepath.Join(filepath.Dir(o.Report), path.Base(s.Output))
	}
	if published(*s, o.Status, o.Error) {
		r.told = "told in " + engine.Alerts(c.State)
	}
	if sum := int64(r.OK + r.Failing + r.Bad + r.NotDone); o.Status == "SUCCEEDED" && (sum != o.MapItems || sum != int64(r.Lines)) {
		r.Status, r.Error = "FAILED", "AccountsDisagree"
		r.Cause = fmt.Sprintf("the Map Run counted %d lines, the report %d of %d", o.MapItems, sum, r.Lines)
	}
	return r
}

// published says whether a run has told what changed, by how it ended: it tells before it is judged.
func published(s checks.Summary, status, failure string) bool {
	return s.Alert.Changed && (status == "SUCCEEDED" || slices.Contains(judgements, failure))
}

// judgements are the errors with which the state machine of checks fails a run that came to its own end.
var judgements = []string{"AccountsDisagree", "LinesNotDone"}

// count takes over the counts of a summary.
func (r *checksReport) count(s checks.Summary) {
	r.Lines, r.OK, r.Failing, r.Bad, r.NotDone, r.ByCode = s.Lines, s.OK, s.Failing, s.Bad, s.NotDone, s.ByCode
	r.Availability, r.Latency, r.Batches = s.Availability, s.Latency, s.Batches
	r.NewlyFailing, r.Recovered, r.NoLongerChecked, r.OvertakenBy = s.Alert.New, s.Alert.Recovered, s.Alert.Gone, s.OvertakenBy
}

func (r checksReport) writeJSON(w io.Writer) error {
	return json.NewEncoder(w).Encode(r)
}

func (r checksReport) writeText(w io.Writer) error {
	out := bufio.NewWriter(w)
	fmt.Fprintf(out, "%s %s in %s\n", r.Run, r.Status, duration(r.Seconds))
	if r.Error != "" || r.Cause != "" {
		fmt.Fprintf(out, "  %s\n", strings.ReplaceAll(strings.Trim(r.Error+": "+r.Cause, ": "), "\n", "\n  "))
	}
	if r.Skip != "" {
		fmt.Fprintf(out, "  nothing was done: %s\n", r.Skip)
	}
	if r.Report == "" {
		return out.Flush()
	}
	failing := map[string]int{}
	for code, n := range r.ByCode {
		if code != checks.OK && code != checks.BadLine && code != checks.NotDone {
			failing[string(code)] = n
		}
	}
	lines := "lines"
	if r.Lines == 1 {
		lines = "line"
	}
	fmt.Fprintf(out, "  %s %s: %s OK, %s failing%s, %s bad, %s not done\n",
		count(r.Lines), lines, count(r.OK), count(r.Failing), by(failing), count(r.Bad), count(r.NotDone))
	if q := r.Latency["total"]; q.Count > 0 {
		fmt.Fprintf(out, "  %.4g %% available; half of %s answers within %s, 95 %% within %s, the slowest %s\n",
			r.Availability, count(q.Count), latency(q.P50), latency(q.P95), latency(q.Max))
	}
	r.writeFailing(out)
	fmt.Fprintf(out, "  changes  %s newly failing, %s recovered", count(r.NewlyFailing), count(r.Recovered))
	if r.NoLongerChecked > 0 {
		fmt.Fprintf(out, ", %s no longer checked", count(r.NoLongerChecked))
	}
	if r.told != "" {
		fmt.Fprintf(out, "; %s", r.told)
	}
	if r.OvertakenBy != "" {
		fmt.Fprintf(out, "\n  late     %s, which began later, has reported before: its results stay where they are", r.OvertakenBy)
	}
	fmt.Fprintf(out, "\n  results  %s\n  report   %s\n", r.Results, r.Report)
	return out.Flush()
}

// writeFailing names the first lines that are not OK.
func (r checksReport) writeFailing(out io.Writer) {
	file, err := r.open()
	if err != nil {
		return
	}
	defer file.Close()
	lines := json.NewDecoder(bufio.NewReader(file))
	for range shownFailures {
		var f checks.Finding
		if lines.Decode(&f) != nil {
			return
		}
		who := strings.TrimSpace(f.ID + " " + f.URL)
		fmt.Fprintf(out, "  failing  line %d %q: %s: %s\n", f.Line, who, f.Code, f.Message)
	}
	if more := r.Failing + r.Bad - shownFailures; more > 0 {
		fmt.Fprintf(out, "  failing  … and %s more, in %s\n", count(more), r.FailingLines)
	}
}
