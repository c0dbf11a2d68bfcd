package pngplanes

import (
	"syscall"
	"testing"
)

// TestVectorsReadNothingBeyond works on rows that start or end at a page which must not be touched.
func TestVectorsReadNothingBeyond(t *testing.T) {
	for _, atEnd := range []bool{false, true} {
		for pixels := 1; pixels < 70; pixels++ {
			for _, n := range []int{3, 4} {
				row, line, above := guarded(t, pixels*n, atEnd), guarded(t, pixels*n, atEnd), guarded(t, pixels*n, atEnd)
				for filter := byte(0); filter <= filterPaeth; filter++ {
					unfilter(row, line, above, filter, n)
				}
				to := [4][]byte{guarded(t, pixels, atEnd), guarded(t, pixels, atEnd), guarded(t, pixels, atEnd), guarded(t, pixels, atEnd)}
				if n == 3 {
					split3(to[0], to[1], to[2], row)
				} else {
					split4(to[0], to[1], to[2], to[3], row)
				}
				weigh(to[0], to[1])
			}
		}
	}
}

func guarded(t *testing.T, size int, atEnd bool) []byte {
	t.Helper()
	page := syscall.Getpagesize()
	memory, err := syscall.Mmap(-1, 0, 3*page, syscall.PROT_READ|syscall.PROT_WRITE, syscall.MAP_ANON|syscall.MAP_PRIVATE)
	if err != nil {
		t.Skip(err)
	}
	t.Cleanup(func() { _ = syscall.Munmap(memory) })
	for _, edge := range [][]byte{memory[:page], memory[2*page:]} {
		if err := syscall.Mprotect(edge, syscall.PROT_NONE); err != nil {
			t.Skip(err)
		}
	}
	start := page
	if atEnd {
		start += page - size
	}
	return memory[start : start+size : start+size]
}
