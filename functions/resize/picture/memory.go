package picture

import (
	"image"
	"image/color"

	"mapfleet/functions/resize/picture/scaledjpeg"
)

// memory estimates what decode allocates: the codec's picture, its working copies, the copy that plain makes, and one more of what
// may have alpha, where a variant keeps the pixels and another scales them.
func memory(source []byte, format Format, config image.Config) int64 {
	pixels := int64(config.Width) * int64(config.Height)
	if header, err := scaledjpeg.ReadHeader(source); format == JPEG && err == nil && scaledjpeg.Supported(header, 8) == nil {
		return jpegMemory(source, header)
	}
	return pixels * int64(bytesPerPixel(source, format, config.ColorModel))
}

func bytesPerPixel(source []byte, format Format, model color.Model) int {
	if format == GIF && manyFrames(source) {
		return 1 + 4 + 8 // the first frame, and a canvas and its copy
	}
	if _, ok := model.(color.Palette); ok {
		return 1 + 4 + 4
	}
	switch format {
	case JPEG:
		return jpegBytesPerPixel(source, model)
	case PNG:
		return pngBytesPerPixel(source, model)
	case WebP:
		return 8 + 4 // 1.5 lossy; 4 lossless and its working copy; 6.5 lossy with alpha
	case TIFF:
		return 8 + 4 + 20 // at most: 16-bit picture, 8-bit copy, and a strip of everything while its buffer grows
	}
	return 4 + 4
}

// jpegMemory is for a picture at full size, as if a variant needed that: planes, the coefficients of a progressive one, a copy of
// its longest scan, and planes of CMYK that are as large as the largest.
func jpegMemory(source []byte, header scaledjpeg.Header) int64 {
	bytes := decoder.MemoryBytes(header, 8) + int64(len(source))
	if header.Components == 4 {
		bytes += 3 * int64(header.Width) * int64(header.Height)
	}
	return bytes
}

func jpegBytesPerPixel(source []byte, model color.Model) int {
	planes, copies := 3, 0
	switch model {
	case color.GrayModel:
		planes = 1
	case color.CMYKModel:
		planes, copies = 4, 4+4
	case color.RGBAModel:
		copies = 4
	}
	if progressive(source) {
		copies += 4 * planes // all coefficients, as int32
	}
	return planes + copies
}

func pngBytesPerPixel(source []byte, model color.Model) int {
	const interlace = 28 // the last byte of IHDR
	if len(source) > interlace && source[interlace] == 0 {
		return pngPlanes(model)
	}
	size := 4
	switch model {
	case color.GrayModel:
		size = 1
	case color.Gray16Model:
		size = 2 + 1
	case color.RGBA64Model, color.NRGBA64Model:
		size = 8 + 4
	}
	return size + max(size/2, 4) // a pass holds up to half of the picture
}

// pngPlanes counts alpha always: a colour may be transparent.
func pngPlanes(model color.Model) int {
	if model == color.GrayModel || model == color.Gray16Model {
		return 2
	}
	return 4
}
