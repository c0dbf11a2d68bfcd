package account

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"mapfleet/functions/job"
	"mapfleet/functions/report/look"
)

// Good says whether the verdict is good news.
func (p page) Good() bool { return p.Summary.Status == "SUCCEEDED" }

// Headline is the status in a word or two.
func (p page) Headline() string {
	switch p.Summary.Status {
	case "SUCCEEDED":
		return "Succeeded"
	case "TIMED_OUT":
		return "Timed out"
	case "ABORTED":
		return "Stopped"
	}
	return "Failed"
}

// Empty says whether the run met no picture at all.
func (p page) Empty() bool { return p.Summary.Listed == 0 && p.Summary.NotStarted == 0 }

// Tripped says whether the run ended early because more failed than it tolerates. Redriven it would end there again
// if they fail again.
func (p page) Tripped() bool {
	return p.Summary.Status == "FAILED" && !p.Summary.WithinTolerance && p.Summary.NotStarted > 0
}

// Fates divides the listed items by what became of them.
func (p page) Fates() []look.Segment {
	s := p.Summary
	return look.Bar([]look.Amount{
		{Class: "written", Label: "Written", Value: look.Count(s.Written), N: float64(s.Written)},
		{Class: "current", Label: "Current", Value: look.Count(s.Current), N: float64(s.Current)},
		{Class: "ignored", Label: "Ignored", Value: look.Count(s.Ignored), N: float64(s.Ignored)},
		{Class: "failed", Label: "Failed", Value: look.Count(s.Failed), N: float64(s.Failed)},
	})
}

// Saved says by how much the outputs are smaller than their sources.
func (p page) Saved() string {
	in, out := p.Summary.BytesIn, p.Summary.BytesOut
	switch {
	case in == 0 || out == 0:
		return ""
	case out <= in:
		return fmt.Sprintf("%s saved (%s)", look.Size(in-out), look.Share(float64(in-out), float64(in)))
	}
	return fmt.Sprintf("%s more than before (%s)", look.Size(out-in), look.Share(float64(out-in), float64(in)))
}

// Weights sets bytes in and out side by side, as shares of the larger.
func (p page) Weights() []look.Segment {
	in, out := p.Summary.BytesIn, p.Summary.BytesOut
	larger := float64(max(in, out, 1))
	return []look.Segment{
		{Class: "source", Label: "Read", Value: look.Size(in), X: "0", Width: fmt.Sprintf("%.3f", 100*float64(in)/larger)},
		{Class: "written", Label: "Written", Value: look.Size(out), X: "0", Width: fmt.Sprintf("%.3f", max(100*float64(out)/larger, 0.6))},
	}
}

// Chart is the chart of batches over time, or nil.
func (p page) Chart() *area {
	if a, ok := p.timeline.chart(); ok {
		return &a
	}
	return nil
}

// Stages divides the workers' time. Stages that are not known come last, by name.
func (p page) Stages() []look.Segment {
	var amounts []look.Amount
	names := []string{"fetch", "decode", "resize", "encode", "put"}
	for name := range p.Summary.Milliseconds {
		if !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	slices.Sort(names[5:])
	for i, name := range names {
		if ms := p.Summary.Milliseconds[name]; ms > 0 {
			amounts = append(amounts, look.Amount{Class: fmt.Sprintf("stage%d", min(i, 5)), Label: look.Capital(name), Value: look.Duration(float64(ms) / 1000), N: float64(ms)})
		}
	}
	return look.Bar(amounts)
}

// reasonRow is a line of a table of codes.
type reasonRow struct {
	Code, Count string
	Example     *job.Failure
	explanation
}

// FailedBy lists the codes of failures, the most frequent first.
func (p page) FailedBy() []reasonRow { return p.rows(p.Summary.FailedBy) }

// IgnoredBy lists the codes of ignored items.
func (p page) IgnoredBy() []reasonRow { return p.rows(p.Summary.IgnoredBy) }

func (p page) rows(counts map[string]int) []reasonRow {
	var rows []reasonRow
	for _, code := range look.ByCount(counts) {
		row := reasonRow{Code: code, Count: look.Count(counts[code]), explanation: explain(code)}
		if f, ok := p.ledger.examples[code]; ok {
			row.Example = &f
		}
		rows = append(rows, row)
	}
	return rows
}

// Failures are the first lines of failures.jsonl.
func (p page) Failures() []job.Failure { return p.ledger.first }

// Lines is how many lines failures.jsonl has.
func (p page) Lines() string { return look.Count(p.ledger.lines) }

// More says whether failures.jsonl has more lines than the page.
func (p page) More() bool { return p.ledger.lines > len(p.ledger.first) }

// Again is the run input that runs the failures again: what makes the outputs, Prepare takes from this run's plan.
func (p page) Again() string {
	data, _ := json.Marshal(map[string]string{"retryFailuresOf": p.Summary.Run})
	return string(data)
}

// localAccount is the account of an execution that ran on one machine: AWS has none of that number.
const localAccount = "000000000000"

// Machine is the ARN of the state machine, or nothing if the execution's ARN does not tell it, or it is none of AWS's.
func (p page) Machine() string {
	parts := strings.Split(p.Summary.Execution, ":")
	if len(parts) != 8 || parts[5] != "execution" || parts[4] == localAccount {
		return ""
	}
	parts[5] = "stateMachine"
	return strings.Join(parts[:7], ":")
}
