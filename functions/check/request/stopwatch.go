package request

import (
	"context"
	"crypto/tls"
	"net/http/httptrace"
	"sync"
	"time"

	"mapfleet/functions/job/checks"
)

// stopwatch notes where the time of one attempt goes. net/http calls it from several goroutines, also
// after the attempt is over.
type stopwatch struct {
	begun, deadline time.Time

	mu      sync.Mutex
	stage   string // what is being waited for
	latency checks.Latency
	dialled bool
	lookup  time.Time // start of the current one, as the next two
	dial    time.Time
	shake   time.Time
	looked  time.Duration // of the current dial
	address string
	reused  bool
}

// The stages of an attempt, as they complete "while …".
const (
	stageStart   = "preparing the request"
	stageLookup  = "looking up the host"
	stageConnect = "connecting"
	stageTLS     = "shaking hands for TLS"
	stageSend    = "sending the request"
	stageAnswer  = "waiting for the answer"
	stageBody    = "reading the body"
)

type watchKey struct{}

// watchOf returns the stopwatch of the attempt that ctx belongs to. There is one: only attempts use a link.
func watchOf(ctx context.Context) *stopwatch { return ctx.Value(watchKey{}).(*stopwatch) }

// start begins to measure, and returns the context to make the request with.
func start(ctx context.Context) (*stopwatch, context.Context) {
	w := &stopwatch{begun: time.Now(), stage: stageStart}
	w.deadline, _ = ctx.Deadline() // attempts have one
	return w, httptrace.WithClientTrace(context.WithValue(ctx, watchKey{}, w), &httptrace.ClientTrace{
		DNSStart: func(httptrace.DNSStartInfo) {
			w.note(func(now time.Time) { w.stage, w.lookup = stageLookup, now })
		},
		DNSDone: func(info httptrace.DNSDoneInfo) {
			w.note(func(now time.Time) {
				if w.looked = now.Sub(w.lookup); info.Err == nil {
					w.stage = stageConnect
				}
			})
		},
		TLSHandshakeStart: func() {
			w.note(func(now time.Time) { w.stage, w.shake = stageTLS, now })
		},
		TLSHandshakeDone: func(tls.ConnectionState, error) {
			w.note(func(now time.Time) { w.latency.TLS += now.Sub(w.shake) })
		},
		GotConn: func(info httptrace.GotConnInfo) {
			w.note(func(time.Time) {
				w.stage, w.reused = stageSend, info.Reused
				if info.Conn != nil {
					w.address = info.Conn.RemoteAddr().String()
				}
			})
		},
		WroteRequest: func(httptrace.WroteRequestInfo) {
			w.note(func(time.Time) { w.stage = stageAnswer })
		},
		GotFirstResponseByte: func() {
			w.note(func(now time.Time) { w.latency.FirstByte = now.Sub(w.begun) })
		},
	})
}

func (w *stopwatch) note(f func(now time.Time)) {
	now := time.Now()
	w.mu.Lock()
	defer w.mu.Unlock()
	f(now)
}

func (w *stopwatch) dialing() {
	w.note(func(now time.Time) { w.stage, w.dial, w.looked, w.dialled = stageConnect, now, 0, true })
}

func (w *stopwatch) dialed() {
	w.note(func(now time.Time) {
		w.latency.DNS += w.looked
		w.latency.Connect += now.Sub(w.dial) - w.looked
	})
}

// body says that the headers have come.
func (w *stopwatch) body() { w.note(func(time.Time) { w.stage = stageBody }) }

// at returns what is being waited for.
func (w *stopwatch) at() string {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.stage
}

// stop writes what was measured into f.
func (w *stopwatch) stop(f *checks.Finding) {
	w.note(func(now time.Time) {
		f.At = w.begun.UTC().Truncate(time.Microsecond)
		f.Latency = w.latency
		f.Latency.Total = now.Sub(w.begun)
		f.Address = w.address
		if f.Reused = w.reused && !w.dialled; f.Reused {
			f.Latency.DNS, f.Latency.Connect, f.Latency.TLS = 0, 0, 0
		}
		for _, d := range []*time.Duration{&f.Latency.DNS, &f.Latency.Connect, &f.Latency.TLS, &f.Latency.FirstByte, &f.Latency.Total} {
			*d = d.Truncate(time.Microsecond)
		}
	})
}
