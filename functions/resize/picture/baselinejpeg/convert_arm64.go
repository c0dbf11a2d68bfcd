package baselinejpeg

// pixelsOfGroup is how many pixels of a row the kernel takes at a time.
const pixelsOfGroup = 16

// convert makes luma and chroma of pixels.
func (r rows) convert() {
	groups := len(r.luma0) / pixelsOfGroup
	if n := groups * pixelsOfGroup; groups > 0 {
		// What the kernel reads and writes.
		_, _, _, _ = r.pix0[4*n-1], r.pix1[4*n-1], r.luma0[n-1], r.luma1[n-1]
		_, _ = r.cb[n/2-1], r.cr[n/2-1]
		convertNEON(&r.luma0[0], &r.luma1[0], &r.cb[0], &r.cr[0], &r.pix0[0], &r.pix1[0], groups)
		r = rows{r.luma0[n:], r.luma1[n:], r.cb[n/2:], r.cr[n/2:], r.pix0[4*n:], r.pix1[4*n:]}
	}
	r.convertScalar()
}

// convertNEON makes, for each group, twice 16 samples of luma and 8 each of Cb and Cr of twice 16 pixels.
//
//go:noescape
func convertNEON(luma0, luma1, cb, cr, pix0, pix1 *byte, groups int)

// shares are the lanes of V0: of red, green and blue in luma, then what they add to Cb and Cr, or take away.
var shares = [8]uint16{redY, greenY, blueY, blueCb, -redCb, -greenCb, -greenCr, -blueCr}
