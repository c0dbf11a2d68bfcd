package pngplanes

import (
	"encoding/binary"
	"hash/crc32"
)

const signature = "\x89PNG\r\n\x1a\n"

// chunks walks through a file.
type chunks struct {
	data []byte
	at   int
}

type chunk struct {
	kind    string
	payload []byte
}

const (
	chunkHead = 8 // length and kind
	chunkTail = 4 // checksum
)

// peek says of what kind the next chunk is, "" at the end.
func (c *chunks) peek() string {
	if len(c.data)-c.at < chunkHead {
		return ""
	}
	return string(c.data[c.at+4 : c.at+8])
}

// next returns the next chunk, whole and sound.
func (c *chunks) next() (chunk, error) {
	rest := c.data[c.at:]
	if len(rest) < chunkHead+chunkTail {
		return chunk{}, errTruncated
	}
	length := int64(binary.BigEndian.Uint32(rest))
	if length > int64(len(rest)-chunkHead-chunkTail) {
		return chunk{}, errTruncated
	}
	end := chunkHead + int(length)
	if crc32.ChecksumIEEE(rest[4:end]) != binary.BigEndian.Uint32(rest[end:]) {
		return chunk{}, errChecksum
	}
	c.at += end + chunkTail
	return chunk{kind: string(rest[4:8]), payload: rest[chunkHead:end]}, nil
}
