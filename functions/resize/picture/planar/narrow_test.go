package planar

import (
	"encoding/binary"
	"math"
	"testing"
)

func TestNarrowRoundsEverySample(t *testing.T) {
	var from []byte
	for v := range 1 << 16 {
		from = binary.BigEndian.AppendUint16(from, uint16(v))
	}
	to := make([]byte, 1<<16)
	Narrow(to, from)
	for v, got := range to {
		if want := byte(math.Round(float64(v) / 65535 * 255)); got != want {
			t.Fatalf("%d became %d, want %d", v, got, want)
		}
	}
}
