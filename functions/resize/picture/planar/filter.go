package planar

import "math"

// Filter says how the samples around a point are weighed.
//
// When a picture shrinks, all filters widen by the ratio, so that every source sample counts.
type Filter uint8

const (
	// Lanczos3 is the sharpest, and the default. It overshoots at hard edges; results are clamped to 0 and 255.
	Lanczos3 Filter = iota
	// CatmullRom is a cubic that passes through its samples: softer than Lanczos3, with less ringing.
	CatmullRom
	// Linear is a triangle: never overshoots.
	Linear
	// Box is the mean of the area that a destination sample covers, both when shrinking and when growing.
	Box

	filters // how many there are
)

// shape is how samples are weighed around a destination sample that stands for scale source samples: those nearer than radius, by
// weight of their distance. Weights of all samples do not yet sum to 1.
func (f Filter) shape(scale float64) (radius float64, weight func(distance float64) float64) {
	stretch := max(scale, 1)
	narrow := 1 / stretch
	switch f {
	case Lanczos3:
		table := lanczosTable()
		return 3 * stretch, func(distance float64) float64 { return table.at(distance * narrow) }
	case CatmullRom:
		return 2 * stretch, func(distance float64) float64 { return catmullRom(distance * narrow) }
	case Linear:
		return stretch, func(distance float64) float64 { return max(0, 1-math.Abs(distance)*narrow) }
	}
	half := scale / 2
	return half + 0.5, func(distance float64) float64 {
		return max(0, min(distance+0.5, half)-max(distance-0.5, -half)) // what the area has of the sample
	}
}

func catmullRom(x float64) float64 {
	x = math.Abs(x)
	switch {
	case x < 1:
		return 1 + x*x*(-2.5+1.5*x)
	case x < 2:
		return 2 + x*(-4+x*(2.5-0.5*x))
	}
	return 0
}
