package picture

import (
	"bytes"
	"encoding/binary"
	"math"
	"slices"
)

// profile is an ICC profile whose header and tag table are sound (ICC.1:2022, section 7).
type profile struct {
	raw   []byte
	space space
	tags  map[string][]byte

	plain     bool       // of readProfile
	transform *transform // of readProfile: to sRGB, nil if the profile is plain or cannot be converted
}

// parseProfile reads a profile for pictures. Padding behind it is cut off.
func parseProfile(raw []byte) (*profile, bool) {
	const header, tagSize, mostTags = 128, 12, 256
	if len(raw) < header+4 || string(raw[36:40]) != "acsp" {
		return nil, false
	}
	size := binary.BigEndian.Uint32(raw)
	if size < header+4 || uint64(size) > uint64(len(raw)) {
		return nil, false
	}
	raw = raw[:size]
	if !slices.Contains([]string{"mntr", "scnr", "prtr", "spac"}, string(raw[12:16])) { // the others describe no pixels
		return nil, false
	}
	p := &profile{raw: raw, space: space(raw[16:20]), tags: map[string][]byte{}}
	count := binary.BigEndian.Uint32(raw[header:])
	if count > mostTags || uint64(count)*tagSize > uint64(size-header-4) {
		return nil, false
	}
	for i := range count {
		entry := raw[header+4+i*tagSize:]
		at, length := uint64(binary.BigEndian.Uint32(entry[4:])), uint64(binary.BigEndian.Uint32(entry[8:]))
		if at+length > uint64(size) {
			return nil, false
		}
		p.tags[string(entry[:4])] = raw[at : at+length]
	}
	return p, true
}

// lookup tells whether the profile is, or also is, one of lookup tables, which then go over curves (ICC.1:2022, 8.10).
func (p *profile) lookup() bool {
	for _, name := range []string{"A2B0", "A2B1", "D2B0", "D2B1"} {
		if _, ok := p.tags[name]; ok {
			return true
		}
	}
	return string(p.raw[20:24]) != "XYZ "
}

// curves returns what makes samples linear: three curves, or one if the profile is gray.
func (p *profile) curves() ([]curve, bool) {
	names := []string{"rTRC", "gTRC", "bTRC"}
	if p.space == spaceGray {
		names = []string{"kTRC"}
	}
	curves := make([]curve, len(names))
	for i, name := range names {
		if i > 0 && bytes.Equal(p.tags[name], p.tags[names[0]]) { // as a rule all three are the same
			curves[i] = curves[0]
			continue
		}
		var ok bool
		if curves[i], ok = parseCurve(p.tags[name]); !ok {
			return nil, false
		}
	}
	return curves, true
}

// matrix returns what makes linear RGB XYZ. Primaries that do not add up to D50, the white of all profiles, are not believed.
func (p *profile) matrix() (m matrix, ok bool) {
	const tolerance = 0.03
	for column, name := range []string{"rXYZ", "gXYZ", "bXYZ"} {
		data := p.tags[name]
		if len(data) < 20 || string(data[:4]) != "XYZ " {
			return matrix{}, false
		}
		for row := range 3 {
			m[row][column] = s15Fixed16(data[8+4*row:])
		}
	}
	for row, white := range whiteD50 {
		if math.Abs(m[row][0]+m[row][1]+m[row][2]-white) > tolerance {
			return matrix{}, false
		}
	}
	return m, true
}

// isPlain tells whether the profile says no more than what is assumed of a picture without one: sRGB, or gray of its curve.
// Makers round its numbers in ways of their own.
func (p *profile) isPlain() bool {
	if p.lookup() || p.space != spaceRGB && p.space != spaceGray {
		return false
	}
	if p.space == spaceRGB {
		m, ok := p.matrix()
		if !ok || !m.near(fromSRGB, 0.004) {
			return false
		}
	}
	curves, ok := p.curves()
	return ok && !slices.ContainsFunc(curves, func(c curve) bool { return !c.isSRGB() })
}

func s15Fixed16(b []byte) float64 { return float64(int32(binary.BigEndian.Uint32(b))) / (1 << 16) }
