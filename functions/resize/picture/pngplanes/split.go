package pngplanes

// The functions with Scalar in their name are what the vector ones do, byte for byte.

func split2(a, b, pixels []byte) {
	for x := range a {
		a[x], b[x] = pixels[2*x], pixels[2*x+1]
	}
}

func split3Scalar(a, b, c, pixels []byte) {
	b, c = b[:len(a)], c[:len(a)]
	for x := range a {
		p := pixels[3*x:][:3]
		a[x], b[x], c[x] = p[0], p[1], p[2]
	}
}

func split4Scalar(a, b, c, d, pixels []byte) {
	b, c, d = b[:len(a)], c[:len(a)], d[:len(a)]
	for x := range a {
		p := pixels[4*x:][:4]
		a[x], b[x], c[x], d[x] = p[0], p[1], p[2], p[3]
	}
}

// weighScalar multiplies a colour by alpha, rounded to nearest.
func weighScalar(colour, alpha []byte) {
	alpha = alpha[:len(colour)]
	for x, a := range alpha {
		v := uint32(colour[x])*uint32(a) + 128
		colour[x] = byte((v + v>>8) >> 8) // v/255, exact in this range
	}
}
