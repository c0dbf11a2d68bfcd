package picture

import (
	"bytes"
	"errors"
	"fmt"
	"image"
	"image/gif"
	"image/jpeg"
	"image/png"

	"golang.org/x/image/bmp"
	"golang.org/x/image/tiff"
	"golang.org/x/image/webp"

	"mapfleet/functions/resize/picture/scaledjpeg"
)

// decode returns the picture as stored, not oriented, in one of the layouts that plain promises. The caller has inspected it.
func decode(source []byte, info Info) (img image.Image, err error) {
	doing := "decode " + string(info.Format)
	defer contain(DecodeFailed, doing, &err)
	if img, ok := decodeTranslucent(source, info); ok {
		return img, nil
	}
	img, err = decodeWith(bytes.NewReader(inked(source, info.Format)), info.Format)
	if err != nil {
		return nil, blame(doing, err)
	}
	img, err = plain(img, image.Rectangle{Max: info.stored()})
	if err != nil {
		return nil, failWith(DecodeFailed, doing, err)
	}
	return img, nil
}

func decodeWith(r *bytes.Reader, format Format) (image.Image, error) {
	switch format {
	case JPEG:
		return jpeg.Decode(r)
	case PNG:
		return png.Decode(r)
	case GIF:
		return gif.Decode(r) // the first frame, in the bounds that it has on its canvas
	case WebP:
		img, err := webp.Decode(r)
		fullRange(img)
		return img, err
	case BMP:
		return bmp.Decode(r)
	case TIFF:
		return tiff.Decode(r)
	}
	return nil, fmt.Errorf("no codec")
}

// blame tells what a codec cannot do from what is wrong with the file.
func blame(doing string, err error) *Error {
	_, isJPEG := errors.AsType[jpeg.UnsupportedError](err)
	_, isPNG := errors.AsType[png.UnsupportedError](err)
	_, isTIFF := errors.AsType[tiff.UnsupportedError](err)
	_, isOurs := errors.AsType[scaledjpeg.UnsupportedError](err)
	if isJPEG || isPNG || isTIFF || isOurs || errors.Is(err, bmp.ErrUnsupported) {
		return failWith(UnsupportedFormat, doing, err)
	}
	return failWith(DecodeFailed, doing, err)
}

// contain turns a panic of the surrounding function, on the surrounding goroutine, into an error. It is deferred.
func contain(code, doing string, err *error) {
	if r := recover(); r != nil {
		*err = failWith(code, doing, fmt.Errorf("codec panicked: %v", r))
	}
}
