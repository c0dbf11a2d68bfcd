package pngplanes

import (
	"bytes"
	"compress/zlib"
	"encoding/binary"
	"hash/crc32"
	"image"
	"image/color"
	"math"
	"math/rand/v2"
	"slices"
	"strconv"
	"testing"
)

// picture is a PNG file to be: pixels that nobody chose, by a writer that image/png has not.
type picture struct {
	width, height int
	depth         int
	colours       byte
	filters       []byte // of rows, in turn
	palette       []byte // RGB
	transparency  []byte // tRNS
	piece         int    // bytes of an IDAT; 0: all in one
	extra         []byte // behind the rows, compressed with them
	seed          uint64
}

func (p picture) header() header {
	return header{width: p.width, height: p.height, depth: p.depth, colours: p.colours}
}

// lines are filtered rows. Their samples are often alike, so that transparent colours are met and filters have ties.
func (p picture) lines() []byte {
	h := p.header()
	r := rand.New(rand.NewPCG(p.seed, 9))
	above, row := make([]byte, h.rowBytes()), make([]byte, h.rowBytes())
	var out []byte
	for y := range p.height {
		for i := range row {
			switch r.IntN(4) {
			case 0:
				row[i] = byte(r.Uint32())
			case 1:
				row[i] = above[i]
			case 2:
				row[i] = above[max(0, i-h.pixelBytes())] + byte(r.IntN(3)) - 1
			case 3:
				row[i] = byte(r.IntN(2) * 255)
			}
		}
		filter := p.filters[y%len(p.filters)]
		out = append(append(out, filter), filtered(row, above, filter, h.pixelBytes())...)
		above, row = row, above
	}
	return append(out, p.extra...)
}

// filtered is unfilter undone, as the specification has it.
func filtered(row, above []byte, filter byte, n int) []byte {
	out := make([]byte, len(row))
	for i := range row {
		var a, b, c byte
		if i >= n {
			a, c = row[i-n], above[i-n]
		}
		b = above[i]
		out[i] = row[i] - [5]byte{0, a, b, byte((int(a) + int(b)) / 2), predict(a, b, c)}[filter]
	}
	return out
}

func (p picture) file(t testing.TB) []byte {
	t.Helper()
	var deflated bytes.Buffer
	w, err := zlib.NewWriterLevel(&deflated, int(p.seed%11)-2)
	if err != nil {
		t.Fatal(err)
	}
	_, _ = w.Write(p.lines()) // to a buffer
	_ = w.Close()
	file := append([]byte(signature), p.head()...)
	if p.palette != nil {
		file = appendChunk(file, "PLTE", p.palette)
	}
	if p.transparency != nil {
		file = appendChunk(file, "tRNS", p.transparency)
	}
	piece := p.piece
	if piece == 0 {
		piece = deflated.Len()
	}
	for part := range slices.Chunk(deflated.Bytes(), piece) {
		file = appendChunk(file, "IDAT", part)
	}
	return appendChunk(file, "IEND", nil)
}

func (p picture) head() []byte {
	head := binary.BigEndian.AppendUint32(nil, uint32(p.width))
	head = binary.BigEndian.AppendUint32(head, uint32(p.height))
	return appendChunk(nil, "IHDR", append(head, byte(p.depth), p.colours, 0, 0, 0))
}

func appendChunk(file []byte, kind string, payload []byte) []byte {
	file = binary.BigEndian.AppendUint32(file, uint32(len(payload)))
	start := len(file)
	file = append(append(file, kind...), payload...)
	return binary.BigEndian.AppendUint32(file, crc32.ChecksumIEEE(file[start:]))
}

// resummed gives chunks the checksums that belong to them.
func resummed(file []byte) []byte {
	file = bytes.Clone(file)
	for at := len(signature); len(file)-at >= 12; {
		n := int(binary.BigEndian.Uint32(file[at:]))
		if n > len(file)-at-12 {
			break
		}
		binary.BigEndian.PutUint32(file[at+8+n:], crc32.ChecksumIEEE(file[at+4:at+8+n]))
		at += 12 + n
	}
	return file
}

// every is one picture of each colour type, depth and kind of transparency.
func every(width, height int, filters []byte, seed uint64) map[string]picture {
	out := map[string]picture{}
	add := func(name string, depth int, colours byte, palette, transparency []byte) {
		out[name] = picture{
			width: width, height: height, depth: depth, colours: colours, filters: filters, palette: palette,
			transparency: transparency, seed: seed,
		}
	}
	colours := make([]byte, 3*256)
	for i := range colours {
		colours[i] = byte(i * 31)
	}
	for _, depth := range []int{1, 2, 4, 8, 16} {
		name := strconv.Itoa(depth) + " bits "
		add(name+"gray", depth, gray, nil, nil)
		add(name+"gray, black transparent", depth, gray, nil, []byte{0, 0})
		add(name+"gray, white transparent", depth, gray, nil, []byte{255, byte(1<<min(depth, 8) - 1)})
		if depth <= 8 {
			add(name+"palette", depth, indexed, colours[:3<<depth], nil)
			add(name+"short palette", depth, indexed, colours[:3], nil)
			add(name+"palette with alpha", depth, indexed, colours[:3<<depth], []byte{128, 0})
			add(name+"short palette with more alpha", depth, indexed, colours[:3], []byte{255, 7})
			add(name+"palette with full alpha", depth, indexed, colours[:3<<depth], []byte{255})
		}
		if depth >= 8 {
			add(name+"gray and alpha", depth, grayAlpha, nil, nil)
			add(name+"rgb", depth, rgb, nil, nil)
			add(name+"rgb and a palette", depth, rgb, colours[:30], nil)
			add(name+"rgb, white transparent", depth, rgb, nil, bytes.Repeat([]byte{255}, 6))
			add(name+"rgb and alpha", depth, rgbAlpha, nil, nil)
		}
	}
	return out
}

// narrow is 16 bits as 8, in real numbers.
func narrow(v uint16) byte { return byte(math.Round(float64(v) / 65535 * 255)) }

// pixels are an image's, 16 bits rounded to 8.
func pixels(img image.Image) []color.NRGBA {
	var out []color.NRGBA
	b := img.Bounds()
	for y := b.Min.Y; y < b.Max.Y; y++ {
		for x := b.Min.X; x < b.Max.X; x++ {
			switch c := img.At(x, y).(type) {
			case color.NRGBA:
				out = append(out, c)
			case color.Gray16:
				v := narrow(c.Y)
				out = append(out, color.NRGBA{v, v, v, 255})
			case color.NRGBA64:
				out = append(out, color.NRGBA{narrow(c.R), narrow(c.G), narrow(c.B), narrow(c.A)})
			case color.RGBA64: // opaque, in a PNG
				out = append(out, color.NRGBA{narrow(c.R), narrow(c.G), narrow(c.B), 255})
			default:
				out = append(out, color.NRGBAModel.Convert(c).(color.NRGBA))
			}
		}
	}
	return out
}

// pixels are those of a decoded picture.
func (m Image) pixels() []color.NRGBA {
	out := make([]color.NRGBA, 0, len(m.Planes[0].Pix))
	for y := range m.Planes[0].Height {
		for x := range m.Planes[0].Width {
			var v [4]byte
			for i, p := range m.Planes {
				v[i] = p.Row(y)[x]
			}
			c := color.NRGBA{v[0], v[0], v[0], 255}
			if len(m.Planes) >= 3 {
				c.G, c.B = v[1], v[2]
			}
			if m.Alpha {
				c.A = v[len(m.Planes)-1]
			}
			out = append(out, c)
		}
	}
	return out
}
