package merge

import (
	"fmt"
	"strings"
	"time"

	"mapfleet/functions/job/checks"
	"mapfleet/functions/report/look"
)

// maxSubject is how many characters a message's subject may have (A70 of package asl).
const maxSubject = 100

// change compares a line, known by who, with what was said of it before, if it was failing then. It returns
// what to remember of it, if it fails now. Of a line that nothing is known of, what was known stays.
func (b *book) change(f checks.Finding, who identity, was failing, before bool) (now failing, fails bool) {
	switch {
	case f.Code == checks.NotDone:
		was.Line, was.ID, was.URL, was.Mark = f.Line, f.ID, checks.Shown(f.URL), who.mark
		return was, before
	case f.Code == checks.OK && before:
		b.recover(was)
		return failing{}, false
	case f.Code == checks.OK:
		return failing{}, false
	}
	now = failing{Line: f.Line, ID: f.ID, URL: checks.Shown(f.URL), Mark: who.mark, Code: f.Code, Message: f.Message, Status: f.Status, Since: f.At}
	if before {
		b.alert.Still++
		now.Since = was.Since
		return now, true
	}
	b.alert.New++
	b.fresh = keep(b.fresh, now, maxTold)
	return now, true
}

// recover counts a check that was failing, and is OK.
func (b *book) recover(was failing) {
	b.alert.Recovered++
	b.recovered = keep(b.recovered, was, maxTold)
}

// lose counts a check that was failing, and is in the file no more. Nobody remembers it after this run.
func (b *book) lose(was failing) {
	b.alert.Gone++
	b.gone = keep(b.gone, was, maxTold)
}

// alert decides whether somebody should be told what, by what changed since the run before.
func alert(s checks.Summary, b *book, before *past, newer bool) checks.Alert {
	a := b.alert
	undone := s.NotDone > 0 && (before == nil || before.NotDone == 0)
	done := s.NotDone == 0 && before != nil && before.NotDone > 0
	a.Changed = !newer && (a.New > 0 || a.Recovered > 0 || a.Gone > 0 || undone || done || !s.Balanced)
	if !a.Changed {
		return a
	}
	var parts []string
	for _, part := range []struct {
		n    int
		what string
	}{{a.New, "newly failing"}, {a.Recovered, "recovered"}, {a.Gone, "no longer checked"}, {s.NotDone, "not done"}} {
		if part.n > 0 {
			parts = append(parts, look.Count(part.n)+" "+part.what)
		}
	}
	if done {
		parts = append(parts, "all lines done again")
	}
	if !s.Balanced {
		parts = append(parts, "the accounts disagree")
	}
	a.Subject = "mapfleet checks: " + strings.Join(parts, ", ")
	a.Subject = a.Subject[:min(len(a.Subject), maxSubject)]

	var text strings.Builder
	fmt.Fprintf(&text, "%s\n\nFile: %s\n%s of %s checks are OK", strings.Join(parts, ", "), s.File, look.Count(s.OK), look.Count(s.Lines))
	if s.OK+s.Failing > 0 {
		fmt.Fprintf(&text, " (availability %s)", availability(s))
	}
	text.WriteString(".\n")
	name(&text, "Newly failing", a.New, b.fresh, func(f failing) string { return string(f.Code) + ": " + f.Message })
	since := func(f failing) string {
		return fmt.Sprintf("was %s since %s", f.Code, f.Since.UTC().Format(time.RFC3339))
	}
	name(&text, "Recovered", a.Recovered, b.recovered, since)
	name(&text, "No longer checked, by the lines where they were", a.Gone, b.gone, since)
	if a.Still > 0 {
		fmt.Fprintf(&text, "\nStill failing: %s\n", look.Count(a.Still))
	}
	for _, note := range s.Notes {
		fmt.Fprintf(&text, "\n%s\n", note)
	}
	fmt.Fprintf(&text, "\nReport: %s\nResults: %s\n", s.Report, s.Output)
	a.Message = text.String()
	return a
}

// name lists the first changes of a kind.
func name(text *strings.Builder, title string, n int, first []failing, why func(failing) string) {
	if n == 0 {
		return
	}
	fmt.Fprintf(text, "\n%s:\n", title)
	for _, f := range first {
		who := f.URL
		if f.ID != "" {
			who = strings.TrimSpace(f.ID + " " + f.URL)
		}
		fmt.Fprintf(text, "  line %d, %s: %s\n", f.Line, look.Middle(look.Visible(who), 200), look.Visible(why(f)))
	}
	if n > len(first) {
		fmt.Fprintf(text, "  and %s more\n", look.Count(n-len(first)))
	}
}

// availability writes the share of OK with as many decimals as tell it from all.
func availability(s checks.Summary) string {
	return look.Share(float64(s.OK), float64(s.OK+s.Failing))
}
