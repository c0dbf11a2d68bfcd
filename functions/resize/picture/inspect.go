package picture

import (
	"bytes"
	"errors"
	"image"
	"image/color"
	"image/gif"
	"image/jpeg"
	"image/png"

	"golang.org/x/image/bmp"
	"golang.org/x/image/tiff"
	"golang.org/x/image/webp"

	"mapfleet/functions/resize/picture/scaledjpeg"
)

// Info is what a header tells.
type Info struct {
	Format        Format
	Width, Height int // as seen, after orientation
	Orientation   int // as EXIF counts, 1 to 8; 1 if the file names none
	// MemoryBytes is about the most that decoding allocates, outputs not counted.
	MemoryBytes int64
}

// stored returns the size before orientation.
func (i Info) stored() image.Point {
	if i.Orientation >= 5 {
		return image.Pt(i.Height, i.Width)
	}
	return image.Pt(i.Width, i.Height)
}

// Inspect reads the header and decodes nothing. It refuses what Render would refuse without decoding, with an *Error.
func Inspect(source []byte, limits Limits) (Info, error) {
	limits = limits.withDefaults()
	if len(source) == 0 {
		return Info{}, fail(Empty, "read picture", "no bytes")
	}
	if int64(len(source)) > limits.MaxBytes {
		return Info{}, fail(TooManyBytes, "read picture", "%d bytes are more than %d", len(source), limits.MaxBytes)
	}
	format, ok := Sniff(source)
	if !ok {
		if name := foreign(source); name != "" {
			return Info{}, fail(UnsupportedFormat, "read picture", "cannot read %s", name)
		}
		return Info{}, fail(UnknownFormat, "read picture", "unknown format")
	}
	if format == WebP && animated(source) {
		return Info{}, fail(UnsupportedFormat, "read webp", "animation")
	}
	config, err := decodeConfig(source, format)
	if err != nil {
		return Info{}, err
	}
	if config.Width <= 0 || config.Height <= 0 {
		return Info{}, fail(DecodeFailed, "read "+string(format), "no pixels in %d x %d", config.Width, config.Height)
	}
	if err := limits.check("read "+string(format), config.Width, config.Height); err != nil {
		return Info{}, err
	}
	info := Info{
		Format: format, Width: config.Width, Height: config.Height,
		Orientation: orientation(source, format),
		MemoryBytes: memory(source, format, config),
	}
	if info.Orientation >= 5 {
		info.Width, info.Height = info.Height, info.Width
	}
	if err := limits.checkMemory(info); err != nil {
		return Info{}, err
	}
	return info, nil
}

func decodeConfig(source []byte, format Format) (config image.Config, err error) {
	doing := "read " + string(format)
	defer contain(DecodeFailed, doing, &err)
	r := bytes.NewReader(source)
	switch format {
	case JPEG:
		config, err = jpegConfig(source)
	case PNG:
		config, err = png.DecodeConfig(r)
	case GIF:
		config, err = gif.DecodeConfig(r)
	case WebP:
		config, err = webp.DecodeConfig(r)
	case BMP:
		config, err = bmp.DecodeConfig(r)
	case TIFF:
		if err = checkTIFF(source); err == nil {
			config, err = tiff.DecodeConfig(r)
		}
	}
	if err != nil {
		return image.Config{}, blame(doing, err)
	}
	return config, nil
}

// jpegConfig is jpeg.DecodeConfig, but for its memory, of the files that scaledjpeg decodes: nearly all. On others that has the last
// word, but scaledjpeg names what neither supports.
func jpegConfig(source []byte) (image.Config, error) {
	header, err := scaledjpeg.ReadHeader(source)
	if err != nil {
		return jpeg.DecodeConfig(bytes.NewReader(source))
	}
	if unsupported := scaledjpeg.Supported(header, 1); unsupported != nil {
		config, err := jpeg.DecodeConfig(bytes.NewReader(source))
		if _, ok := errors.AsType[jpeg.UnsupportedError](err); ok {
			err = unsupported
		}
		return config, err
	}
	model := color.YCbCrModel
	switch header.Color {
	case scaledjpeg.Gray:
		model = color.GrayModel
	case scaledjpeg.RGB:
		model = color.RGBAModel
	case scaledjpeg.CMYK, scaledjpeg.YCCK:
		model = color.CMYKModel
	}
	return image.Config{ColorModel: model, Width: header.Width, Height: header.Height}, nil
}
