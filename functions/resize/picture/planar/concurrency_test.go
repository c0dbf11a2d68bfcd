package planar

import (
	"bytes"
	"fmt"
	"sync"
	"testing"
)

func TestResizeByManyGoroutines(t *testing.T) {
	src := filled(120, 90, patterns(4)[0])
	var wg sync.WaitGroup
	for g := range 8 {
		wg.Go(func() {
			for i := range 60 {
				size := 1 + (i*7+g*13)%110
				filter := Filter(i % int(filters))
				first, again := New(size, size), New(size, size)
				if err := Resize(first, src, Whole(src), filter); err != nil {
					t.Error(err)
				}
				if err := Resize(again, src, Whole(src), filter); err != nil {
					t.Error(err)
				}
				if !bytes.Equal(first.Pix, again.Pix) {
					t.Errorf("%d×%d: two runs differ", size, size)
				}
			}
		})
	}
	wg.Wait()
}

func TestResizeAllocatesNothingOnceWarm(t *testing.T) {
	src, dst := filled(200, 150, patterns(4)[0]), New(64, 48)
	resize := func() {
		if err := Resize(dst, src, Whole(src), Lanczos3); err != nil {
			t.Fatal(err)
		}
	}
	resize()
	if n := testing.AllocsPerRun(100, resize); n > 0.5 { // the pool may lose its row to a collection
		t.Errorf("Resize allocates %v times", n)
	}
}

func ExampleResize() {
	luma := New(8, 4)
	for y := range luma.Height {
		copy(luma.Row(y), []byte{0, 0, 0, 0, 200, 200, 200, 200})
	}
	half := New(4, 2)
	err := Resize(half, luma, Whole(luma), Box)
	fmt.Println(half.Row(0), err)
	// Output: [0 0 200 200] <nil>
}
