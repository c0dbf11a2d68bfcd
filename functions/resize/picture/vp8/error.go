package vp8

// FormatError says that the data is no key frame of VP8, or a damaged or truncated one.
type FormatError string

func (e FormatError) Error() string { return "bad vp8: " + string(e) }

// UnsupportedError names what a sound frame needs and this package lacks; another decoder may have it.
type UnsupportedError string

func (e UnsupportedError) Error() string { return "unsupported vp8: " + string(e) }

const (
	errTruncated FormatError = "truncated"
	errStart     FormatError = "no start code"
	errEmpty     FormatError = "no pixels"

	errInter        UnsupportedError = "a frame that needs another"
	errStartsBeyond UnsupportedError = "a partition that begins beyond its range, as no encoder writes it"
)
