package picture

import (
	"bytes"
	"encoding/binary"
	"image"
	"testing"
	"time"
)

// scannedJPEG is a gray progressive JPEG of that many scans. All but the first say, in few bytes, that no block has anything.
func scannedJPEG(w, h, n int) []byte {
	var b bytes.Buffer
	segment := func(marker byte, data ...byte) {
		b.Write(binary.BigEndian.AppendUint16([]byte{0xff, marker}, uint16(2+len(data))))
		b.Write(data)
	}
	one := func(class, value byte) { // a table of one code of one bit
		segment(0xc4, append(append([]byte{class, 1}, make([]byte, 15)...), value)...)
	}
	b.WriteString("\xff\xd8")
	segment(0xdb, append([]byte{0}, bytes.Repeat([]byte{8}, 64)...)...)
	segment(0xc2, 8, byte(h>>8), byte(h), byte(w>>8), byte(w), 1, 1, 0x11, 0)
	one(0x00, 0)
	one(0x10, 0xe0) // with 14 bits behind it: as many blocks, and 16384, end here
	blocks := (w + 7) / 8 * ((h + 7) / 8)
	segment(0xda, 1, 1, 0, 0, 0, 0)
	b.Write(make([]byte, (blocks+7)/8))
	for range n - 1 {
		segment(0xda, 1, 1, 0, 1, 63, 0)
		b.Write(make([]byte, ((blocks+16383)/16384*15+7)/8))
	}
	b.WriteString("\xff\xd9")
	return b.Bytes()
}

func TestScans(t *testing.T) {
	tests := map[string]struct {
		source []byte
		want   int
	}{
		"one":                        {flatJPEG(0xc0, 1), 1},
		"seven":                      {scannedJPEG(16, 16, 7), 7},
		"as many as asked for":       {scannedJPEG(16, 16, 50), 10},
		"a thumbnail does not count": {withEXIF(flatJPEG(0xc0, 1), flatJPEG(0xc0, 1)), 1},
		"stuffed and fill bytes":     {[]byte("\xff\xd8stray\xff\xff\xff\xda\x00\x02\xff\x00\xda\xff\xd0\xff\xff\xda\x00\x02\xff\xd9\xff\xda\x00\x02"), 2},
		"nothing":                    {nil, 0},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			if got := scans(test.source, 10); got != test.want {
				t.Errorf("scans = %d, want %d", got, test.want)
			}
			for cut := range test.source { // whatever is missing, nothing panics
				scans(test.source[:cut], 10)
			}
		})
	}
}

func TestTooManyScans(t *testing.T) {
	tests := []struct {
		name   string
		source []byte
		limits Limits
		code   string
	}{
		{"as encoders write", scannedJPEG(640, 480, 12), Limits{}, ""},
		{"as many as there may be", scannedJPEG(64, 48, 500), Limits{}, ""},
		{"one more", scannedJPEG(64, 48, 501), Limits{}, TooManyScans},
		{"many of a large picture", scannedJPEG(9000, 9000, 50), Limits{}, TooManyScans},
		{"just enough", scannedJPEG(64, 48, 3), Limits{MaxScans: 3, MaxScanPixels: 9216}, ""},
		{"one scan too many", scannedJPEG(64, 48, 3), Limits{MaxScans: 2}, TooManyScans},
		{"one pixel too many", scannedJPEG(64, 48, 3), Limits{MaxScanPixels: 9215}, TooManyScans},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			start := time.Now()
			_, err := Render(t.Context(), test.source, []Variant{{Width: 6000}}, test.limits) // large, so that all scans are needed
			switch {
			case test.code == "" && err != nil:
				t.Errorf("Render: %v", err)
			case test.code != "":
				wantCode(t, err, test.code)
				if spent := time.Since(start); spent > time.Second {
					t.Errorf("refusing took %v", spent)
				}
			}
		})
	}
}

func TestTooMuchMemory(t *testing.T) {
	img := image.NewNRGBA(image.Rect(0, 0, 100, 50))
	sources := map[string][]byte{
		"png": encoded(t, PNG, img), "tiff": encoded(t, TIFF, img), "jpeg": encoded(t, JPEG, img),
		"animation": filmOf(t, noise(100, 50), noise(100, 50)),
	}
	for name, source := range sources {
		t.Run(name, func(t *testing.T) {
			info, err := Inspect(source, Limits{})
			if err != nil {
				t.Fatal(err)
			}
			if _, err := Render(t.Context(), source, []Variant{{Width: 9}}, Limits{MaxMemory: info.MemoryBytes}); err != nil {
				t.Errorf("with just enough: %v", err)
			}
			_, err = Render(t.Context(), source, []Variant{{Width: 9}}, Limits{MaxMemory: info.MemoryBytes - 1})
			wantCode(t, err, TooMuchMemory)
		})
	}
}

// What is left to the general decoder takes more than was thought of: it is asked for once more.
func TestTooMuchMemoryForScansOutOfOrder(t *testing.T) {
	source := bytes.Replace(scannedJPEG(64, 64, 2), []byte{1, 1, 0, 1, 63, 0}, []byte{1, 1, 0, 1, 63, 0x10}, 1)
	info, err := Inspect(source, Limits{})
	if err != nil {
		t.Fatal(err)
	}
	whole := []Variant{{Format: PNG}}
	_, err = Render(t.Context(), source, whole, Limits{MaxMemory: info.MemoryBytes})
	wantCode(t, err, TooMuchMemory)
	if _, err := Render(t.Context(), source, whole, Limits{MaxMemory: 5 * 64 * 64}); err != nil { // samples and coefficients of 32 bits
		t.Errorf("with enough: %v", err)
	}
}
