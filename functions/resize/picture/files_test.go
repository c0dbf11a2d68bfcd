package picture

import (
	"bytes"
	"encoding/binary"
	"hash/crc32"
	"image"
	"image/color"
	"image/gif"
	"image/jpeg"
	"image/png"
	"math/rand/v2"
	"testing"

	"golang.org/x/image/bmp"
	"golang.org/x/image/tiff"
)

// Files for the tests, made here so that none has to be shipped.

var (
	red   = color.NRGBA{R: 255, A: 255}
	green = color.NRGBA{G: 255, A: 255}
	blue  = color.NRGBA{B: 255, A: 255}
	white = color.NRGBA{R: 255, G: 255, B: 255, A: 255}
)

// quadrants paints top left, top right, bottom left, bottom right.
func quadrants(w, h int, corners [4]color.NRGBA) *image.NRGBA {
	img := image.NewNRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			img.SetNRGBA(x, y, corners[x*2/w+y*2/h*2])
		}
	}
	return img
}

// noise is a picture that compresses like a photograph: soft waves and grain.
func noise(w, h int) *image.NRGBA {
	r := rand.New(rand.NewPCG(1, 2))
	img := image.NewNRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			grain := r.IntN(24)
			img.SetNRGBA(x, y, color.NRGBA{
				R: uint8(x*200/w + grain), G: uint8(y*200/h + grain), B: uint8((x*7/3^y*5/4)&127 + grain), A: 255,
			})
		}
	}
	return img
}

func encoded(t testing.TB, format Format, img image.Image) []byte {
	t.Helper()
	var b bytes.Buffer
	var err error
	switch format {
	case JPEG:
		err = jpeg.Encode(&b, img, &jpeg.Options{Quality: 95})
	case PNG:
		err = png.Encode(&b, img)
	case GIF:
		err = gif.Encode(&b, img, nil)
	case BMP:
		err = bmp.Encode(&b, img)
	case TIFF:
		err = tiff.Encode(&b, img, &tiff.Options{Compression: tiff.Deflate, Predictor: true})
	}
	if err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func decoded(t testing.TB, file []byte) image.Image {
	t.Helper()
	format, ok := Sniff(file)
	if !ok {
		t.Fatalf("output of %d bytes is not a picture", len(file))
	}
	img, err := decodeWith(bytes.NewReader(file), format)
	if err != nil {
		t.Fatal(err)
	}
	return img
}

// exifBlock is a TIFF structure with two tags, one of them the orientation.
func exifBlock(order binary.AppendByteOrder, orientation int) []byte {
	block := []byte("II*\x00")
	if order == binary.AppendByteOrder(binary.BigEndian) {
		block = []byte("MM\x00*")
	}
	block = order.AppendUint32(block, 8)
	block = order.AppendUint16(block, 2)
	for _, entry := range [][2]uint16{{256, 7}, {274, uint16(orientation)}} {
		block = order.AppendUint16(block, entry[0])
		block = order.AppendUint16(block, 3)
		block = order.AppendUint32(block, 1)
		block = order.AppendUint16(block, entry[1])
		block = order.AppendUint16(block, 0)
	}
	return order.AppendUint32(block, 0)
}

// withEXIF puts an EXIF block into a JPEG, PNG or WebP file.
func withEXIF(file, block []byte) []byte {
	switch format, _ := Sniff(file); format {
	case JPEG:
		segment := append([]byte("Exif\x00\x00"), block...)
		head := binary.BigEndian.AppendUint16([]byte("\xff\xd8\xff\xe1"), uint16(2+len(segment)))
		return bytes.Join([][]byte{head, segment, file[2:]}, nil)
	case PNG:
		const header = 8 + 12 + 13 // signature and IHDR
		return bytes.Join([][]byte{file[:header], pngChunk("eXIf", block), file[header:]}, nil)
	case WebP:
		return append(bytes.Clone(file), riffChunk("EXIF", block)...)
	}
	return nil
}

func pngChunk(name string, data []byte) []byte {
	chunk := binary.BigEndian.AppendUint32(nil, uint32(len(data)))
	chunk = append(append(chunk, name...), data...)
	return binary.BigEndian.AppendUint32(chunk, crc32.ChecksumIEEE(chunk[4:]))
}

func riffChunk(name string, data []byte) []byte {
	chunk := binary.LittleEndian.AppendUint32([]byte(name), uint32(len(data)))
	chunk = append(chunk, data...)
	return append(chunk, make([]byte, len(data)%2)...)
}

// pngOf claims a size and holds no pixels.
func pngOf(w, h int, colorType byte) []byte {
	header := binary.BigEndian.AppendUint32(nil, uint32(w))
	header = binary.BigEndian.AppendUint32(header, uint32(h))
	header = append(header, 8, colorType, 0, 0, 0)
	return bytes.Join([][]byte{
		[]byte("\x89PNG\r\n\x1a\n"), pngChunk("IHDR", header), pngChunk("IDAT", nil), pngChunk("IEND", nil),
	}, nil)
}

// alphaBMP has the fourth version of the header, without which a BMP has no alpha.
func alphaBMP(img *image.NRGBA) []byte {
	le := binary.LittleEndian
	const start = 14 + 108
	size := img.Rect.Size()
	file := le.AppendUint32(le.AppendUint32(le.AppendUint32([]byte("BM"), uint32(start+len(img.Pix))), 0), start)
	file = le.AppendUint32(le.AppendUint32(le.AppendUint32(file, 108), uint32(size.X)), uint32(size.Y))
	file = le.AppendUint16(le.AppendUint16(file, 1), 32)
	file = append(file, make([]byte, start-len(file))...)
	for y := size.Y - 1; y >= 0; y-- {
		for row := img.Pix[y*img.Stride:][:4*size.X]; len(row) > 0; row = row[4:] {
			file = append(file, row[2], row[1], row[0], row[3])
		}
	}
	return file
}

// flatInterlacedPNG has 16 bits a sample, and that pixel everywhere.
func flatInterlacedPNG(w, h int, colorType byte, pixel string) []byte {
	var rows []byte
	for _, pass := range [][4]int{{0, 0, 8, 8}, {4, 0, 8, 8}, {0, 4, 4, 8}, {2, 0, 4, 4}, {0, 2, 2, 4}, {1, 0, 2, 2}, {0, 1, 1, 2}} {
		for y := pass[1]; y < h; y += pass[3] {
			rows = append(rows, 0) // no filter
			for x := pass[0]; x < w; x += pass[2] {
				rows = append(rows, pixel...)
			}
		}
	}
	header := binary.BigEndian.AppendUint32(nil, uint32(w))
	header = binary.BigEndian.AppendUint32(header, uint32(h))
	header = append(header, 16, colorType, 0, 0, 1)
	return bytes.Join([][]byte{
		[]byte("\x89PNG\r\n\x1a\n"), pngChunk("IHDR", header), pngChunk("IDAT", deflated(rows)), pngChunk("IEND", nil),
	}, nil)
}

// tiffPalette is an uncompressed TIFF whose pixels index a palette.
func tiffPalette(w, h, orientation int, palette [4]color.NRGBA, pixels []byte) []byte {
	le := binary.LittleEndian
	const entries, start = 10, 8
	after := start + 2 + entries*12 + 4
	file := le.AppendUint32([]byte("II*\x00"), start)
	file = le.AppendUint16(file, entries)
	for _, e := range [entries][4]int{ // tag, type, count, value
		{256, 3, 1, w}, {257, 3, 1, h}, {258, 3, 1, 8}, {259, 3, 1, 1}, {262, 3, 1, 3}, {273, 4, 1, after + 6*len(palette)},
		{274, 3, 1, orientation}, {278, 3, 1, h}, {279, 4, 1, len(pixels)}, {320, 3, 3 * len(palette), after},
	} {
		file = le.AppendUint16(file, uint16(e[0]))
		file = le.AppendUint16(file, uint16(e[1]))
		file = le.AppendUint32(file, uint32(e[2]))
		file = le.AppendUint32(file, uint32(e[3]))
	}
	file = le.AppendUint32(file, 0)
	for _, sample := range []func(color.NRGBA) uint8{
		func(c color.NRGBA) uint8 { return c.R }, func(c color.NRGBA) uint8 { return c.G }, func(c color.NRGBA) uint8 { return c.B },
	} {
		for _, c := range palette {
			file = le.AppendUint16(file, uint16(sample(c))*257)
		}
	}
	return append(file, pixels...)
}

// quadrantPixels are the indices that go with tiffPalette.
func quadrantPixels(w, h int) []byte {
	pixels := make([]byte, 0, w*h)
	for i := range w * h {
		pixels = append(pixels, byte(i%w*2/w+i/w*2/h*2))
	}
	return pixels
}

// bits collects bits, low first as in WebP.
type bits struct {
	bytes []byte
	count int
}

func (b *bits) put(value uint32, n int) {
	for i := range n {
		if b.count%8 == 0 {
			b.bytes = append(b.bytes, 0)
		}
		b.bytes[b.count/8] |= byte(value>>i&1) << (b.count % 8)
		b.count++
	}
}

// webpOf is a lossless WebP, yellow where on is true; elsewhere red, or fully transparent.
func webpOf(w, h int, transparent bool, on func(x, y int) bool) []byte {
	var b bits
	b.put(0x2f, 8)
	b.put(uint32(w-1), 14)
	b.put(uint32(h-1), 14)
	b.put(1, 1)
	b.put(0, 3)
	b.put(0, 3) // no transform, no colour cache, one group of codes
	one := func(value uint32) { b.put(1, 1); b.put(0, 1); b.put(1, 1); b.put(value, 8) }
	two := func() { b.put(1, 1); b.put(1, 1); b.put(0, 1); b.put(0, 1); b.put(255, 8) }
	two() // green: 0 or 255
	one(255)
	one(0)
	if transparent {
		two() // alpha: 0 or 255
	} else {
		one(255)
	}
	one(0)
	for y := range h {
		for x := range w {
			value := uint32(0)
			if on(x, y) {
				value = 1
			}
			b.put(value, 1)
			if transparent {
				b.put(value, 1)
			}
		}
	}
	body := append([]byte("WEBP"), riffChunk("VP8L", b.bytes)...)
	return append(binary.LittleEndian.AppendUint32([]byte("RIFF"), uint32(len(body))), body...)
}

// flatJPEG is an 8 x 8 JPEG of one colour with as many components as samples; four are CMYK, inverted as Adobe does. The frame
// type 0xc0 is baseline, 0xc2 progressive with its first scan only.
func flatJPEG(frame byte, samples ...byte) []byte {
	var b bytes.Buffer
	segment := func(marker byte, data []byte) {
		b.Write([]byte{0xff, marker})
		b.Write(binary.BigEndian.AppendUint16(nil, uint16(2+len(data))))
		b.Write(data)
	}
	b.WriteString("\xff\xd8")
	if len(samples) == 4 {
		segment(0xee, []byte("Adobe\x00\x64\x00\x00\x00\x00\x00"))
	}
	segment(0xdb, append([]byte{0}, bytes.Repeat([]byte{8}, 64)...))
	n := byte(len(samples))
	sof, sos := []byte{8, 0, 8, 0, 8, n}, []byte{n}
	for i := range n {
		sof, sos = append(sof, i+1, 0x11, 0), append(sos, i+1, 0)
	}
	segment(frame, sof)
	dc := append([]byte{0x00}, 0, 0, 0, 12, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0) // twelve codes of four bits
	segment(0xc4, append(dc, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11))
	segment(0xc4, append([]byte{0x10, 1}, make([]byte, 16)...)) // one code of one bit: end of block
	last := byte(63)
	if frame == 0xc2 {
		last = 0
	}
	segment(0xda, append(sos, 0, last, 0))
	scan, length := uint64(0), 0
	put := func(value uint64, bits int) { scan, length = scan<<bits|value, length+bits }
	for _, s := range samples {
		diff, size := int(s)-128, 0
		for magnitude := max(diff, -diff); magnitude>>size > 0; size++ {
		}
		put(uint64(size), 4)
		if diff < 0 {
			diff += 1<<size - 1
		}
		put(uint64(diff), size)
		if frame != 0xc2 {
			put(0, 1)
		}
	}
	put(1<<(7-(length+7)%8)-1, 7-(length+7)%8)
	for length -= 8; length >= 0; length -= 8 {
		value := byte(scan >> length)
		b.WriteByte(value)
		if value == 0xff {
			b.WriteByte(0)
		}
	}
	b.WriteString("\xff\xd9")
	return b.Bytes()
}
