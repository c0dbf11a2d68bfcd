package vp8

// mostTame is up to which coefficients are transformed in 16 bits: sums are at most 15 times as large.
const mostTame = 1<<11 - 1

// The factors of the transform (RFC 6386, section 14.3): √2 cos π/8 and √2 sin π/8, in 1/65536.
const (
	cosine = 85627
	sine   = 35468
)

// spreadMeans transforms the block of means (section 14.3) to the first coefficients of all blocks of luma. It returns a bit for each
// band where one is not 0.
func (c *coefficients) spreadMeans(block *[bandCoefficients]int16, peak *int32) (found uint) {
	var m [16]int32
	for i := range 4 {
		a, b := int32(block[i])+int32(block[48+i]), int32(block[16+i])+int32(block[32+i])
		e, f := int32(block[i])-int32(block[48+i]), int32(block[16+i])-int32(block[32+i])
		m[i], m[8+i] = a+b, a-b
		m[4+i], m[12+i] = e+f, e-f
	}
	for y := range 4 {
		row := m[4*y:][:4]
		a, b := row[0]+row[3]+3, row[1]+row[2]
		e, f := row[0]-row[3]+3, row[1]-row[2]
		for x, sum := range [4]int32{a + b, e + f, a - b, e - f} {
			v := int16(sum >> 3)
			c[y*bandCoefficients+4*x] = v
			*peak |= max(int32(v), -int32(v))
			if v != 0 {
				found |= 1 << y
			}
		}
	}
	return found
}

// transformScalar makes residues of the bands that found has a bit for, for any coefficients.
func (c *coefficients) transformScalar(found uint) {
	for band := range 6 {
		if found>>band&1 == 0 {
			continue
		}
		for at := range 4 {
			transformBlock(c[band*bandCoefficients+4*at:])
		}
	}
}

// transformBlock transforms columns, then rows.
func transformBlock(block []int16) {
	block = block[:52]
	var m [16]int32
	for x := range 4 {
		c0, c1, c2, c3 := int32(block[x]), int32(block[16+x]), int32(block[32+x]), int32(block[48+x])
		m[x], m[4+x], m[8+x], m[12+x] = transform4(c0, c1, c2, c3)
	}
	for y := range 4 {
		a, b, c, d := transform4(m[4*y]+4, m[4*y+1], m[4*y+2], m[4*y+3])
		row := block[16*y:][:4]
		row[0], row[1], row[2], row[3] = residue(a), residue(b), residue(c), residue(d)
	}
}

func transform4(c0, c1, c2, c3 int32) (a, b, c, d int32) {
	even, odd := c0+c2, c0-c2
	low := c1*sine>>16 - c3*cosine>>16
	high := c1*cosine>>16 + c3*sine>>16
	return even + high, odd + low, odd - low, even - high
}

// residue is what does not change a sample's sum, once that is within a byte.
func residue(v int32) int16 { return int16(min(max(v>>3, -1<<15), 1<<15-1)) }
