package picture

import (
	"encoding/binary"
	"iter"
)

const (
	entrySize = 12 // of a directory: tag, type, count, value or offset
	typeByte  = 1
	typeShort = 3
	typeLong  = 4
)

// directory yields the whole entries of the directory at an offset of a TIFF structure; changing them changes the block.
func directory(block []byte, order binary.ByteOrder, at uint32) iter.Seq[[]byte] {
	return func(yield func([]byte) bool) {
		if uint64(at)+2 > uint64(len(block)) {
			return
		}
		entries := block[at+2:]
		for range order.Uint16(block[at:]) {
			if len(entries) < entrySize || !yield(entries[:entrySize:entrySize]) {
				return
			}
			entries = entries[entrySize:]
		}
	}
}

// directoryEnd is where the entries end and the link to the next directory stands; false if that is beyond the block.
func directoryEnd(block []byte, order binary.ByteOrder, at uint32) (end uint64, ok bool) {
	if uint64(at)+2 > uint64(len(block)) {
		return 0, false
	}
	end = uint64(at) + 2 + entrySize*uint64(order.Uint16(block[at:]))
	return end, end <= uint64(len(block))
}

// tiffEntry returns the entry of that tag in the first directory, nil if there is none or order is nil.
func tiffEntry(block []byte, order binary.ByteOrder, tag uint16) []byte {
	if order == nil || len(block) < 8 {
		return nil
	}
	for entry := range directory(block, order, order.Uint32(block[4:])) {
		if order.Uint16(entry) == tag {
			return entry
		}
	}
	return nil
}
