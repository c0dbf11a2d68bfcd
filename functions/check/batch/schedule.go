package batch

import (
	"container/heap"

	"mapfleet/functions/job/checks"
)

// schedule hands out items in their order, as far as there are places: in all, and for each host. An item
// whose host has no place lets others pass, so that a slow host takes no more than its own places.
type schedule struct {
	places int // free in all
	hosts  map[string]*host
	ready  readyHosts
}

// host is one host's items that wait.
type host struct {
	places  int // free
	waiting []int
}

func newSchedule(places, perHost int, items []checks.Item) *schedule {
	s := &schedule{places: places, hosts: map[string]*host{}}
	for i, item := range items {
		name := item.Check.Host()
		h := s.hosts[name]
		if h == nil {
			h = &host{places: perHost}
			s.hosts[name] = h
		}
		h.waiting = append(h.waiting, i)
		if len(h.waiting) == 1 {
			heap.Push(&s.ready, h)
		}
	}
	return s
}

// next takes a place for the first item that may have one, and returns its index.
func (s *schedule) next() (index int, ok bool) {
	if s.places == 0 || len(s.ready) == 0 {
		return 0, false
	}
	h := s.ready[0]
	index, h.waiting = h.waiting[0], h.waiting[1:]
	s.places--
	if h.places--; h.fits() {
		heap.Fix(&s.ready, 0)
	} else {
		heap.Pop(&s.ready)
	}
	return index, true
}

// done gives the place of an item to this host back.
func (s *schedule) done(name string) {
	h := s.hosts[name]
	was := h.fits()
	s.places++
	if h.places++; h.fits() && !was {
		heap.Push(&s.ready, h)
	}
}

func (h *host) fits() bool { return h.places > 0 && len(h.waiting) > 0 }

// readyHosts is a heap of hosts that have both places and items, by the first of these.
type readyHosts []*host

func (r readyHosts) Len() int           { return len(r) }
func (r readyHosts) Less(i, j int) bool { return r[i].waiting[0] < r[j].waiting[0] }
func (r readyHosts) Swap(i, j int)      { r[i], r[j] = r[j], r[i] }

// Push is heap.Interface's.
func (r *readyHosts) Push(h any) { *r = append(*r, h.(*host)) }

// Pop is heap.Interface's.
func (r *readyHosts) Pop() any {
	last := (*r)[len(*r)-1]
	*r = (*r)[:len(*r)-1]
	return last
}
