package estimate

import (
	"cmp"
	"slices"
	"time"
)

// PrefixLoad is what S3 is asked of one prefix while the run is at it.
type PrefixLoad struct {
	Prefix string  `json:"prefix"`
	Items  int     `json:"items"`       // that are fetched
	Gets   float64 `json:"getsASecond"` // on average, from its first batch to its last
	Puts   float64 `json:"putsASecond"` // to what the destination has in its place
}

// traffic is the requests of prefixes, by their numbers.
type traffic []flow

type flow struct {
	items  int
	begin  time.Duration // of the first batch
	end    time.Duration // of the last
	served time.Duration // until when S3 is busy with requests
}

func (t *traffic) at(prefix uint16) *flow {
	for len(*t) <= int(prefix) {
		*t = append(*t, flow{})
	}
	return &(*t)[prefix]
}

// busiestPrefixes is how many are told of.
const busiestPrefixes = 3

// busiest are the prefixes with the most requests a second.
func (t traffic) busiest(w Work) []PrefixLoad {
	if w.Pictures == nil {
		return nil
	}
	var loads []PrefixLoad
	for id, f := range t {
		if f.items == 0 {
			continue
		}
		rate := float64(f.items) / max(f.end-f.begin, time.Second).Seconds()
		loads = append(loads, PrefixLoad{w.Pictures.survey.PrefixName(uint16(id)), f.items, rate * w.Gets, rate * w.Puts})
	}
	slices.SortStableFunc(loads, func(a, b PrefixLoad) int { return cmp.Compare(b.Gets+b.Puts, a.Gets+a.Puts) })
	return loads[:min(busiestPrefixes, len(loads))]
}

// fullFrom is the part of its rate from which on a prefix has no more to give.
const fullFrom = 0.95

// full is how long prefixes were asked for all that S3 serves, one after the other.
func (t traffic) full(serveItem time.Duration) (d time.Duration) {
	for _, f := range t {
		if took := f.end - f.begin; float64(f.items)*float64(serveItem) >= fullFrom*float64(took) {
			d += took
		}
	}
	return d
}

// request is what a batch asks of one prefix.
type request struct {
	prefix uint16
	items  int
}

// request notes an item of the batch in hand.
func (s *simulation) request(prefix uint16) {
	if n := len(s.requests); n > 0 && s.requests[n-1].prefix == prefix {
		s.requests[n-1].items++
		return
	}
	s.requests = append(s.requests, request{prefix, 1})
}

// serve lets S3 answer the requests of a batch after those of the batches before it, each prefix by itself.
func (s *simulation) serve(begin, finish time.Duration) time.Duration {
	late := finish
	for _, r := range s.requests {
		f := s.traffic.at(r.prefix)
		if f.items == 0 {
			f.begin = begin
		}
		f.items += r.items
		f.served = max(f.served, begin) + time.Duration(r.items)*s.serveItem
		late = max(late, f.served)
		f.end = max(f.end, late)
	}
	s.wait(ByS3, late-finish)
	return late
}
