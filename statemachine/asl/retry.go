package asl

import (
	"math"
	"math/rand/v2"
	"time"
)

// retrier is one element of Retry (A14).
type retrier struct {
	names    []string
	interval time.Duration
	longest  time.Duration // 0: no limit
	backoff  float64
	most     int
	jitter   bool
}

// catcher is one element of Catch.
type catcher struct {
	names  []string
	result selector
	next   string
}

// retryDelay finds the first retrier that takes the error and, if it has attempts left, counts one
// and returns how long to wait. Each retrier counts its own; no other is asked (A61).
func (s *state) retryDelay(name string, retried []int) (time.Duration, bool) {
	for i, r := range s.retry {
		if !matches(r.names, name) {
			continue
		}
		if retried[i] >= r.most {
			return 0, false
		}
		retried[i]++
		return r.delay(retried[i]), true
	}
	return 0, false
}

// delay is the wait before the n-th retry, the first being 1.
func (r retrier) delay(n int) time.Duration {
	longest := r.longest
	if longest == 0 {
		longest = maxSeconds * time.Second
	}
	d := time.Duration(min(float64(r.interval)*math.Pow(r.backoff, float64(n-1)), float64(longest)))
	if r.jitter {
		return rand.N(d + 1)
	}
	return d
}

// caught finds the first catcher that takes the error and returns its output (A61) and next state; without
// one it returns the error.
func (s *state) caught(failed *Error, raw any) (any, string, error) {
	for _, c := range s.catch {
		if !matches(c.names, failed.Name) {
			continue
		}
		var result any = map[string]any{"Error": failed.Name, "Cause": failed.Cause}
		switch {
		case c.result.none:
			result = raw
		case c.result.path != nil:
			var err error
			if result, err = c.result.path.set(raw, result); err != nil {
				return nil, "", err
			}
		}
		return result, c.next, within(result, "caught output", s.name)
	}
	return nil, "", failed
}

func (p *parser) retriers(f *fields) []retrier {
	list := f.list("Retry")
	retriers := make([]retrier, 0, len(list))
	for i, v := range list {
		r, ok := p.object(v, element(f.at("Retry"), i))
		if !ok {
			continue
		}
		r.allow("Comment", "ErrorEquals", "IntervalSeconds", "BackoffRate", "MaxAttempts", "MaxDelaySeconds", "JitterStrategy")
		parsed := retrier{names: p.errorNames(r, i == len(list)-1), interval: time.Second, backoff: 2, most: 3}
		if n, ok := r.integer("IntervalSeconds", 1, maxSeconds); ok {
			parsed.interval = time.Duration(n) * time.Second
		}
		if n, ok := r.number("BackoffRate", 1, math.MaxInt32); ok {
			parsed.backoff = n
		}
		if n, ok := r.integer("MaxAttempts", 0, maxSeconds); ok {
			parsed.most = int(n)
		}
		if n, ok := r.integer("MaxDelaySeconds", 1, 31_622_400); ok {
			if parsed.longest = time.Duration(n) * time.Second; parsed.longest <= parsed.interval {
				p.problem(r.at("MaxDelaySeconds"), "is not above IntervalSeconds")
			}
		}
		parsed.jitter = r.oneOf("JitterStrategy", "NONE", "FULL") == "FULL"
		retriers = append(retriers, parsed)
	}
	return retriers
}

func (p *parser) catchers(f *fields, s *state) []catcher {
	list := f.list("Catch")
	catchers := make([]catcher, 0, len(list))
	for i, v := range list {
		c, ok := p.object(v, element(f.at("Catch"), i))
		if !ok {
			continue
		}
		c.allow("Comment", "ErrorEquals", "ResultPath", "Next")
		parsed := catcher{names: p.errorNames(c, i == len(list)-1), result: c.selector("ResultPath"), next: c.required("Next")}
		s.edges = append(s.edges, edge{parsed.next, c.at("Next")})
		catchers = append(catchers, parsed)
	}
	return catchers
}

// errorNames reads ErrorEquals; States.ALL must stand alone and last.
func (p *parser) errorNames(f *fields, last bool) []string {
	if !f.has("ErrorEquals") {
		p.problem(f.at("ErrorEquals"), "is missing")
	}
	list := f.list("ErrorEquals")
	names := make([]string, 0, len(list))
	for i, v := range list {
		place := element(f.at("ErrorEquals"), i)
		name, ok := v.(string)
		if !ok {
			p.problem(place, "is not a string")
			continue
		}
		if problem := errorNameProblem(name); problem != "" {
			p.problem(place, "%s", problem)
		}
		if name == errorAll && (len(list) > 1 || !last) {
			p.problem(place, "States.ALL must stand alone and in the last element")
		}
		names = append(names, name)
	}
	return names
}
