package inflate

const (
	adlerModulus = 65521
	// adlerMost is how many bytes can be summed before 32 bits overflow (RFC 1950, 9), in whole vectors.
	adlerMost   = 5552 / adlerVector * adlerVector
	adlerVector = 32
)

// adler updates an Adler-32 checksum.
func adler(sum uint32, p []byte) uint32 {
	low, high := sum&0xffff, sum>>16
	for len(p) > 0 {
		part := p[:min(len(p), adlerMost)]
		p = p[len(part):]
		bytes, weighted := sums(part)
		high = uint32((uint64(high) + uint64(low)*uint64(len(part)) + uint64(weighted)) % adlerModulus)
		low = (low + bytes) % adlerModulus
	}
	return high<<16 | low
}

// sumsScalar adds up at most adlerMost bytes, and the same each as often as there are bytes from it to the end.
func sumsScalar(p []byte) (bytes, weighted uint32) {
	for _, b := range p {
		bytes += uint32(b)
		weighted += bytes
	}
	return bytes, weighted
}
