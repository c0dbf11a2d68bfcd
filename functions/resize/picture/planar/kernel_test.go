package planar

import (
	"math/rand/v2"
	"testing"
)

// eachKernel calls f for both directions of many sizes, windows and filters.
func eachKernel(t *testing.T, f func(d direction, k *kernel)) {
	r := rand.New(rand.NewPCG(5, 6))
	for filter := range filters {
		for _, size := range []int{1, 2, 3, 7, 16, 50, 333, 1024, 5000} {
			for _, outputs := range []int{1, 2, 5, 8, 9, 49, 321, 1025} {
				for range 3 {
					extent := minExtent + r.Float64()*float64(size)
					offset := r.Float64()*(float64(size)+2-extent) - 1
					if r.IntN(3) == 0 {
						extent, offset = float64(size), 0
					}
					for _, across := range []bool{false, true} {
						d := direction{across, size, outputs, offset, extent, filter}
						f(d, newKernel(d))
					}
				}
			}
		}
	}
}

// coefficients of one output, as they were before they were laid out.
func (k *kernel) coefficients(across bool, output int) []int64 {
	c := make([]int64, k.taps[output])
	for t := range c {
		switch {
		case k.wide != nil:
			c[t] = int64(k.wide[output*k.pitch+t])
		case across:
			c[t] = int64(k.coefs[packed(k.chunks, output, t)])
		default:
			c[t] = int64(k.coefs[output*k.pitch+t])
		}
	}
	return c
}

func TestKernelBounds(t *testing.T) {
	widest := 0.0
	eachKernel(t, func(d direction, k *kernel) {
		for i := range d.outputs {
			sum, absolute := int64(0), int64(0)
			c := k.coefficients(d.across, i)
			for _, v := range c {
				sum += v
				absolute += max(v, -v)
			}
			if sum != 1<<k.bits || k.bits < leastBits {
				t.Fatalf("%+v: coefficients of output %d sum to %d, want 1<<%d", d, i, sum, k.bits)
			}
			widest = max(widest, float64(absolute)/float64(sum))
			if absolute > reach<<k.bits {
				t.Fatalf("%+v: output %d: absolute sum %d at %d bits", d, i, absolute, k.bits)
			}
			if k.first[i] < 0 || k.first[i]+len(c) > d.size {
				t.Fatalf("%+v: output %d reads %d to %d", d, i, k.first[i], k.first[i]+len(c)-1)
			}
			if k.wide == nil && !d.across && len(c)%2 == 1 && k.coefs[i*k.pitch+len(c)] != 0 {
				t.Fatalf("%+v: output %d: no zero after an odd tap", d, i)
			}
		}
	})
	t.Logf("largest absolute sum %.3f", widest)
	if widest > 1.57 {
		t.Errorf("largest absolute sum is %.3f: the bounds on errors say 1.56", widest)
	}
}

// TestKernelErrors adds up the bounds on errors of both directions: together they must stay below 1 for whatever source.
func TestKernelErrors(t *testing.T) {
	var worst [filters][2]float64
	eachKernel(t, func(d direction, k *kernel) {
		for i := range d.outputs {
			up := float64(k.taps[i]) / 2 * 255 / float64(uint(1)<<k.bits) // half of the coefficients too large by 1
			way := 0
			if d.across {
				way = 1
			}
			worst[d.filter][way] = max(worst[d.filter][way], up)
		}
	})
	for filter, w := range worst {
		overshoot := []float64{1.56, 1.28, 1, 1}[filter]
		total := (w[0] + w[1] + 1.0/128) * overshoot
		t.Logf("%s: columns %.3f, rows %.3f, together %.3f", filterNames[filter], w[0], w[1], total)
		if total >= 1 {
			t.Errorf("%s: error may reach %.3f", filterNames[filter], total)
		}
	}
}
