package planar

import "testing"

func TestCacheIsBounded(t *testing.T) {
	c := cache{capacity: 4000}
	for i := range 500 {
		d := direction{size: 1 + i%50, outputs: 10 + i%7, extent: 1, across: i%2 == 0}
		k := c.kernel(d)
		if again := c.kernel(d); again != k {
			t.Fatalf("%+v was made twice in a row", d)
		}
		total := 0
		for _, k := range c.fresh {
			total += k.cost()
		}
		if total != c.size || total > c.capacity || len(c.stale) > c.capacity/entryCost {
			t.Fatalf("cache holds %d, counts %d, may hold %d", total, c.size, c.capacity)
		}
	}
	if len(c.fresh) == 0 {
		t.Error("cache keeps nothing")
	}
}
