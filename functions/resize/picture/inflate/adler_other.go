//go:build !amd64 && !arm64

package inflate

func sums(p []byte) (bytes, weighted uint32) { return sumsScalar(p) }
