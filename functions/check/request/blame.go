package request

import (
	"compress/flate"
	"compress/gzip"
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"net/textproto"
	"net/url"
	"strings"
	"syscall"

	"mapfleet/functions/check/address"
	"mapfleet/functions/job/checks"
)

// badRequest says that no request can be made of a check.
type badRequest struct{ error }

type bodyTooLarge struct{}

func (bodyTooLarge) Error() string { return "the body is too large" }

type textMissing struct{}

func (textMissing) Error() string { return "the text is missing" }

// blame sorts why an attempt came to nothing, while it was at stage, into the verdict of f. limited is the
// attempt's own time.
func blame(err error, limited context.Context, stage string, c checks.Check, f *checks.Finding) {
	if f.Status != 0 { // what is wrong at once is told before what broke later
		if ok, why := c.Expect.StatusHolds(f.Status); !ok {
			f.Code, f.Message = checks.WrongStatus, why
			return
		}
	}
	f.Code, f.Message = verdict(err, limited, stage, c)
	if f.Code == checks.TextMissing && f.Bytes > 0 {
		f.Message += fmt.Sprintf(" in %d bytes", f.Bytes)
	}
}

func verdict(err error, limited context.Context, stage string, c checks.Check) (checks.Code, string) {
	if e, ok := errors.AsType[address.Blocked](err); ok {
		return checks.Blocked, e.Error()
	}
	if e, ok := errors.AsType[badRedirect](err); ok {
		return e.code, e.message
	}
	switch err.(type) {
	case bodyTooLarge:
		return checks.BodyTooLarge, fmt.Sprintf("more than maxBody, %d bytes", c.MaxBody)
	case textMissing:
		return checks.TextMissing, fmt.Sprintf("no %.100q", c.Expect.BodyContains)
	case badRequest:
		return checks.BadLine, reason(err)
	}
	if limited.Err() != nil {
		return checks.Timeout, fmt.Sprintf("given up after %v while %s", c.Timeout, stage)
	}
	if errors.Is(err, syscall.ETIMEDOUT) {
		return checks.Timeout, reason(err) + ", while " + stage
	}
	if e, ok := errors.AsType[*net.DNSError](err); ok {
		return checks.DNSFailed, fmt.Sprintf("look up %.100q: %s", e.Name, e.Err)
	}
	if mentions(err, "malformed HTTP") { // it quotes what came, which may be anything
		return checks.Malformed, reason(err)
	}
	if code := ofTLS(err); code != "" {
		return code, reason(err)
	}
	if code := ofConnection(err); code != "" {
		return code, reason(err) + ", while " + stage
	}
	switch code := ofProtocol(err); code {
	case "":
	case checks.BadRedirect:
		return code, "redirected to what is no URL"
	default:
		return code, reason(err)
	}
	return checks.Failed, reason(err)
}

func ofTLS(err error) checks.Code {
	if e, ok := errors.AsType[x509.CertificateInvalidError](err); ok && e.Reason == x509.Expired {
		return checks.TLSExpired
	}
	if _, ok := errors.AsType[x509.HostnameError](err); ok {
		return checks.TLSWrongHost
	}
	if _, ok := errors.AsType[x509.UnknownAuthorityError](err); ok {
		return checks.TLSUnknownAuthority
	}
	_, unverified := errors.AsType[*tls.CertificateVerificationError](err)
	_, record := errors.AsType[tls.RecordHeaderError](err)
	_, alert := errors.AsType[tls.AlertError](err)
	if unverified || record || alert || mentions(err, "tls: ", "gave HTTP response to HTTPS client") {
		return checks.TLSFailed
	}
	return ""
}

func ofConnection(err error) checks.Code {
	is := func(targets ...error) bool {
		for _, target := range targets {
			if errors.Is(err, target) {
				return true
			}
		}
		return false
	}
	switch {
	case is(syscall.ECONNREFUSED):
		return checks.Refused
	case is(syscall.EHOSTUNREACH, syscall.ENETUNREACH, syscall.EACCES, syscall.EPERM, syscall.EADDRNOTAVAIL, syscall.EAFNOSUPPORT):
		return checks.Unreachable
	case is(syscall.ECONNRESET, syscall.ECONNABORTED, syscall.EPIPE, io.EOF, io.ErrUnexpectedEOF, net.ErrClosed),
		mentions(err, "server closed idle connection", "server sent GOAWAY", "client connection lost", "client conn could not be established", "INTERNAL_ERROR", "REFUSED_STREAM", "CANCEL", "NO_ERROR"):
		return checks.Reset
	}
	return ""
}

func ofProtocol(err error) checks.Code {
	if mentions(err, "response headers exceeded", "header list larger", "too many 1xx") {
		return checks.HeadersTooLarge
	}
	if e, ok := errors.AsType[*url.Error](err); ok && strings.HasPrefix(e.Err.Error(), "failed to parse Location header") {
		return checks.BadRedirect
	}
	_, protocol := errors.AsType[textproto.ProtocolError](err)
	_, corrupt := errors.AsType[flate.CorruptInputError](err)
	if protocol || corrupt || errors.Is(err, gzip.ErrHeader) || errors.Is(err, gzip.ErrChecksum) ||
		mentions(err, "malformed", "invalid", "bad Content-Length", "unsupported transfer encoding", "message cannot contain", "too many transfer encodings", "http2:", "PROTOCOL_ERROR", "FRAME_SIZE_ERROR", "COMPRESSION_ERROR", "FLOW_CONTROL_ERROR", "chunk", "Unsolicited response") {
		return checks.Malformed
	}
	return ""
}

// mentions looks for words in an error: net/http has no types for most of what can be wrong in an answer.
func mentions(err error, words ...string) bool {
	text := err.Error()
	if e, ok := errors.AsType[*url.Error](err); ok {
		text = e.Err.Error() // else the URL could say anything
	}
	for _, word := range words {
		if strings.Contains(text, word) {
			return true
		}
	}
	return false
}

// reason says in words what went wrong, without the URL, which the finding has already, and without the
// addresses that net puts before every error.
func reason(err error) string {
	if e, ok := errors.AsType[*url.Error](err); ok {
		err = e.Err
	}
	if e, ok := errors.AsType[*net.OpError](err); ok {
		err = e.Err
	}
	if err == io.EOF {
		return "the connection was closed"
	}
	return strings.ToValidUTF8(err.Error(), "\uFFFD")
}
