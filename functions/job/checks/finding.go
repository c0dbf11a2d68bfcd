package checks

import (
	"encoding/json"
	"fmt"
	"math"
	"time"

	"mapfleet/functions/job/fields"
)

// Code is the verdict on a line.
type Code string

// The verdicts. All but OK mean that the check does not hold; the finding's message says more.
const (
	OK Code = "OK" // the answer is as expected

	// There was an answer, but not the one expected. The first that applies is told.
	WrongStatus     Code = "WrongStatus"
	BodyTooLarge    Code = "BodyTooLarge"    // more than maxBody; all else that can be seen is as expected
	TextMissing     Code = "TextMissing"     // the body lacks expect.bodyContains
	TooSlow         Code = "TooSlow"         // later than expect.maxLatency, though within the timeout
	HeadersTooLarge Code = "HeadersTooLarge" // more bytes than a worker reads; of HTTP/2 also told as Malformed
	Malformed       Code = "Malformed"       // no HTTP, or not as the protocol has it

	// There was no answer, or not a whole one.
	Timeout     Code = "Timeout"     // the message says what was waited for
	DNSFailed   Code = "DNSFailed"   // the host's name leads to no address
	Refused     Code = "Refused"     // nobody listens on the port
	Unreachable Code = "Unreachable" // there is no way to the address
	Reset       Code = "Reset"       // the connection was reset, or closed before the answer was whole

	TLSExpired          Code = "TLSExpired"          // the certificate is no longer valid, or not yet
	TLSWrongHost        Code = "TLSWrongHost"        // the certificate is another host's
	TLSUnknownAuthority Code = "TLSUnknownAuthority" // self-signed, or by nobody who is trusted
	TLSFailed           Code = "TLSFailed"           // no agreement on TLS, or no TLS spoken

	RedirectLoop     Code = "RedirectLoop"     // back at a URL that was asked already
	TooManyRedirects Code = "TooManyRedirects" // more than MaxRedirects
	BadRedirect      Code = "BadRedirect"      // to no URL, or not to http or https

	// Nothing was asked, or nothing is known.
	Blocked    Code = "Blocked"    // the host's address is one that may not be asked
	HostSilent Code = "HostSilent" // not asked: so many requests to the host in a row had no answer in time
	NoTime     Code = "NoTime"     // not asked: the requests before it took all the time of its batch
	BadLine    Code = "BadLine"    // the line is refused: see Item.Refused
	Panic      Code = "Panic"      // the work on it panicked
	Failed     Code = "Failed"     // any other fault of the request
)

// Latency is where the time of an attempt went, in whole microseconds. With redirects, DNS, Connect and
// TLS are sums. On a shared connection that was there already they are 0.
type Latency struct {
	DNS     time.Duration // looking up the host's name
	Connect time.Duration // opening TCP connections
	TLS     time.Duration // shaking hands
	// FirstByte is from the start of the attempt to the first byte of the last answer; 0 if there was none.
	FirstByte time.Duration
	// Total is from the start of the attempt to the end of the body, or to what ended it.
	Total time.Duration
}

// latencyJSON is in milliseconds.
type latencyJSON struct {
	DNS       float64 `json:"dns,omitzero"`
	Connect   float64 `json:"connect,omitzero"`
	TLS       float64 `json:"tls,omitzero"`
	FirstByte float64 `json:"firstByte,omitzero"`
	Total     float64 `json:"total"`
}

// MarshalJSON writes milliseconds with at most three decimals.
func (l Latency) MarshalJSON() ([]byte, error) {
	return json.Marshal(latencyJSON{milliseconds(l.DNS), milliseconds(l.Connect), milliseconds(l.TLS), milliseconds(l.FirstByte), milliseconds(l.Total)})
}

// UnmarshalJSON reads what MarshalJSON writes, to the microsecond.
func (l *Latency) UnmarshalJSON(data []byte) error {
	var raw latencyJSON
	if err := json.Unmarshal(data, &raw); err != nil {
		return fmt.Errorf("read latency %s: %w", fields.Clip(data), err)
	}
	for target, value := range map[*time.Duration]float64{&l.DNS: raw.DNS, &l.Connect: raw.Connect, &l.TLS: raw.TLS, &l.FirstByte: raw.FirstByte, &l.Total: raw.Total} {
		if !(value >= 0 && value < 1e12) {
			return fmt.Errorf("read latency %s: %v is no number of milliseconds", fields.Clip(data), value)
		}
		*target = time.Duration(math.Round(value*1e3)) * time.Microsecond
	}
	return nil
}

func milliseconds(d time.Duration) float64 { return float64(d.Microseconds()) / 1e3 }

// Finding is what came of one line: a line of the worker's output in the work bucket.
type Finding struct {
	Line      int       `json:"line"` // Item.Line
	ID        string    `json:"id,omitzero"`
	URL       string    `json:"url,omitzero"`
	Code      Code      `json:"code"`
	Message   string    `json:"message,omitzero"` // why it is not OK, at most MaxMessageBytes
	Status    int       `json:"status,omitzero"`  // of the answer; 0: none came
	Latency   Latency   `json:"milliseconds"`
	Bytes     int64     `json:"bytes,omitzero"`     // of the body as far as it was read, decompressed
	At        time.Time `json:"at"`                 // when the attempt that counts began
	Attempts  int       `json:"attempts"`           // 0, 1 or 2
	FirstCode Code      `json:"firstCode,omitzero"` // with 2 attempts, the verdict on the first

	Redirects int    `json:"redirects,omitzero"` // how many were followed
	Protocol  string `json:"protocol,omitzero"`  // of the answer, such as HTTP/2.0
	Address   string `json:"address,omitzero"`   // IP address and port that were asked last
	Reused    bool   `json:"reused,omitzero"`    // over a shared connection that was there already
	// CertificateEnds is until when the certificate is valid that the last host showed and was accepted.
	CertificateEnds time.Time `json:"certificateEnds,omitzero"`
}

// MaxMessageBytes bounds Finding.Message.
const MaxMessageBytes = 300

// Cut returns f with its message shortened to MaxMessageBytes.
func (f Finding) Cut() Finding {
	f.Message = cut(f.Message, MaxMessageBytes)
	return f
}
