//go:build !amd64 && !arm64

package baselinejpeg

func transform(blocks []block, masks []uint64, pix []byte, stride int, q *quantizer) {
	transformScalar(blocks, masks, pix, stride, q)
}

func (r rows) convert() { r.convertScalar() }
