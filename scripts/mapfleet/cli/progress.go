package cli

import (
	"encoding/json"
	"io"
	"maps"
	"slices"
	"sync"
	"time"

	"mapfleet/statemachine/asl"
)

// progress shows how far a run of this process's own engine is.
type progress struct {
	display

	mu     sync.Mutex
	state  string
	runs   map[string]asl.MapRun
	failed int64 // pictures or checks, from the results of batches
	pace   pace

	stop chan struct{}
	done chan struct{}
}

func newProgress(w io.Writer, name string) *progress {
	p := &progress{display: newDisplay(w, name), runs: map[string]asl.MapRun{}, stop: make(chan struct{}), done: make(chan struct{})}
	p.pace.restart(time.Now(), 0)
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
	if e.Kind == asl.MapRunRedriven { // what earlier attempts did says nothing of this one's speed
		p.pace.restart(time.Now(), p.moment().ended())
	}
	if e.Kind == asl.ChildSucceeded {
		output, _ := e.Output.(map[string]any)
		done, _ := output["done"].(map[string]any)
		for _, name := range []string{"failed", "notOk"} { // of a picture, of a check
			failed, _ := done[name].(json.Number)
			n, _ := failed.Int64()
			p.failed += n
		}
	}
}

func (p *progress) moment() moment {
	return moment{state: p.state, runs: slices.Collect(maps.Values(p.runs))}
}

// end stops the display and leaves its last state on the screen.
func (p *progress) end() {
	close(p.stop)
	<-p.done
}

func (p *progress) loop() {
	defer close(p.done)
	ticker := time.NewTicker(p.every())
	defer ticker.Stop()
	for {
		select {
		case now := <-ticker.C:
			p.show(p.line(now), false)
		case <-p.stop:
			p.show(p.line(time.Now()), true)
			return
		}
	}
}

func (p *progress) line(now time.Time) string {
	p.mu.Lock()
	defer p.mu.Unlock()
	m := p.moment()
	m.rate = p.pace.rate(now, m.ended())
	m.failed = count(p.failed+m.lost()) + " failed"
	return m.line(p.width())
}
