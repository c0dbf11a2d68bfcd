package vp8

import (
	"runtime"
	"sync"
	"testing"
)

// One decoder serves pictures of all sizes one after the other, and errors between them, from many goroutines.
func TestReuse(t *testing.T) {
	frames := photos(t)
	for _, s := range sketches()[:20] {
		frames = append(frames, s.encode())
	}
	var d Decoder
	var wg sync.WaitGroup
	for start := range 4 {
		wg.Go(func() {
			for i := range frames {
				frame := frames[(i*7+start)%len(frames)]
				want, err := reference(frame)
				if err != nil {
					t.Error(err)
					return
				}
				if m, err := d.Decode(frame[:len(frame)/2]); err == nil {
					m.Release()
				}
				m, err := d.Decode(frame)
				if err != nil {
					t.Error(err)
					return
				}
				if err := samePlanes(m, want, fullRange); err != nil {
					t.Error(err)
				}
				m.Release()
			}
		})
	}
	wg.Wait()
}

// A decoder that is warm takes no memory for another picture of the size.
func TestMemory(t *testing.T) {
	frame := photo(t, 640, 480, 80, 0)
	d := new(decoding)
	if err := d.decode(frame); err != nil {
		t.Fatal(err)
	}
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	if err := d.decode(frame); err != nil {
		t.Fatal(err)
	}
	runtime.ReadMemStats(&after)
	if spent := after.TotalAlloc - before.TotalAlloc; spent > 4<<10 {
		t.Errorf("decoding again allocated %d bytes", spent)
	}
	if size := len(d.memory); size != 640*480*3/2 {
		t.Errorf("planes of 640×480 take %d bytes, want %d", size, 640*480*3/2)
	}
}
