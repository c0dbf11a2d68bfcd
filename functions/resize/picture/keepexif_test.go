package picture

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"image"
	"slices"
	"testing"
)

// cameraEXIF is a block as cameras write it: orientation, maker, a directory of EXIF with the size, one of GPS, a thumbnail.
func cameraEXIF(order binary.AppendByteOrder, orientation int) []byte {
	block := []byte("II*\x00")
	if order == binary.AppendByteOrder(binary.BigEndian) {
		block = []byte("MM\x00*")
	}
	entry := func(tag, kind uint16, count, value uint32) {
		block = order.AppendUint16(block, tag)
		block = order.AppendUint16(block, kind)
		block = order.AppendUint32(block, count)
		if kind == 3 {
			block = order.AppendUint16(order.AppendUint16(block, uint16(value)), 0)
		} else {
			block = order.AppendUint32(block, value)
		}
	}
	const maker, exif, gps, second = 62, 72, 102, 150 // offsets
	block = order.AppendUint32(block, 8)
	block = order.AppendUint16(block, 4)
	entry(0x010f, 2, 10, maker)
	entry(0x0112, 3, 1, uint32(orientation))
	entry(0x8769, 4, 1, exif)
	entry(0x8825, 4, 1, gps)
	block = order.AppendUint32(block, second)
	block = append(block, "the maker\x00"...)
	block = order.AppendUint16(block, 2)
	entry(0xa002, 3, 1, 4000)
	entry(0xa003, 4, 1, 3000)
	block = order.AppendUint32(block, 0)
	block = order.AppendUint16(block, 1)
	entry(0x0002, 5, 3, gps+18)
	block = order.AppendUint32(block, 0)
	for _, v := range []uint32{47, 1, 22, 1, 4242, 100} {
		block = order.AppendUint32(block, v)
	}
	block = append(block, make([]byte, second-len(block))...)
	block = order.AppendUint16(block, 2)
	entry(0x0201, 4, 1, second+30)
	entry(0x0202, 4, 1, 9)
	block = order.AppendUint32(block, 0)
	return append(block, "thumbnail"...)
}

func numberOf(block []byte, order binary.ByteOrder, directoryTag, tag uint16) (number uint32) {
	at := order.Uint32(block[4:])
	if directoryTag != 0 {
		at = order.Uint32(tiffEntry(block, order, directoryTag)[8:])
	}
	for entry := range directory(block, order, at) {
		if order.Uint16(entry) == tag && order.Uint16(entry[2:]) == typeLong {
			number = order.Uint32(entry[8:])
		}
	}
	return number
}

func TestEXIFIsKeptOnlyIfAsked(t *testing.T) {
	img := noise(64, 32)
	webp := webpOf(64, 32, true, func(x, y int) bool { return x > y })
	for _, order := range []binary.AppendByteOrder{binary.LittleEndian, binary.BigEndian} {
		camera := cameraEXIF(order, 6)
		for _, source := range [][]byte{encoded(t, JPEG, img), encoded(t, PNG, img), webp} {
			tagged := withEXIF(source, camera)
			for _, format := range []Format{JPEG, PNG, GIF, WebP} {
				from, _ := Sniff(source)
				t.Run(fmt.Sprintf("%v %s to %s", order, from, format), func(t *testing.T) {
					dropped := render1(t, tagged, Variant{Format: format, Width: 16})
					for _, trace := range []string{"Exif", "eXIf", "EXIF", "the maker"} {
						if bytes.Contains(dropped.Bytes, []byte(trace)) {
							t.Errorf("unasked, the output has %q", trace)
						}
					}
					kept := render1(t, tagged, Variant{Format: format, Width: 16, KeepEXIF: true})
					block := exif(kept.Bytes, format)
					if format == GIF {
						if !bytes.Equal(kept.Bytes, dropped.Bytes) {
							t.Error("a GIF differs by KeepEXIF")
						}
						return
					}
					wantPixels(t, decoded(t, kept.Bytes), decoded(t, dropped.Bytes), 0)
					if !bytes.Contains(block, []byte("the maker\x00")) || bytes.Contains(kept.Bytes, []byte("thumbnail")) {
						t.Errorf("block %q has no maker or a thumbnail", block)
					}
					order := byteOrder(block)
					if end, _ := directoryEnd(block, order, 8); order.Uint32(block[end:]) != 0 {
						t.Error("the second directory is still linked")
					}
					w, h := numberOf(block, order, tagEXIF, tagWidth), numberOf(block, order, tagEXIF, tagHeight)
					if w != 16 || h != 32 {
						t.Errorf("size is %d x %d, want 16 x 32", w, h)
					}
					if info, err := Inspect(kept.Bytes, Limits{}); err != nil || info.Orientation != 1 || info.Width != 16 || info.Height != 32 {
						t.Errorf("output is %+v, %v, want orientation 1", info, err)
					}
				})
			}
		}
	}
}

// The source's block is not touched, whatever is done to the copies.
func TestEXIFOfSourceIsOnlyRead(t *testing.T) {
	source := withEXIF(encoded(t, JPEG, noise(20, 10)), cameraEXIF(binary.BigEndian, 8))
	before := bytes.Clone(source)
	render1(t, source, Variant{KeepEXIF: true})
	if !bytes.Equal(before, source) {
		t.Error("Render changed its source")
	}
}

func TestEXIFAndProfileTogether(t *testing.T) {
	for _, format := range []Format{JPEG, PNG} {
		source := withICC(withEXIF(encoded(t, format, noise(20, 10)), cameraEXIF(binary.BigEndian, 8)), p3ICC(), 100)
		out := render1(t, source, Variant{KeepEXIF: true})
		wantProfile(t, out, p3ICC())
		if block := exif(out.Bytes, format); !bytes.Contains(block, []byte("the maker")) || exifOrientation(block) != 1 {
			t.Errorf("%s: EXIF block is %q", format, block)
		}
		if format == JPEG && string(out.Bytes[6:10]) != "JFIF" {
			t.Errorf("JPEG begins with %q, want JFIF's segment first", out.Bytes[:10])
		}
	}
}

func TestEXIFThatDoesNotFit(t *testing.T) {
	long := append(cameraEXIF(binary.LittleEndian, 3), bytes.Repeat([]byte("x"), 70_000)...)
	source := withEXIF(encoded(t, PNG, noise(20, 10)), long)
	if out := render1(t, source, Variant{KeepEXIF: true, Format: JPEG}); jpegEXIF(out.Bytes) != nil {
		t.Error("more than 64 KiB went into a JPEG")
	}
	if out := render1(t, source, Variant{KeepEXIF: true}); len(pngEXIF(out.Bytes)) != len(long) {
		t.Errorf("PNG has %d bytes of EXIF, want %d", len(pngEXIF(out.Bytes)), len(long))
	}
}

func TestEXIFThatIsDamaged(t *testing.T) {
	good := cameraEXIF(binary.LittleEndian, 6)
	edit := func(at int, value ...byte) []byte {
		block := bytes.Clone(good)
		copy(block[at:], value)
		return block
	}
	tests := []struct {
		name  string
		block []byte
		kept  bool
	}{
		{"good", good, true},
		{"empty", nil, false},
		{"no byte order", edit(0, 'X'), false},
		{"only a header", good[:8], false},
		{"cut in the entries", good[:40], false},
		{"cut behind the entries", good[:58], true},
		{"directory in the header", edit(4, 2), false},
		{"directory beyond the end", edit(4, 0xff, 0xff, 0xff, 0xff), false},
		{"more entries than bytes", edit(8, 0xff, 0xff), false},
		{"orientation of a wrong type", edit(24, 7), true},
		{"EXIF over the first directory", edit(10+24+8, 8, 0, 0, 0), true},
		{"EXIF beyond the end", edit(10+24+8, 0xff, 0xff, 0xff, 0xff), true},
		{"second directory over the first", edit(58, 8, 0, 0, 0), true},
		{"second directory beyond the end", edit(58, 0xff, 0xff, 0xff, 0xff), true},
		{"thumbnail beyond the end", edit(150+10, 0xff, 0xff, 0xff, 0xff), true},
		{"thumbnail over the first directory", edit(150+10, 8, 0, 0, 0), true},
		{"thumbnail that is not last", append(bytes.Clone(good), "tail"...), true},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got := rewriteEXIF(test.block, image.Pt(5, 6))
			if (got != nil) != test.kept {
				t.Fatalf("block of %d bytes, want one: %v", len(got), test.kept)
			}
			if got != nil && exifOrientation(got) != 1 {
				t.Errorf("orientation is %d, want 1", exifOrientation(got))
			}
			if test.name == "thumbnail that is not last" && (bytes.Contains(got, []byte("thumbnail")) || !bytes.HasSuffix(got, []byte("tail"))) {
				t.Errorf("block ends in %q, want zeros and tail", got[170:])
			}
		})
	}
	if got := rewriteEXIF(slices.Concat(good[:150]), image.Pt(5, 6)); len(got) != 150 {
		t.Errorf("block of %d bytes whose second directory is cut off, want 150", len(got))
	}
}
