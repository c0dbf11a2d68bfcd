package picture

import (
	"fmt"
	"strings"
	"unicode"
)

// Codes of Error.
const (
	Empty                  = "Empty"                  // no bytes at all
	UnknownFormat          = "UnknownFormat"          // not a picture, as far as its bytes tell
	UnsupportedFormat      = "UnsupportedFormat"      // a picture, but of a kind that cannot be read
	TooManyBytes           = "TooManyBytes"           // source beyond Limits.MaxBytes
	TooManyPixels          = "TooManyPixels"          // source or output beyond Limits.MaxPixels or Limits.MaxSide
	TooManyFrames          = "TooManyFrames"          // animation beyond Limits.MaxFrames
	TooManyAnimationPixels = "TooManyAnimationPixels" // animation beyond Limits.MaxAnimationPixels
	TooManyScans           = "TooManyScans"           // JPEG beyond Limits.MaxScans or Limits.MaxScanPixels
	TooMuchMemory          = "TooMuchMemory"          // source, or output as AVIF, beyond Limits.MaxMemory
	DecodeFailed           = "DecodeFailed"           // truncated, corrupt, or more than the codec could bear
	EncodeFailed           = "EncodeFailed"           // the output could not be written
	InvalidVariant         = "InvalidVariant"         // the recipe contradicts itself
)

// Error is every error that is the fault of the picture or of its variant: trying again gives the same error again.
// Its text is short and printable whatever the file held.
type Error struct {
	Code   string // one of the codes of this package
	Doing  string // verb and thing: "decode jpeg"
	Reason string // what went wrong: "unexpected EOF"
	Err    error  // the codec's error, nil if there was none
}

func (e *Error) Error() string { return e.Doing + ": " + e.Reason }

// Unwrap returns the codec's error.
func (e *Error) Unwrap() error { return e.Err }

func fail(code, doing, format string, args ...any) *Error {
	return &Error{Code: code, Doing: doing, Reason: fmt.Sprintf(format, args...)}
}

func failWith(code, doing string, err error) *Error {
	_, thing, _ := strings.Cut(doing, " ")
	reason := strings.TrimPrefix(err.Error(), thing+": ") // most codecs begin with their own name
	return &Error{Code: code, Doing: doing, Reason: printable(reason), Err: err}
}

// printable makes one short line of a codec's message, which may quote bytes of the file.
func printable(message string) string {
	const most = 160
	var line strings.Builder
	for _, r := range message {
		if line.Len() >= most {
			return line.String() + "…"
		}
		if r == unicode.ReplacementChar || !unicode.IsPrint(r) {
			r = '?'
		}
		line.WriteRune(r)
	}
	return line.String()
}
