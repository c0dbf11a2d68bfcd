package picture

import (
	"bytes"
	"encoding/binary"
)

// orientation finds the EXIF orientation of a picture, 1 to 8. It is 1 if there is none, or none that makes sense: a broken
// EXIF block is no reason to refuse a picture.
func orientation(source []byte, format Format) int {
	switch format {
	case JPEG:
		return exifOrientation(jpegEXIF(source))
	case PNG:
		return exifOrientation(pngEXIF(source))
	case WebP:
		return exifOrientation(webpEXIF(source))
	case TIFF:
		return exifOrientation(source)
	}
	return 1
}

// exifOrientation reads tag 274 of the first directory of a TIFF structure (TIFF 6.0, section 2), which is what EXIF is.
func exifOrientation(block []byte) int {
	order := byteOrder(block)
	entry := tiffEntry(block, order, tagOrientation)
	if entry == nil {
		return 1
	}
	value := int(order.Uint16(entry[8:]))
	if order.Uint16(entry[2:]) != typeShort || value < 1 || value > 8 {
		return 1
	}
	return value
}

func byteOrder(block []byte) binary.ByteOrder {
	switch {
	case bytes.HasPrefix(block, []byte("II*\x00")):
		return binary.LittleEndian
	case bytes.HasPrefix(block, []byte("MM\x00*")):
		return binary.BigEndian
	}
	return nil
}
