package guardpage

import (
	"syscall"
	"testing"
)

// Bytes returns size bytes that start right behind a page which must not be touched, or, atEnd, end right before one.
// They are there until the test's end. Where the system gives no such memory, the test is skipped.
func Bytes(t *testing.T, size int, atEnd bool) []byte {
	t.Helper()
	page := syscall.Getpagesize()
	room := (size + page - 1) / page * page
	memory, err := syscall.Mmap(-1, 0, room+2*page, syscall.PROT_READ|syscall.PROT_WRITE, syscall.MAP_ANON|syscall.MAP_PRIVATE)
	if err != nil {
		t.Skip(err)
	}
	t.Cleanup(func() { _ = syscall.Munmap(memory) })
	for _, edge := range [][]byte{memory[:page], memory[page+room:]} {
		if err := syscall.Mprotect(edge, syscall.PROT_NONE); err != nil {
			t.Skip(err)
		}
	}
	start := page
	if atEnd {
		start += room - size
	}
	return memory[start : start+size : start+size]
}
