package account

import (
	"fmt"
	"strings"

	"mapfleet/functions/report/look"
)

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
	top := look.Ceiling(t.peak())
	var line strings.Builder
	for i := range t.busy {
		y := 100 - 100*t.concurrency(i)/top
		fmt.Fprintf(&line, "%s%d,%.2f H%d", map[bool]string{true: "M", false: " L"}[i == 0], i, y, i+1)
	}
	span := t.to.Sub(t.from).Seconds()
	for i := range 5 {
		a.Times = append(a.Times, look.Duration(span*float64(i)/4))
	}
	a.Line = line.String()
	a.Fill = fmt.Sprintf("%s V100 H0 Z", a.Line)
	a.Top, a.Half = look.Decimal(top), look.Decimal(top/2)
	a.Peak, a.MeanBatches = look.Decimal(t.peak()), look.Decimal(t.total/span)
	a.MeanSeconds, a.Batches, a.Bins = look.Duration(t.mean()), t.batches, bins
	return a, true
}
