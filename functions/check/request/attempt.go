package request

import (
	"context"
	"net/http"
	"strings"
	"time"

	"mapfleet/functions/job/checks"
)

// attempt makes the request of c once.
func (s *Session) attempt(ctx context.Context, c checks.Check) (checks.Finding, error) {
	l := s.link(c.Connection)
	if c.Connection != checks.ConnectionShared {
		defer l.close()
	}
	limited, cancel := context.WithTimeout(ctx, c.Timeout)
	defer cancel()
	f := checks.Finding{ID: c.ID, URL: c.URL, Attempts: 1}
	watch, traced := start(limited)
	err := s.ask(traced, l, c, watch, &f)
	watch.stop(&f)
	if err == nil {
		judge(c, &f)
		return f, nil
	}
	if ctx.Err() != nil {
		return checks.Finding{}, ctx.Err()
	}
	if own := ownFault(err); own != nil {
		return checks.Finding{}, own
	}
	blame(err, limited, watch.at(), c, &f)
	return f.Cut(), nil
}

// link returns the connections to use: those of the session, or new ones that the attempt closes.
func (s *Session) link(kind checks.Connection) *link {
	if kind == checks.ConnectionShared {
		return s.shared()
	}
	return s.client.newLink(freshIdle)
}

// ask sends the request, follows redirects, and reads the answer. It fills in of f what the answer says.
func (s *Session) ask(ctx context.Context, l *link, c checks.Check, watch *stopwatch, f *checks.Finding) error {
	request, err := s.request(ctx, c)
	if err != nil {
		return badRequest{err}
	}
	hops := redirects{check: c}
	client := http.Client{Transport: l.transport, CheckRedirect: hops.follow}
	response, err := client.Do(request)
	f.Redirects = hops.followed
	if err != nil {
		if response != nil {
			_ = response.Body.Close() // the answer before a redirect that is not followed
		}
		return err
	}
	defer response.Body.Close()
	watch.body()
	f.Status, f.Protocol = response.StatusCode, response.Proto
	if t := response.TLS; t != nil && len(t.PeerCertificates) > 0 {
		f.CertificateEnds = t.PeerCertificates[0].NotAfter.UTC()
	}
	read, found, err := search(response.Body, c.Expect.BodyContains, c.MaxBody)
	f.Bytes = read
	switch {
	case err != nil:
		return err
	case read > c.MaxBody:
		f.Bytes = c.MaxBody
		return bodyTooLarge{}
	case !found:
		return textMissing{}
	}
	return nil
}

func (s *Session) request(ctx context.Context, c checks.Check) (*http.Request, error) {
	request, err := http.NewRequestWithContext(ctx, c.Method, c.URL, strings.NewReader(c.Body))
	if err != nil {
		return nil, err
	}
	if c.Body == "" {
		request.Body, request.GetBody = nil, nil
	}
	agent := s.client.UserAgent
	if agent == "" {
		agent = DefaultUserAgent
	}
	request.Header.Set("User-Agent", agent)
	for name, value := range c.Headers {
		if name == "Host" {
			request.Host = value
			continue
		}
		request.Header.Set(name, value)
	}
	return request, nil
}

// judge holds a whole answer against what is expected of it.
func judge(c checks.Check, f *checks.Finding) {
	f.Code = checks.OK
	if ok, why := c.Expect.StatusHolds(f.Status); !ok {
		f.Code, f.Message = checks.WrongStatus, why
		return
	}
	if most := c.Expect.MaxLatency; most > 0 && f.Latency.Total > most {
		f.Code, f.Message = checks.TooSlow, f.Latency.Total.Round(time.Millisecond).String()+", want at most "+most.String()
	}
}
