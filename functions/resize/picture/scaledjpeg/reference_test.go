package scaledjpeg

import "math"

// want is the plane of component i at points/8, by the definition of the transform in float64:
// that of N points, of the lowest coefficients of 8.
func (s *sketch) want(i, points int) Plane {
	c := s.components[i]
	p := Plane{Width: divideUp(c.valid[0]*points, 8), Height: divideUp(c.valid[1]*points, 8), Stride: c.wide * points}
	p.Pix = make([]byte, p.Stride*c.high*points)
	for index := range c.coefficients {
		coefficients := s.sent(i, index)
		var natural [64]float64
		for k, at := range zigzag {
			natural[at] = float64(coefficients[k]) * float64(s.divisors[k])
		}
		at := (index/c.wide*p.Stride + index%c.wide) * points
		for y := range points {
			for x := range points {
				p.Pix[at+y*p.Stride+x] = byte(math.Round(sample(&natural, x, y, points)))
			}
		}
	}
	return p
}

// sent is a block of component i as far as the passes bring it.
func (s *sketch) sent(i, index int) [64]int {
	all := s.components[i].coefficients[index]
	if s.passes == nil {
		return all
	}
	var sent [64]int
	for _, p := range s.passes {
		if p.only > 0 && p.only-1 != i {
			continue
		}
		for k := p.first; k <= p.last; k++ {
			if sent[k] = towardZero(all[k], p.low) << p.low; k == 0 {
				sent[k] = all[k] >> p.low << p.low
			}
		}
	}
	return sent
}

func sample(natural *[64]float64, x, y, points int) float64 {
	sum := 0.0
	for v := range points {
		for u := range points {
			sum += natural[8*v+u] * basis(x, u, points) * basis(y, v, points)
		}
	}
	return min(max(sum/8+128, 0), 255)
}

func basis(x, u, points int) float64 {
	if u == 0 {
		return 1
	}
	return math.Sqrt2 * math.Cos(float64(2*x+1)*float64(u)*math.Pi/float64(2*points))
}

// farthest is the largest difference between samples of two planes; -1: their sizes differ.
func farthest(a, b Plane) int {
	if a.Width != b.Width || a.Height != b.Height {
		return -1
	}
	far := 0
	for y := range a.Height {
		for x := range a.Width {
			d := int(a.Pix[y*a.Stride+x]) - int(b.Pix[y*b.Stride+x])
			far = max(far, d, -d)
		}
	}
	return far
}
