package request

import (
	"fmt"
	"net/http"
	"net/url"

	"mapfleet/functions/job/checks"
)

// redirects decides on the redirects of one attempt.
type redirects struct {
	check    checks.Check
	followed int
}

// badRedirect says why a redirect is not followed.
type badRedirect struct {
	code    checks.Code
	message string
}

func (e badRedirect) Error() string { return e.message }

// follow is http.Client's CheckRedirect. What the line gives as headers goes only to where the line asks:
// elsewhere they may be somebody's password. A body goes along where 307 and 308 say so, as with browsers.
func (r *redirects) follow(next *http.Request, before []*http.Request) error {
	if r.check.Redirects == checks.RedirectsNo {
		return http.ErrUseLastResponse
	}
	if next.URL.Scheme != "http" && next.URL.Scheme != "https" || next.URL.Hostname() == "" {
		return badRedirect{checks.BadRedirect, fmt.Sprintf("redirected to %.200q, want http or https", shown(next.URL))}
	}
	for _, earlier := range before {
		if earlier.Method == next.Method && *earlier.URL == *next.URL {
			return badRedirect{checks.RedirectLoop, fmt.Sprintf("redirected to %.200q once more", shown(next.URL))}
		}
	}
	if len(before) > checks.MaxRedirects {
		return badRedirect{checks.TooManyRedirects, fmt.Sprintf("%d redirects, and a further one to %.200q", len(before)-1, shown(next.URL))}
	}
	next.URL.User = nil
	next.Header.Del("Referer") // a URL may have a secret in it
	home := true
	for _, hop := range append(before[1:len(before):len(before)], next) {
		home = home && sameSite(before[0].URL, hop.URL)
	}
	if !home {
		for name := range r.check.Headers {
			if name != "User-Agent" && name != "Accept" && name != "Accept-Language" {
				next.Header.Del(name)
			}
		}
	}
	r.followed++
	return nil
}

// shown is a place that an answer names, which may have a secret in it.
func shown(u *url.URL) string {
	plain := *u
	plain.User = nil
	return checks.Shown(plain.String())
}

// sameSite says whether b is at the origin of a, or is its move from plain HTTP to TLS.
func sameSite(a, b *url.URL) bool {
	if a.Hostname() != b.Hostname() {
		return false
	}
	return a.Scheme == b.Scheme && port(a) == port(b) || port(a) == "80" && a.Scheme == "http" && b.Scheme == "https" && port(b) == "443"
}

func port(u *url.URL) string {
	if p := u.Port(); p != "" {
		return p
	}
	if u.Scheme == "https" {
		return "443"
	}
	return "80"
}
