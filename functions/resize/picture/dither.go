package picture

import "image"

// dither maps every pixel to the palette and passes the error on to pixels not yet mapped (Floyd and Steinberg, 1976).
// Transparent pixels get the index after the palette's last and neither take nor give error.
func dither(img *image.NRGBA, palette [][3]uint8) *image.Paletted {
	out := image.NewPaletted(img.Rect, nil)
	nearest := newNearest(palette)
	w := img.Rect.Dx()
	here, next := make([][3]int32, w+2), make([][3]int32, w+2) // sixteenths, one pixel of margin at either end
	for y := range img.Rect.Dy() {
		row := img.Pix[y*img.Stride:][:w*4]
		for x := range w {
			p := row[4*x : 4*x+4 : 4*x+4]
			if p[3] == 0 {
				out.Pix[y*out.Stride+x] = uint8(len(palette))
				continue
			}
			var want [3]uint8
			for c := range want {
				want[c] = uint8(min(255, max(0, int32(p[c])+(here[x+1][c]+8)>>4)))
			}
			index := nearest.to(want)
			out.Pix[y*out.Stride+x] = index
			for c := range want {
				miss := int32(want[c]) - int32(palette[index][c])
				here[x+2][c] += miss * 7
				next[x][c] += miss * 3
				next[x+1][c] += miss * 5
				next[x+2][c] += miss
			}
		}
		here, next = next, here
		clear(next)
	}
	return out
}

// nearest finds palette entries and remembers them by cells of 5 bits a channel: the answer for all colours of a cell is the
// answer for its middle.
type nearest struct {
	palette [][3]uint8
	known   []int16 // -1: not yet
}

func newNearest(palette [][3]uint8) *nearest {
	n := &nearest{palette: palette, known: make([]int16, 1<<15)}
	for i := range n.known {
		n.known[i] = -1
	}
	return n
}

func (n *nearest) to(c [3]uint8) uint8 {
	cell := cellOf(c[0], c[1], c[2])
	if n.known[cell] < 0 {
		n.known[cell] = n.search([3]uint8{c[0]&^7 | 4, c[1]&^7 | 4, c[2]&^7 | 4})
	}
	return uint8(n.known[cell])
}

func (n *nearest) search(c [3]uint8) int16 {
	best, bestDistance := 0, int32(1<<30)
	for i, p := range n.palette {
		r, g, b := int32(p[0])-int32(c[0]), int32(p[1])-int32(c[1]), int32(p[2])-int32(c[2])
		if distance := r*r + g*g + b*b; distance < bestDistance {
			best, bestDistance = i, distance
		}
	}
	return int16(best)
}
