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
	parts  int    // Map Runs that there will be, if that is known
	failed string // in words
	rate   float64
	over   bool     // the run has ended: no time is left
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
// if it is not 0: batches go first, then the gauge, failures where there are none, and at last what stands at the end.
func (m moment) line(width int) string {
	if len(m.runs) == 0 {
		return clip(strings.Join(append([]string{m.state}, m.extra...), ", "), width)
	}
	var items, executions asl.Counts
	listed := len(m.runs) >= m.parts
	for _, run := range m.runs {
		items.Total += run.Items.Total
		executions.Running += run.Executions.Running
		executions.Succeeded += run.Executions.Succeeded + run.Executions.Failed + run.Executions.TimedOut
		listed = listed && run.Listed
	}
	done := m.ended()
	percent, bar := "", ""
	var left []string
	if listed && items.Total > 0 {
		percent, bar = fmt.Sprintf("%3d %%  ", done*100/items.Total), gauge(done, items.Total)+" "
		if rest := items.Total - done; m.rate > 0 && rest > 0 && !m.over {
			left = append(left, timeLeft(float64(rest)/m.rate)+" left")
		}
	}
	head := percent + m.items()
	batches := fmt.Sprintf("%s batches done, %s running", count(executions.Succeeded), count(executions.Running))
	tail := append([]string{m.failed, perSecond(m.rate)}, left...)
	tail = append(tail, m.extra...)
	short := strings.Join(append([]string{head}, tail...), ", ")
	long := strings.Join(append([]string{head, batches}, tail...), ", ")
	shortest := short
	if strings.HasPrefix(m.failed, "0 ") {
		shortest = strings.Join(append([]string{head}, tail[1:]...), ", ")
	}
	for _, line := range []string{bar + long, bar + short, long, short, shortest} {
		if width == 0 || len(line) < width {
			return line
		}
	}
	return clip(shortest, width)
}

// items tells how many items have come to an end, and of how many that are known.
func (m moment) items() string {
	total, more := int64(0), ""
	if len(m.runs) < m.parts {
		more = "+"
	}
	for _, run := range m.runs {
		total += run.Items.Total
		if !run.Listed {
			more = "+"
		}
	}
	return fmt.Sprintf("%s of %s%s items", count(m.ended()), count(total), more)
}

// timeLeft writes a time as closely as a guess deserves: in seconds, of hours in minutes, of days in hours.
func timeLeft(seconds float64) string {
	const hour, day = 3600, 24 * 3600
	switch {
	case seconds >= 1000*day:
		return "more than 1,000 days"
	case seconds >= 2*day:
		return fmt.Sprintf("%dd%dh", int(seconds)/day, int(seconds)%day/hour)
	case seconds >= hour:
		return fmt.Sprintf("%dh%dm", int(seconds)/hour, int(seconds)%hour/60)
	}
	return time.Duration(seconds * float64(time.Second)).Round(time.Second).String()
}

// perSecond writes a rate; a slow one is not nothing.
func perSecond(rate float64) string {
	if rate > 0 && rate < 0.95 {
		return fmt.Sprintf("%.2g/s", rate)
	}
	return fmt.Sprintf("%.0f/s", rate)
}

// clip cuts a line to less than width columns, and shows that it is cut; 0 is no limit.
func clip(line string, width int) string {
	if runes := []rune(line); width > 0 && len(runes) >= width {
		return string(runes[:max(width-2, 0)]) + "…"
	}
	return line
}

func gauge(done, total int64) string {
	const width = 20
	full := int(done * width / total)
	return "[" + strings.Repeat("#", full) + strings.Repeat(".", width-full) + "]"
}
