// Package request makes the HTTP request of one check and says what came of it. A Client knows whom it
// may ask; a Session is one batch's use of it, and holds the connections that the batch may share.
package request

import (
	"context"
	"crypto/x509"
	"net"
	"sync"
	"time"

	"mapfleet/functions/check/address"
	"mapfleet/functions/job/checks"
)

// Client makes requests. Its fields are set once; it may be used by many goroutines.
type Client struct {
	Guard     address.Guard
	Resolver  *net.Resolver  // nil: the system's
	RootCAs   *x509.CertPool // nil: the system's
	UserAgent string         // where a check gives none; empty: DefaultUserAgent
}

// DefaultUserAgent is how a Client calls itself.
const DefaultUserAgent = "mapfleet-check"

// Session is the use of a Client by one batch. Ask may be called by many goroutines.
type Session struct {
	client *Client
	shared func() *link // made when it is first needed
	opened bool
}

// Open returns a session, which the caller closes.
func (c *Client) Open() *Session {
	s := &Session{client: c}
	s.shared = sync.OnceValue(func() *link {
		s.opened = true
		return c.newLink(sharedIdle)
	})
	return s
}

// Close closes every connection. No Ask may be at work.
func (s *Session) Close() {
	if s.opened {
		s.shared().close()
	}
}

// Ask makes the request of a check, once more if it asks for that and the first attempt is not OK, and
// returns the finding without its line. The time that it takes is bounded by c.Longest() and by ctx. There is
// an error only where nothing can be said of the check: ctx has ended, or this process has no room for another
// connection (job.Unavailable).
func (s *Session) Ask(ctx context.Context, c checks.Check) (checks.Finding, error) {
	first, err := s.attempt(ctx, c)
	if err != nil || first.Code == checks.OK || first.Code == checks.Blocked || !c.Retry {
		return first, err
	}
	wait := time.NewTimer(checks.RetryWait)
	defer wait.Stop()
	select {
	case <-wait.C:
	case <-ctx.Done():
		return checks.Finding{}, ctx.Err()
	}
	second, err := s.attempt(ctx, c)
	second.Attempts, second.FirstCode = 2, first.Code
	return second, err
}
