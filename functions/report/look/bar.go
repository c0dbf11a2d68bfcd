package look

import (
	"fmt"
	"math"
)

// Segment is a part of a bar: its place on a line from 0 to 100, and what it stands for.
type Segment struct {
	Class    string // names its colour in report.css
	Label    string
	Value    string
	Share    string
	X, Width string
}

// Amount is what a segment is made from.
type Amount struct {
	Class, Label, Value string
	N                   float64
}

// Bar lays amounts end to end. A part that is not nothing is wide enough to be seen.
func Bar(amounts []Amount) []Segment {
	const least = 0.6
	var total, stretched float64
	for _, a := range amounts {
		total += a.N
	}
	widths := make([]float64, len(amounts))
	for i, a := range amounts {
		if a.N > 0 {
			widths[i] = max(100*a.N/total, least)
		}
		stretched += widths[i]
	}
	segments := make([]Segment, len(amounts))
	x := 0.0
	for i, a := range amounts {
		width := 0.0
		if stretched > 0 {
			width = 100 * widths[i] / stretched
		}
		segments[i] = Segment{a.Class, a.Label, a.Value, Share(a.N, total), fmt.Sprintf("%.3f", x), fmt.Sprintf("%.3f", width)}
		x += width
	}
	return segments
}

// Share writes n of total in percent, never nothing for something nor all for less than all.
func Share(n, total float64) string {
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

// Ceiling returns the next round number from v up: 1, 2, 4, 6, 8 or 10 times a power of ten.
func Ceiling(v float64) float64 {
	power := math.Pow(10, math.Floor(math.Log10(v)))
	for _, step := range []float64{1, 2, 4, 6, 8} {
		if v <= step*power*1.0001 {
			return step * power
		}
	}
	return 10 * power
}

// Decimal writes v with one decimal where that matters.
func Decimal(v float64) string {
	if v >= 10 || v == math.Trunc(v) {
		return Count(int(math.Round(v)))
	}
	return fmt.Sprintf("%.2g", v)
}
