package estimate

import (
	"container/heap"
	"math/rand/v2"
	"time"
)

// Bottleneck is what took the batch that ended last most of its time; S3, where a prefix was asked for all that
// it serves nearly all along: then places were waited for only because those who had them waited for S3.
type Bottleneck string

// The bottlenecks.
const (
	ByListing     Bottleneck = "reading the items"
	ByStarts      Bottleneck = "starting child executions"
	ByScaling     Bottleneck = "new Lambda environments"
	ByConcurrency Bottleneck = "the run's maxConcurrency"
	ByAccount     Bottleneck = "the account's concurrent executions"
	ByS3          Bottleneck = "S3's request rate of one prefix"
	ByWork        Bottleneck = "the work of the longest batch"
)

// Forecast is what a run comes to.
type Forecast struct {
	Invocations int
	Time        time.Duration // from start to end of the run
	Busy        time.Duration // of all workers together, starts of new environments included
	Cold        int           // new environments
	Peak        int           // workers at work at a time, at most
	Bottleneck  Bottleneck
	// Waited is how long batches waited for each bottleneck, summed.
	Waited map[Bottleneck]time.Duration
	// Longest is how long the longest batch took.
	Longest time.Duration
	// Prefixes are the busiest ones of Work's Pictures, at most three.
	Prefixes []PrefixLoad
	// Timeline is how many workers were at work, at most maxTimeline points.
	Timeline []Point
}

// Point says how many workers were at work from At on.
type Point struct {
	At      time.Duration
	Workers int
}

// Simulate runs w within l. The same seed gives the same forecast. A batch needs, in this order: its
// items read, a child execution started, a place within both concurrencies, and an environment, warm or
// new; then it works, and no faster than S3 serves its requests.
func Simulate(w Work, l Limits, seed uint64) (Forecast, error) {
	if err := w.validate(l); err != nil {
		return Forecast{}, err
	}
	s := simulation{
		work: w, limits: l,
		random:    rand.New(rand.NewPCG(seed, 0x6d617066)),
		places:    min(l.MaxConcurrency, l.AccountConcurrency),
		tokens:    float64(l.NewEnvironments),
		waits:     map[Bottleneck]time.Duration{},
		forecast:  Forecast{Waited: map[Bottleneck]time.Duration{}},
		timeline:  timeline{step: time.Millisecond},
		startGap:  time.Duration(float64(time.Second) / l.Starts),
		serveItem: max(gap(w.Gets, l.GetsPuts.Gets), gap(w.Puts, l.GetsPuts.Puts)),
	}
	s.run()
	return s.forecast, nil
}

// gap is how long S3 takes for the requests of one item at its full rate.
func gap(requests, rate float64) time.Duration {
	return time.Duration(requests / rate * float64(time.Second))
}

type simulation struct {
	work      Work
	limits    Limits
	random    *rand.Rand
	places    int
	startGap  time.Duration
	serveItem time.Duration

	busy     ends                         // when the batches at work end
	warm     int                          // environments that wait for work
	tokens   float64                      // new environments that may be started now
	filled   time.Duration                // when tokens was right
	started  time.Duration                // when the last child was started
	traffic  traffic                      // that S3 has
	requests []request                    // of the batch in hand
	waits    map[Bottleneck]time.Duration // of the batch in hand
	forecast Forecast
	timeline timeline
}

func (s *simulation) run() {
	n, last := s.work.batches()
	s.forecast.Invocations = n
	var end time.Duration
	s.forecast.Bottleneck = ByWork
	for i := range n {
		items := s.work.BatchSize
		if i == n-1 {
			items = last
		}
		first := i * s.work.BatchSize
		begin, cold := s.admit(first + items - 1)
		s.requests = s.requests[:0]
		busy := s.work.duration(first, items, s.random, s.request)
		if s.work.Pictures == nil {
			s.requests = append(s.requests, request{items: items})
		}
		if cold {
			busy += s.limits.ColdStart
			s.forecast.Cold++
		}
		finish := begin + busy
		finish = s.serve(begin, finish)
		s.forecast.Longest = max(s.forecast.Longest, finish-begin)
		s.forecast.Busy += finish - begin
		s.release(begin)
		heap.Push(&s.busy, finish)
		s.timeline.add(begin, finish)
		s.forecast.Peak = max(s.forecast.Peak, len(s.busy))
		if finish > end {
			end, s.forecast.Bottleneck = finish, longest(s.waits, busy)
		}
	}
	if s.traffic.full(s.serveItem) >= end*9/10 && end > 0 {
		s.forecast.Bottleneck = ByS3
	}
	s.forecast.Time = s.limits.SetUp + end + s.limits.Transient + s.limits.Finish
	s.forecast.Timeline = s.timeline.points(s.limits.SetUp)
	s.forecast.Prefixes = s.traffic.busiest(s.work)
}

// longest is the bottleneck that a batch waited for longest, unless its own work took longer.
func longest(waits map[Bottleneck]time.Duration, work time.Duration) Bottleneck {
	most := ByWork
	for _, b := range []Bottleneck{ByListing, ByStarts, ByScaling, ByConcurrency, ByAccount, ByS3} {
		if waits[b] > work {
			most, work = b, waits[b]
		}
	}
	return most
}

// admit takes the batch whose last item has this index to the moment when its worker begins.
func (s *simulation) admit(lastItem int) (begin time.Duration, cold bool) {
	clear(s.waits)
	now := s.work.available(s.limits, lastItem)
	s.wait(ByListing, now-s.work.available(s.limits, 0))

	start := max(now, s.started+s.startGap)
	s.wait(ByStarts, start-now)
	s.started, now = start, start

	for s.release(now); len(s.busy) >= s.places; s.release(now) {
		free := s.busy[0]
		s.wait(s.placesBy(), free-now)
		now = free
	}
	if s.warm > 0 {
		s.warm--
		return now, false
	}
	return s.environment(now)
}

func (s *simulation) placesBy() Bottleneck {
	if s.limits.MaxConcurrency <= s.limits.AccountConcurrency {
		return ByConcurrency
	}
	return ByAccount
}

// release ends the batches that are done by now: their environments are warm.
func (s *simulation) release(now time.Duration) {
	for len(s.busy) > 0 && s.busy[0] <= now {
		heap.Pop(&s.busy)
		s.warm++
	}
}

// environment starts a new one, or waits for a warm one where none may be started yet.
func (s *simulation) environment(now time.Duration) (begin time.Duration, cold bool) {
	perSecond := float64(s.limits.NewEnvironments) / s.limits.NewEnvironmentsEvery.Seconds()
	if now > s.filled {
		s.tokens = min(float64(s.limits.NewEnvironments), s.tokens+perSecond*(now-s.filled).Seconds())
		s.filled = now
	}
	if s.tokens >= 1 {
		s.tokens--
		return now, true
	}
	next := s.filled + time.Duration((1-s.tokens)/perSecond*float64(time.Second))
	if len(s.busy) > 0 && s.busy[0] < next {
		free := s.busy[0]
		s.wait(ByScaling, free-now)
		s.release(free)
		s.warm--
		return free, false
	}
	s.wait(ByScaling, next-now)
	s.tokens, s.filled = 0, next
	return next, true
}

func (s *simulation) wait(b Bottleneck, d time.Duration) {
	if d > 0 {
		s.waits[b] += d
		s.forecast.Waited[b] += d
	}
}

// ends is a heap of moments.
type ends []time.Duration

func (e ends) Len() int           { return len(e) }
func (e ends) Less(i, j int) bool { return e[i] < e[j] }
func (e ends) Swap(i, j int)      { e[i], e[j] = e[j], e[i] }
func (e *ends) Push(v any)        { *e = append(*e, v.(time.Duration)) }
func (e *ends) Pop() any {
	old := *e
	last := old[len(old)-1]
	*e = old[:len(old)-1]
	return last
}
