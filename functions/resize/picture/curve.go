package picture

import (
	"encoding/binary"
	"math"
)

// curve is the linear value, 0 to 1, of each 8-bit sample.
type curve [256]float64

// parseCurve reads a curve of either kind (ICC.1:2022, 10.6 and 10.18).
func parseCurve(data []byte) (curve, bool) {
	if len(data) < 12 {
		return curve{}, false
	}
	switch string(data[:4]) {
	case "curv":
		return sampledCurve(data[8:])
	case "para":
		return parametricCurve(data[8:])
	}
	return curve{}, false
}

// sampledCurve reads a table of evenly spaced values. One value alone is a power, none is a straight line.
func sampledCurve(data []byte) (c curve, ok bool) {
	count := uint64(binary.BigEndian.Uint32(data))
	table := data[4:]
	if 2*count > uint64(len(table)) {
		return curve{}, false
	}
	switch count {
	case 0:
		return curveOf(func(x float64) float64 { return x }), true
	case 1:
		gamma := float64(binary.BigEndian.Uint16(table)) / 256
		return curveOf(func(x float64) float64 { return math.Pow(x, gamma) }), gamma > 0
	}
	return curveOf(func(x float64) float64 {
		at := x * float64(count-1)
		i := min(int(at), int(count-2))
		low, high := float64(binary.BigEndian.Uint16(table[2*i:])), float64(binary.BigEndian.Uint16(table[2*i+2:]))
		return (low + (high-low)*(at-float64(i))) / 65535
	}), true
}

// parametricCurve reads a power with up to seven numbers: of type 4 the power g, a, b, c, d, e, f, of which the others leave out.
func parametricCurve(data []byte) (curve, bool) {
	kind := binary.BigEndian.Uint16(data)
	counts := []int{1, 3, 4, 5, 7}
	data = data[4:]
	if int(kind) >= len(counts) || len(data) < 4*counts[kind] {
		return curve{}, false
	}
	var n [7]float64
	for i := range counts[kind] {
		n[i] = s15Fixed16(data[4*i:])
	}
	g, a, b, c, d, e, f := n[0], n[1], n[2], n[3], n[4], n[5], n[6]
	switch kind {
	case 0:
		a = 1
	case 1, 2: // a power down to where its base is zero, then level
		if a == 0 {
			return curve{}, false
		}
		c, d, e, f = 0, -b/a, c, c
	}
	return curveOf(func(x float64) float64 {
		if x >= d {
			return math.Pow(max(0, a*x+b), g) + e
		}
		return c*x + f
	}), g > 0
}

// curveOf keeps values in bounds, and what is no number at 0.
func curveOf(f func(x float64) float64) (c curve) {
	for i := range c {
		if y := f(float64(i) / 255); y > 0 {
			c[i] = min(y, 1)
		}
	}
	return c
}

// isSRGB tells whether no sample is further from sRGB's curve than two steps of it.
func (c *curve) isSRGB() bool {
	const steps, rounding = 2, 1.0 / 65535
	want := srgbCurve()
	for i, y := range c {
		if y < want[max(0, i-steps)]-rounding || y > want[min(255, i+steps)]+rounding {
			return false
		}
	}
	return true
}
