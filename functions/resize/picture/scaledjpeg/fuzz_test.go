package scaledjpeg

import (
	"errors"
	"testing"
)

func FuzzDecode(f *testing.F) {
	for _, data := range sketches() {
		f.Add(data)
	}
	for _, sampling := range samplings {
		s := newSketch(9, 35, 20, 0.3, sampling...)
		s.apart = tooMany(sampling)
		f.Add(s.encode())
		f.Add(s.scripted(scripts["libjpeg's"]).encode())
	}
	var plain Decoder
	sharp := Decoder{SharpChroma: true}
	f.Fuzz(func(t *testing.T, data []byte) {
		for _, scale := range scales {
			h, headerErr := ReadHeader(data)
			m, err := plain.Decode(data, scale)
			checkFuzzed(t, h, scale, m, err)
			if err == nil && headerErr != nil {
				t.Errorf("Decode at %d/8 succeeds, ReadHeader: %v", scale, headerErr)
			}
			again, err := plain.Decode(data, scale)
			if err == nil && !samePicture(m, again) {
				t.Errorf("Decode at %d/8 gives two pictures of one file", scale)
			}
			var scalar decoding
			scalar.reset(&plain, scale)
			scalar.vectors = false
			if scalarErr := scalar.decode(data); (scalarErr == nil) != (err == nil) || err == nil && !samePicture(m, scalar.image()) {
				t.Errorf("Decode at %d/8: %v; without vector code: %v, or another picture", scale, err, scalarErr)
			}
			m.Release()
			again.Release()
			m, err = sharp.Decode(data, scale)
			checkFuzzed(t, h, scale, m, err)
			m.Release()
		}
	})
}

func checkFuzzed(t *testing.T, h Header, scale int, m Image, err error) {
	t.Helper()
	if err != nil {
		_, damaged := errors.AsType[FormatError](err)
		if _, ok := errors.AsType[UnsupportedError](err); !ok && !damaged {
			t.Errorf("Decode at %d/8: error of type %T: %v", scale, err, err)
		}
		return
	}
	if m.Width != divideUp(h.Width*scale, 8) || m.Height != divideUp(h.Height*scale, 8) || m.Components != h.Components {
		t.Errorf("Decode at %d/8 = %d components of %d×%d; the header says %+v", scale, m.Components, m.Width, m.Height, h)
	}
	for i, p := range m.Planes[:m.Components] {
		if p.Width < 1 || p.Height < 1 || p.Stride < p.Width || len(p.Pix) < (p.Height-1)*p.Stride+p.Width {
			t.Errorf("Decode at %d/8: plane %d is %d×%d, stride %d, of %d bytes", scale, i, p.Width, p.Height, p.Stride, len(p.Pix))
		}
	}
}
