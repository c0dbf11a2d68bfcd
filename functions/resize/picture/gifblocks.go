package picture

import (
	"encoding/binary"
	"errors"
	"fmt"
	"image"
)

// animation is a GIF taken apart at its blocks (GIF89a, https://www.w3.org/Graphics/GIF/spec-gif89a.txt), with nothing decoded.
type animation struct {
	header []byte // signature, logical screen descriptor, global palette
	size   image.Point
	frames []frame
	loops  []byte // how often it is shown again, two bytes, 0 is for ever; nil: not at all
}

// frame is one picture of an animation.
type frame struct {
	blocks   []byte // graphic control extension, image descriptor, local palette, pixels
	delay    int    // hundredths of a second
	disposal byte   // what becomes of it afterwards
}

// Disposals of a frame. 0 and the reserved ones leave it as it is.
const (
	disposeToBackground = 2 // which readers take for transparent
	disposeToPrevious   = 3 // to what was there before
)

// Introducers of blocks, and labels of extensions.
const (
	gifExtension      = 0x21
	gifImage          = 0x2c
	gifTrailer        = 0x3b
	gifGraphicControl = 0xf9
	gifApplication    = 0xff
)

var (
	errGIFCut        = errors.New("unexpected EOF")
	errTooManyFrames = errors.New("too many frames")
)

// splitGIF takes no more than that many frames, then returns them with errTooManyFrames. A file may end without its trailer.
func splitGIF(source []byte, most int) (a animation, err error) {
	const descriptor = 13 // with the signature
	if len(source) < descriptor {
		return a, errGIFCut
	}
	header := descriptor + paletteSize(source[10])
	if header > len(source) {
		return a, errGIFCut
	}
	a.header = source[:header]
	a.size = image.Pt(int(binary.LittleEndian.Uint16(source[6:])), int(binary.LittleEndian.Uint16(source[8:])))
	rest := source[header:]
	var control []byte // the graphic control extension of the next frame
	for len(rest) > 0 && rest[0] != gifTrailer {
		block, left, err := gifBlock(rest)
		if err != nil {
			return a, err
		}
		rest = left
		switch {
		case block[0] == gifImage && len(a.frames) == most:
			return a, errTooManyFrames
		case block[0] == gifImage:
			a.frames = append(a.frames, newFrame(control, block))
			control = nil
		case block[1] == gifGraphicControl && len(block) >= 8:
			control = block
		case block[1] == gifApplication:
			if loops := loopCount(block); loops != nil {
				a.loops = loops
			}
		}
	}
	return a, nil
}

// gifBlock cuts the first block off.
func gifBlock(rest []byte) (block, left []byte, err error) {
	const descriptor = 10
	at := 2 // introducer and label
	switch rest[0] {
	case gifExtension:
	case gifImage:
		if len(rest) < descriptor {
			return nil, nil, errGIFCut
		}
		at = descriptor + paletteSize(rest[9]) + 1 // and the size of the first codes
	default:
		return nil, nil, fmt.Errorf("unknown block type: 0x%.2x", rest[0])
	}
	for at < len(rest) { // sub-blocks, each behind its length
		length := int(rest[at])
		at += 1 + length
		if length == 0 {
			return rest[:at], rest[at:], nil
		}
	}
	return nil, nil, errGIFCut
}

// paletteSize reads it from the flags of a descriptor.
func paletteSize(flags byte) int {
	if flags&0x80 == 0 {
		return 0
	}
	return 3 << (flags&7 + 1)
}

// newFrame joins an image with its graphic control extension, which other blocks may part it from.
func newFrame(control, block []byte) frame {
	if control == nil {
		return frame{blocks: block}
	}
	return frame{
		blocks:   append(control[:len(control):len(control)], block...),
		delay:    int(binary.LittleEndian.Uint16(control[4:])),
		disposal: control[3] >> 2 & 7,
	}
}

// loopCount reads an application extension that says how often an animation is shown, nil if this does not.
func loopCount(block []byte) []byte {
	const count = 16 // introducer, label, 11 bytes of name behind their length, length, identifier
	if len(block) < count+3 || block[14] != 3 || block[15] != 1 {
		return nil
	}
	if name := string(block[3:14]); name != "NETSCAPE2.0" && name != "ANIMEXTS1.0" {
		return nil
	}
	return block[count : count+2]
}
