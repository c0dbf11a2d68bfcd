package picture

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"image/color"
	"testing"
)

// Every cut of a JPEG shows the part that it should, also where luma is coarser than chroma, as few programs write it.
func TestCutsOfEverySampling(t *testing.T) {
	corners := [4]color.NRGBA{{R: 200, G: 40, B: 40, A: 255}, {R: 40, G: 200, B: 40, A: 255}, {R: 40, G: 40, B: 200, A: 255}, {R: 220, G: 220, B: 220, A: 255}}
	for _, sampling := range [][3][2]int{
		{{1, 1}, {1, 1}, {1, 1}}, {{2, 2}, {1, 1}, {1, 1}}, {{4, 1}, {2, 1}, {1, 1}},
		{{1, 1}, {2, 2}, {1, 1}}, {{1, 1}, {1, 2}, {1, 2}}, {{2, 1}, {1, 2}, {1, 1}}, {{1, 1}, {4, 1}, {1, 1}}, {{1, 1}, {2, 2}, {2, 2}},
	} {
		source := mosaicJPEG(128, 128, sampling, corners)
		for _, v := range []Variant{
			{}, {Width: 64, Height: 64}, {Width: 32, Height: 64, Fit: Cover}, {Width: 64, Height: 32, Fit: Cover}, {Width: 40, Height: 128, Fit: Cover},
			{Width: 96, Height: 40, Fit: Fill}, {Width: 200, Height: 200, Upscale: true},
		} {
			for _, format := range []Format{JPEG, PNG} {
				t.Run(fmt.Sprintf("%v to %d x %d %s %s", sampling, v.Width, v.Height, v.Fit, format), func(t *testing.T) {
					v.Format = format
					out := render1(t, source, v)
					want := quadrants(out.Width, out.Height, corners)
					got := decoded(t, out.Bytes)
					for i := range 4 {
						x, y := out.Width*(1+i%2*2)/4, out.Height*(1+i/2*2)/4
						if g, w := at(got, x, y), at(want, x, y); !near(g, w, 8) {
							t.Errorf("pixel at %d,%d = %v, want %v", x, y, g, w)
						}
					}
				})
			}
		}
	}
}

// mosaicJPEG is a JPEG of four colours whose blocks have nothing but their mean. Its components have those samplings.
func mosaicJPEG(w, h int, samplings [3][2]int, corners [4]color.NRGBA) []byte {
	var b bytes.Buffer
	segment := func(marker byte, data ...byte) {
		b.Write(binary.BigEndian.AppendUint16([]byte{0xff, marker}, uint16(2+len(data))))
		b.Write(data)
	}
	b.WriteString("\xff\xd8")
	segment(0xdb, append([]byte{0}, bytes.Repeat([]byte{8}, 64)...)...)
	frame, scan := []byte{8, byte(h >> 8), byte(h), byte(w >> 8), byte(w), 3}, []byte{3}
	across, down := 1, 1
	for i, s := range samplings {
		frame, scan = append(frame, byte(i+1), byte(s[0]<<4|s[1]), 0), append(scan, byte(i+1), 0)
		across, down = max(across, s[0]), max(down, s[1])
	}
	segment(0xc0, frame...)
	segment(0xc4, append(append([]byte{0, 0, 0, 0, 12}, make([]byte, 12)...), 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11)...) // codes of four bits
	segment(0xc4, append([]byte{0x10, 1}, make([]byte, 16)...)...)                                                      // one bit ends a block
	segment(0xda, append(scan, 0, 63, 0)...)

	var window uint64
	length := 0
	put := func(value, n int) {
		for window, length = window<<n|uint64(value), length+n; length >= 8; length -= 8 {
			if b.WriteByte(byte(window >> (length - 8))); byte(window>>(length-8)) == 0xff {
				b.WriteByte(0)
			}
		}
	}
	var before [3]int
	for my := 0; my*8*down < h; my++ {
		for mx := 0; mx*8*across < w; mx++ {
			for i, s := range samplings {
				for j := range s[0] * s[1] {
					x, y := (mx*s[0]+j%s[0])*8*across/s[0], (my*s[1]+j/s[0])*8*down/s[1]
					c := corners[min(x*2/w, 1)+min(y*2/h, 1)*2]
					luma, cb, cr := color.RGBToYCbCr(c.R, c.G, c.B)
					level := [3]int{int(luma), int(cb), int(cr)}[i] - 128
					put(magnitude(level - before[i]))
					before[i] = level
					put(0, 1)
				}
			}
		}
	}
	put(0x7f, 7)
	b.WriteString("\xff\xd9")
	return b.Bytes()
}

// magnitude is the code of four bits for the size of a difference, and the difference, with the length of both.
func magnitude(diff int) (bits, length int) {
	size := 0
	for max(diff, -diff)>>size > 0 {
		size++
	}
	if diff < 0 {
		diff += 1<<size - 1
	}
	return size<<size | diff, 4 + size
}
