// Package faulty stands between clients and an S3 server, for tests: a Proxy passes calls on, and makes
// those fail that its Rule names, with a Fault as S3, a network or a missing permission would. Signatures
// stay valid, since the server sees the Host that the client signed.
package faulty

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"maps"
	"net"
	"net/http"
	"net/http/httputil"
	"net/url"
	"strings"
	"sync"
)

// Call is one call of a client, each attempt counted by itself.
type Call struct {
	Method string // GET, HEAD, PUT …
	Bucket string
	Key    string // empty for a call on the bucket
	Number int    // how often Method, Bucket and Key have come, this time included
}

// Rule says what is to happen to a call; None lets it pass. It is called by many goroutines.
type Rule func(Call) Fault

// Proxy is a server on a loopback address. The caller closes it.
type Proxy struct {
	URL string // http://127.0.0.1:PORT

	rule      Rule
	transport *http.Transport
	forward   *httputil.ReverseProxy
	server    *http.Server

	mu    sync.Mutex
	calls map[Call]int // by Method, Bucket and Key
	done  map[Fault]int
}

// Start passes calls on to the S3 server at target, a URL without a path. rule may be nil.
func Start(target string, rule Rule) (*Proxy, error) {
	to, err := url.Parse(target)
	if err != nil {
		return nil, fmt.Errorf("start the faulty proxy: %w", err)
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, fmt.Errorf("start the faulty proxy: %w", err)
	}
	if rule == nil {
		rule = func(Call) Fault { return None }
	}
	p := &Proxy{
		URL: "http://" + listener.Addr().String(), rule: rule, calls: map[Call]int{}, done: map[Fault]int{},
		transport: &http.Transport{MaxIdleConnsPerHost: 512, DisableCompression: true},
	}
	p.forward = &httputil.ReverseProxy{
		Rewrite: func(r *httputil.ProxyRequest) {
			r.Out.URL.Scheme, r.Out.URL.Host = to.Scheme, to.Host
			r.Out.Host = r.In.Host // it is signed
		},
		ModifyResponse: spoil,
		Transport:      p.transport,
		FlushInterval:  -1, // what breaks off has begun
		ErrorLog:       log.New(io.Discard, "", 0),
		ErrorHandler: func(w http.ResponseWriter, r *http.Request, err error) {
			if errors.Is(err, errLost) {
				reset(w)
				return
			}
			w.WriteHeader(http.StatusBadGateway)
		},
	}
	p.server = &http.Server{Handler: p, ErrorLog: p.forward.ErrorLog}
	go func() { _ = p.server.Serve(listener) }()
	return p, nil
}

// Close ends the proxy with every connection to it and to its server. It may be called again.
func (p *Proxy) Close() error {
	err := p.server.Close()
	p.transport.CloseIdleConnections()
	return err
}

// Count returns how many calls have come that match says yes to; nil is all. Number is 0 in what match sees.
func (p *Proxy) Count(match func(Call) bool) int {
	p.mu.Lock()
	defer p.mu.Unlock()
	n := 0
	for call, times := range p.calls {
		if match == nil || match(call) {
			n += times
		}
	}
	return n
}

// Faults returns how often each fault has happened.
func (p *Proxy) Faults() map[Fault]int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return maps.Clone(p.done)
}

// ServeHTTP is one call.
func (p *Proxy) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	fault := p.judge(r)
	switch fault {
	case SlowDown, InternalError, AccessDenied:
		refuse(w, r, fault)
	case Reset:
		reset(w)
	default:
		p.forward.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), faultKey{}, fault)))
	}
}

// judge counts the call and asks the rule for its fault.
func (p *Proxy) judge(r *http.Request) Fault {
	bucket, key, _ := strings.Cut(strings.TrimPrefix(r.URL.Path, "/"), "/")
	call := Call{Method: r.Method, Bucket: bucket, Key: key}
	p.mu.Lock()
	p.calls[call]++
	numbered := call
	numbered.Number = p.calls[call]
	p.mu.Unlock()
	fault := p.rule(numbered)
	if fault != None {
		p.mu.Lock()
		p.done[fault]++
		p.mu.Unlock()
	}
	return fault
}

// faultKey is where a request's context holds its fault.
type faultKey struct{}
