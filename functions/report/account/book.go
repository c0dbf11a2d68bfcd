package account

import (
	"fmt"
	"time"

	"mapfleet/functions/job"
	"mapfleet/functions/report/look"
)

// What the book keeps is bounded: a run may have any number of batches, codes and reasons.
const (
	maxCodes     = 50
	maxNotes     = 20
	maxCodeBytes = 80
	otherCodes   = "Other" // where items go once there are maxCodes codes
)

// book adds up records. Its size does not depend on how many there are.
type book struct {
	tally      job.Tally // without its failures and samples
	notStarted int
	batches    int
	mapRuns    int
	notes      []string // at most maxNotes, and a last one that counts the others
	moreNotes  int

	ledger   *ledger
	samples  samples
	timeline *timeline
}

func newBook(from, to time.Time, l *ledger) *book {
	return &book{ledger: l, timeline: newTimeline(from, to)}
}

// note says why the books do not balance, in a sentence for people.
func (b *book) note(format string, args ...any) {
	if len(b.notes) < maxNotes {
		b.notes = append(b.notes, look.Clip(fmt.Sprintf(format, args...), 500))
		return
	}
	b.moreNotes++
}

// closeNotes ends the list of notes.
func (b *book) closeNotes() {
	if b.moreNotes > 0 {
		b.notes = append(b.notes, fmt.Sprintf("There are %s more reasons like these.", look.Count(b.moreNotes)))
		b.moreNotes = 0
	}
}

// succeeded adds a child execution that ended well.
func (b *book) succeeded(r record) error {
	name := r.Name
	if r.Done == nil && len(r.Output) > 0 {
		inner, err := r.result()
		if err != nil {
			b.note("The output of batch %s cannot be read: %v.", name, err)
			return nil
		}
		r = inner
	}
	if r.Done == nil {
		b.note("A batch says that it succeeded, but not what it did.")
		return nil
	}
	if n := len(r.Remaining); n > 0 {
		b.notStarted += n
		b.note("%s ended well and left %s.", batchName(name), items(n))
	}
	return b.add(name, *r.Done)
}

// pending adds a child execution that was not started, or stopped on its way.
func (b *book) pending(r record) error {
	batch, err := r.batch()
	if err != nil {
		b.note("The input of pending batch %s cannot be read: %v.", r.Name, err)
		return nil
	}
	b.notStarted += len(batch.Items)
	return nil
}

// add counts one batch.
func (b *book) add(name string, t job.Tally) error {
	if !t.Balanced() {
		b.note("%s lists %s, but accounts for %s: %s written, %s current, %s ignored, %s failed.", batchName(name), items(t.Listed),
			look.Count(t.Written+t.Current+t.Ignored+t.Failed), look.Count(t.Written), look.Count(t.Current), look.Count(t.Ignored), look.Count(t.Failed))
	}
	for _, f := range t.Failures {
		if err := b.ledger.add(f); err != nil {
			return err
		}
	}
	for _, s := range t.Samples {
		b.samples.offer(s)
	}
	b.batches++
	b.timeline.add(t.Started, t.Finished)
	t.Failures, t.Samples = nil, nil
	t.FailedBy = fold(t.FailedBy, b.tally.FailedBy)
	t.IgnoredBy = fold(t.IgnoredBy, b.tally.IgnoredBy)
	b.tally.Add(t)
	return nil
}

// fold returns counts with every code that known has no room for counted as otherCodes.
func fold(counts, known map[string]int) map[string]int {
	folded := make(map[string]int, len(counts))
	room := maxCodes - len(known)
	for _, code := range look.ByCount(counts) {
		name := look.Clip(code, maxCodeBytes)
		if _, ok := known[name]; !ok {
			if room--; room < 0 {
				name = otherCodes
			}
		}
		folded[name] += counts[code]
	}
	return folded
}

func batchName(name string) string {
	if name == "" {
		return "A batch"
	}
	return "Batch " + name
}
