package picture

import (
	"encoding/binary"
	"image"
	"testing"
)

// What the codec would show wrongly, as noise or with the colours of three pixels in one, is refused by its name.
func TestKindsOfTIFF(t *testing.T) {
	img := quadrants(32, 32, asSeen[1])
	colour, gray := encoded(t, TIFF, img), encoded(t, TIFF, image.NewGray(img.Rect))
	const subfileType, compression, photometric, fillOrder, planes = 254, 259, 262, 266, 284
	tests := []struct {
		name   string
		file   []byte
		tag    uint16
		value  uint32
		reason string // empty: it is read
	}{
		{"as it is", colour, planes, 1, ""},
		{"separate planes", colour, planes, 2, "separate planes"},
		{"gray has one plane only", gray, planes, 2, ""},
		{"high bit first", colour, fillOrder, 1, ""},
		{"low bit first", colour, fillOrder, 2, "low bit first"},
		{"low bit first, gray", gray, fillOrder, 2, "low bit first"},
		{"a page of several", colour, subfileType, 2, ""},
		{"preview of a raw file", colour, subfileType, 1, "a preview as first page, which files of raw cameras begin with"},
		{"cmyk", colour, photometric, 5, "cmyk"},
		{"ycbcr", colour, photometric, 6, "ycbcr"},
		{"lab", colour, photometric, 8, "lab"},
		{"a coding that nobody writes", colour, compression, 34925, "compression value 34925"},
	}
	for _, test := range tests {
		for _, kind := range []uint16{typeShort, typeLong} {
			file := withTag(test.file, test.tag, kind, test.value)
			result, err := Render(t.Context(), file, []Variant{{Format: PNG}}, Limits{})
			if test.reason == "" {
				if err != nil {
					t.Errorf("%s: %v", test.name, err)
				} else if test.tag != compression && string(test.file) == string(colour) {
					wantPixels(t, decoded(t, result.Outputs[0].Bytes), img, 0)
				}
				continue
			}
			wantCode(t, err, UnsupportedFormat)
			if e, ok := err.(*Error); ok && e.Reason != "unsupported feature: "+test.reason {
				t.Errorf("%s: reason = %q, want %q", test.name, e.Reason, test.reason)
			}
		}
	}
}

// withTag returns a little-endian TIFF with an entry changed or added, in a new directory at its end.
func withTag(file []byte, tag, kind uint16, value uint32) []byte {
	le := binary.LittleEndian
	entry := le.AppendUint32(le.AppendUint32(le.AppendUint16(le.AppendUint16(nil, tag), kind), 1), value)
	var entries []byte
	count, placed := uint16(0), false
	put := func(e []byte) { entries, count = append(entries, e...), count+1 }
	for old := range directory(file, le, le.Uint32(file[4:])) {
		if !placed && le.Uint16(old) >= tag {
			put(entry)
			placed = true
		}
		if le.Uint16(old) != tag {
			put(old)
		}
	}
	if !placed {
		put(entry)
	}
	out := le.AppendUint32(append([]byte(nil), file[:4]...), uint32(len(file)))
	out = le.AppendUint16(append(out, file[8:]...), count)
	return append(append(out, entries...), 0, 0, 0, 0)
}
