package baselinejpeg

import "golang.org/x/sys/cpu"

// pixelsOfGroup is how many pixels of a row the kernel takes at a time.
const pixelsOfGroup = 16

// convert makes luma and chroma of pixels.
func (r rows) convert() {
	groups := 0
	if cpu.X86.HasAVX2 {
		groups = len(r.luma0) / pixelsOfGroup
	}
	if n := groups * pixelsOfGroup; groups > 0 {
		// What the kernel reads and writes.
		_, _, _, _ = r.pix0[4*n-1], r.pix1[4*n-1], r.luma0[n-1], r.luma1[n-1]
		_, _ = r.cb[n/2-1], r.cr[n/2-1]
		convertAVX2(&r.luma0[0], &r.luma1[0], &r.cb[0], &r.cr[0], &r.pix0[0], &r.pix1[0], groups)
		r = rows{r.luma0[n:], r.luma1[n:], r.cb[n/2:], r.cr[n/2:], r.pix0[4*n:], r.pix1[4*n:]}
	}
	r.convertScalar()
}

// convertAVX2 makes, for each group, twice 16 samples of luma and 8 each of Cb and Cr of twice 16 pixels.
//
//go:noescape
func convertAVX2(luma0, luma1, cb, cr, pix0, pix1 *byte, groups int)

// pixelSums are the factors of red and green, then of blue and green: for luma, whose green has too large a factor for one,
// for Cb, and for Cr.
//
//lint:ignore U1000 read by the assembly
var pixelSums = [6][16]int16(repeat([][2]int16{
	{redY, greenY - 1<<14}, {blueY, 1 << 14},
	{redCb, greenCb}, {blueCb, 0},
	{redCr, greenCr}, {blueCr, 0},
}))

// pixelMiddles are what is added to luma and to chroma before the shift.
//
//lint:ignore U1000 read by the assembly
var pixelMiddles = [2][8]int32{
	{1 << 15, 1 << 15, 1 << 15, 1 << 15, 1 << 15, 1 << 15, 1 << 15, 1 << 15},
	{
		128<<16 + 1<<15, 128<<16 + 1<<15, 128<<16 + 1<<15, 128<<16 + 1<<15,
		128<<16 + 1<<15, 128<<16 + 1<<15, 128<<16 + 1<<15, 128<<16 + 1<<15,
	},
}

// pixelShuffles take red and green, then blue and green, of four pixels as 16 bits each.
//
//lint:ignore U1000 read by the assembly
var pixelShuffles = [2][32]byte{
	{
		0, 0x80, 1, 0x80, 4, 0x80, 5, 0x80, 8, 0x80, 9, 0x80, 12, 0x80, 13, 0x80,
		0, 0x80, 1, 0x80, 4, 0x80, 5, 0x80, 8, 0x80, 9, 0x80, 12, 0x80, 13, 0x80,
	},
	{
		2, 0x80, 1, 0x80, 6, 0x80, 5, 0x80, 10, 0x80, 9, 0x80, 14, 0x80, 13, 0x80,
		2, 0x80, 1, 0x80, 6, 0x80, 5, 0x80, 10, 0x80, 9, 0x80, 14, 0x80, 13, 0x80,
	},
}

// lumaOrder puts the samples of both rows into their order, four at a time.
//
//lint:ignore U1000 read by the assembly
var lumaOrder = [8]int32{0, 4, 1, 5, 2, 6, 3, 7}
