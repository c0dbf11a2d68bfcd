package survey

import "slices"

// The order keeps every object up to maxKept, and of more every second, fourth and so on block of
// blockItems that stand beside each other.
const (
	blockItems = 1000
	maxBlocks  = 4000
)

// order is what stands where, in four bytes an item: its class and the number of its prefix.
type order struct {
	blocks int // that are kept at most
	stride int // one block of so many is kept; 0: none was begun
	items  int // that were added
	kept   []place
	giants giants
}

type place struct {
	class  Class
	prefix uint16
}

func (o *order) add(c Class, prefix uint16) {
	if o.stride == 0 {
		o.stride = 1
	}
	if o.items/blockItems%o.stride == 0 {
		if len(o.kept) == o.blocks*blockItems {
			o.thin()
		}
		if o.items/blockItems%o.stride == 0 {
			o.kept = append(o.kept, place{c, prefix})
		}
	}
	if c != nothing {
		o.giants.add(o.items, place{c, prefix})
	}
	o.items++
}

// thin drops every second block.
func (o *order) thin() {
	for to, from := 0, 0; from < len(o.kept); to, from = to+blockItems, from+2*blockItems {
		copy(o.kept[to:to+blockItems], o.kept[from:from+blockItems])
	}
	o.kept = o.kept[:len(o.kept)/2]
	o.stride *= 2
}

// move gives prefixes other numbers.
func (o *order) move(to []uint16) {
	for i := range o.kept {
		if o.kept[i].class != nothing {
			o.kept[i].prefix = to[o.kept[i].prefix]
		}
	}
	for i := range o.giants {
		o.giants[i].place.prefix = to[o.giants[i].place.prefix]
	}
}

// at is what stands at an index, or in a block nearby that was kept.
func (o *order) at(i int) place {
	block := i / blockItems / o.stride
	return o.kept[min(block*blockItems+i%blockItems, len(o.kept)-1)]
}

// Order returns what a run comes to, one item after the other. It is of the moment: nothing is added
// afterwards.
func (s *Survey) Order() Order { return Order{&s.order, s.order.giants.byIndex()} }

// Order is in which order a run comes to its items. Of more than four million, parts stand for others
// nearby; the thousand largest objects are always where they are. Many goroutines may use it.
type Order struct {
	*order
	giants []giant
}

// Range calls fetched for each item of those from first on, n of them, that is fetched.
func (o Order) Range(first, n int, fetched func(c Class, prefix uint16)) {
	if o.stride == 1 {
		for _, p := range o.kept[first:min(first+n, len(o.kept))] {
			if p.class != nothing {
				fetched(p.class, p.prefix)
			}
		}
		return
	}
	least := o.order.giants.least()
	next, _ := slices.BinarySearchFunc(o.giants, first, func(g giant, i int) int { return g.index - i })
	for i := first; i < min(first+n, o.items); i++ {
		p := o.at(i)
		if next < len(o.giants) && o.giants[next].index == i {
			p = o.giants[next].place
			next++
		} else if p.class != nothing && p.class.size() > least {
			p.class = p.class.withSize(least) // that giant lies elsewhere
		}
		if p.class != nothing {
			fetched(p.class, p.prefix)
		}
	}
}
