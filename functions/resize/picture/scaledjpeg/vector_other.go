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
