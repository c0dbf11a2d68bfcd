package baselinejpeg

import (
	"encoding/binary"
	"image"
)

// FromRGB makes planes of the ratio 4:2:0, as JFIF 1.02 has them. Alpha is not looked at. Chroma is that of the mean of 2×2
// pixels; at an edge of odd length pixels are repeated.
func FromRGB(m *image.NRGBA) *image.YCbCr {
	size := m.Rect.Size()
	out := image.NewYCbCr(image.Rectangle{Max: size}, image.YCbCrSubsampleRatio420)
	for y := 0; y < size.Y; y += 2 {
		below := min(y+1, size.Y-1)
		rows{
			out.Y[y*out.YStride:][:size.X], out.Y[below*out.YStride:][:size.X],
			out.Cb[y/2*out.CStride:][:out.CStride], out.Cr[y/2*out.CStride:][:out.CStride],
			m.Pix[y*m.Stride:][:4*size.X], m.Pix[below*m.Stride:][:4*size.X],
		}.convert()
	}
	return out
}

// rows are two of pixels and what is made of them: two of luma, one each of Cb and Cr.
type rows struct{ luma0, luma1, cb, cr, pix0, pix1 []byte }

// Factors of red, green and blue in luma, with 16 fraction bits, and in Cb and Cr, with 14 and 2 for sums of four pixels.
const (
	redY, greenY, blueY    = 19595, 38470, 7471
	redCb, greenCb, blueCb = -2764, -5428, 8192
	redCr, greenCr, blueCr = 8192, -6860, -1332
)

func (r rows) convertScalar() {
	toLuma(r.luma0, r.pix0)
	toLuma(r.luma1, r.pix1)
	upper, lower, i := r.pix0, r.pix1, 0
	for ; len(upper) >= 8 && len(lower) >= 8; i++ {
		r.cb[i], r.cr[i] = toChroma(binary.LittleEndian.Uint64(upper), binary.LittleEndian.Uint64(lower))
		upper, lower = upper[8:], lower[8:]
	}
	if len(upper) > 0 {
		u, l := uint64(binary.LittleEndian.Uint32(upper)), uint64(binary.LittleEndian.Uint32(lower))
		r.cb[i], r.cr[i] = toChroma(u|u<<32, l|l<<32)
	}
}

// twice takes a byte of each of two pixels: two numbers side by side.
const twice = 0x000000ff_000000ff

// toLuma takes two pixels at a time.
func toLuma(luma, pix []byte) {
	i := 0
	for ; len(pix) >= 8; pix = pix[8:] {
		p := binary.LittleEndian.Uint64(pix)
		y := p&twice*redY + p>>8&twice*greenY + p>>16&twice*blueY + 1<<15*(1<<32+1)
		luma[i], luma[i+1] = uint8(y>>16), uint8(y>>48)
		i += 2
	}
	if len(pix) > 0 {
		luma[i] = uint8((uint32(pix[0])*redY + uint32(pix[1])*greenY + uint32(pix[2])*blueY + 1<<15) >> 16)
	}
}

// toChroma is that of two pixels above two others.
func toChroma(upper, lower uint64) (cb, cr uint8) {
	r := upper&twice + lower&twice
	g := upper>>8&twice + lower>>8&twice
	b := upper>>16&twice + lower>>16&twice
	red, green, blue := int32(r+r>>32), int32(g+g>>32), int32(b+b>>32)
	const middle = 128<<16 + 1<<15
	cb = uint8(min((redCb*red+greenCb*green+blueCb*blue+middle)>>16, 255))
	cr = uint8(min((redCr*red+greenCr*green+blueCr*blue+middle)>>16, 255))
	return cb, cr
}
