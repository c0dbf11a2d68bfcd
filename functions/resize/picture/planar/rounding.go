package planar

// fitting is the most bits, up to most, with which coefficients are int16: positive ones are the largest.
func fitting(peak float64, most uint) uint {
	bits := uint(leastBits)
	for bits < most && peak*float64(uint(2)<<bits) <= largestInt {
		bits++
	}
	return bits
}

// quantize rounds the running sum of weights, so that coefficients sum to exactly 1<<bits and their errors never add up along a
// kernel. Mirrored weights give mirrored coefficients: rounding is away from the middle sum.
func quantize(coefs []int32, w []float64, bits uint) {
	one, half := float64(uint(1)<<bits), int32(1)<<(bits-1)
	sum, last := -0.5, int32(0)
	for k, v := range w[:len(w)-1] {
		sum += v
		next := half + outward(sum*one)
		coefs[k] = next - last
		last = next
	}
	coefs[len(w)-1] = 2*half - last
}

// outward rounds to the nearest integer, halves away from 0, and does not take the noise of real numbers for less than a half.
func outward(v float64) int32 {
	const noise = 1.0 / (1 << 10)
	if v < 0 {
		return -int32(0.5 + noise - v)
	}
	return int32(0.5 + noise + v)
}

// trim moves coefs over their leading zeros, skip of them, and counts how many are left without trailing zeros.
func trim(coefs []int32) (skip, taps int) {
	for coefs[skip] == 0 { // ends, as the sum is not 0
		skip++
	}
	for k, c := range coefs {
		if c != 0 {
			taps = k + 1 - skip
		}
	}
	copy(coefs, coefs[skip:])
	clear(coefs[len(coefs)-skip:])
	return skip, taps
}
