package scaledjpeg

// Plane is one component's samples: sample x of row y is Pix[y*Stride+x].
// Bytes of a row after Width, and rows after Height, are unspecified.
type Plane struct {
	Pix           []byte
	Stride        int
	Width, Height int
}

// Image is a decoded picture. Planes keep the resolution that their component's sampling factors give them:
// of 4:2:0, planes 1 and 2 have half the width and height, rounded up.
type Image struct {
	Planes        [4]Plane
	Components    int // 1, 3 or 4; Header.Color says what they mean
	Width, Height int // of the scaled picture: N/8 of the file's, rounded up

	release func()
}

// Release gives the planes' memory back to the decoder, for another picture: no Pix may be used after it.
// It may be called once for a picture; a picture that is never released is garbage like any other.
func (m *Image) Release() {
	if m.release != nil {
		m.release()
	}
	*m = Image{}
}
