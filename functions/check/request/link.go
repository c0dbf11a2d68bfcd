package request

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/http"
	"sync"
	"time"

	"mapfleet/functions/job/checks"
)

const (
	// maxHeaderBytes bounds the headers of an answer.
	maxHeaderBytes = 256 << 10
	// streamBytes bounds what a server may send over HTTP/2 before it is read.
	streamBytes = 1 << 20
	// freshIdle and sharedIdle are how many connections to a host a link keeps between requests, and half of
	// how many it keeps in all. A fresh link has few requests, one after the other.
	freshIdle  = 1
	sharedIdle = 64
	// happyEyeballs is how long IPv6 may take before IPv4 is tried beside it.
	happyEyeballs = 200 * time.Millisecond
	// dialSlack lets an attempt end by its own clock, which knows that it is a timeout.
	dialSlack = time.Second
)

// link is a transport with all connections that it has opened. net/http lets a connection that is being
// opened outlive its request, for the next one; a link ends them all when it is closed.
type link struct {
	transport *http.Transport
	dialer    *net.Dialer
	ctx       context.Context // ends when the link is closed
	end       context.CancelFunc

	mu     sync.Mutex
	closed bool
	open   map[*connection]struct{}
}

func (c *Client) newLink(idle int) *link {
	l := &link{open: map[*connection]struct{}{}}
	l.ctx, l.end = context.WithCancel(context.Background())
	l.dialer = &net.Dialer{
		FallbackDelay: happyEyeballs, KeepAlive: -1, Resolver: c.Resolver, ControlContext: c.Guard.Control,
	}
	l.transport = &http.Transport{ // without a proxy: the guard would see its address only
		DialContext:            l.dial,
		TLSClientConfig:        &tls.Config{RootCAs: c.RootCAs},
		ForceAttemptHTTP2:      true,
		TLSHandshakeTimeout:    checks.MaxTimeout,
		MaxIdleConns:           2 * idle,
		MaxIdleConnsPerHost:    idle,
		MaxResponseHeaderBytes: maxHeaderBytes,
		HTTP2:                  &http.HTTP2Config{MaxReceiveBufferPerStream: streamBytes, MaxReceiveBufferPerConnection: 4 * streamBytes},
	}
	return l
}

// close ends all connections, also those that are being opened.
func (l *link) close() {
	l.end()
	l.mu.Lock()
	l.closed = true
	open := l.open
	l.open = nil
	l.mu.Unlock()
	for c := range open {
		_ = c.Conn.Close() // nobody reads from it any more
	}
	l.transport.CloseIdleConnections()
}

// dial opens a connection in the time of the attempt that asks for it, and tells its stopwatch. ctx has
// the attempt's values, but net/http has cut it off from the attempt's end.
func (l *link) dial(ctx context.Context, network, address string) (conn net.Conn, err error) {
	defer func() { // net/http calls this on a goroutine of its own
		if v := recover(); v != nil {
			err = fmt.Errorf("panic: %v", v)
		}
	}()
	watch := watchOf(ctx)
	ctx, cancel := context.WithDeadline(ctx, watch.deadline.Add(dialSlack))
	defer cancel()
	defer context.AfterFunc(l.ctx, cancel)()
	watch.dialing()
	inner, err := l.dialer.DialContext(ctx, network, address)
	watch.dialed()
	if err != nil {
		return nil, err
	}
	c := &connection{Conn: inner, link: l}
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.closed {
		_ = inner.Close()
		return nil, errors.New("dial: the request is over")
	}
	l.open[c] = struct{}{}
	return c, nil
}

// connection tells its link when it is closed.
type connection struct {
	net.Conn
	link *link
}

func (c *connection) Close() error {
	c.link.mu.Lock()
	delete(c.link.open, c)
	c.link.mu.Unlock()
	return c.Conn.Close()
}
