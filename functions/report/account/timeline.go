package account

import "time"

// bins is how many points the chart of batches over time has.
const bins = 144

// timeline counts how many batches were at work at a time, on average over each of its bins.
type timeline struct {
	from, to time.Time
	busy     [bins]float64 // seconds
	total    float64       // seconds, of all batches
	batches  int
}

func newTimeline(from, to time.Time) *timeline { return &timeline{from: from, to: to} }

// add counts a batch that was at work from started to finished, if both are known.
func (t *timeline) add(started, finished time.Time) {
	if started.IsZero() || finished.IsZero() || finished.Before(started) {
		return
	}
	t.batches++
	t.total += finished.Sub(started).Seconds()
	width := t.binSeconds()
	if width <= 0 {
		return
	}
	begin := max(started.Sub(t.from).Seconds(), 0) / width
	end := min(finished.Sub(t.from).Seconds()/width, bins)
	for i := int(begin); i < bins && float64(i) < end; i++ {
		t.busy[i] += width * (min(end, float64(i+1)) - max(begin, float64(i)))
	}
}

func (t *timeline) binSeconds() float64 { return t.to.Sub(t.from).Seconds() / bins }

// concurrency returns how many batches were at work in bin i.
func (t *timeline) concurrency(i int) float64 { return t.busy[i] / t.binSeconds() }

// peak returns the highest concurrency.
func (t *timeline) peak() (highest float64) {
	for i := range t.busy {
		highest = max(highest, t.concurrency(i))
	}
	return highest
}

// mean returns the seconds that a batch took on average.
func (t *timeline) mean() float64 { return t.total / float64(max(t.batches, 1)) }
