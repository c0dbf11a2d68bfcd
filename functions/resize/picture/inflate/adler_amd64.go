package inflate

import "golang.org/x/sys/cpu"

func sums(p []byte) (bytes, weighted uint32) {
	vectors := len(p) / adlerVector
	if !cpu.X86.HasAVX2 || vectors == 0 {
		return sumsScalar(p)
	}
	rest := p[vectors*adlerVector:]
	bytes, weighted = sumsAVX2(&p[0], vectors)
	more, moreWeighted := sumsScalar(rest)
	return bytes + more, weighted + bytes*uint32(len(rest)) + moreWeighted
}

// adlerWeights are how often the bytes of a vector count.
//
//lint:ignore U1000 read by the assembly
var adlerWeights = [adlerVector]byte{
	32, 31, 30, 29, 28, 27, 26, 25, 24, 23, 22, 21, 20, 19, 18, 17, 16, 15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1,
}

// sumsAVX2 is sumsScalar for at least one vector.
//
//go:noescape
func sumsAVX2(p *byte, vectors int) (bytes, weighted uint32)
