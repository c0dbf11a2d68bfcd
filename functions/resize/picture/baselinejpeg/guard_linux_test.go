package baselinejpeg

import (
	"image"
	"syscall"
	"testing"
)

// Pictures that start or end at a page which must not be touched are read no further.
func TestAppendReadsNothingBeyond(t *testing.T) {
	var e Encoder
	for width := 1; width <= 70; width++ {
		for _, height := range []int{1, 7, 8, 9, 24} {
			for _, atEnd := range []bool{false, true} {
				m := image.NewYCbCr(image.Rect(0, 0, width, height), image.YCbCrSubsampleRatio420)
				m.Y, m.Cb, m.Cr = guarded(t, len(m.Y), atEnd), guarded(t, len(m.Cb), atEnd), guarded(t, len(m.Cr), atEnd)
				encoded(t, &e, m, 80)
				rgb := image.NewNRGBA(image.Rect(0, 0, width, height))
				rgb.Pix = guarded(t, len(rgb.Pix), atEnd)
				FromRGB(rgb)
			}
		}
	}
}

func guarded(t *testing.T, size int, atEnd bool) []byte {
	t.Helper()
	page := syscall.Getpagesize()
	room := (size + page - 1) / page * page
	memory, err := syscall.Mmap(-1, 0, room+2*page, syscall.PROT_READ|syscall.PROT_WRITE, syscall.MAP_ANON|syscall.MAP_PRIVATE)
	if err != nil {
		t.Skip(err)
	}
	t.Cleanup(func() { syscall.Munmap(memory) })
	for _, edge := range [][]byte{memory[:page], memory[page+room:]} {
		if err := syscall.Mprotect(edge, syscall.PROT_NONE); err != nil {
			t.Skip(err)
		}
	}
	start := page
	if atEnd {
		start += room - size
	}
	return memory[start : start+size]
}
