package picture

import (
	"bytes"
	"image"
	"image/color"
	"math"
	"testing"
)

func mustProfile(t testing.TB, raw []byte) *profile {
	t.Helper()
	p, ok := parseProfile(raw)
	if !ok {
		t.Fatal("profile is refused")
	}
	return p
}

func TestPlainProfiles(t *testing.T) {
	gamma := func(g float64) []byte { return curvTag(uint16(g*256 + 0.5)) }
	lstar := func(x float64) float64 {
		if l := 100 * x; l > 8 {
			return math.Pow((l+16)/116, 3)
		}
		return x * 100 / 903.3
	}
	shifted := primariesSRGB
	shifted[0][0] += 0.002
	tests := []struct {
		name string
		raw  []byte
		want bool
	}{
		{"parametric", rgbICC(primariesSRGB, curveSRGB), true},
		{"table of 1024", rgbICC(primariesSRGB, tableTag(1024, linearSRGB)), true},
		{"table of 4096", rgbICC(primariesSRGB, tableTag(4096, linearSRGB)), true},
		{"coarse table", rgbICC(primariesSRGB, tableTag(256, linearSRGB)), true},
		{"numbers rounded", rgbICC(shifted, paraTag(3, 2.4, 0.9479, 0.0521, 0.0774, 0.0405)), true},
		{"type 4", rgbICC(primariesSRGB, paraTag(4, 2.4, 1/1.055, 0.055/1.055, 1/12.92, 0.04045, 0, 0)), true},
		{"gray", grayICC(curveSRGB), true},
		{"gamma 2.2", rgbICC(primariesSRGB, gamma(2.2)), false},
		{"linear", rgbICC(primariesSRGB, curvTag()), false},
		{"L*", rgbICC(primariesSRGB, tableTag(1024, lstar)), false},
		{"display p3", p3ICC(), false},
		{"adobe rgb", adobeICC(), false},
		{"gray gamma 2.2", grayICC(gamma(2.2)), false},
		{"with tables too", lookupICC(), false},
		{"lab", icc("mntr", "RGB ", "Lab ", rgbTags(primariesSRGB, curveSRGB)), false},
		{"no curve", icc("mntr", "RGB ", "XYZ ", map[string][]byte{"rXYZ": xyzTag(primariesSRGB[0])}), false},
		{"cmyk", icc("prtr", "CMYK", "Lab ", nil), false},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if got := mustProfile(t, test.raw).isPlain(); got != test.want {
				t.Errorf("isPlain = %v, want %v", got, test.want)
			}
		})
	}
}

// reference converts as float64 does, with the inverse matrix from another source (B. Lindbloom's tables).
func reference(c color.NRGBA, primaries [3][3]float64, linear func(float64) float64) color.NRGBA {
	inverse := [3][3]float64{
		{3.1338561, -1.6168667, -0.4906146}, {-0.9787684, 1.9161415, 0.0334540}, {0.0719453, -0.2289914, 1.4052427},
	}
	in := [3]float64{linear(float64(c.R) / 255), linear(float64(c.G) / 255), linear(float64(c.B) / 255)}
	var xyz [3]float64
	for i, value := range in {
		for axis := range xyz {
			xyz[axis] += primaries[i][axis] * value
		}
	}
	var out [3]uint8
	for i, row := range inverse {
		value := row[0]*xyz[0] + row[1]*xyz[1] + row[2]*xyz[2]
		if value <= 0.0031308 {
			value *= 12.92
		} else {
			value = 1.055*math.Pow(value, 1/2.4) - 0.055
		}
		out[i] = uint8(math.Round(255 * min(1, max(0, value))))
	}
	return color.NRGBA{R: out[0], G: out[1], B: out[2], A: c.A}
}

// cube has 17 steps of every channel, and every gray.
func cube() *image.NRGBA {
	img := image.NewNRGBA(image.Rect(0, 0, 17*17+256, 17))
	for y := range 17 {
		for x := range 17 * 17 {
			img.SetNRGBA(x, y, color.NRGBA{R: uint8(x % 17 * 255 / 16), G: uint8(x / 17 * 255 / 16), B: uint8(y * 255 / 16), A: uint8(255 - y)})
		}
		for x := range 256 {
			img.SetNRGBA(17*17+x, y, color.NRGBA{R: uint8(x), G: uint8(x), B: uint8(x), A: 255})
		}
	}
	return img
}

func TestTransformAgainstReference(t *testing.T) {
	tests := []struct {
		name      string
		raw       []byte
		primaries [3][3]float64
		linear    func(float64) float64
	}{
		{"display p3", p3ICC(), primariesP3, linearSRGB},
		{"display p3, table", rgbICC(primariesP3, tableTag(1024, linearSRGB)), primariesP3, linearSRGB},
		{"adobe rgb", adobeICC(), primariesAdobe, linearAdobe},
		{"linear", rgbICC(primariesSRGB, curvTag()), primariesSRGB, func(x float64) float64 { return x }},
		{"power", rgbICC(primariesP3, paraTag(0, 1.8)), primariesP3, func(x float64) float64 { return math.Pow(x, 1.8) }},
		{"power from a foot", rgbICC(primariesP3, paraTag(1, 2, 1.25, -0.25)), primariesP3,
			func(x float64) float64 { return math.Pow(max(0, 1.25*x-0.25), 2) }},
		{"power and lift", rgbICC(primariesP3, paraTag(2, 2, 1.25, -0.25, 0.01)), primariesP3,
			func(x float64) float64 { return min(1, math.Pow(max(0, 1.25*x-0.25), 2)+0.01) }},
		{"all numbers", rgbICC(primariesP3, paraTag(4, 2, 1, 0, 0.5, 0.25, 0.001, 0.002)), primariesP3, func(x float64) float64 {
			if x >= 0.25 {
				return min(1, x*x+0.001)
			}
			return 0.5*x + 0.002
		}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got, want := cube(), cube()
			for i := range len(want.Pix) / 4 {
				x, y := i%want.Rect.Dx(), i/want.Rect.Dx()
				want.SetNRGBA(x, y, reference(want.NRGBAAt(x, y), test.primaries, test.linear))
			}
			newTransform(mustProfile(t, test.raw)).apply(got)
			wantPixels(t, got, want, 1)
		})
	}
}

func TestGrayTransform(t *testing.T) {
	img := cube()
	newTransform(mustProfile(t, grayICC(curvTag(461)))).apply(img) // 1.8
	for i := range 256 {
		want := math.Round(255 * srgbEncoded(math.Pow(float64(i)/255, 461.0/256)))
		if got := img.NRGBAAt(17*17+i, 0); float64(got.R) != want || got.G != got.R || got.B != got.R {
			t.Errorf("gray %d = %v, want %v", i, got, want)
		}
	}
}

func TestProfilesThatCannotBeConverted(t *testing.T) {
	tags := func(edit func(map[string][]byte)) []byte {
		tags := rgbTags(primariesP3, curveSRGB)
		edit(tags)
		return icc("mntr", "RGB ", "XYZ ", tags)
	}
	tests := map[string][]byte{
		"tables":           lookupICC(),
		"lab":              icc("mntr", "RGB ", "Lab ", rgbTags(primariesP3, curveSRGB)),
		"cmyk":             icc("prtr", "CMYK", "XYZ ", rgbTags(primariesP3, curveSRGB)),
		"no green":         tags(func(m map[string][]byte) { delete(m, "gXYZ") }),
		"no curve":         tags(func(m map[string][]byte) { delete(m, "bTRC") }),
		"short primary":    tags(func(m map[string][]byte) { m["rXYZ"] = m["rXYZ"][:16] }),
		"white is not D50": tags(func(m map[string][]byte) { m["bXYZ"] = xyzTag([3]float64{0.15, 0.06, 1.1}) }),
		"power of zero":    tags(func(m map[string][]byte) { m["rTRC"] = curvTag(0) }),
		"power below zero": tags(func(m map[string][]byte) { m["rTRC"] = paraTag(0, -1) }),
		"unknown kind":     tags(func(m map[string][]byte) { m["rTRC"] = paraTag(5, 1, 1, 1, 1, 1, 1, 1) }),
		"numbers missing":  tags(func(m map[string][]byte) { m["rTRC"] = paraTag(3, 1, 1, 1) }),
		"flat foot":        tags(func(m map[string][]byte) { m["rTRC"] = paraTag(1, 2, 0, 0) }),
		"samples missing":  tags(func(m map[string][]byte) { m["rTRC"] = tableTag(100, linearSRGB)[:50] }),
		"samples claimed":  tags(func(m map[string][]byte) { m["rTRC"] = []byte("curv\x00\x00\x00\x00\xff\xff\xff\xff\x00\x00") }),
		"short curve":      tags(func(m map[string][]byte) { m["rTRC"] = []byte("curv") }),
		"not a curve":      tags(func(m map[string][]byte) { m["rTRC"] = []byte("text\x00\x00\x00\x00abcdefgh") }),
	}
	for name, raw := range tests {
		t.Run(name, func(t *testing.T) {
			p := mustProfile(t, raw)
			if newTransform(p) != nil || p.isPlain() {
				t.Errorf("is plain: %v; has a transform: %v", p.isPlain(), newTransform(p) != nil)
			}
		})
	}
}

func TestProfilesThatAreDamaged(t *testing.T) {
	good := p3ICC()
	edit := func(at int, value string) []byte {
		raw := bytes.Clone(good)
		copy(raw[at:], value)
		return raw
	}
	tests := map[string][]byte{
		"nothing":                   {},
		"only a header":             good[:128],
		"cut":                       good[:len(good)-1],
		"no signature":              edit(36, "abcd"),
		"size below the header":     edit(0, "\x00\x00\x00\x10"),
		"size beyond the end":       edit(0, "\xff\xff\xff\xff"),
		"a device link":             edit(12, "link"),
		"more tags than bytes":      edit(128, "\x00\x00\x00\xff"),
		"far more tags than bytes":  edit(128, "\xff\xff\xff\xff"),
		"a tag beyond the end":      edit(132+4, "\x00\xff\x00\x00"),
		"a tag of too many bytes":   edit(132+8, "\xff\xff\xff\xff"),
		"a tag that begins nowhere": edit(132+4, "\xff\xff\xff\xff\xff\xff\xff\xff"),
	}
	for name, raw := range tests {
		t.Run(name, func(t *testing.T) {
			if _, ok := parseProfile(raw); ok {
				t.Error("profile is believed")
			}
		})
	}
	padded := append(bytes.Clone(good), 0, 0, 0)
	if p, ok := parseProfile(padded); !ok || !bytes.Equal(p.raw, good) {
		t.Error("padding behind a profile is not cut off")
	}
}

func TestJPEGProfileSegments(t *testing.T) {
	file, profile := encoded(t, JPEG, noise(8, 8)), p3ICC()
	half := len(profile) / 2
	one, two := iccSegment(1, 2, profile[:half]), iccSegment(2, 2, profile[half:])
	tests := []struct {
		name     string
		segments [][]byte
		want     []byte
	}{
		{"two", [][]byte{one, two}, profile},
		{"two, the other way around", [][]byte{two, one}, profile},
		{"one between others", [][]byte{[]byte("\xff\xe2\x00\x06MPF\x00"), one, []byte("\xff\xfe\x00\x03c"), two}, profile},
		{"one missing", [][]byte{two}, nil},
		{"one twice", [][]byte{one, two, two}, nil},
		{"number zero", [][]byte{iccSegment(0, 1, profile)}, nil},
		{"number above the total", [][]byte{iccSegment(2, 1, profile)}, nil},
		{"total zero", [][]byte{iccSegment(1, 0, profile)}, nil},
		{"totals differ", [][]byte{one, iccSegment(2, 3, profile[half:])}, nil},
		{"no number", [][]byte{[]byte("\xff\xe2\x00\x0eICC_PROFILE\x00")}, nil},
		{"none", nil, nil},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got := iccProfile(withSegments(file, test.segments...), JPEG)
			if !bytes.Equal(got, test.want) {
				t.Errorf("profile of %d bytes, want %d", len(got), len(test.want))
			}
		})
	}
}
