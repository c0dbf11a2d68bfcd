package picture

import (
	"bytes"
	"encoding/binary"
	"image"
)

// Tags of EXIF 2.32 that are rewritten because they speak of the pixels, and those that lead to them.
const (
	tagThumbnail       = 0x0201
	tagThumbnailLength = 0x0202
	tagOrientation     = 0x0112
	tagEXIF            = 0x8769
	tagWidth           = 0xa002
	tagHeight          = 0xa003
)

// rewriteEXIF returns a copy of an EXIF block that fits an output of that size: not to be turned, without a thumbnail, which would
// show the picture uncut. It returns nil for a block whose first directory is not whole. block is only read.
func rewriteEXIF(block []byte, size image.Point) []byte {
	order := byteOrder(block)
	if order == nil || len(block) < 8 {
		return nil
	}
	first := order.Uint32(block[4:])
	end, ok := directoryEnd(block, order, first)
	if !ok || first < 8 {
		return nil
	}
	out := bytes.Clone(block)
	if entry := tiffEntry(out, order, tagEXIF); entry != nil {
		resize(out, order, order.Uint32(entry[8:]), size)
	}
	out = dropThumbnail(out, order, end)
	for entry := range directory(out, order, first) { // last, so that no directory that overlaps can undo it
		if order.Uint16(entry) == tagOrientation {
			setNumber(entry, order, typeShort, 1)
		}
	}
	return out
}

// resize writes the size into the EXIF directory, where that has one.
func resize(block []byte, order binary.ByteOrder, at uint32, size image.Point) {
	for entry := range directory(block, order, at) {
		switch order.Uint16(entry) {
		case tagWidth:
			setNumber(entry, order, typeLong, size.X)
		case tagHeight:
			setNumber(entry, order, typeLong, size.Y)
		}
	}
}

func setNumber(entry []byte, order binary.ByteOrder, kind uint16, value int) {
	order.PutUint16(entry[2:], kind)
	order.PutUint32(entry[4:], 1)
	clear(entry[8:])
	if kind == typeShort {
		order.PutUint16(entry[8:], uint16(value))
	} else {
		order.PutUint32(entry[8:], uint32(value))
	}
}

// dropThumbnail cuts the link, at that place behind the first directory, to the second one, and takes the picture away that
// this one leads to: with the end of the block if it stands there, as it mostly does.
func dropThumbnail(block []byte, order binary.ByteOrder, link uint64) []byte {
	if link+4 > uint64(len(block)) {
		return block
	}
	second := order.Uint32(block[link:])
	clear(block[link : link+4])
	if second == 0 {
		return block
	}
	var at, length uint64
	for entry := range directory(block, order, second) {
		switch order.Uint16(entry) {
		case tagThumbnail:
			at = uint64(order.Uint32(entry[8:]))
		case tagThumbnailLength:
			length = uint64(order.Uint32(entry[8:]))
		}
	}
	switch {
	case at < link+4 || at+length > uint64(len(block)): // no picture, or one over the first directory
		return block
	case at+length == uint64(len(block)):
		return block[:at]
	}
	clear(block[at : at+length])
	return block
}
