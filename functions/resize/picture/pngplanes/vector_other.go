//go:build !amd64 && !arm64

package pngplanes

func sub(row, line []byte, n int)            { subScalar(row, line, 0, n) }
func up(row, line, above []byte)             { upScalar(row, line, above) }
func average(row, line, above []byte, n int) { averageScalar(row, line, above, 0, n) }
func paeth(row, line, above []byte, n int)   { paethScalar(row, line, above, 0, n) }

func split3(a, b, c, pixels []byte)    { split3Scalar(a, b, c, pixels) }
func split4(a, b, c, d, pixels []byte) { split4Scalar(a, b, c, d, pixels) }
func weigh(colour, alpha []byte)       { weighScalar(colour, alpha) }
