package checks

import (
	"net/url"
	"strings"
	"time"
)

// Check is one HTTP request and what is expected of its answer. ParseCheck fills in every default, so
// that a Check says all that a worker needs.
type Check struct {
	ID         string            // the caller's own name for it; may be empty
	URL        string            // absolute, http or https
	Method     string            // GET, HEAD, POST, PUT, PATCH, DELETE or OPTIONS
	Headers    map[string]string // by canonical name; Host stands for the request's host
	Body       string
	Timeout    time.Duration // of one attempt: lookup, connection, redirects and body; MinTimeout to MaxTimeout
	Retry      bool          // ask once more if the first attempt is not OK; the second one counts
	Redirects  Redirects
	Connection Connection
	MaxBody    int64 // bytes of the answer's body that are read, after decompression; 1 to MaxMaxBody
	Expect     Expect
}

// Expect is what an answer must be for the verdict OK.
type Expect struct {
	// Status lists the statuses and classes that will do. By default it is 2xx, and also 3xx where
	// redirects are not followed.
	Status       []Status
	MaxLatency   time.Duration // of the whole attempt, as Latency.Total; 0: whatever the timeout allows
	BodyContains string        // bytes that the decompressed body must hold; empty: any body
}

// Redirects says what is done with a 3xx answer that names another place.
type Redirects string

// The ways with redirects. At most MaxRedirects are followed.
const (
	RedirectsFollow Redirects = "follow" // the default
	RedirectsNo     Redirects = "no"     // the 3xx itself is the answer
)

// Connection says which connection a request may use.
type Connection string

// The kinds of connection. Fresh is the default: the latency of a line then has its own lookup,
// connection and TLS handshake in it, whatever its neighbours in the batch ask. Shared is for many lines
// to few hosts, where a handshake for each would cost both sides more than the request.
const (
	ConnectionFresh  Connection = "fresh"
	ConnectionShared Connection = "shared" // one that another line of the same batch has opened will do
)

// methods are those that a check may use; the ones of bodyMethods may carry a body.
var (
	methods     = []string{"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}
	bodyMethods = []string{"POST", "PUT", "PATCH", "DELETE"}
)

// The bounds and defaults of a Check.
const (
	DefaultTimeout = 10 * time.Second
	MinTimeout     = 10 * time.Millisecond
	MaxTimeout     = time.Minute

	DefaultMaxBody = 1 << 20
	MaxMaxBody     = 64 << 20

	MaxRedirects = 10
	// RetryWait is how long a worker waits between two attempts.
	RetryWait = 300 * time.Millisecond
)

// Longest is the most time that the check can take: all its attempts, and the wait between them.
func (c Check) Longest() time.Duration {
	if c.Retry {
		return 2*c.Timeout + RetryWait
	}
	return c.Timeout
}

// Host returns the URL's host in lower case, with its port if it names one.
func (c Check) Host() string {
	u, err := url.Parse(c.URL)
	if err != nil {
		return ""
	}
	return strings.ToLower(u.Host)
}
