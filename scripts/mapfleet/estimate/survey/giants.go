package survey

import (
	"cmp"
	"container/heap"
	"slices"
)

// maxGiants is how many of the largest objects are kept with their places, whatever is kept of the others:
// a run may wait for one of them at its end.
const maxGiants = 1024

// giants are the largest objects, a heap with the smallest of them on top.
type giants []giant

type giant struct {
	index int
	place place
}

func (g giants) Len() int           { return len(g) }
func (g giants) Less(i, j int) bool { return g[i].place.class.size() < g[j].place.class.size() }
func (g giants) Swap(i, j int)      { g[i], g[j] = g[j], g[i] }
func (g *giants) Push(v any)        { *g = append(*g, v.(giant)) }
func (g *giants) Pop() any {
	old := *g
	last := old[len(old)-1]
	*g = old[:len(old)-1]
	return last
}

func (g *giants) add(index int, p place) {
	switch {
	case len(*g) < maxGiants:
		heap.Push(g, giant{index, p})
	case p.class.size() > g.least():
		(*g)[0] = giant{index, p}
		heap.Fix(g, 0)
	}
}

// least is the size of the smallest giant: all objects that are larger are giants.
func (g giants) least() Class { return g[0].place.class.size() }

// byIndex returns them in the order in which a run comes to them.
func (g giants) byIndex() []giant {
	return slices.SortedFunc(slices.Values(g), func(a, b giant) int { return cmp.Compare(a.index, b.index) })
}
