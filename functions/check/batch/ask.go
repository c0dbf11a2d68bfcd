package batch

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"runtime/debug"
	"time"

	"mapfleet/functions/job/checks"
)

// outcome is what became of one item: a finding; or nothing, because it was left or met an own fault.
type outcome struct {
	finding checks.Finding
	known   bool
	err     error
}

// round is the work on one batch.
type round struct {
	session Session
	items   []checks.Item
	pace    time.Duration
	end     time.Time // by when requests that are started are over; zero: whenever
	allOver time.Time // by when those of all rounds are; zero: whenever
}

// ask makes the requests of a batch's items and returns the findings in their order. There is an error only
// if there is no finding.
func (w *Worker) ask(ctx context.Context, b checks.Batch) ([]checks.Finding, error) {
	items := b.Items
	r := round{session: w.Open(), items: items, pace: cmp.Or(w.Pace, DefaultPace)}
	defer r.session.Close()
	work := ctx
	if deadline, ok := ctx.Deadline(); ok {
		margin := cmp.Or(w.Margin, DefaultMargin)
		r.allOver = begun(b.Earlier).Add(childTime - margin)
		if r.end = deadline.Add(-margin); r.end.After(r.allOver) {
			r.end = r.allOver
		}
		// What was started in time is not cut off for a moment's delay, and the first item has some time,
		// however late it is.
		last, soonest := r.end.Add(margin/5), time.Now().Add(min(time.Until(deadline)/2, time.Second))
		if last.Before(soonest) {
			last = soonest
		}
		var cancel context.CancelFunc
		work, cancel = context.WithDeadline(ctx, last)
		defer cancel()
	}
	outcomes := r.all(work, newSchedule(cmp.Or(w.Connections, DefaultConnections), w.perHost, items))
	if ctx.Err() != nil {
		return nil, ctx.Err()
	}
	findings := make([]checks.Finding, 0, len(items))
	var first error
	for i, o := range outcomes {
		switch {
		case o.known:
			o.finding.Line = items[i].Line
			findings = append(findings, o.finding.Cut())
		case first == nil:
			first = o.err
		}
	}
	if len(findings) == 0 {
		return nil, first
	}
	return findings, nil
}

// perHost is how many requests to a host are under way at a time.
func (w *Worker) perHost(host string) int {
	if w.Own != nil && w.Own(host) {
		return cmp.Or(w.PerOwnHost, w.PerHost, DefaultPerHost)
	}
	return cmp.Or(w.PerHost, DefaultPerHost)
}

// all takes every item to its outcome. Once this process has no room for more connections, it starts no
// more. What could not have its time in a round after this one either comes to the finding that it was not asked.
func (r *round) all(ctx context.Context, s *schedule) []outcome {
	outcomes := make([]outcome, len(r.items))
	finished := make(chan int)
	underWay, broken := 0, false
	var late []int
	var soonest time.Time // that the next request may start
	for {
		for i, ok := s.next(); ok; i, ok = s.next() {
			item := r.items[i]
			switch {
			case item.Refused != "":
			case i > 0 && (broken || ctx.Err() != nil || r.late(item.Check)):
				late = append(late, i)
				s.done(i)
				continue
			default:
				time.Sleep(time.Until(soonest))
				soonest = time.Now().Add(r.pace)
			}
			underWay++
			go func() {
				defer func() { finished <- i }()
				outcomes[i] = r.item(ctx, item, i == 0)
			}()
		}
		if underWay == 0 {
			break
		}
		i := <-finished
		underWay--
		broken = broken || outcomes[i].err != nil
		if !outcomes[i].known {
			s.done(i)
			continue
		}
		dropped, why := s.heard(i, outcomes[i].finding)
		for _, j := range dropped {
			outcomes[j] = notAsked(r.items[j], checks.HostSilent, fmt.Sprintf("no answer to %d requests in a row to %.100s, which waited %v or more each", why.timeouts, why.host, why.least))
		}
	}
	for _, i := range late {
		if !broken && r.hopeless(r.items[i].Check) {
			outcomes[i] = notAsked(r.items[i], checks.NoTime, "the requests before it took all the time that its batch has")
		}
	}
	return outcomes
}

// notAsked is the outcome of an item that no request was made of.
func notAsked(item checks.Item, code checks.Code, why string) outcome {
	return outcome{known: true, finding: checks.Finding{
		ID: item.Check.ID, URL: item.Check.URL, Code: code, Message: "not asked: " + why, At: time.Now().UTC().Truncate(time.Microsecond),
	}}
}

// late says whether a check could not have all of its time any more.
func (r *round) late(c checks.Check) bool {
	return !r.end.IsZero() && time.Until(r.end) < c.Longest()
}

// hopeless says whether a check could not have all of its time in a further round either.
func (r *round) hopeless(c checks.Check) bool {
	return !r.allOver.IsZero() && time.Until(r.allOver)-roundTrip < c.Longest()
}

const (
	// childTime is how long all rounds of a batch may take: their child execution ends after five minutes (A23
	// of package asl), and has begun before the first request.
	childTime = 280 * time.Second
	// roundTrip is from the end of a round to the first request of the next; assumed.
	roundTrip = 2 * time.Second
	// longestRound is more than a function has for one.
	longestRound = 145 * time.Second
)

// begun is when the first round of a batch began, or a little earlier.
func begun(earlier *checks.Tally) time.Time {
	if earlier == nil || earlier.Started.IsZero() {
		return time.Now()
	}
	if earlier.Retried == 0 {
		return earlier.Started
	}
	// Of a check that was made twice only the second time is known.
	first := earlier.Started.Add(-checks.MaxTimeout - checks.RetryWait)
	if rounds := earlier.Finished.Add(-time.Duration(earlier.Rounds) * longestRound); rounds.After(first) {
		return rounds
	}
	return first
}

// item takes one item to its outcome. A panic on the way is the item's own: the others of the batch have
// no part in it, and trying again would meet it again.
func (r *round) item(ctx context.Context, item checks.Item, first bool) (o outcome) {
	begun := time.Now()
	tell := func(code checks.Code, message string, attempts int) outcome {
		return outcome{known: true, finding: checks.Finding{
			ID: item.Check.ID, URL: item.Check.URL, Code: code, Message: message,
			At: begun.UTC().Truncate(time.Microsecond), Attempts: attempts, Latency: checks.Latency{Total: time.Since(begun).Truncate(time.Microsecond)},
		}}
	}
	defer func() {
		if v := recover(); v != nil {
			slog.Error("panic", "line", item.Line, "value", fmt.Sprint(v), "stack", string(debug.Stack()))
			o = tell(checks.Panic, "panic: "+fmt.Sprint(v), 1)
		}
	}()
	if item.Refused != "" {
		return tell(checks.BadLine, item.Refused, 0)
	}
	found, err := r.session.Ask(ctx, item.Check)
	switch {
	case err == nil:
		return outcome{finding: found, known: true}
	case first && errors.Is(err, context.DeadlineExceeded):
		return tell(checks.Timeout, fmt.Sprintf("given up after %v: the worker has no more time, though the check may take %v",
			time.Since(begun).Round(time.Millisecond), item.Check.Longest()), 1)
	}
	return outcome{err: err}
}
