package scaledjpeg

import (
	"bytes"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

func TestReadHeader(t *testing.T) {
	s := newSketch(1, 65, 40, 0.1, ycc420...)
	s.restart = 5
	want := Header{
		Width: 65, Height: 40, Components: 3, Precision: 8, Color: YCbCr, RestartInterval: 5,
		Sampling: [4]Sampling{{2, 2}, {1, 1}, {1, 1}},
	}
	got, err := ReadHeader(s.encode())
	if diff := cmp.Diff(want, got, cmpopts.IgnoreUnexported(Header{})); diff != "" || err != nil {
		t.Errorf("ReadHeader: %v; (-want +got)\n%s", err, diff)
	}
	data := s.encode()
	if allocations := testing.AllocsPerRun(10, func() { ReadHeader(data) }); allocations != 0 {
		t.Errorf("ReadHeader allocates %v times", allocations)
	}
}

func TestReadHeader_color(t *testing.T) {
	jfif := appendSegment(nil, markerAPP0, []byte("JFIF\x00\x01\x02\x00\x00\x01\x00\x01\x00\x00"))
	for name, c := range map[string]struct {
		sampling []Sampling
		adobe    []byte
		names    string
		before   []byte
		want     Color
	}{
		"gray":              {sampling: gray, want: Gray},
		"nothing said":      {sampling: ycc444, want: YCbCr},
		"Adobe YCbCr":       {sampling: ycc444, adobe: []byte{1}, want: YCbCr},
		"Adobe RGB":         {sampling: ycc444, adobe: []byte{0}, want: RGB},
		"named RGB":         {sampling: ycc444, names: "RGB", want: RGB},
		"JFIF before Adobe": {sampling: ycc444, adobe: []byte{0}, before: jfif, want: YCbCr},
		"four":              {sampling: cmyk, want: CMYK},
		"Adobe CMYK":        {sampling: cmyk, adobe: []byte{0}, want: CMYK},
		"Adobe YCCK":        {sampling: cmyk, adobe: []byte{2}, want: YCCK},
	} {
		t.Run(name, func(t *testing.T) {
			s := newSketch(1, 8, 8, 0, c.sampling...)
			s.adobe, s.names = c.adobe, c.names
			data := s.encode()
			data = append(append(bytes.Clone(data[:2]), c.before...), data[2:]...)
			if h, err := ReadHeader(data); err != nil || h.Color != c.want {
				t.Errorf("ReadHeader says colour %d, %v; want %d", h.Color, err, c.want)
			}
		})
	}
}

func BenchmarkReadHeader(b *testing.B) {
	data := newSketch(1, 65, 40, 0.1, ycc420...).encode()
	b.ReportAllocs()
	for b.Loop() {
		if _, err := ReadHeader(data); err != nil {
			b.Fatal(err)
		}
	}
}
