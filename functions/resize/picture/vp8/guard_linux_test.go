package vp8

import (
	"testing"

	"mapfleet/functions/resize/picture/guardpage"
)

// TestVectorsReadNothingBeyond works on planes and partitions that start or end at a page which must not be touched.
func TestVectorsReadNothingBeyond(t *testing.T) {
	limits := &thresholds{edge: 60, interior: 30, high: 1}
	for _, atEnd := range []bool{false, true} {
		for _, macroblocks := range []int{1, 2, 3} {
			stride := 16 * macroblocks
			luma, cb, cr := guardpage.Bytes(t, 32*stride, atEnd), guardpage.Bytes(t, 8*stride, atEnd), guardpage.Bytes(t, 8*stride, atEnd)
			for y := range 2 {
				for x := range macroblocks {
					edges := uint(innerEdges)
					if x > 0 {
						edges |= leftEdge
					}
					if y > 0 {
						edges |= topEdge
					}
					smoothLuma(place{luma, 16*y*stride + 16*x, stride}, limits, edges)
					at := 4*y*stride + 8*x
					smoothChroma(place{cb, at, stride / 2}, place{cr, at, stride / 2}, limits, edges)
				}
			}
			stretchLuma(luma)
		}
		for n := range 70 {
			data := guardpage.Bytes(t, n, atEnd)
			p := newPartition(data)
			var table odds
			var left, above [4]uint8
			var c coefficients
			var peak int32
			for i := range table {
				table[i] = [4][16]uint8{{128, 90, 200, 40, 128, 128, 128, 128, 9}, {1}, {255, 1}}
			}
			for range 4 {
				p.readBlocks(&table, 0, &[2]int32{4, 4}, left[:], above[:], c[:], 4, &peak)
			}
			stretchChroma(data)
		}
	}
}
