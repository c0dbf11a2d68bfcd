package merge

import (
	"fmt"

	"mapfleet/functions/job/checks"
	"mapfleet/functions/report/look"
)

// column is a bar of the chart of latencies; the chart is 100 high and as wide as it has columns.
type column struct {
	X           int
	Y, H, Title string
}

// chart is the distribution of latencies: columns over a scale on which every doubling has four.
type chart struct {
	Columns []column
	Width   int
	Marks   []string // the durations at the scale's start, in its middle and so on, evenly
	Top     string
	Half    string
	Label   string
}

const perDoubling = 4

// Chart is the distribution of whole answers, or nil if there are none.
func (p page) Chart() *chart {
	h := p.book.tally.Latency.Total
	counts := map[int]int64{}
	for bucket, n := range h.Buckets {
		if n > 0 {
			counts[bucket/(16/perDoubling)] += n
		}
	}
	if len(counts) == 0 {
		return nil
	}
	first, last, most := 1<<30, 0, int64(0)
	for at, n := range counts {
		first, last, most = min(first, at), max(last, at), max(most, n)
	}
	first, last = first/perDoubling*perDoubling, (last/perDoubling+1)*perDoubling
	top := look.Ceiling(float64(most))
	c := &chart{Width: last - first, Top: look.Decimal(top), Half: look.Decimal(top / 2)}
	for at := first; at < last; at++ {
		if n := counts[at]; n > 0 {
			height := max(100*float64(n)/top, 0.5)
			c.Columns = append(c.Columns, column{X: at - first, Y: fmt.Sprintf("%.2f", 100-height), H: fmt.Sprintf("%.2f", height),
				Title: fmt.Sprintf("%s to %s: %s", edge(at), edge(at+1), look.Count(n))})
		}
	}
	step := max(1, (last-first)/perDoubling/6) * perDoubling
	for at := first; at <= last; at += step {
		c.Marks = append(c.Marks, edge(at))
	}
	q := h.Quantiles()
	c.Label = fmt.Sprintf("Latencies of %s answers: half within %s, 95 %% within %s, the slowest %s", look.Count(q.Count),
		look.Duration(q.P50/1e3), look.Duration(q.P95/1e3), look.Duration(q.Max/1e3))
	return c
}

// edge writes the duration at which a column begins.
func edge(at int) string {
	return look.Latency(checks.BucketStart(at * 16 / perDoubling))
}
