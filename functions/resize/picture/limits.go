package picture

import "mapfleet/functions/resize/picture/planar"

// Defaults of Limits.
const (
	DefaultMaxPixels          = 100_000_000
	DefaultMaxBytes           = 256 << 20
	DefaultMaxSide            = 65_535 // the most that JPEG and GIF can write; WebP writes 16,383, AVIF 16,384
	DefaultMaxFrames          = 1000
	DefaultMaxAnimationPixels = 60_000_000
	DefaultMaxScans           = 500 // encoders write about ten
	DefaultMaxScanPixels      = 4_000_000_000
)

// Limits are checked before memory is spent. A zero field is its default.
type Limits struct {
	MaxPixels int64 // width x height of the source, and of each output; AVIF takes no more than 9,000,000
	MaxBytes  int64 // length of the source
	MaxSide   int   // width or height of the source, and of each output, up to planar.MaxSide

	MaxFrames          int   // of an animation, where an output keeps them
	MaxAnimationPixels int64 // width x height x frames of an animation, and of each output that keeps them

	MaxScans      int   // of a progressive JPEG, where more than an eighth of its size is needed
	MaxScanPixels int64 // width x height x scans of such a JPEG

	// MaxMemory is the most that decoding may allocate, as Info.MemoryBytes estimates it, and writing AVIF with it. 0 is no limit.
	MaxMemory int64
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
	l.MaxSide = min(l.MaxSide, planar.MaxSide)
	if l.MaxFrames <= 0 {
		l.MaxFrames = DefaultMaxFrames
	}
	if l.MaxAnimationPixels <= 0 {
		l.MaxAnimationPixels = DefaultMaxAnimationPixels
	}
	if l.MaxScans <= 0 {
		l.MaxScans = DefaultMaxScans
	}
	if l.MaxScanPixels <= 0 {
		l.MaxScanPixels = DefaultMaxScanPixels
	}
	return l
}

// of returns the limits on an output of that format.
func (l Limits) of(format Format) Limits {
	switch format {
	case WebP:
		l.MaxSide = min(l.MaxSide, maxWebPSide)
	case AVIF:
		l.MaxSide, l.MaxPixels = min(l.MaxSide, maxAVIFSide), min(l.MaxPixels, maxAVIFPixels)
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

func (l Limits) checkMemory(info Info) error {
	if l.MaxMemory > 0 && info.MemoryBytes > l.MaxMemory {
		return fail(TooMuchMemory, "read "+string(info.Format), "decoding %d x %d takes %d bytes of memory, more than %d",
			info.Width, info.Height, info.MemoryBytes, l.MaxMemory)
	}
	return nil
}
