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
	if format == TIFF {
		return pixels*int64(tiffBytesPerPixel(config.ColorModel)) + tiffBlock(source, config)
	}
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
		return webpBytesPerPixel(source)
	}
	return 4 + 4
}

// webpBytesPerPixel counts planes of 4:2:0 and a little for lossy pixels without alpha; else what lossless coding takes, its working
// copy and one more.
func webpBytesPerPixel(source []byte) int {
	if _, alpha, ok := lossyFrame(source); ok && alpha == nil {
		return 2
	}
	return 4 + 4 + 4
}

// checkGeneral refuses a JPEG that scaledjpeg began and left to the general decoder, for scans out of order, if that takes too much
// memory: it holds coefficients of twice the size.
func checkGeneral(source []byte, info Info, limits Limits) error {
	if info.Format != JPEG {
		return nil
	}
	config, err := decodeConfig(source, JPEG)
	if err != nil {
		return err
	}
	general := int64(config.Width) * int64(config.Height) * int64(jpegBytesPerPixel(source, config.ColorModel))
	info.MemoryBytes = max(info.MemoryBytes, general)
	return limits.checkMemory(info)
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
	return size + max(size*2/3, 4) // passes hold as much as the codec's picture until they are collected
}

// pngPlanes counts alpha always: a colour may be transparent. Where every pixel has its own, colours are copied to be weighed.
func pngPlanes(model color.Model) int {
	switch model {
	case color.GrayModel, color.Gray16Model:
		return 2
	case color.NRGBAModel, color.NRGBA64Model:
		return 4 + 3
	}
	return 4
}
