package estimate

import (
	"fmt"
	"io"
	"math"
	"strconv"
	"strings"
	"time"
)

// The plot's size and margins, in pixels.
const (
	plotWidth, plotHeight              = 960, 420
	marginLeft, marginRight, marginTop = 70, 24, 48
	marginBottom                       = 52
	innerWidth                         = plotWidth - marginLeft - marginRight
	innerHeight                        = plotHeight - marginTop - marginBottom
	plotColour, gridColour, inkColour  = "#2563eb", "#d4d4d8", "#18181b"
	plotFill                           = "#2563eb22"
	ticksAcross, ticksUp               = 6, 5
)

// Plot writes an SVG picture of how many workers are at work over the time of the run.
func (f Forecast) Plot(w io.Writer, title string) error {
	unit, unitName := timeUnit(f.Time)
	end := max(f.Time, time.Millisecond).Seconds() / unit.Seconds()
	stepX, stepY := niceStep(end, ticksAcross), math.Max(1, niceStep(float64(max(f.Peak, 1)), ticksUp))
	top := math.Ceil(float64(max(f.Peak, 1))/stepY) * stepY
	x := func(t float64) float64 { return marginLeft + t/end*innerWidth }
	y := func(n float64) float64 { return marginTop + (1-n/top)*innerHeight }

	var b strings.Builder
	fmt.Fprintf(&b, `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" width="%d" height="%d" font-family="system-ui, sans-serif" font-size="13" fill="%s">`+"\n",
		plotWidth, plotHeight, plotWidth, plotHeight, inkColour)
	fmt.Fprintf(&b, `<rect width="%d" height="%d" fill="white"/>`+"\n", plotWidth, plotHeight)
	fmt.Fprintf(&b, `<text x="%d" y="28" font-size="16" font-weight="600">%s</text>`+"\n", marginLeft, escape(title))
	for n := 0.0; n <= top+stepY/2; n += stepY {
		fmt.Fprintf(&b, `<path d="M%d %.1fH%d" stroke="%s"/><text x="%d" y="%.1f" text-anchor="end">%s</text>`+"\n",
			marginLeft, y(n), plotWidth-marginRight, gridColour, marginLeft-8, y(n)+4, number(n))
	}
	for s := 0.0; s <= end; s += stepX {
		fmt.Fprintf(&b, `<text x="%.1f" y="%d" text-anchor="middle">%s</text>`+"\n", x(s), plotHeight-marginBottom+20, number(s))
	}
	fmt.Fprintf(&b, `<text x="%d" y="%d" text-anchor="middle">%s</text>`+"\n", marginLeft+innerWidth/2, plotHeight-10, unitName)
	fmt.Fprintf(&b, `<text x="18" y="%d" text-anchor="middle" transform="rotate(-90 18 %d)">workers</text>`+"\n", marginTop+innerHeight/2, marginTop+innerHeight/2)
	fmt.Fprintf(&b, `<path d="M%.1f %.1f`, x(0), y(0))
	for _, p := range f.Timeline {
		fmt.Fprintf(&b, "H%.1fV%.1f", x(p.At.Seconds()/unit.Seconds()), y(float64(p.Workers)))
	}
	fmt.Fprintf(&b, `H%.1fV%.1fZ" fill="%s" stroke="%s" stroke-width="1.5" stroke-linejoin="round"/>`+"\n</svg>\n", x(end), y(0), plotFill, plotColour)
	_, err := io.WriteString(w, b.String())
	return err
}

// timeUnit is that of the axis.
func timeUnit(whole time.Duration) (unit time.Duration, name string) {
	switch {
	case whole >= 3*time.Hour:
		return time.Hour, "hours"
	case whole >= 3*time.Minute:
		return time.Minute, "minutes"
	}
	return time.Second, "seconds"
}

// niceStep is 1, 2 or 5 times a power of ten, such that about n of them make whole.
func niceStep(whole float64, n int) float64 {
	rough := whole / float64(n)
	power := math.Pow(10, math.Floor(math.Log10(rough)))
	for _, m := range []float64{1, 2, 5} {
		if m*power >= rough {
			return m * power
		}
	}
	return 10 * power
}

func number(v float64) string { return strconv.FormatFloat(math.Round(v*1000)/1000, 'f', -1, 64) }

func escape(s string) string {
	return strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;").Replace(s)
}
