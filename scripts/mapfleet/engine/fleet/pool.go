package fleet

import (
	"context"
	"slices"
	"sync"
)

// pool holds the environments of one function.
type pool struct {
	function Function
	places   chan struct{} // one for every event at work
	logs     string
	starting sync.Mutex // held while a process starts that several wait for

	mu     sync.Mutex
	all    []*environment // the one used last at the end
	number int
	closed bool
}

func newPool(f Function, logs string) *pool {
	return &pool{function: f, logs: logs, places: make(chan struct{}, f.Environments)}
}

// take returns an environment that waits for an event, a new one if need be.
func (p *pool) take(ctx context.Context) (*environment, error) {
	for {
		e, err := p.choose()
		if err != nil {
			return nil, err
		}
		err = e.polls(ctx)
		if err == nil {
			return e, nil
		}
		p.drop(e)
		if !e.began() || ctx.Err() != nil {
			return nil, err
		} // else it ended after an event that it had answered: a new one is started
	}
}

// choose takes a place of an environment, of a new one if need be.
func (p *pool) choose() (*environment, error) {
	if e, err := p.free(); e != nil || err != nil {
		return e, err
	}
	if p.function.eventsAtOnce() > 1 {
		p.starting.Lock()
		defer p.starting.Unlock()
		if e, err := p.free(); e != nil || err != nil {
			return e, err
		}
	}
	p.mu.Lock()
	p.number++
	number := p.number
	p.mu.Unlock()
	e, err := start(p.function, number, p.logs)
	if err != nil {
		return nil, err
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.closed {
		go e.stop()
		return nil, errClosed
	}
	e.places--
	p.all = append(p.all, e)
	return e, nil
}

// free takes a place of the environment that has most, the one used last of several. It returns nil where a
// new one is to be started: none has any, or all are at work and there may be more.
func (p *pool) free() (*environment, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.closed {
		return nil, errClosed
	}
	p.all = slices.DeleteFunc(p.all, func(e *environment) bool {
		if e.alive() {
			return false
		}
		go e.stop()
		return true
	})
	var best *environment
	for _, e := range p.all {
		if best == nil || e.places >= best.places {
			best = e
		}
	}
	atOnce := p.function.eventsAtOnce()
	if best == nil || best.places == 0 || best.places < atOnce && len(p.all) < p.function.Processes {
		return nil, nil
	}
	best.places--
	return best, nil
}

// give returns the place of an event that is done.
func (p *pool) give(e *environment) {
	p.mu.Lock()
	defer p.mu.Unlock()
	e.places++
	if at := slices.Index(p.all, e); at >= 0 {
		p.all = append(slices.Delete(p.all, at, at+1), e)
	}
}

// drop gives a place up. The process ends with the last one, or if it is gone already.
func (p *pool) drop(e *environment) {
	p.mu.Lock()
	e.lost++
	end := e.lost == p.function.eventsAtOnce() || !e.alive()
	if at := slices.Index(p.all, e); end && at >= 0 {
		p.all = slices.Delete(p.all, at, at+1)
	}
	p.mu.Unlock()
	if end {
		e.stop()
	}
}

// close takes no event any more, and returns the environments that are to be stopped.
func (p *pool) close() []*environment {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.closed = true
	all := p.all
	p.all = nil
	return all
}
