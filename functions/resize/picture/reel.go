package picture

import (
	"bytes"
	"encoding/binary"
	"image"
	"image/color"
	"image/gif"
	"slices"
)

// reel writes an animated GIF, holding two pictures and what is written. Each frame covers what it changes, in a palette of its own:
// one for all would have to be chosen with all frames in memory, and shows bands. Pixels within that do not change are transparent,
// which packs well and keeps dithering from flickering.
//
// A frame cannot take pixels away, only be taken away itself: so a frame is written when the next is known.
type reel struct {
	out   bytes.Buffer
	size  image.Point
	shown *image.NRGBA // before the waiting frame
	wait  *waiting     // nil before the first frame
}

// waiting is a frame that is not written yet.
type waiting struct {
	pixels *image.NRGBA    // of the whole picture
	rect   image.Rectangle // what has to be drawn
	delay  int
}

func newReel(size image.Point, loops []byte) *reel {
	r := &reel{size: size, shown: image.NewNRGBA(image.Rectangle{Max: size})}
	r.out.WriteString("GIF89a")
	r.out.Write(binary.LittleEndian.AppendUint16(binary.LittleEndian.AppendUint16(nil, uint16(size.X)), uint16(size.Y)))
	r.out.Write([]byte{0x70, 0, 0}) // 8 bits a colour, no global palette
	if loops != nil {
		r.out.WriteString("\x21\xff\x0bNETSCAPE2.0\x03\x01")
		r.out.Write(loops)
		r.out.WriteByte(0)
	}
	return r
}

// add takes a picture of opaque and transparent pixels, which the reel keeps.
func (r *reel) add(pixels *image.NRGBA, delay int) error {
	if r.wait != nil {
		if err := r.write(erased(r.wait.pixels, pixels)); err != nil {
			return err
		}
	}
	rect := pixels.Rect // of the first frame, which is all that some readers look at
	if r.wait != nil {
		rect = changed(r.shown, pixels)
	}
	r.wait = &waiting{pixels: pixels, rect: rect, delay: delay}
	return nil
}

// end returns the file.
func (r *reel) end() ([]byte, error) {
	if err := r.write(image.Rectangle{}); err != nil {
		return nil, err
	}
	r.out.WriteByte(gifTrailer)
	return r.out.Bytes(), nil
}

// write writes the waiting frame. If gone is not empty the next frame is transparent there where this one is not, and this is taken
// away afterwards, on a rectangle that holds gone.
func (r *reel) write(gone image.Rectangle) error {
	rect := r.wait.rect.Union(gone)
	if rect.Empty() {
		rect = image.Rect(0, 0, 1, 1) // a frame has a pixel
	}
	disposal := byte(gif.DisposalNone)
	if !gone.Empty() {
		disposal = disposeToBackground
	}
	if err := r.encode(r.difference(rect), r.wait.delay, disposal); err != nil {
		return err
	}
	r.shown = r.wait.pixels
	if !gone.Empty() {
		clearPixels(r.shown, rect)
	}
	return nil
}

// difference is the part of the waiting frame in rect, transparent where it changes nothing.
func (r *reel) difference(rect image.Rectangle) *image.NRGBA {
	out := image.NewNRGBA(rect)
	for y := rect.Min.Y; y < rect.Max.Y; y++ {
		at := r.shown.PixOffset(rect.Min.X, y)
		to := out.Pix[out.PixOffset(rect.Min.X, y):][:4*rect.Dx()]
		before, now := r.shown.Pix[at:][:len(to)], r.wait.pixels.Pix[at:][:len(to)]
		for i := 0; i < len(to); i += 4 {
			if [4]byte(before[i:]) != [4]byte(now[i:]) {
				copy(to[i:i+4], now[i:])
			}
		}
	}
	return out
}

// encode writes a frame as a file of one frame and takes over the frame's blocks.
func (r *reel) encode(img *image.NRGBA, delay int, disposal byte) (err error) {
	defer contain(EncodeFailed, "encode gif", &err)
	var file bytes.Buffer
	err = gif.EncodeAll(&file, &gif.GIF{
		Image: []*image.Paletted{frameOf(img, disposal)}, Delay: []int{delay}, Disposal: []byte{disposal},
		Config: image.Config{Width: r.size.X, Height: r.size.Y},
	})
	if err != nil {
		return err
	}
	one, err := splitGIF(file.Bytes(), 1)
	if err != nil {
		return err
	}
	r.out.Write(one.frames[0].blocks)
	return nil
}

// frameOf gives a frame its palette. One that is taken away has a transparent colour, be it used or not: else libvips, Pillow and
// ImageMagick leave the background's colour where it was, though browsers do not.
func frameOf(img *image.NRGBA, disposal byte) *image.Paletted {
	m := forGIF(img).(*image.Paletted)
	if disposal != disposeToBackground || slices.ContainsFunc(m.Palette, transparent) {
		return m
	}
	if len(m.Palette) == maxColors {
		m = quantize(img, maxColors-1)
	}
	m.Palette = append(m.Palette, color.NRGBA{})
	return m
}

func transparent(c color.Color) bool {
	_, _, _, alpha := c.RGBA()
	return alpha == 0
}

// changed is the smallest rectangle that holds all pixels in which two pictures differ.
func changed(before, now *image.NRGBA) image.Rectangle {
	return bounds(before, now, func(p, q []byte) bool { return [4]byte(p) != [4]byte(q) })
}

// erased is the smallest rectangle that holds all pixels that became transparent.
func erased(before, now *image.NRGBA) image.Rectangle {
	return bounds(before, now, func(p, q []byte) bool { return p[3] != 0 && q[3] == 0 })
}

func bounds(before, now *image.NRGBA, differ func(p, q []byte) bool) (r image.Rectangle) {
	for y := range now.Rect.Dy() {
		p, q := before.Pix[y*before.Stride:][:4*now.Rect.Dx()], now.Pix[y*now.Stride:][:4*now.Rect.Dx()]
		if bytes.Equal(p, q) {
			continue
		}
		first, last := -1, -1
		for x := range now.Rect.Dx() {
			if differ(p[4*x:4*x+4], q[4*x:4*x+4]) {
				if first < 0 {
					first = x
				}
				last = x
			}
		}
		if first >= 0 {
			r = r.Union(image.Rect(first, y, last+1, y+1))
		}
	}
	return r
}
