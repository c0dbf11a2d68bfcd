package planar

// Fixed point, and why nothing overflows.
//
// Coefficients of an output sum to exactly 1<<bits. The sum of their absolute values is at most reach<<bits: it is largest, 1.56, for
// Lanczos3 between two samples just below the size of the source; wider kernels come near to the integrals, 1.25 or less, and
// repeated edges only add up weights that were counted apart. Tests hold every kernel to it. So, from the sample 255 on:
//
//	down columns  255 × reach × 1<<22 = 2,139,095,040, and half a unit for rounding, is less than 1<<31
//	middle row    255 × reach × 1<<6 = 32,640 is less than 1<<15
//	along rows    32,640 × reach × 1<<15 = 2,139,095,040, as above
//
// Partial sums are no larger than the sum of absolute values, in whatever order vectors take them.
const (
	reach       = 2
	middleBits  = 6  // fraction bits of the middle row
	downBits    = 22 // the most for columns
	acrossBits  = 15 // the most for rows
	wideBits    = 28 // with int32 coefficients and int64 sums
	leastBits   = 14 // a weight of 1 still fits an int16
	downTaps    = 256
	acrossTaps  = 128
	largestInt  = 1<<15 - 2 // rounding a running sum may add one
	acrossLanes = 8         // outputs and taps that a vector kernel takes together
)

// Errors, in samples of 0 to 255, before the last rounding. A coefficient is off by less than 1, half of them upwards at most, thus
// the sum by less than taps/2 × 255 >> bits:
//
//	along rows    128 taps at 15 bits 0.50, times 1.56 for a middle row that overshoots
//	down columns  256 taps at 18 bits 0.13, times 1.56 along rows (Linear 17 bits, but times 1)
//	wide kernels  MaxSide taps at 28 bits 0.04
//	middle row    1/128, times 1.56
//
// That is below 1 for the worst source there could be, so a result differs by at most 1 from that of real numbers.

// kernel is a direction's weights in fixed point. It never changes once made.
type kernel struct {
	weights
	taps   []int   // of each output, without zeros at either end
	bits   uint    // coefficients of an output sum to 1<<bits
	coefs  []int16 // narrow; down columns: pitch for each output; along rows: as pack lays them
	wide   []int32 // instead of coefs where taps are many: pitch for each output
	chunks int     // along rows: taps/acrossLanes, rounded up
	starts []int32 // along rows: first less low, and 0 for outputs beyond the last
}

func newKernel(d direction) *kernel {
	k := &kernel{weights: d.weigh(), taps: make([]int, d.outputs)}
	most, limit := uint(downBits), downTaps
	if d.across {
		most, limit = acrossBits, acrossTaps
	}
	if k.pitch > limit {
		k.bits = wideBits
	} else {
		k.bits = fitting(k.peak, most)
	}
	fixed := make([]int32, len(k.w))
	for i := range d.outputs {
		coefs := fixed[i*k.pitch : (i+1)*k.pitch]
		quantize(coefs, k.of(i), k.bits)
		skip, taps := trim(coefs)
		k.first[i] += skip
		k.taps[i] = taps
	}
	k.w = nil
	switch {
	case k.bits == wideBits:
		k.wide = fixed
	case d.across:
		k.pack(fixed)
	default:
		k.pair(fixed)
	}
	return k
}
