package batch

import (
	"container/heap"
	"time"

	"mapfleet/functions/job/checks"
)

// schedule hands out items in their order, as far as there are places: in all, and for each host. An item
// whose host has no place lets others pass, so that a slow host takes no more than its own places.
type schedule struct {
	items  []checks.Item
	places int // free in all
	hosts  map[string]*host
	ready  readyHosts
}

// newSchedule has places in all, and for a host as many of them as perHost says of its name.
func newSchedule(places int, perHost func(host string) int, items []checks.Item) *schedule {
	s := &schedule{items: items, places: places, hosts: map[string]*host{}}
	for i, item := range items {
		name := item.Check.Host()
		h := s.hosts[name]
		if h == nil {
			window := min(perHost(name), places)
			h = &host{name: name, window: window, places: window, at: -1}
			s.hosts[name] = h
		}
		h.waiting = append(h.waiting, i)
		s.sort(h)
	}
	return s
}

// next takes a place for the first item that may have one, and returns its index.
func (s *schedule) next() (index int, ok bool) {
	if s.places == 0 || len(s.ready) == 0 {
		return 0, false
	}
	h := s.ready[0]
	index = h.take()
	s.places--
	h.places--
	s.sort(h)
	return index, true
}

// done gives the place of an item back that came to nothing.
func (s *schedule) done(i int) { s.free(s.of(i)) }

// heard gives the place of an item back that came to a finding. Where that makes its host silent, the items
// are returned that are handed out no more, and what the host is silent about.
func (s *schedule) heard(i int, f checks.Finding) (dropped []int, why silence) {
	h := s.of(i)
	if h.hear(s.items[i].Check.Timeout, f); h.silence.timeouts >= h.enough() {
		why = h.silence
		dropped, h.waiting = h.split(s.items)
		// Those that wait longer have not been proved wrong yet.
		h.silence = silence{host: h.name}
	}
	s.free(h)
	return dropped, why
}

func (s *schedule) of(i int) *host { return s.hosts[s.items[i].Check.Host()] }

func (s *schedule) free(h *host) {
	s.places++
	h.places++
	s.sort(h)
}

// sort puts a host that has changed where it belongs among those that are ready.
func (s *schedule) sort(h *host) {
	switch fits := h.fits(); {
	case fits && h.at < 0:
		heap.Push(&s.ready, h)
	case fits:
		heap.Fix(&s.ready, h.at)
	case h.at >= 0:
		heap.Remove(&s.ready, h.at)
	}
}

// host is one host's items that wait.
type host struct {
	name    string
	window  int // places
	places  int // of these that are free
	waiting []int
	silence silence
	at      int // in readyHosts; -1: it is not
}

// silence is how long a host has given no answer of any kind.
type silence struct {
	host     string
	timeouts int           // one after the other
	least    time.Duration // that the check of each allowed
}

// hear notes what came of a request with a timeout. Only a host that says nothing at all is silent: whoever
// refuses, redirects, or sends headers and no more has answered.
func (h *host) hear(timeout time.Duration, f checks.Finding) {
	if f.Code != checks.Timeout || f.Status != 0 || f.Redirects > 0 || f.FirstCode != "" && f.FirstCode != checks.Timeout {
		h.silence = silence{host: h.name}
		return
	}
	if h.silence.timeouts == 0 || timeout < h.silence.least {
		h.silence.least = timeout
	}
	h.silence.host = h.name
	h.silence.timeouts++
}

// enough is how many timeouts in a row make a host silent: all of its places, and as many again.
func (h *host) enough() int { return 2 * max(h.window, DefaultPerHost) }

// fits says whether a request may start: there is a place, and those under way would not settle it that the
// host is silent.
func (h *host) fits() bool {
	return h.places > 0 && len(h.waiting) > 0 && h.silence.timeouts+h.window-h.places < h.enough()
}

// take returns the first item that waits. After a timeout it is the last one, for what stands together may
// well be slow together on a host that answers all else.
func (h *host) take() (index int) {
	if h.silence.timeouts == 0 {
		index, h.waiting = h.waiting[0], h.waiting[1:]
		return index
	}
	last := len(h.waiting) - 1
	index, h.waiting = h.waiting[last], h.waiting[:last]
	return index
}

// split parts the items that wait no longer for an answer than those did that had none from the others.
func (h *host) split(items []checks.Item) (dropped, kept []int) {
	for _, i := range h.waiting {
		if items[i].Check.Timeout <= h.silence.least {
			dropped = append(dropped, i)
		} else {
			kept = append(kept, i)
		}
	}
	return dropped, kept
}

// readyHosts is a heap of hosts that have both places and items, by the first of these.
type readyHosts []*host

func (r readyHosts) Len() int           { return len(r) }
func (r readyHosts) Less(i, j int) bool { return r[i].waiting[0] < r[j].waiting[0] }
func (r readyHosts) Swap(i, j int) {
	r[i], r[j] = r[j], r[i]
	r[i].at, r[j].at = i, j
}

// Push is heap.Interface's.
func (r *readyHosts) Push(h any) {
	h.(*host).at = len(*r)
	*r = append(*r, h.(*host))
}

// Pop is heap.Interface's.
func (r *readyHosts) Pop() any {
	last := (*r)[len(*r)-1]
	last.at = -1
	*r = (*r)[:len(*r)-1]
	return last
}
