package pngplanes

import (
	"testing"

	"mapfleet/functions/resize/picture/guardpage"
)

// TestVectorsReadNothingBeyond works on rows that start or end at a page which must not be touched.
func TestVectorsReadNothingBeyond(t *testing.T) {
	for _, atEnd := range []bool{false, true} {
		for pixels := 1; pixels < 70; pixels++ {
			for _, n := range []int{3, 4} {
				row, line, above := guardpage.Bytes(t, pixels*n, atEnd), guardpage.Bytes(t, pixels*n, atEnd), guardpage.Bytes(t, pixels*n, atEnd)
				for filter := byte(0); filter <= filterPaeth; filter++ {
					unfilter(row, line, above, filter, n)
				}
				to := [4][]byte{guardpage.Bytes(t, pixels, atEnd), guardpage.Bytes(t, pixels, atEnd), guardpage.Bytes(t, pixels, atEnd), guardpage.Bytes(t, pixels, atEnd)}
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
