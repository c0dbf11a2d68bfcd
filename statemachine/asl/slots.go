package asl

import (
	"context"
	"sync"
)

// slots are the places for children that run at a time. Their number may change while some are taken.
type slots struct {
	mu           sync.Mutex
	limit, taken int
	changed      chan struct{} // closed when a place may have become free
}

func newSlots(limit int) *slots { return &slots{limit: limit, changed: make(chan struct{})} }

// acquire takes a place, and reports false once ctx has ended.
func (s *slots) acquire(ctx context.Context) bool {
	for {
		s.mu.Lock()
		if s.taken < s.limit && ctx.Err() == nil {
			s.taken++
			s.mu.Unlock()
			return true
		}
		changed := s.changed
		s.mu.Unlock()
		select {
		case <-changed:
		case <-ctx.Done():
			return false
		}
	}
}

func (s *slots) release() {
	s.mu.Lock()
	s.taken--
	s.wake()
	s.mu.Unlock()
}

// resize sets how many there are. Those above it stay taken until they are released.
func (s *slots) resize(limit int) {
	s.mu.Lock()
	s.limit = limit
	s.wake()
	s.mu.Unlock()
}

func (s *slots) wake() {
	close(s.changed)
	s.changed = make(chan struct{})
}
