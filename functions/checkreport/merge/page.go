package merge

import (
	"bytes"
	_ "embed"
	"fmt"
	"html/template"
	"slices"
	"strings"
	"time"

	"mapfleet/functions/job/checks"
	"mapfleet/functions/report/look"
)

//go:embed report.gohtml
var reportTemplate string

// page is what report.html is made from.
type page struct {
	Summary checks.Summary
	Plan    checks.Plan
	Before  *past // nil: there is no earlier run to compare with

	book *book
}

// render returns the page: one file that loads nothing, as the policy in it says.
func (p page) render() ([]byte, error) {
	t, err := template.New("report").Funcs(look.Funcs()).Funcs(template.FuncMap{
		"ms":     func(ms float64) string { return look.Latency(time.Duration(ms * 1e6)) },
		"took":   look.Latency,
		"many":   look.Count[int64],
		"middle": func(text string) string { return look.Middle(look.Visible(text), 160) },
	}).Parse(reportTemplate)
	if err != nil {
		return nil, fmt.Errorf("parse the report's template: %w", err)
	}
	var out bytes.Buffer
	if err := t.Execute(&out, p); err != nil {
		return nil, fmt.Errorf("write the report: %w", err)
	}
	return out.Bytes(), nil
}

// Good says whether the verdict is good news: all is as expected, and known.
func (p page) Good() bool {
	return p.Summary.Status == "SUCCEEDED" && p.Summary.Failing == 0 && p.Summary.Bad == 0
}

// CutOff says whether the run was ended from outside, and goes on by a redrive.
func (p page) CutOff() bool { return p.Summary.Status == "ABORTED" || p.Summary.Status == "TIMED_OUT" }

// Headline is the outcome in a few words.
func (p page) Headline() string {
	s := p.Summary
	switch {
	case s.Status == "TIMED_OUT":
		return "Timed out"
	case s.Status == "ABORTED":
		return "Stopped"
	case s.Status != "SUCCEEDED":
		return "Failed"
	case s.Failing == 1:
		return "1 failing"
	case s.Failing > 0:
		return look.Count(s.Failing) + " failing"
	case s.Bad == 1:
		return "1 bad line"
	case s.Bad > 0:
		return look.Count(s.Bad) + " bad lines"
	}
	return "All well"
}

// Verdict is the message without where the report is.
func (p page) Verdict() string {
	text, _, _ := strings.Cut(p.Summary.Message, "; see s3://")
	return text
}

// Fates divides the lines by what became of them.
func (p page) Fates() []look.Segment {
	s := p.Summary
	return look.Bar([]look.Amount{
		{Class: "written", Label: "OK", Value: look.Count(s.OK), N: float64(s.OK)},
		{Class: "failed", Label: "Failing", Value: look.Count(s.Failing), N: float64(s.Failing)},
		{Class: "stage2", Label: "Bad lines", Value: look.Count(s.Bad), N: float64(s.Bad)},
		{Class: "ignored", Label: "Not done", Value: look.Count(s.NotDone), N: float64(s.NotDone)},
	})
}

// Asked says whether any request was made.
func (p page) Asked() bool { return p.Summary.OK+p.Summary.Failing > 0 }

// Availability is the share of OK in what was asked.
func (p page) Availability() string { return availability(p.Summary) }

// part is a row of the table of latencies.
type part struct {
	Name string
	checks.Quantiles
}

// Parts are the latencies, the whole first.
func (p page) Parts() []part {
	var parts []part
	for _, each := range []struct{ name, key string }{
		{"Whole answer", "total"}, {"First byte", "firstByte"}, {"DNS", "dns"}, {"Connect", "connect"}, {"TLS", "tls"},
	} {
		if q := p.Summary.Latency[each.key]; q.Count > 0 {
			parts = append(parts, part{each.name, q})
		}
	}
	return parts
}

// reasonRow is a line of the table of codes.
type reasonRow struct {
	Code, Count, Means string
	Example            checks.Finding
}

// Reasons are the codes of what is not OK, the most frequent first.
func (p page) Reasons() []reasonRow {
	counts := map[string]int{}
	for code, n := range p.Summary.ByCode {
		if code != checks.OK && code != checks.NotDone {
			counts[string(code)] = n
		}
	}
	var rows []reasonRow
	for _, code := range look.ByCount(counts) {
		rows = append(rows, reasonRow{code, look.Count(counts[code]), meanings[checks.Code(code)], p.book.examples[checks.Code(code)]})
	}
	return rows
}

// Slowest are the slowest answers.
func (p page) Slowest() []checks.Finding { return p.book.slowest }

// Failing are the first lines that are not as expected.
func (p page) Failing() []checks.Finding { return p.book.failing }

// BadLines are the first lines that hold no check.
func (p page) BadLines() []checks.Finding { return p.book.badOnes }

// Fresh are the first checks that are failing, and were not when the run before ended.
func (p page) Fresh() []failing { return p.book.fresh }

// Recovered are checks that were failing when the run before ended, and are OK now.
func (p page) Recovered() []failing { return p.book.recovered }

// Gone are checks that were failing when the run before ended, and are in the file no more.
func (p page) Gone() []failing { return p.book.gone }

// FailedBatches is how many batches failed.
func (p page) FailedBatches() int { return p.book.failedBatches }

// Reason is why the first of them did.
func (p page) Reason() string { return p.book.reason }

// Notes are why the accounts disagree.
func (p page) Notes() []string { return p.Summary.Notes }

// Settings are what the run was asked for.
func (p page) Settings() []struct{ Name, Value string } {
	all := []struct{ Name, Value string }{
		{"File", p.Plan.File}, {"Results", p.Plan.Output}, {"Execution", p.Plan.Execution}, {"Comment", p.Plan.Comment},
		{"Batch size", look.Count(p.Plan.Limits.BatchSize)}, {"Batches at a time", look.Count(p.Plan.Limits.MaxConcurrency)},
		{"Batches", look.Count(p.Summary.Batches)}, {"Asked twice", look.Count(p.Summary.Retried)}, {"Bodies read", look.Size(p.Summary.Bytes)},
	}
	return slices.DeleteFunc(all, func(each struct{ Name, Value string }) bool { return each.Value == "" })
}
