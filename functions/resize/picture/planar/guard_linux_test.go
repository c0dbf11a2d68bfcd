package planar

import (
	"testing"

	"mapfleet/functions/resize/picture/guardpage"
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
	return Plane{Pix: guardpage.Bytes(t, width*height, atEnd), Stride: width, Width: width, Height: height}
}
