package planar

import (
	"math"
	"math/rand/v2"
)

// reference resizes with real numbers, straight from the definition, and does not round.
func reference(dst, src Plane, window Window, filter Filter) []float64 {
	down := referenceWeights(src.Height, dst.Height, window.Y, window.Height, filter)
	across := referenceWeights(src.Width, dst.Width, window.X, window.Width, filter)
	middle := make([]float64, dst.Height*src.Width)
	for y, weights := range down {
		for v, weight := range weights {
			for x, sample := range src.Row(v) {
				middle[y*src.Width+x] += weight * float64(sample)
			}
		}
	}
	out := make([]float64, 0, dst.Width*dst.Height)
	for y := range dst.Height {
		for _, weights := range across {
			sum := 0.0
			for u, weight := range weights {
				sum += weight * middle[y*src.Width+u]
			}
			out = append(out, min(max(sum, 0), 255))
		}
	}
	return out
}

func referenceWeights(size, outputs int, offset, extent float64, filter Filter) []map[int]float64 {
	const near = 1e-6
	low := int(min(max(0, math.Floor(offset+near)), float64(size-1)))
	high := int(min(max(float64(low+1), math.Ceil(offset+extent-near)), float64(size))) - 1
	ratio := extent / float64(outputs)
	stretch := max(1, ratio)
	all := make([]map[int]float64, outputs)
	for i := range all {
		centre := offset + ratio*(float64(i)+0.5)
		weights, sum := map[int]float64{}, 0.0
		for k := int(centre - 3*stretch - 2); k <= int(centre+3*stretch+2); k++ {
			distance := math.Abs(float64(k) + 0.5 - centre)
			v := 0.0
			switch x := distance / stretch; filter {
			case Lanczos3:
				if x == 0 {
					v = 1
				} else if x < 3 {
					v = 3 * math.Sin(math.Pi*x) * math.Sin(math.Pi*x/3) / (math.Pi * math.Pi * x * x)
				}
			case CatmullRom:
				if x < 1 {
					v = (3*x*x*x - 5*x*x + 2) / 2
				} else if x < 2 {
					v = (-x*x*x + 5*x*x - 8*x + 4) / 2
				}
			case Linear:
				v = max(0, 1-x)
			case Box:
				left, right := centre-ratio/2, centre+ratio/2
				v = max(0, min(right, float64(k+1))-max(left, float64(k)))
			}
			weights[min(max(k, low), high)] += v
			sum += v
		}
		for k := range weights {
			weights[k] /= sum
		}
		all[i] = weights
	}
	return all
}

// pattern fills planes for tests.
type pattern struct {
	name string
	at   func(x, y int) byte
}

func patterns(seed uint64) []pattern {
	r := rand.New(rand.NewPCG(seed, 1))
	blackOrWhite := func(white bool) byte {
		if white {
			return 255
		}
		return 0
	}
	return []pattern{
		{"noise", func(int, int) byte { return byte(r.Uint32()) }},
		{"extremes", func(int, int) byte { return blackOrWhite(r.Uint32()&1 == 0) }},
		{"ramp", func(x, y int) byte { return byte(x + 2*y) }},
		{"slope", func(x, y int) byte { return byte(min(255, (x+y)/8)) }},
		{"checkerboard", func(x, y int) byte { return blackOrWhite((x+y)&1 == 0) }},
		{"stripes", func(x, y int) byte { return blackOrWhite(x&1 == 0) }},
		{"bars", func(x, y int) byte { return blackOrWhite(x%6 < 3 != (y%6 < 3)) }},
		{"edge", func(x, y int) byte { return blackOrWhite(x > 7 && y > 5) }},
		{"dot", func(x, y int) byte { return blackOrWhite(x == 4 && y == 3) }},
		{"hole", func(x, y int) byte { return blackOrWhite(x != 4 || y != 3) }},
		{"black", func(int, int) byte { return 0 }},
		{"white", func(int, int) byte { return 255 }},
	}
}

// filled is a plane with a gap after each row, which is full of what must not be read.
func filled(width, height int, p pattern) Plane {
	const gap = 5
	plane := Plane{Stride: width + gap, Width: width, Height: height}
	plane.Pix = make([]byte, (height-1)*plane.Stride+width)
	for i := range plane.Pix {
		plane.Pix[i] = 0xA5
	}
	for y := range height {
		for x := range width {
			plane.Pix[y*plane.Stride+x] = p.at(x, y)
		}
	}
	return plane
}
