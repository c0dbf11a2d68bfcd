package pngplanes

// FormatError says that the data is no PNG file, or a damaged or truncated one.
type FormatError string

func (e FormatError) Error() string { return "bad png: " + string(e) }

// UnsupportedError names what a sound PNG file needs and this package lacks; another decoder may have it.
type UnsupportedError string

func (e UnsupportedError) Error() string { return "unsupported png: " + string(e) }

const (
	errSignature FormatError = "no signature"
	errTruncated FormatError = "truncated"
	errChecksum  FormatError = "wrong checksum of a chunk"
	errOrder     FormatError = "chunk out of order"
	errHeader    FormatError = "bad header"
	errPalette   FormatError = "bad palette"
	errKey       FormatError = "bad transparency"
	errEnd       FormatError = "bad end"
	errFilter    FormatError = "unknown filter"
	errTooMuch   FormatError = "more pixels than the header says"
)
