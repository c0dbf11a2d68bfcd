package inflate

// FormatError says that the data is no zlib stream, or a damaged or truncated one.
type FormatError string

func (e FormatError) Error() string { return "zlib: " + string(e) }

const (
	errTruncated  FormatError = "truncated"
	errHeader     FormatError = "bad header"
	errDictionary FormatError = "needs a preset dictionary"
	errBlock      FormatError = "unknown kind of block"
	errStored     FormatError = "stored block with a bad length"
	errLengths    FormatError = "bad code lengths"
	errCode       FormatError = "bits that are no code"
	errDistance   FormatError = "distance to before the beginning"
	errChecksum   FormatError = "wrong checksum"
)
