package survey

import (
	"math"

	"mapfleet/functions/cost"
)

// Class is how large an object is, and of what kind by its name: four classes an octave, so that sizes within
// one differ by less than a fifth. It is below Classes.
type Class uint16

// Classes is how many classes there are.
const Classes = len(cost.Piles{}) * sizeClasses

const (
	sizeClasses = 120 // of each kind, from less than smallest to more than 250 GB
	smallest    = 256 // bytes
	nothing     = Class(Classes)
)

func classOf(size int64, kind cost.Kind) Class {
	c := Class(0)
	if size > smallest {
		c = Class(min(1+int(4*math.Log2(float64(size)/smallest)), sizeClasses-1))
	}
	return c + Class(kind)*sizeClasses
}

// size is the class without what kind of object it is of.
func (c Class) size() Class { return c % sizeClasses }

// withSize is the class of another size, of the same kind of object.
func (c Class) withSize(size Class) Class { return c - c.size() + size }

// histogram counts objects and their bytes by class.
type histogram [nothing]struct {
	items int
	bytes int64
}

func (h *histogram) add(c Class, size int64) {
	h[c].items++
	h[c].bytes += size
}

// mean is the size of the objects of a class, on average; 0 if there are none.
func (h *histogram) mean(c Class) int64 {
	if h[c].items == 0 {
		return 0
	}
	return h[c].bytes / int64(h[c].items)
}

// Each calls class for each class that there are objects of: how many bytes one has on average, and of
// what kind they are.
func (s *Survey) Each(class func(c Class, items int, bytes int64, kind cost.Kind)) {
	for c := range nothing {
		if n := s.sizes[c].items; n > 0 {
			class(c, n, s.sizes.mean(c), cost.Kind(c/sizeClasses))
		}
	}
}

// Quantile returns a size below which, within a fifth, the share q (0 to 1) of the fetched objects lies;
// 0 if there are none.
func (s *Survey) Quantile(q float64) int64 {
	want, seen, last := q*float64(s.Fetched()), 0, int64(0)
	for size := range Class(sizeClasses) {
		n, bytes := 0, int64(0)
		for c := size; c < nothing; c += sizeClasses {
			n, bytes = n+s.sizes[c].items, bytes+s.sizes[c].bytes
		}
		if n == 0 {
			continue
		}
		last = bytes / int64(n)
		if seen += n; float64(seen) >= want {
			return last
		}
	}
	return last
}

// SizeBand is the objects between two sizes.
type SizeBand struct {
	Upto  int64 `json:"upTo"` // bytes, exclusive; the last band's is 0: no bound
	Items int   `json:"items"`
	Bytes int64 `json:"bytes"`
}

// Bands counts the fetched objects by powers of ten: below 10 kB, 100 kB, 1 MB, 10 MB, 100 MB, and above.
// Objects near a bound may be counted on its other side, by a fifth of their size.
func (s *Survey) Bands() []SizeBand {
	bands := []SizeBand{{Upto: 1e4}, {Upto: 1e5}, {Upto: 1e6}, {Upto: 1e7}, {Upto: 1e8}, {}}
	for c := range nothing {
		size := s.sizes.mean(c)
		for i := range bands {
			if bands[i].Upto == 0 || size < bands[i].Upto {
				bands[i].Items += s.sizes[c].items
				bands[i].Bytes += s.sizes[c].bytes
				break
			}
		}
	}
	return bands
}
