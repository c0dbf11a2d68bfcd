//go:build amd64 || arm64

package inflate

func sums(p []byte) (bytes, weighted uint32) {
	vectors := len(p) / adlerVector
	if !haveVectors || vectors == 0 {
		return sumsScalar(p)
	}
	rest := p[vectors*adlerVector:]
	bytes, weighted = sumsVector(&p[0], vectors)
	more, moreWeighted := sumsScalar(rest)
	return bytes + more, weighted + bytes*uint32(len(rest)) + moreWeighted
}

// sumsVector is sumsScalar for at least one vector and at most adlerMost bytes.
//
//go:noescape
func sumsVector(p *byte, vectors int) (bytes, weighted uint32)
