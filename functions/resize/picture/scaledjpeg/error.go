package scaledjpeg

// FormatError says that the data is no JPEG file, or a damaged or truncated one.
type FormatError string

func (e FormatError) Error() string { return "bad jpeg: " + string(e) }

// UnsupportedError names what a sound JPEG file needs and this package lacks; another decoder may have it.
type UnsupportedError string

func (e UnsupportedError) Error() string { return "unsupported jpeg: " + string(e) }

const (
	errTruncated  FormatError = "truncated"
	errCode       FormatError = "huffman code that no table defines"
	errSymbol     FormatError = "huffman symbol that its scan cannot have"
	errRun        FormatError = "more than 64 coefficients in a block"
	errRange      FormatError = "coefficient out of range"
	errShort      FormatError = "segment too short"
	errNoTable    FormatError = "scan without a huffman table"
	errNoFrame    FormatError = "scan without a frame"
	errIncomplete FormatError = "component without a scan"
)
