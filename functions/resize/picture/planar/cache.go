package planar

import "sync"

// A batch has many pictures of few sizes, each with three planes and a few variants: kernels come again at once or not at all.
//
// Two generations take the place of a list in order of use: a kernel that is asked for moves to the new one, and when that is full
// the old one is dropped.
type cache struct {
	mu       sync.Mutex
	fresh    map[direction]*kernel
	stale    map[direction]*kernel
	size     int // of fresh, in coefficients
	capacity int // of fresh, in coefficients
}

// kernels is shared by all goroutines; what it holds never changes a result.
var kernels = cache{capacity: 1 << 20}

// entryCost stands for an entry beside its coefficients: small kernels are counted too.
const entryCost = 64

func (c *cache) kernel(d direction) *kernel {
	c.mu.Lock()
	k := c.lookup(d)
	c.mu.Unlock()
	if k == nil {
		k = newKernel(d) // two goroutines may both make it: they make the same
		c.mu.Lock()
		c.keep(d, k)
		c.mu.Unlock()
	}
	return k
}

func (c *cache) lookup(d direction) *kernel {
	if k := c.fresh[d]; k != nil {
		return k
	}
	k := c.stale[d]
	if k != nil {
		c.keep(d, k)
	}
	return k
}

func (c *cache) keep(d direction, k *kernel) {
	if _, ok := c.fresh[d]; ok {
		return
	}
	cost := k.cost()
	if cost > c.capacity {
		return
	}
	if c.fresh == nil || c.size+cost > c.capacity {
		c.stale, c.fresh, c.size = c.fresh, make(map[direction]*kernel), 0
	}
	c.fresh[d] = k
	c.size += cost
}

func (k *kernel) cost() int {
	return entryCost + len(k.coefs) + 2*len(k.wide) + 4*(len(k.first)+len(k.taps))
}
