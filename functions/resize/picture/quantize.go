package picture

import (
	"cmp"
	"image"
	"image/color"
	"slices"
)

// bin is one of 32 x 32 x 32 cells of the RGB cube and the pixels in it.
type bin struct {
	cell  [3]uint8
	sum   [3]uint64
	count uint64
}

// quantize reduces a picture of opaque and of fully transparent pixels to so many colours, one of them transparent if needed:
// median cut (Heckbert, 1982) over cells of 5 bits a channel, then Floyd and Steinberg's error diffusion.
func quantize(img *image.NRGBA, most int) *image.Paletted {
	bins, transparent := histogram(img)
	if transparent {
		most--
	}
	palette := medianCut(bins, most)
	out := dither(img, palette)
	for _, c := range palette {
		out.Palette = append(out.Palette, color.NRGBA{R: c[0], G: c[1], B: c[2], A: 255})
	}
	if transparent {
		out.Palette = append(out.Palette, color.NRGBA{})
	}
	return out
}

func histogram(img *image.NRGBA) (bins []bin, transparent bool) {
	cells := make([]bin, 1<<15)
	for i := 0; i < len(img.Pix); i += 4 {
		p := img.Pix[i : i+4 : i+4]
		if p[3] == 0 {
			transparent = true
			continue
		}
		b := &cells[cellOf(p[0], p[1], p[2])]
		b.cell = [3]uint8{p[0] >> 3, p[1] >> 3, p[2] >> 3}
		b.sum[0] += uint64(p[0])
		b.sum[1] += uint64(p[1])
		b.sum[2] += uint64(p[2])
		b.count++
	}
	return slices.DeleteFunc(cells, func(b bin) bool { return b.count == 0 }), transparent
}

func cellOf(r, g, b uint8) int { return int(r>>3)<<10 | int(g>>3)<<5 | int(b>>3) }

// medianCut splits the box with the most pixels times squared length until there are enough, and returns their means.
func medianCut(bins []bin, most int) [][3]uint8 {
	boxes := []box{newBox(bins)}
	for len(boxes) < most {
		widest := 0
		for i := range boxes {
			if boxes[i].weight > boxes[widest].weight {
				widest = i
			}
		}
		if boxes[widest].weight == 0 {
			break
		}
		low, high := boxes[widest].split()
		boxes[widest] = low
		boxes = append(boxes, high)
	}
	palette := make([][3]uint8, len(boxes))
	for i, b := range boxes {
		palette[i] = b.mean()
	}
	return palette
}

// box is a set of bins and the axis along which it is longest.
type box struct {
	bins   []bin
	axis   int
	weight uint64 // 0 if it cannot be split
}

func newBox(bins []bin) box {
	b := box{bins: bins}
	var count, longest uint64
	for axis := range 3 {
		low, high := uint8(31), uint8(0)
		for i := range bins {
			low, high = min(low, bins[i].cell[axis]), max(high, bins[i].cell[axis])
		}
		if length := uint64(max(high, low) - low); length > longest {
			longest, b.axis = length, axis
		}
	}
	for i := range bins {
		count += bins[i].count
	}
	b.weight = count * longest * longest
	return b
}

// split halves the pixels of a box of at least two bins.
func (b box) split() (low, high box) {
	slices.SortFunc(b.bins, func(x, y bin) int {
		return cmp.Or(cmp.Compare(x.cell[b.axis], y.cell[b.axis]), slices.Compare(x.cell[:], y.cell[:]))
	})
	var total, below uint64
	for i := range b.bins {
		total += b.bins[i].count
	}
	at := 0
	for at < len(b.bins)-1 && (at == 0 || below+b.bins[at].count <= total/2) {
		below += b.bins[at].count
		at++
	}
	return newBox(b.bins[:at]), newBox(b.bins[at:])
}

func (b box) mean() (mean [3]uint8) {
	var sum [3]uint64
	var count uint64
	for i := range b.bins {
		for axis := range 3 {
			sum[axis] += b.bins[i].sum[axis]
		}
		count += b.bins[i].count
	}
	for axis := range 3 {
		mean[axis] = uint8((sum[axis] + count/2) / max(1, count))
	}
	return mean
}
