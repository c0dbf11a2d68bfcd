package faulty

import (
	"bytes"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"net"
	"net/http"
	"time"
)

// Fault is a way in which a call fails.
type Fault string

// The faults. Those that are about the answer's body let other methods than GET pass.
const (
	None          Fault = ""
	SlowDown      Fault = "SlowDown"      // 503: S3 throttles
	InternalError Fault = "InternalError" // 500: S3's own
	AccessDenied  Fault = "AccessDenied"  // 403: a permission is missing
	Reset         Fault = "Reset"         // the connection is reset, and the server never hears of the call
	Lost          Fault = "Lost"          // the server does it, and the connection is reset instead of its answer
	Truncated     Fault = "Truncated"     // half of the body, under the length of the whole
	Corrupted     Fault = "Corrupted"     // one byte is another, under the checksum of the right ones if the client asks for checksums
	Garbled       Fault = "Garbled"       // one byte is another, and there is no checksum
	Slow          Fault = "Slow"          // the body comes in pieces
	Stalled       Fault = "Stalled"       // half of the body, and then nothing for as long as the client waits
)

// pause is between the pieces of a Slow body.
const pause = 5 * time.Millisecond

// refuse answers as S3 does.
func refuse(w http.ResponseWriter, r *http.Request, fault Fault) {
	status := map[Fault]int{SlowDown: http.StatusServiceUnavailable, InternalError: http.StatusInternalServerError, AccessDenied: http.StatusForbidden}[fault]
	_, _ = io.Copy(io.Discard, r.Body) // so that the client is not cut off while it sends
	w.Header().Set("Content-Type", "application/xml")
	w.WriteHeader(status)
	if r.Method != http.MethodHead {
		fmt.Fprintf(w, `<?xml version="1.0" encoding="UTF-8"?><Error><Code>%s</Code><Message>made up</Message></Error>`, fault)
	}
}

// reset ends the connection without an answer.
func reset(w http.ResponseWriter) {
	conn, _, err := http.NewResponseController(w).Hijack()
	if err != nil {
		panic(http.ErrAbortHandler) // net/http's own way to end a connection
	}
	if tcp, ok := conn.(*net.TCPConn); ok {
		_ = tcp.SetLinger(0)
	}
	_ = conn.Close()
}

var errLost = errors.New("the answer is lost")

// spoil makes the answer of the server what the call's fault says.
func spoil(answer *http.Response) error {
	fault, _ := answer.Request.Context().Value(faultKey{}).(Fault)
	if fault == Lost {
		return errLost
	}
	if fault == None || answer.Request.Method != http.MethodGet || answer.StatusCode != http.StatusOK {
		return nil
	}
	body, err := io.ReadAll(answer.Body)
	_ = answer.Body.Close()
	if err != nil || len(body) == 0 {
		answer.Body = io.NopCloser(bytes.NewReader(body))
		return err
	}
	half := body[:len(body)/2]
	switch fault {
	case Truncated:
		answer.Body = io.NopCloser(io.MultiReader(bytes.NewReader(half), broken{}))
	case Corrupted, Garbled:
		if fault == Corrupted && answer.Request.Header.Get("X-Amz-Checksum-Mode") == "ENABLED" {
			sum := binary.BigEndian.AppendUint32(nil, crc32.ChecksumIEEE(body))
			answer.Header.Set("X-Amz-Checksum-Crc32", base64.StdEncoding.EncodeToString(sum))
		}
		body[len(body)/2] ^= 0x55
		answer.Body = io.NopCloser(bytes.NewReader(body))
	case Slow:
		answer.Body = io.NopCloser(&pieces{rest: body, size: len(body)/4 + 1})
	case Stalled:
		answer.Body = io.NopCloser(io.MultiReader(bytes.NewReader(half), &silence{answer.Request.Context().Done()}))
	default:
		answer.Body = io.NopCloser(bytes.NewReader(body))
	}
	return nil
}

// broken is where a body breaks off: the proxy then ends the connection.
type broken struct{}

func (broken) Read([]byte) (int, error) { return 0, io.ErrUnexpectedEOF }

// pieces reads its rest a piece at a time.
type pieces struct {
	rest []byte
	size int
}

func (p *pieces) Read(b []byte) (int, error) {
	if len(p.rest) == 0 {
		return 0, io.EOF
	}
	time.Sleep(pause)
	n := copy(b, p.rest[:min(p.size, len(p.rest))])
	p.rest = p.rest[n:]
	return n, nil
}

// silence reads nothing until the client is gone.
type silence struct{ gone <-chan struct{} }

func (s *silence) Read([]byte) (int, error) {
	<-s.gone
	return 0, io.ErrUnexpectedEOF
}
