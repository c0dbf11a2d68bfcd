package pngplanes

import (
	"bytes"
	"errors"
	"image"
	"image/color"
	"image/png"
	"math/rand/v2"
	"runtime"
	"slices"
	"testing"
)

// compare holds Decode to image/png. It says whether the file was taken.
func compare(t *testing.T, d *Decoder, file []byte) bool {
	t.Helper()
	m, err := d.Decode(file, false)
	if _, unsupported := errors.AsType[UnsupportedError](err); unsupported {
		return false
	}
	defer m.Release()
	want, wantErr := png.Decode(bytes.NewReader(file))
	if err == nil && wantErr != nil && wantErr.Error() == "png: invalid format: too much pixel data" {
		return true // bytes behind the pixels: see Decode
	}
	if (err == nil) != (wantErr == nil) {
		t.Fatalf("%x\nerror %v, image/png %v", file[:min(len(file), 600)], err, wantErr)
	}
	if err != nil {
		if _, ok := errors.AsType[FormatError](err); !ok {
			t.Fatalf("error %v is a %T", err, err)
		}
		return false
	}
	got, expected := m.pixels(), pixels(want)
	if !slices.Equal(got, expected) {
		for i := range expected {
			if got[i] != expected[i] {
				t.Fatalf("%x\npixel %d = %v, image/png %v", file[:min(len(file), 600)], i, got[i], expected[i])
			}
		}
		t.Fatal("other size than image/png")
	}
	if opaque := !slices.ContainsFunc(expected, func(c color.NRGBA) bool { return c.A != 255 }); opaque == m.Alpha {
		t.Fatalf("Alpha = %v, opaque = %v", m.Alpha, opaque)
	}
	return true
}

// All colour types and depths, all filters alone and mixed, all widths up to 40; not each with each.
func TestAsImagePNG(t *testing.T) {
	var d Decoder
	filters := [][]byte{{0}, {1}, {2}, {3}, {4}, {4, 3, 2, 1, 0}, {1, 2, 3, 4}}
	for size := 1; size <= 40; size++ {
		for i, f := range filters {
			if (size+i)%3 != 0 && size > 9 {
				continue
			}
			for name, p := range every(size, 1+(size*7+i)%40, f, uint64(size+i)) {
				p.piece = []int{0, 1, 3, 50, 8192}[(size+i)%5]
				if file := p.file(t); !compare(t, &d, file) {
					_, err := d.Decode(file, false)
					t.Fatalf("%s, %d x %d, filters %v: %v", name, p.width, p.height, f, err)
				}
			}
		}
	}
}

func TestFilesOfImagePNG(t *testing.T) {
	var d Decoder
	r := rand.New(rand.NewPCG(1, 1))
	rect := image.Rect(0, 0, 301, 77)
	nrgba := image.NewNRGBA(rect)
	for i := range nrgba.Pix {
		nrgba.Pix[i] = byte(i>>4) + byte(r.IntN(9))
	}
	opaque, gray16 := image.NewRGBA(rect), image.NewGray16(rect)
	for i := range opaque.Pix {
		opaque.Pix[i] = nrgba.Pix[i] | byte(i%4/3*255)
	}
	copy(gray16.Pix, nrgba.Pix)
	for _, img := range []image.Image{nrgba, opaque, gray16} {
		for _, level := range []png.CompressionLevel{png.DefaultCompression, png.NoCompression, png.BestSpeed, png.BestCompression} {
			var b bytes.Buffer
			if err := (&png.Encoder{CompressionLevel: level}).Encode(&b, img); err != nil {
				t.Fatal(err)
			}
			if !compare(t, &d, b.Bytes()) {
				t.Errorf("%T at level %v is refused", img, level)
			}
		}
	}
}

func TestTruncatedAtEveryByte(t *testing.T) {
	var d Decoder
	for name, p := range every(9, 7, []byte{4, 1, 3}, 8) {
		p.piece = 40
		file := p.file(t)
		for n := range file {
			if compare(t, &d, file[:n]) {
				t.Fatalf("%s: cut to %d of %d bytes passes", name, n, len(file))
			}
		}
		compare(t, &d, append(bytes.Clone(file), "what follows the end does not count"...))
	}
}

// Any byte changed makes a wrong checksum; with right ones image/png has the same opinion.
func TestDamagedAtEveryByte(t *testing.T) {
	var d Decoder
	for name, p := range every(7, 5, []byte{4, 0, 3}, 5) {
		p.piece = 30
		file := p.file(t)
		for at := range file {
			damaged := bytes.Clone(file)
			damaged[at] ^= 1 << (at % 8)
			if compare(t, &d, damaged) {
				t.Errorf("%s: byte %d changed, and it passes", name, at)
			}
			compare(t, &d, resummed(damaged))
		}
	}
}

func TestChunks(t *testing.T) {
	p := picture{width: 5, height: 4, depth: 8, colours: rgb, filters: []byte{1}, seed: 8}
	plain := p.file(t)
	idat := bytes.Index(plain, []byte("IDAT")) - 4
	start, pixels, end := plain[:idat], plain[idat:len(plain)-12], plain[len(plain)-12:]
	paletted := every(5, 4, []byte{0}, 2)["8 bits palette with alpha"].file(t)
	text, none := appendChunk(nil, "tEXt", []byte("a\x00b")), appendChunk(nil, "IDAT", nil)
	key := appendChunk(nil, "tRNS", make([]byte, 6))
	suggestion := appendChunk(nil, "PLTE", make([]byte, 9))
	tests := map[string]struct {
		parts [][]byte
		taken bool
	}{
		"as it is":                        {[][]byte{start, pixels, end}, true},
		"empty IDATs around":              {[][]byte{start, none, none, pixels, none, end}, true},
		"text around":                     {[][]byte{start, text, pixels, text, end, text}, true},
		"text first":                      {[][]byte{start[:8], text, start[8:], pixels, end}, true},
		"garbage in a second IDAT":        {[][]byte{start, pixels, appendChunk(nil, "IDAT", []byte("garbage")), end}, true},
		"transparency":                    {[][]byte{start, key, pixels, end}, true},
		"a palette and transparency":      {[][]byte{start, suggestion, key, pixels, end}, true},
		"transparency before the palette": {[][]byte{start, key, suggestion, pixels, end}, false},
		"transparency twice":              {[][]byte{start, key, key, pixels, end}, false},
		"palette twice":                   {[][]byte{start, suggestion, suggestion, pixels, end}, false},
		"palette after the pixels":        {[][]byte{start, pixels, suggestion, end}, false},
		"two headers":                     {[][]byte{start, start[8:], pixels, end}, false},
		"no header":                       {[][]byte{start[:8], pixels, end}, false},
		"no pixels":                       {[][]byte{start, end}, false},
		"only an empty IDAT":              {[][]byte{start, none, end}, false},
		"no end":                          {[][]byte{start, pixels}, false},
		"an end with something in it":     {[][]byte{start, pixels, appendChunk(nil, "IEND", []byte{0})}, false},
		"no signature":                    {[][]byte{start[1:], pixels, end}, false},
		"no palette":                      {[][]byte{paletted[:33], paletted[bytes.Index(paletted, []byte("IDAT"))-4:]}, false},
		"a palette too long":              {[][]byte{start, appendChunk(nil, "PLTE", make([]byte, 3*257)), pixels, end}, false},
		"transparency too long":           {[][]byte{start, appendChunk(nil, "tRNS", make([]byte, 7)), pixels, end}, false},
	}
	var d Decoder
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			if taken := compare(t, &d, bytes.Join(test.parts, nil)); taken != test.taken {
				t.Errorf("taken = %v", taken)
			}
		})
	}
}

func TestMoreOrFewerPixelsThanTheHeaderSays(t *testing.T) {
	p := picture{width: 50, height: 40, depth: 8, colours: gray, filters: []byte{2}, seed: 3, extra: []byte{0}}
	var d Decoder
	if _, err := d.Decode(p.file(t), false); err != errTooMuch {
		t.Errorf("error = %v, want %v", err, errTooMuch)
	}
	p.extra = make([]byte, 50<<20)
	if _, err := d.Decode(p.file(t), false); err != errTooMuch {
		t.Errorf("error of a bomb = %v, want %v", err, errTooMuch)
	}
	p.extra = nil
	file := bytes.Clone(p.file(t))
	file[23]++ // height
	if _, err := d.Decode(resummed(file), false); err == nil {
		t.Error("a row too few passes")
	}
}

// Some bytes cannot be many pixels: no memory is spent on the claim.
func TestClaimIsNotBelieved(t *testing.T) {
	p := picture{width: 60_000, height: 60_000, depth: 16, colours: rgbAlpha}
	file := append([]byte(signature), p.head()...)
	file = appendChunk(appendChunk(file, "IDAT", make([]byte, 99)), "IEND", nil)
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	_, err := new(Decoder).Decode(file, false)
	runtime.ReadMemStats(&after)
	if spent := after.TotalAlloc - before.TotalAlloc; err != errTruncated || spent > 1<<20 {
		t.Errorf("error = %v and %d bytes allocated", err, spent)
	}
}

func TestUnsupported(t *testing.T) {
	p := picture{width: 5, height: 5, depth: 8, colours: rgb, filters: []byte{0}}
	interlaced := p.file(t)
	interlaced[28] = 1
	p.width = 70_000
	for name, file := range map[string][]byte{"interlaced": resummed(interlaced), "side": p.file(t)} {
		_, err := new(Decoder).Decode(file, false)
		if e, ok := errors.AsType[UnsupportedError](err); !ok || string(e) != name {
			t.Errorf("%s: error = %v", name, err)
		}
	}
}

func TestWeighted(t *testing.T) {
	var d Decoder
	for name, p := range every(37, 20, []byte{4}, 8) {
		file := p.file(t)
		m, err := d.Decode(file, true)
		if err != nil {
			t.Fatal(name, err)
		}
		if m.Weighted != m.Alpha {
			t.Errorf("%s: Weighted = %v, Alpha = %v", name, m.Weighted, m.Alpha)
		}
		straight, err := d.Decode(file, false)
		if err != nil {
			t.Fatal(name, err)
		}
		for i, c := range straight.pixels() {
			part := func(v byte) byte { return byte((int(v)*int(c.A) + 127) / 255) }
			want := color.NRGBA{part(c.R), part(c.G), part(c.B), c.A}
			if got := m.pixels()[i]; got != want {
				t.Fatalf("%s: pixel %d = %v, want %v of %v", name, i, got, want, c)
			}
		}
		straight.Release()
		m.Release()
	}
}

func FuzzDecode(f *testing.F) {
	for _, p := range every(5, 4, []byte{4, 3, 1}, 6) {
		f.Add(p.file(f))
		p.piece = 9
		f.Add(p.file(f))
	}
	var d Decoder
	f.Fuzz(func(t *testing.T, file []byte) {
		for _, file := range [][]byte{file, resummed(file)} {
			if config, err := png.DecodeConfig(bytes.NewReader(file)); err == nil && config.Width*config.Height > 1<<18 {
				continue
			}
			compare(t, &d, file)
		}
	})
}
