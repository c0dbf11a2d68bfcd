package cli

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"
	"unicode"

	"mapfleet/functions/job"
	"mapfleet/scripts/mapfleet/engine"
)

// localReport is what a local run prints at its end; with --json it is the one object.
type localReport struct {
	Run    string `json:"run"`
	Status string `json:"status"` // SUCCEEDED, FAILED, TIMED_OUT or ABORTED
	Error  string `json:"error,omitzero"`
	Cause  string `json:"cause,omitzero"`

	Listed     int `json:"listed"`
	Written    int `json:"written"`
	Current    int `json:"current"`
	Ignored    int `json:"ignored"`
	Failed     int `json:"failed"`
	NotStarted int `json:"notStarted"`

	Batches  int     `json:"batches"`
	MapRuns  int     `json:"mapRuns"`
	Seconds  float64 `json:"seconds"`
	BytesIn  int64   `json:"bytesIn"`
	BytesOut int64   `json:"bytesOut"`

	IgnoredBy map[string]int `json:"ignoredBy"`
	FailedBy  map[string]int `json:"failedBy"`
	Report    string         `json:"report"` // file; empty if the run ended before there was anything to report

	RedriveCount int          `json:"redriveCount"`
	Retry        *retryReport `json:"retry,omitzero"` // of mapfleet retry

	failures string // file of job.Failure lines, or its URL; empty: there is none
	open     func() (io.ReadCloser, error)
	redriven bool // Seconds are from the first start on, with all that passed between attempts
	far      bool // they are read over a network: the text counts no more of them than it shows
}

func newLocalReport(o engine.Outcome, took time.Duration) localReport {
	r := localReport{
		Run: o.Run, Status: o.Status, Error: o.Error, Cause: plainCause(o.Cause),
		Seconds: float64(took.Milliseconds()) / 1e3, Report: o.Report, RedriveCount: o.RedriveCount, failures: o.Failures,
		IgnoredBy: map[string]int{}, FailedBy: map[string]int{},
		open: func() (io.ReadCloser, error) { return os.Open(o.Failures) },
	}
	s := o.Summary
	if s == nil {
		return r
	}
	r.count(*s)
	if counted := int64(s.Listed + s.NotStarted); o.Status == "SUCCEEDED" && counted != o.MapItems {
		r.Status, r.Error = "FAILED", "AccountsDisagree"
		r.Cause = fmt.Sprintf("the Map Runs counted %d items, the report %d", o.MapItems, counted)
	}
	return r
}

// count takes over the counts of a summary.
func (r *localReport) count(s job.Summary) {
	r.Listed, r.Written, r.Current, r.Ignored, r.Failed, r.NotStarted = s.Listed, s.Written, s.Current, s.Ignored, s.Failed, s.NotStarted
	r.Batches, r.MapRuns, r.BytesIn, r.BytesOut = s.Batches, s.MapRuns, s.BytesIn, s.BytesOut
	if s.IgnoredBy != nil {
		r.IgnoredBy = s.IgnoredBy
	}
	if s.FailedBy != nil {
		r.FailedBy = s.FailedBy
	}
}

// of returns the report of a retry; nil: of no retry.
func (r localReport) of(retry *retryReport) localReport {
	if r.Retry = retry; retry == nil || retry.stillFailing == nil || r.Status != "SUCCEEDED" {
		return r
	}
	if wrong := retry.stillFailing(r.Failed); wrong != "" {
		r.Status, r.Error, r.Cause = "FAILED", "TooManyFailures", wrong
	}
	return r
}

// plainCause takes the message out of the JSON that Lambda makes of an error.
func plainCause(cause string) string {
	var described struct {
		ErrorMessage string `json:"errorMessage"`
	}
	if json.Unmarshal([]byte(cause), &described) == nil && described.ErrorMessage != "" {
		return described.ErrorMessage
	}
	return cause
}

// writeJSON writes r with each failure as one object. The failures are streamed: there may be many.
func (r localReport) writeJSON(w io.Writer) error { return r.writeAs(w, r) }

// writeAs writes of, an object that has more to say than r.
func (r localReport) writeAs(w io.Writer, of any) error {
	head, err := json.Marshal(of)
	if err != nil {
		return err
	}
	out := bufio.NewWriter(w)
	out.Write(head[:len(head)-1])
	out.WriteString(`,"failures":[`)
	separator := ""
	err = r.eachFailure(func(line []byte) error {
		out.WriteString(separator)
		out.Write(line)
		separator = ","
		return nil
	})
	out.WriteString("]}\n")
	return errors.Join(err, out.Flush())
}

func (r localReport) eachFailure(visit func(line []byte) error) error {
	if r.failures == "" || r.Failed == 0 {
		return nil
	}
	f, err := r.open()
	if err != nil {
		return err
	}
	defer f.Close()
	lines := bufio.NewReader(f)
	for {
		line, err := lines.ReadBytes('\n')
		if len(line) > 1 {
			if err := visit(line[:len(line)-1]); err != nil {
				return err
			}
		}
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
	}
}

// shownFailures is how many failures the text names.
const shownFailures = 10

// place says where the results of a run are, and how it is retried, and its report shown.
type place struct{ again, results, console, open string }

func folders(run string, c engine.Config) place {
	return place{again: "mapfleet retry " + run + " " + folderFlags(c), results: c.Destination}
}

func (r localReport) writeText(w io.Writer, p place) error {
	out := bufio.NewWriter(w)
	since := ""
	if r.redriven {
		since = " since its first start"
	}
	fmt.Fprintf(out, "%s %s in %s%s\n", r.Run, r.Status, duration(r.Seconds), since)
	if r.Error != "" || r.Cause != "" {
		fmt.Fprintf(out, "  %s\n", strings.ReplaceAll(strings.Trim(r.Error+": "+r.Cause, ": "), "\n", "\n  "))
	}
	if r.Report != "" {
		fmt.Fprintf(out, "  %s listed: %s written, %s current, %s ignored%s, %s failed%s\n",
			count(r.Listed), count(r.Written), count(r.Current), count(r.Ignored), by(r.IgnoredBy), count(r.Failed), by(r.FailedBy))
		if r.NotStarted > 0 {
			fmt.Fprintf(out, "  %s more were not finished; what was not read of the source by then is not counted\n", count(r.NotStarted))
		}
		if r.BytesOut > 0 {
			fmt.Fprintf(out, "  %s read, %s written\n", size(r.BytesIn), size(r.BytesOut))
		}
		r.writeFailures(out)
	}
	if r.Report != "" && (r.Failed > 0 || r.Status != "SUCCEEDED") || r.cutOff() {
		fmt.Fprintf(out, "  again    %s\n", p.again)
		if r.Error == tripped {
			fmt.Fprintln(out, "           Pictures that fail again end it again: mend them before, or start a new run with a higher")
			fmt.Fprintln(out, "           toleratedFailurePercentage. What is written is not done again.")
		}
	}
	if r.Report != "" {
		if p.results != "" {
			fmt.Fprintf(out, "  results  %s\n", p.results)
		}
		fmt.Fprintf(out, "  report   %s\n", r.Report)
		if p.open != "" {
			fmt.Fprintf(out, "  open     %s\n", p.open)
		}
	}
	if p.console != "" {
		fmt.Fprintf(out, "  console  %s\n", p.console)
	}
	return out.Flush()
}

// tripped is the error of a run that ended early because more failed than it tolerates. Redriven it would end there
// again if they fail again.
const tripped = "States.ExceedToleratedFailureThreshold"

// cutOff says whether the run was ended from outside, which a retry mends also where no report was made.
func (r localReport) cutOff() bool { return r.Status == "ABORTED" || r.Status == "TIMED_OUT" }

// errEnough ends the reading of failures.
var errEnough = errors.New("enough")

func (r localReport) writeFailures(out io.Writer) {
	shown := 0
	_ = r.eachFailure(func(line []byte) error {
		var f job.Failure
		if err := json.Unmarshal(line, &f); err != nil {
			return err
		}
		if shown++; shown > shownFailures {
			if r.far {
				return errEnough
			}
			return nil
		}
		variant := ""
		if f.Variant != "" {
			variant = " (" + f.Variant + ")"
		}
		fmt.Fprintf(out, "  failed   %q%s: %s: %s\n", f.Key, variant, f.Code, f.Message)
		return nil
	})
	switch {
	case shown > shownFailures && r.far:
		fmt.Fprintf(out, "  failed   … and more, in %s\n", r.failures)
	case shown > shownFailures:
		fmt.Fprintf(out, "  failed   … and %s more, in %s\n", count(shown-shownFailures), r.failures)
	}
}

// folderFlags names the folders of a run the way a shell takes them.
func folderFlags(c engine.Config) string {
	flags := []string{"--in", c.Source, "--out", c.Destination}
	if c.State != filepath.Join(c.Destination, ".mapfleet") {
		flags = append(flags, "--state", c.State)
	}
	for i, word := range flags {
		if strings.ContainsFunc(word, func(r rune) bool {
			return !strings.ContainsRune("-_./+=:,@", r) && !unicode.IsLetter(r) && !unicode.IsDigit(r)
		}) {
			flags[i] = "'" + strings.ReplaceAll(word, "'", `'\''`) + "'"
		}
	}
	return strings.Join(flags, " ")
}
