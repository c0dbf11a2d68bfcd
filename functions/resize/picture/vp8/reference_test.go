package vp8

import (
	"bytes"
	"fmt"
	"image"
	"math"
	"testing"

	"golang.org/x/image/vp8"
)

// reference is what golang.org/x/image makes of a frame.
func reference(frame []byte) (*image.YCbCr, error) {
	d := vp8.NewDecoder()
	d.Init(bytes.NewReader(frame), len(frame))
	if _, err := d.DecodeFrameHeader(); err != nil {
		return nil, err
	}
	return d.DecodeFrame()
}

// decodeStudio is Decode without the change of range.
func decodeStudio(frame []byte) (Image, error) {
	d := decoding{studio: true}
	if err := d.decode(frame); err != nil {
		return Image{}, err
	}
	return d.image(), nil
}

// samePlanes compares all samples of a picture with those of the reference, each after change.
func samePlanes(got Image, want *image.YCbCr, change func(plane int, v byte) byte) error {
	width, height := want.Rect.Dx(), want.Rect.Dy()
	for i, plane := range got.Planes {
		from, stride, w, h := want.Y, want.YStride, width, height
		if i > 0 {
			from, stride, w, h = [][]byte{want.Cb, want.Cr}[i-1], want.CStride, (width+1)/2, (height+1)/2
		}
		if plane.Width != w || plane.Height != h {
			return fmt.Errorf("plane %d is %d×%d, want %d×%d", i, plane.Width, plane.Height, w, h)
		}
		var changed [256]byte
		for v := range changed {
			changed[v] = change(i, byte(v))
		}
		for y := range h {
			row, other := plane.Row(y), from[y*stride:][:w]
			for x, v := range row {
				if v != changed[other[x]] {
					return fmt.Errorf("plane %d of %d×%d: sample %d,%d is %d, want %d", i, width, height, x, y, v, changed[other[x]])
				}
			}
		}
	}
	return nil
}

func wantPlanes(t *testing.T, got Image, want *image.YCbCr, change func(plane int, v byte) byte) {
	t.Helper()
	if err := samePlanes(got, want, change); err != nil {
		t.Fatal(err)
	}
}

func asItIs(_ int, v byte) byte { return v }

// fullRange is the change to all of a byte in real numbers.
func fullRange(plane int, v byte) byte {
	middle, to, slope := 16.0, 0.0, 255.0/219
	if plane > 0 {
		middle, to, slope = 128, 128, 255.0/224
	}
	return byte(min(max(to+math.Round((float64(v)-middle)*slope), 0), 255))
}
