//go:build !amd64 && !arm64

package scaledjpeg

func transform8(pix []byte, stride int, blk *block) { transform8Scalar(pix, stride, blk) }
func transform4(pix []byte, stride int, blk *block) { transform4Scalar(pix, stride, blk) }
func transform3(pix []byte, stride int, blk *block) { transform3Scalar(pix, stride, blk) }
