package cli

import (
	"encoding/json"
	"fmt"
	"io"
	"os"
	"strings"
	"sync"
	"time"

	"golang.org/x/term"

	"mapfleet/statemachine/asl"
)

// How often progress is shown: redrawn in place on a terminal, as a line of its own elsewhere.
const (
	redrawEvery = 200 * time.Millisecond
	lineEvery   = 5 * time.Second
	rateOver    = 10 * time.Second
)

// progress shows how far a run is.
type progress struct {
	w        io.Writer
	terminal *os.File // nil if w is none
	name     string

	mu     sync.Mutex
	state  string
	runs   map[string]asl.MapRun
	failed int64 // pictures, from the results of batches
	past   []point

	stop chan struct{}
	done chan struct{}
}

// point is how many items were done at some time.
type point struct {
	at   time.Time
	done int64
}

func newProgress(w io.Writer, name string) *progress {
	p := &progress{w: w, name: name, runs: map[string]asl.MapRun{}, past: []point{{time.Now(), 0}}, stop: make(chan struct{}), done: make(chan struct{})}
	if f, ok := w.(*os.File); ok && term.IsTerminal(int(f.Fd())) {
		p.terminal = f
	}
	go p.loop()
	return p
}

// observe takes in an event of the run.
func (p *progress) observe(e asl.Event) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if e.Kind == asl.StateEntered && e.MapRunARN == "" {
		p.state = e.State
	}
	if e.MapRun != nil {
		p.runs[e.MapRunARN] = *e.MapRun
	}
	if e.Kind == asl.ChildSucceeded {
		output, _ := e.Output.(map[string]any)
		done, _ := output["done"].(map[string]any)
		failed, _ := done["failed"].(json.Number)
		n, _ := failed.Int64()
		p.failed += n
	}
}

// end stops the display and leaves its last state on the screen.
func (p *progress) end() {
	close(p.stop)
	<-p.done
}

func (p *progress) loop() {
	defer close(p.done)
	every := lineEvery
	if p.terminal != nil {
		every = redrawEvery
	}
	ticker := time.NewTicker(every)
	defer ticker.Stop()
	for {
		select {
		case now := <-ticker.C:
			p.show(now, false)
		case <-p.stop:
			p.show(time.Now(), true)
			return
		}
	}
}

func (p *progress) show(now time.Time, last bool) {
	p.mu.Lock()
	line := p.line(now)
	p.mu.Unlock()
	if p.terminal == nil {
		fmt.Fprintf(p.w, "%s  %s\n", p.name, line)
		return
	}
	if width, _, err := term.GetSize(int(p.terminal.Fd())); err == nil && len(line) >= width && width > 0 {
		line = line[:width-1]
	}
	fmt.Fprintf(p.w, "\r%s\x1b[K", line)
	if last {
		fmt.Fprintln(p.w)
	}
}

// line describes the moment: items, batches, running, failures, rate, time left.
func (p *progress) line(now time.Time) string {
	var items, executions asl.Counts
	listed := len(p.runs) > 0
	for _, run := range p.runs {
		items.Total += run.Items.Total
		items.Succeeded += run.Items.Succeeded
		items.Failed += run.Items.Failed + run.Items.TimedOut
		executions.Running += run.Executions.Running
		executions.Succeeded += run.Executions.Succeeded + run.Executions.Failed + run.Executions.TimedOut
		listed = listed && run.Listed
	}
	if len(p.runs) == 0 {
		return p.state
	}
	done := items.Succeeded + items.Failed
	rate := p.rate(now, done)
	total := count(items.Total)
	if !listed {
		total += "+"
	}
	parts := []string{
		fmt.Sprintf("%s of %s items", count(done), total),
		fmt.Sprintf("%s batches done, %s running", count(executions.Succeeded), count(executions.Running)),
		fmt.Sprintf("%s failed", count(p.failed+items.Failed)),
		fmt.Sprintf("%.0f/s", rate),
	}
	if listed && items.Total > 0 {
		parts[0] = fmt.Sprintf("%s %3d %%  %s", gauge(done, items.Total), done*100/items.Total, parts[0])
		if left := items.Total - done; rate > 0 && left > 0 {
			parts = append(parts, time.Duration(float64(left)/rate*float64(time.Second)).Round(time.Second).String()+" left")
		}
	}
	return strings.Join(parts, ", ")
}

// rate is the items done a second, over the last ten.
func (p *progress) rate(now time.Time, done int64) float64 {
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

func gauge(done, total int64) string {
	const width = 20
	full := int(done * width / total)
	return "[" + strings.Repeat("#", full) + strings.Repeat(".", width-full) + "]"
}
