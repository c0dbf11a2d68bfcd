package picture

import (
	"bytes"
	"encoding/binary"
	"maps"
	"math"
	"slices"
	"testing"
)

// Profiles for the tests, made here so that none has to be shipped.

// Primaries as XYZ adapted to D50, as the makers' profiles have them: red, green, blue.
var (
	primariesSRGB  = [3][3]float64{{0.43607, 0.22249, 0.01392}, {0.38515, 0.71687, 0.09708}, {0.14307, 0.06061, 0.71410}}
	primariesP3    = [3][3]float64{{0.51512, 0.24120, -0.00105}, {0.29198, 0.69225, 0.04189}, {0.15710, 0.06657, 0.78407}}
	primariesAdobe = [3][3]float64{{0.60974, 0.31111, 0.01947}, {0.20528, 0.62567, 0.06087}, {0.14919, 0.06322, 0.74457}}
)

// A colour, as float64, for each kind of profile: what 0 to 1 means in linear light.
func linearSRGB(x float64) float64 {
	if x <= 0.04045 {
		return x / 12.92
	}
	return math.Pow((x+0.055)/1.055, 2.4)
}

func linearAdobe(x float64) float64 { return math.Pow(x, 563.0/256) }

func icc(class, space, pcs string, tags map[string][]byte) []byte {
	header := make([]byte, 128)
	copy(header[8:], "\x02\x40\x00\x00"+class+space+pcs)
	copy(header[36:], "acsp")
	table := binary.BigEndian.AppendUint32(nil, uint32(len(tags)))
	var data []byte
	start := 128 + 4 + 12*len(tags)
	for _, name := range slices.Sorted(maps.Keys(tags)) {
		table = append(table, name...)
		table = binary.BigEndian.AppendUint32(table, uint32(start+len(data)))
		table = binary.BigEndian.AppendUint32(table, uint32(len(tags[name])))
		data = append(data, tags[name]...)
		data = append(data, make([]byte, -len(data)&3)...)
	}
	binary.BigEndian.PutUint32(header, uint32(start+len(data)))
	return slices.Concat(header, table, data)
}

func fixed(to []byte, values ...float64) []byte {
	for _, v := range values {
		to = binary.BigEndian.AppendUint32(to, uint32(int32(math.Round(v*65536))))
	}
	return to
}

func xyzTag(v [3]float64) []byte { return fixed([]byte("XYZ \x00\x00\x00\x00"), v[:]...) }

func paraTag(kind byte, values ...float64) []byte {
	return fixed([]byte{'p', 'a', 'r', 'a', 0, 0, 0, 0, 0, kind, 0, 0}, values...)
}

func curvTag(values ...uint16) []byte {
	tag := binary.BigEndian.AppendUint32([]byte("curv\x00\x00\x00\x00"), uint32(len(values)))
	for _, v := range values {
		tag = binary.BigEndian.AppendUint16(tag, v)
	}
	return tag
}

// tableTag is a curve of that many samples.
func tableTag(count int, linear func(float64) float64) []byte {
	values := make([]uint16, count)
	for i := range values {
		values[i] = uint16(math.Round(65535 * linear(float64(i)/float64(count-1))))
	}
	return curvTag(values...)
}

var (
	curveSRGB  = paraTag(3, 2.4, 1/1.055, 0.055/1.055, 1/12.92, 0.04045)
	curveAdobe = curvTag(563)
)

func rgbTags(primaries [3][3]float64, curve []byte) map[string][]byte {
	return map[string][]byte{
		"rXYZ": xyzTag(primaries[0]), "gXYZ": xyzTag(primaries[1]), "bXYZ": xyzTag(primaries[2]),
		"rTRC": curve, "gTRC": curve, "bTRC": curve, "desc": []byte("desc\x00\x00\x00\x00a test"),
	}
}

func rgbICC(primaries [3][3]float64, curve []byte) []byte {
	return icc("mntr", "RGB ", "XYZ ", rgbTags(primaries, curve))
}

func grayICC(curve []byte) []byte {
	return icc("mntr", "GRAY", "XYZ ", map[string][]byte{"kTRC": curve, "wtpt": xyzTag(whiteD50)})
}

func p3ICC() []byte    { return rgbICC(primariesP3, curveSRGB) }
func adobeICC() []byte { return rgbICC(primariesAdobe, curveAdobe) }

// lookupICC is of tables as well as of curves.
func lookupICC() []byte {
	tags := rgbTags(primariesP3, curveSRGB)
	tags["A2B0"] = []byte("mft2\x00\x00\x00\x00")
	return icc("mntr", "RGB ", "XYZ ", tags)
}

// withICC puts a profile into a JPEG (in segments of at most longest bytes), PNG, WebP or TIFF file.
func withICC(file, profile []byte, longest int) []byte {
	switch format, _ := Sniff(file); format {
	case JPEG:
		parts := slices.Collect(slices.Chunk(profile, longest))
		segments := make([][]byte, len(parts))
		for i, part := range parts {
			segments[i] = iccSegment(i+1, len(parts), part)
		}
		return withSegments(file, segments...)
	case PNG:
		return withPNGChunk(file, "iCCP", append([]byte("made up\x00\x00"), deflated(profile)...))
	case WebP:
		return append(bytes.Clone(file), riffChunk("ICCP", profile)...)
	case TIFF:
		return withTIFFProfile(file, profile)
	}
	return nil
}

func iccSegment(number, total int, part []byte) []byte {
	head := binary.BigEndian.AppendUint16([]byte{0xff, 0xe2}, uint16(2+14+len(part)))
	return slices.Concat(head, []byte("ICC_PROFILE\x00"), []byte{byte(number), byte(total)}, part)
}

func withSegments(file []byte, segments ...[]byte) []byte {
	return slices.Concat(file[:2], bytes.Join(segments, nil), file[2:])
}

func withPNGChunk(file []byte, name string, data []byte) []byte {
	const header = 8 + 12 + 13 // signature and IHDR
	return slices.Concat(file[:header], pngChunk(name, data), file[header:])
}

// withTIFFProfile writes a longer copy of the first directory behind the file.
func withTIFFProfile(file, profile []byte) []byte {
	le := binary.LittleEndian
	var entries [][]byte
	for entry := range directory(file, le, le.Uint32(file[4:])) {
		entries = append(entries, bytes.Clone(entry))
	}
	out := append(bytes.Clone(file), profile...)
	out = append(out, make([]byte, len(out)%2)...)
	entry := le.AppendUint16(nil, 34675)
	entry = le.AppendUint16(entry, 7)
	entry = le.AppendUint32(entry, uint32(len(profile)))
	entries = append(entries, le.AppendUint32(entry, uint32(len(file))))
	slices.SortFunc(entries, func(a, b []byte) int { return int(le.Uint16(a)) - int(le.Uint16(b)) })
	le.PutUint32(out[4:], uint32(len(out)))
	out = le.AppendUint16(out, uint16(len(entries)))
	for _, entry := range entries {
		out = append(out, entry...)
	}
	return le.AppendUint32(out, 0)
}

// wantProfile compares an output's profile, nil for none, byte by byte.
func wantProfile(t testing.TB, out Output, want []byte) {
	t.Helper()
	if got := iccProfile(out.Bytes, out.Format); !bytes.Equal(got, want) {
		t.Errorf("%s has a profile of %d bytes, want %d, the same", out.Format, len(got), len(want))
	}
}
