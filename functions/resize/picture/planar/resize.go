package planar

import (
	"fmt"
	"sync"
)

// Resize makes dst of what the window shows of src. Only samples that the window covers, in part or in full, are read; where the
// filter reaches beyond, the outermost of these count as repeated.
//
// A result differs from that of real numbers by at most 1. A window of whole samples of dst's size is copied. Mirrored sources give
// mirrored results, and constant ones that constant. Memory beside dst and src is one row of src.
//
// Errors name a plane that breaks its invariants, a window that is not in src, an unknown filter; dst is not touched then. An empty
// dst needs nothing. dst and src must not share samples.
func Resize(dst, src Plane, window Window, filter Filter) error {
	if err := checkAll(dst, src, window, filter); err != nil || dst.Empty() {
		return err
	}
	if r, ok := window.exact(src); ok && r.Dx() == dst.Width && r.Dy() == dst.Height {
		dst.copyFrom(src.Crop(r))
		return nil
	}
	down := kernels.kernel(direction{
		size: src.Height, outputs: dst.Height, offset: window.Y, extent: window.Height, filter: filter,
	})
	across := kernels.kernel(direction{
		across: true, size: src.Width, outputs: dst.Width, offset: window.X, extent: window.Width, filter: filter,
	})
	columns := across.high - across.low + 1
	m := middles.Get().(*middle)
	defer middles.Put(m)
	row := m.row(columns + across.pitch) // packed kernels read on to a multiple of 8 taps, there with coefficients of 0
	for y := range dst.Height {
		down.column(row[:columns], src, across.low, y)
		across.row(dst.Row(y), row)
	}
	return nil
}

func checkAll(dst, src Plane, window Window, filter Filter) error {
	if err := dst.check(); err != nil {
		return fmt.Errorf("resize: destination: %w", err)
	}
	if err := src.check(); err != nil {
		return fmt.Errorf("resize: source: %w", err)
	}
	if filter >= filters {
		return fmt.Errorf("resize: unknown filter %d", filter)
	}
	if dst.Empty() {
		return nil
	}
	if src.Empty() {
		return fmt.Errorf("resize: an empty source cannot fill %d×%d", dst.Width, dst.Height)
	}
	if err := window.check(src); err != nil {
		return fmt.Errorf("resize: window: %w", err)
	}
	return nil
}

// middle is the row between the two directions: sums of columns, in 1/64 of a sample.
type middle struct {
	sums []int16
}

var middles = sync.Pool{New: func() any { return new(middle) }}

func (m *middle) row(n int) []int16 {
	if cap(m.sums) < n {
		m.sums = make([]int16, n)
	}
	return m.sums[:n]
}
