package account

import (
	"fmt"
	"math"
	"strings"
)

// segment is a part of a bar: its place on a line from 0 to 100, and what it stands for.
type segment struct {
	Class    string // names its colour in report.css
	Label    string
	Value    string
	Share    string
	X, Width string
}

// amount is what a segment is made from.
type amount struct {
	class, label, value string
	n                   float64
}

// bar lays amounts end to end. A part that is not nothing is wide enough to be seen.
func bar(amounts []amount) []segment {
	const least = 0.6
	var total, stretched float64
	for _, a := range amounts {
		total += a.n
	}
	widths := make([]float64, len(amounts))
	for i, a := range amounts {
		if a.n > 0 {
			widths[i] = max(100*a.n/total, least)
		}
		stretched += widths[i]
	}
	segments := make([]segment, len(amounts))
	x := 0.0
	for i, a := range amounts {
		width := 0.0
		if stretched > 0 {
			width = 100 * widths[i] / stretched
		}
		segments[i] = segment{a.class, a.label, a.value, share(a.n, total), fmt.Sprintf("%.3f", x), fmt.Sprintf("%.3f", width)}
		x += width
	}
	return segments
}

// share writes n of total in percent, never nothing for something nor all for less than all.
func share(n, total float64) string {
	p := 0.0
	if total > 0 {
		p = 100 * n / total
	}
	switch {
	case p > 0 && p < 0.1:
		return "< 0.1 %"
	case p > 99.9 && p < 100:
		return "> 99.9 %"
	case p == 0 || p == 100:
		return fmt.Sprintf("%.0f %%", p)
	}
	return fmt.Sprintf("%.1f %%", p)
}

// area is the chart of batches at work over time. Its path lives in a box of width bins and height 100.
type area struct {
	Fill, Line    string
	Top, Half     string
	Times         []string // along the axis, evenly
	Peak          string
	MeanSeconds   string
	MeanBatches   string
	Batches, Bins int
}

// chart draws the timeline; ok is false if there is nothing to draw.
func (t *timeline) chart() (a area, ok bool) {
	if t.batches == 0 || t.binSeconds() <= 0 || t.peak() == 0 {
		return a, false
	}
	top := ceiling(t.peak())
	var line strings.Builder
	for i := range t.busy {
		y := 100 - 100*t.concurrency(i)/top
		fmt.Fprintf(&line, "%s%d,%.2f H%d", map[bool]string{true: "M", false: " L"}[i == 0], i, y, i+1)
	}
	span := t.to.Sub(t.from).Seconds()
	for i := range 5 {
		a.Times = append(a.Times, duration(span*float64(i)/4))
	}
	a.Line = line.String()
	a.Fill = fmt.Sprintf("%s V100 H0 Z", a.Line)
	a.Top, a.Half = decimal(top), decimal(top/2)
	a.Peak, a.MeanBatches = decimal(t.peak()), decimal(t.total/span)
	a.MeanSeconds, a.Batches, a.Bins = duration(t.mean()), t.batches, bins
	return a, true
}

// ceiling returns the next round number from v up: 1, 2, 4, 6, 8 or 10 times a power of ten.
func ceiling(v float64) float64 {
	power := math.Pow(10, math.Floor(math.Log10(v)))
	for _, step := range []float64{1, 2, 4, 6, 8} {
		if v <= step*power*1.0001 {
			return step * power
		}
	}
	return 10 * power
}

// decimal writes v with one decimal where that matters.
func decimal(v float64) string {
	if v >= 10 || v == math.Trunc(v) {
		return count(int(math.Round(v)))
	}
	return fmt.Sprintf("%.2g", v)
}
