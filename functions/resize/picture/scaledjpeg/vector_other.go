//go:build !amd64 && !arm64

package scaledjpeg

func transform8(pix []byte, stride int, blk []int16, f *factors) {
	transform8Scalar(pix, stride, blk, f)
}
func transform4(pix []byte, stride int, blk []int16, f *factors) {
	transform4Scalar(pix, stride, blk, f)
}
func transform3(pix []byte, stride int, blk []int16, f *factors) {
	transform3Scalar(pix, stride, blk, f)
}

func hasVectors() bool { return false } // for anything but transforms

func (d *decoding) paint(slots []slot) { paintScalar(slots) }

func (d *decoding) readBlocks(slots []slot, b bits) (bits, verdict) {
	return d.readBlocksScalar(slots, b)
}

func (r *band) refine(b bits, t stretch) (bits, verdict) { return r.refineScalar(b, t) }
