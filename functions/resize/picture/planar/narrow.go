package planar

// Narrow makes 8-bit samples of 16-bit ones, two bytes each with the upper one first, rounded to nearest as libpng's accurate scaling
// does: 0 stays 0 and 65535 becomes 255. from has at least twice as many bytes as to.
func Narrow(to, from []byte) {
	from = from[:2*len(to)]
	for i := range to {
		v := uint32(from[2*i])<<8 | uint32(from[2*i+1])
		to[i] = byte((v*255 + 32895) >> 16) // v/257, exact for all v
	}
}
