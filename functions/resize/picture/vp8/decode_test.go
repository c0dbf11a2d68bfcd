package vp8

import (
	"bytes"
	"errors"
	"image"
	"image/color"
	"math"
	"testing"

	"github.com/gen2brain/webp"
)

// photo is a frame as encoders write them, of a picture with slopes, edges and grain.
func photo(t testing.TB, width, height, quality, method int) []byte {
	t.Helper()
	img := image.NewNRGBA(image.Rect(0, 0, width, height))
	grain := uint32(1)
	for y := range height {
		for x := range width {
			grain = grain*1664525 + 1013904223
			v := 128 + 90*math.Sin(float64(x*y)/500)*math.Cos(float64(x)/23) + float64(grain>>28)
			if (x/19+y/31)%3 == 0 {
				v = 255 - v/2
			}
			img.SetNRGBA(x, y, color.NRGBA{uint8(v), uint8(255 - v/2), uint8(x * 255 / width), 255})
		}
	}
	var b bytes.Buffer
	if err := webp.Encode(&b, img, webp.Options{Quality: quality, Method: method}); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()[20:]
}

// photos are by size, quality and effort.
func photos(t testing.TB) (frames [][]byte) {
	for _, size := range []image.Point{{1, 1}, {16, 16}, {17, 15}, {100, 75}, {257, 129}} {
		for _, quality := range []int{5, 60, 95} {
			frames = append(frames, photo(t, size.X, size.Y, quality, quality%5))
		}
	}
	return frames
}

// TestDecode holds every sample to golang.org/x/image, with and without the change of range.
func TestDecode(t *testing.T) {
	frames := photos(t)
	for _, s := range sketches() {
		frames = append(frames, s.encode())
	}
	var d Decoder
	for i, frame := range frames {
		want, err := reference(frame)
		if err != nil {
			t.Fatalf("frame %d: the reference says %v", i, err)
		}
		got, err := decodeStudio(frame)
		if err != nil {
			t.Fatalf("frame %d: %v", i, err)
		}
		wantPlanes(t, got, want, asItIs)
		if got, err = d.Decode(frame); err != nil {
			t.Fatalf("frame %d: %v", i, err)
		}
		wantPlanes(t, got, want, fullRange)
		got.Release()
	}
}

// Sketches reach what they are there for: all modes, coefficients beyond 16 bits of sums, each kind of filter.
func TestSketchesReachAll(t *testing.T) {
	var found [modes]int
	wild, simple, normal, calm := 0, 0, 0, 0
	for _, s := range sketches() {
		d := decoding{studio: true}
		if err := d.decode(s.encode()); err != nil {
			t.Fatal(err)
		}
		for _, m := range d.row {
			if m.subblocks {
				for _, mode := range m.blocks {
					found[mode]++
				}
			}
		}
		switch {
		case d.filter.level == 0:
			calm++
		case d.filter.simple:
			simple++
		default:
			normal++
		}
		if f := d.filter; f.simple != s.simple || f.level != s.level || f.sharpness != s.sharpness || len(d.tokens) != 1<<s.partitions {
			t.Errorf("the header of %+v says %+v, %d partitions", s, f, len(d.tokens))
		}
		if d.segments.factors[0].luma[0] > 100 && !s.dull {
			wild++
		}
	}
	for mode, n := range found {
		if n == 0 {
			t.Errorf("no block has mode %d", mode)
		}
	}
	if wild == 0 || simple == 0 || normal == 0 || calm == 0 {
		t.Errorf("%d wild, %d simple, %d normal, %d without filter", wild, simple, normal, calm)
	}
}

// A frame cut anywhere is refused where the reference refuses it: once anything is missing that was looked at.
func TestTruncated(t *testing.T) {
	frames := [][]byte{photo(t, 60, 40, 80, 4), photo(t, 60, 40, 20, 0)}
	s := sketches()[3]
	s.width, s.height, s.partitions = 33, 50, 2
	frames = append(frames, s.encode())
	for i, frame := range frames {
		step := 1 + len(frame)/2000
		for n := 0; n < len(frame); n += step {
			_, wantErr := reference(frame[:n:n])
			m, err := new(Decoder).Decode(frame[:n:n])
			if (err == nil) != (wantErr == nil) {
				t.Errorf("frame %d cut to %d of %d bytes: %v, the reference says %v", i, n, len(frame), err, wantErr)
			}
			if err == nil && m.Planes[0].Width == 0 {
				t.Errorf("frame %d cut to %d of %d bytes: neither picture nor error", i, n, len(frame))
			}
			if _, ok := errors.AsType[FormatError](err); err != nil && !ok {
				t.Errorf("frame %d cut to %d bytes: error of type %T", i, n, err)
			}
		}
	}
}

func TestRefused(t *testing.T) {
	frame := photo(t, 30, 20, 80, 0)
	changed := func(at int, v byte) []byte {
		c := bytes.Clone(frame)
		c[at] = v
		return c
	}
	for _, test := range []struct {
		name  string
		frame []byte
		want  error
	}{
		{"nothing", nil, errTruncated},
		{"a frame that needs another", changed(0, frame[0]|1), errInter},
		{"another start code", changed(3, 0), errStart},
		{"no width", append(changed(6, 0)[:7:7], frame[7:]...), errEmpty},
		{"a first partition beyond the end", changed(2, 255), errTruncated},
		{"a first partition of ones", changed(10, 255), errStartsBeyond},
	} {
		t.Run(test.name, func(t *testing.T) {
			if _, err := new(Decoder).Decode(test.frame); err != test.want {
				t.Errorf("Decode: %v, want %v", err, test.want)
			}
		})
	}
}
