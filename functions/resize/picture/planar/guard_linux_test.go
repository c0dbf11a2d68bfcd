package planar

import (
	"syscall"
	"testing"
)

// TestResizeReadsNothingBeyond resizes between planes that start or end at a page which must not be touched.
func TestResizeReadsNothingBeyond(t *testing.T) {
	for width := 1; width <= 140; width++ {
		for _, height := range []int{1, 2, 3, 17} {
			for _, atEnd := range []bool{false, true} {
				src := guarded(t, width, height, atEnd)
				for _, to := range []int{1, 2, 7, 8, 9, 31, 33, 64} {
					if err := Resize(guarded(t, to, 3, atEnd), src, Whole(src), Lanczos3); err != nil {
						t.Fatal(err)
					}
				}
			}
		}
	}
}

func guarded(t *testing.T, width, height int, atEnd bool) Plane {
	t.Helper()
	page, size := syscall.Getpagesize(), width*height
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
	return Plane{Pix: memory[start : start+size], Stride: width, Width: width, Height: height}
}
