package merge

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"time"

	"mapfleet/functions/job/checks"
	"mapfleet/functions/report/look"
)

// What the book keeps is bounded: a run may have any number of lines.
const (
	maxNotes   = 20
	maxSlowest = 10
	maxShown   = 50 // failing lines on the page, and bad ones
	maxTold    = 20 // changes that a message names
)

// book adds up the lines of a run. Its size does not depend on how many there are.
type book struct {
	tally   checks.Tally // of findings
	bad     int
	notDone int
	lines   int

	batches       int
	failedBatches int
	batchTally    checks.Tally // what batches say of themselves
	reason        string       // why the first of those failed
	examples      map[checks.Code]checks.Finding

	slowest []checks.Finding // the slowest first
	failing []checks.Finding // the first ones
	badOnes []checks.Finding // the first ones

	fresh, recovered, gone []failing // the first changes
	alert                  checks.Alert

	notes     []string
	moreNotes int
}

func newBook() *book {
	return &book{examples: map[checks.Code]checks.Finding{}}
}

// note says why the accounts disagree, in a sentence for people.
func (b *book) note(format string, args ...any) {
	if len(b.notes) < maxNotes {
		b.notes = append(b.notes, look.Clip(fmt.Sprintf(format, args...), 500))
		return
	}
	b.moreNotes++
}

// add counts what came of one line.
func (b *book) add(f checks.Finding) {
	b.lines++
	if f.Code == checks.NotDone {
		b.notDone++
		return
	}
	b.tally.Count(f)
	if f.Code == checks.OK {
		b.offer(f)
		return
	}
	if _, ok := b.examples[f.Code]; !ok {
		b.examples[f.Code] = f
	}
	if f.Code == checks.BadLine {
		b.bad++
		b.badOnes = keep(b.badOnes, f, maxShown)
		return
	}
	b.failing = keep(b.failing, f, maxShown)
	b.offer(f)
}

func keep[T any](list []T, one T, most int) []T {
	if len(list) < most {
		list = append(list, one)
	}
	return list
}

// offer keeps f if it is among the slowest answers.
func (b *book) offer(f checks.Finding) {
	if f.Status == 0 || len(b.slowest) == maxSlowest && f.Latency.Total <= b.slowest[maxSlowest-1].Latency.Total {
		return
	}
	at, _ := slices.BinarySearchFunc(b.slowest, f.Latency.Total, func(g checks.Finding, d time.Duration) int {
		if g.Latency.Total == d {
			return -1 // behind its equals: the first line wins
		}
		return cmp.Compare(d, g.Latency.Total)
	})
	b.slowest = slices.Insert(b.slowest, at, f)
	b.slowest = b.slowest[:min(len(b.slowest), maxSlowest)]
}

// audit says where the account does not add up. ended is of a run that came to its own end.
func (b *book) audit(plan checks.Plan, ended bool) {
	if b.lines != plan.Lines {
		b.note("The file has %d lines, but %d are accounted for.", plan.Lines, b.lines)
	}
	if !b.tally.Balanced() || b.tally.Lines+b.notDone != b.lines {
		b.note("Of %d lines %d have a finding and %d have none.", b.lines, b.tally.Lines, b.notDone)
	}
	if !ended {
		return
	}
	// Rounds of batches that failed later have findings that no batch tells of.
	for code, n := range b.tally.ByCode {
		if told := b.batchTally.ByCode[code]; told > n || told < n && b.failedBatches == 0 {
			b.note("The batches tell of %d lines with %s, the findings of %d.", told, code, n)
		}
	}
	if b.batchTally.Lines > b.tally.Lines || b.batchTally.Lines < b.tally.Lines && b.failedBatches == 0 {
		b.note("The batches tell of %d lines, the findings of %d.", b.batchTally.Lines, b.tally.Lines)
	}
}

// closeNotes ends the list of notes.
func (b *book) closeNotes() {
	if b.moreNotes > 0 {
		b.notes = append(b.notes, fmt.Sprintf("There are %d more reasons like these.", b.moreNotes))
		b.moreNotes = 0
	}
}

// summary is what the book amounts to.
func (b *book) summary() checks.Summary {
	b.closeNotes()
	s := checks.Summary{
		Lines: b.lines, OK: b.tally.OK, Failing: b.tally.NotOK - b.bad, Bad: b.bad, NotDone: b.notDone,
		ByCode: map[checks.Code]int{}, Retried: b.tally.Retried, Bytes: b.tally.Bytes, Batches: b.batches,
		Latency: b.tally.Latency.Quantiles(), Balanced: len(b.notes) == 0, Notes: b.notes, Alert: b.alert,
	}
	maps.Copy(s.ByCode, b.tally.ByCode)
	if b.notDone > 0 {
		s.ByCode[checks.NotDone] = b.notDone
	}
	if asked := s.OK + s.Failing; asked > 0 {
		s.Availability = 100 * float64(s.OK) / float64(asked)
	}
	return s
}
