package picture

// Defaults of Limits.
const (
	DefaultMaxPixels = 100_000_000
	DefaultMaxBytes  = 256 << 20
	DefaultMaxSide   = 65_535 // the most that JPEG and GIF can write
)

// Limits are checked before memory is spent. A zero field is its default.
type Limits struct {
	MaxPixels int64 // width x height of the source, and of each output
	MaxBytes  int64 // length of the source
	MaxSide   int   // width or height of the source, and of each output
}

func (l Limits) withDefaults() Limits {
	if l.MaxPixels <= 0 {
		l.MaxPixels = DefaultMaxPixels
	}
	if l.MaxBytes <= 0 {
		l.MaxBytes = DefaultMaxBytes
	}
	if l.MaxSide <= 0 {
		l.MaxSide = DefaultMaxSide
	}
	return l
}

// check refuses a size; doing is what to name in the error.
func (l Limits) check(doing string, width, height int) error {
	if width > l.MaxSide || height > l.MaxSide {
		return fail(TooManyPixels, doing, "%d x %d is longer than %d a side", width, height, l.MaxSide)
	}
	if int64(width)*int64(height) > l.MaxPixels {
		return fail(TooManyPixels, doing, "%d x %d is more than %d pixels", width, height, l.MaxPixels)
	}
	return nil
}
