package planar

import "math"

// direction is one half of a resize, rows or columns: what its coefficients depend on, and so their key in the cache.
type direction struct {
	across         bool // along rows; else down columns
	size           int  // samples of the source
	outputs        int  // samples of the destination
	offset, extent float64
	filter         Filter
}

// weights are the real numbers behind coefficients. Output i is the sum over k of of(i)[k] × sample first[i]+k.
type weights struct {
	low, high int     // samples that are read, inclusive
	pitch     int     // most weights that an output has
	peak      float64 // the largest weight
	first     []int
	w         []float64 // pitch for each output; they sum to 1
}

func (w weights) of(output int) []float64 {
	return w.w[output*w.pitch : (output+1)*w.pitch]
}

// weigh finds the weights of all outputs. A filter that reaches beyond the window finds the window's outermost samples repeated
// there, and their weights are added to those: so a window gives what a copy of it would.
func (d direction) weigh() weights {
	scale := d.extent / float64(d.outputs)
	radius, weight := d.filter.shape(scale)
	out := weights{first: make([]int, d.outputs)}
	out.low, out.high = samples(d.offset, d.extent, d.size)
	out.pitch = min(int(2*radius)+2, out.high-out.low+1)
	out.w = make([]float64, d.outputs*out.pitch)
	for i := range d.outputs {
		centre := d.offset + (float64(i)+0.5)*scale - 0.5 // where sample k is at k
		from, to := int(math.Ceil(centre-radius)), int(math.Floor(centre+radius))
		w := out.of(i)
		first := min(max(from, out.low), out.high-out.pitch+1)
		out.first[i] = first
		sum := 0.0
		for k := from; k <= to; k++ {
			v := weight(float64(k) - centre)
			w[min(max(k, out.low), out.high)-first] += v
			sum += v
		}
		sum = 1 / sum
		for k := range w {
			w[k] *= sum
			if w[k] > out.peak {
				out.peak = w[k]
			}
		}
	}
	return out
}
