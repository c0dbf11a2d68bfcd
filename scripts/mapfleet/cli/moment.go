package cli

import (
	"fmt"
	"strings"
	"time"

	"mapfleet/statemachine/asl"
)

// moment is how far a run is, wherever it runs.
type moment struct {
	state  string // of the run, before and after its Map Runs
	runs   []asl.MapRun
	failed string // in words
	rate   float64
	extra  []string // said at the end
}

// ended is how many items have come to an end.
func (m moment) ended() (n int64) {
	for _, run := range m.runs {
		n += run.Items.Succeeded + run.Items.Failed + run.Items.TimedOut
	}
	return n
}

// lost is how many items failed with their batch.
func (m moment) lost() (n int64) {
	for _, run := range m.runs {
		n += run.Items.Failed + run.Items.TimedOut
	}
	return n
}

// line describes the moment: items, batches, running, failures, rate, time left. In less than width columns,
// if it is not 0: batches go first, then the gauge, and at last what stands at the end.
func (m moment) line(width int) string {
	if len(m.runs) == 0 {
		return clip(strings.Join(append([]string{m.state}, m.extra...), ", "), width)
	}
	var items, executions asl.Counts
	listed := true
	for _, run := range m.runs {
		items.Total += run.Items.Total
		executions.Running += run.Executions.Running
		executions.Succeeded += run.Executions.Succeeded + run.Executions.Failed + run.Executions.TimedOut
		listed = listed && run.Listed
	}
	done := m.ended()
	percent, bar, total := "", "", count(items.Total)
	if !listed {
		total += "+"
	}
	var left []string
	if listed && items.Total > 0 {
		percent, bar = fmt.Sprintf("%3d %%  ", done*100/items.Total), gauge(done, items.Total)+" "
		if rest := items.Total - done; m.rate > 0 && rest > 0 {
			left = append(left, time.Duration(float64(rest)/m.rate*float64(time.Second)).Round(time.Second).String()+" left")
		}
	}
	head := fmt.Sprintf("%s%s of %s items", percent, count(done), total)
	batches := fmt.Sprintf("%s batches done, %s running", count(executions.Succeeded), count(executions.Running))
	tail := append([]string{m.failed, fmt.Sprintf("%.0f/s", m.rate)}, left...)
	tail = append(tail, m.extra...)
	short := strings.Join(append([]string{head}, tail...), ", ")
	long := strings.Join(append([]string{head, batches}, tail...), ", ")
	for _, line := range []string{bar + long, bar + short, long, short} {
		if width == 0 || len(line) < width {
			return line
		}
	}
	return clip(short, width)
}

// clip cuts a line to less than width columns; 0 is no limit.
func clip(line string, width int) string {
	if runes := []rune(line); width > 0 && len(runes) >= width {
		return string(runes[:width-1])
	}
	return line
}

func gauge(done, total int64) string {
	const width = 20
	full := int(done * width / total)
	return "[" + strings.Repeat("#", full) + strings.Repeat(".", width-full) + "]"
}

// rateOver is the time that a rate is taken over.
const rateOver = 10 * time.Second

// pace tells how fast a count grows.
type pace struct{ past []point }

// point is how many items were done at some time.
type point struct {
	at   time.Time
	done int64
}

// restart forgets what was before.
func (p *pace) restart(now time.Time, done int64) { p.past = []point{{now, done}} }

// rate is the items done a second, over the last ten.
func (p *pace) rate(now time.Time, done int64) float64 {
	p.past = append(p.past, point{now, done})
	for len(p.past) > 2 && now.Sub(p.past[1].at) > rateOver {
		p.past = p.past[1:]
	}
	first := p.past[0]
	if took := now.Sub(first.at).Seconds(); took > 0 {
		return float64(done-first.done) / took
	}
	return 0
}
