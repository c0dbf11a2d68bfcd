package picture

import (
	"encoding/binary"

	"golang.org/x/image/tiff"
)

// Compressions of a TIFF.
const (
	tiffUncompressed = 1
	tiffGroup3       = 3 // facsimile, as group 4
	tiffGroup4       = 4
)

// checkTIFF names what the codec would show wrongly, or blame on the file (TIFF 6.0, section 8; fill order: section 3). Whatever it
// does not name the codec judges.
func checkTIFF(source []byte) error {
	const (
		subfileType, photometric, compression, fillOrder, samples, planes = 254, 262, 259, 266, 277, 284

		reduced  = 1 // bit of subfileType
		separate = 2 // of planes
		lowFirst = 2 // of fillOrder; the codec heeds it where it decodes facsimile only
	)
	order := byteOrder(source)
	value := func(tag uint16) uint32 { return tiffValue(source, order, tag) }
	squeezed := value(compression)
	switch {
	case value(subfileType)&reduced != 0:
		return tiff.UnsupportedError("a preview as first page, which files of raw cameras begin with")
	case value(planes) == separate && value(samples) > 1:
		return tiff.UnsupportedError("separate planes")
	case value(fillOrder) == lowFirst && squeezed != tiffGroup3 && squeezed != tiffGroup4:
		return tiff.UnsupportedError("low bit first")
	}
	switch value(photometric) {
	case 5:
		return tiff.UnsupportedError("cmyk")
	case 6:
		return tiff.UnsupportedError("ycbcr")
	case 8:
		return tiff.UnsupportedError("lab")
	}
	return nil
}

// tiffValue is the first number of the entry with that tag, of one to four bytes; 0 if there is none.
func tiffValue(source []byte, order binary.ByteOrder, tag uint16) uint32 {
	entry := tiffEntry(source, order, tag)
	if entry == nil {
		return 0
	}
	kind, count, number := order.Uint16(entry[2:]), uint64(order.Uint32(entry[4:])), entry[8:]
	size := map[uint16]uint64{typeByte: 1, typeShort: 2, typeLong: 4}[kind]
	if count*size > uint64(len(number)) { // it stands elsewhere
		number = source[min(uint64(order.Uint32(number)), uint64(len(source))):]
	}
	switch {
	case count == 0 || uint64(len(number)) < size:
		return 0
	case kind == typeByte:
		return uint32(number[0])
	case kind == typeShort:
		return uint32(order.Uint16(number))
	case kind == typeLong:
		return order.Uint32(number)
	}
	return 0
}
