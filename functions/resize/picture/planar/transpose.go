package planar

import "encoding/binary"

// tile is the side of the squares that transpose works in: their rows and columns, of both planes, stay in the nearest cache.
const tile = 64

// transpose copies column x of src to row x of dst, then mirrors left to right, top to bottom, or both.
func transpose(dst, src Plane, horizontal, vertical bool) {
	t := transposition{dst, src, horizontal, vertical}
	for top := 0; top < src.Height; top += tile {
		bottom := min(top+tile, src.Height)
		for left := 0; left < src.Width; left += tile {
			right := min(left+tile, src.Width)
			t.tile(left, top, right, bottom)
		}
	}
}

type transposition struct {
	dst, src             Plane
	horizontal, vertical bool
}

func (t *transposition) tile(left, top, right, bottom int) {
	squaresRight, squaresBottom := right-(right-left)%8, bottom-(bottom-top)%8
	for y := top; y < squaresBottom; y += 8 {
		for x := left; x < squaresRight; x += 8 {
			t.square(x, y)
		}
	}
	t.samples(squaresRight, top, right, bottom)
	t.samples(left, squaresBottom, squaresRight, bottom)
}

func (t *transposition) samples(left, top, right, bottom int) {
	for y := top; y < bottom; y++ {
		for x, v := range t.src.Row(y)[left:right] {
			row, column := t.place(left+x, y)
			t.dst.Pix[row*t.dst.Stride+column] = v
		}
	}
}

// place is where a sample of src goes.
func (t *transposition) place(x, y int) (row, column int) {
	row, column = x, y
	if t.vertical {
		row = t.src.Width - 1 - x
	}
	if t.horizontal {
		column = t.src.Height - 1 - y
	}
	return row, column
}

// square does 8 by 8 samples from (x, y) on. Variables stay in registers, which elements of an array would not.
func (t *transposition) square(x, y int) {
	at, step := y*t.src.Stride+x, t.src.Stride
	if t.horizontal {
		at, step = at+7*step, -step
	}
	pix := t.src.Pix
	s0, s1 := load(pix, at), load(pix, at+step)
	s2, s3 := load(pix, at+2*step), load(pix, at+3*step)
	s4, s5 := load(pix, at+4*step), load(pix, at+5*step)
	s6, s7 := load(pix, at+6*step), load(pix, at+7*step)

	// Quarters of the square change places, then quarters of these, then of those.
	const half, quarter, eighth = 0x00000000ffffffff, 0x0000ffff0000ffff, 0x00ff00ff00ff00ff
	s0, s4 = exchange(s0, s4, 32, half)
	s1, s5 = exchange(s1, s5, 32, half)
	s2, s6 = exchange(s2, s6, 32, half)
	s3, s7 = exchange(s3, s7, 32, half)
	s0, s2 = exchange(s0, s2, 16, quarter)
	s1, s3 = exchange(s1, s3, 16, quarter)
	s4, s6 = exchange(s4, s6, 16, quarter)
	s5, s7 = exchange(s5, s7, 16, quarter)
	s0, s1 = exchange(s0, s1, 8, eighth)
	s2, s3 = exchange(s2, s3, 8, eighth)
	s4, s5 = exchange(s4, s5, 8, eighth)
	s6, s7 = exchange(s6, s7, 8, eighth)

	row, column := t.place(x, y)
	if t.horizontal {
		column -= 7
	}
	at, step = row*t.dst.Stride+column, t.dst.Stride
	if t.vertical {
		step = -step
	}
	pix = t.dst.Pix
	store(pix, at, s0)
	store(pix, at+step, s1)
	store(pix, at+2*step, s2)
	store(pix, at+3*step, s3)
	store(pix, at+4*step, s4)
	store(pix, at+5*step, s5)
	store(pix, at+6*step, s6)
	store(pix, at+7*step, s7)
}

func load(pix []byte, at int) uint64 {
	return binary.LittleEndian.Uint64(pix[at : at+8])
}

func store(pix []byte, at int, v uint64) {
	binary.LittleEndian.PutUint64(pix[at:at+8], v)
}

// exchange swaps the bits of a that mask has, once shifted right, with those of b that it has.
func exchange(a, b uint64, shift uint, mask uint64) (uint64, uint64) {
	v := (a>>shift ^ b) & mask
	return a ^ v<<shift, b ^ v
}
