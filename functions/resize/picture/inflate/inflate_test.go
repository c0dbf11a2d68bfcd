package inflate

import (
	"bytes"
	"compress/flate"
	"compress/zlib"
	"encoding/binary"
	"errors"
	"hash/adler32"
	"io"
	"math/rand/v2"
	"testing"
)

// texts are what is compressed: from nothing to what needs every kind of code.
func texts() map[string][]byte {
	r := rand.New(rand.NewPCG(3, 4))
	random, few, waves := make([]byte, 140_000), make([]byte, 140_000), make([]byte, 200_000)
	for i := range random {
		random[i] = byte(r.Uint32())
		few[i] = byte(min(r.ExpFloat64()*9, 255))
	}
	for i := range waves {
		waves[i] = byte(i*i>>9) ^ byte(i>>3) ^ byte(r.IntN(3))
	}
	return map[string][]byte{
		"nothing": {}, "one byte": {7}, "random": random, "short codes": few, "waves": waves,
		"zeros": make([]byte, 300_000), "period 3": bytes.Repeat([]byte("abc"), 33_333), "period 7": bytes.Repeat([]byte("abcdefg"), 9_999),
	}
}

func compressed(t testing.TB, text []byte, level int) []byte {
	t.Helper()
	var b bytes.Buffer
	w, err := zlib.NewWriterLevel(&b, level)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.Write(text); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// cut makes pieces of at most n bytes, some of them empty.
func cut(stream []byte, n int) func() []byte {
	empty := false
	return func() []byte {
		if len(stream) == 0 {
			return nil
		}
		if empty = !empty; empty {
			return stream[:0]
		}
		piece := stream[:min(n, len(stream))]
		stream = stream[len(piece):]
		return piece
	}
}

// readAll reads byte by byte.
func readAll(r *Reader, most int) (text []byte, err error) {
	for {
		ended, err := r.End()
		if ended || err != nil || len(text) >= most {
			return text, err
		}
		p, err := r.Next(1)
		if err != nil {
			return nil, err
		}
		text = append(text, p...)
	}
}

func TestInflate(t *testing.T) {
	var r Reader
	for name, text := range texts() {
		for _, level := range []int{flate.HuffmanOnly, flate.NoCompression, flate.BestSpeed, flate.DefaultCompression, flate.BestCompression} {
			stream := compressed(t, text, level)
			for _, piece := range []int{1, 7, 100, 8192, len(stream)} {
				r.Reset(cut(stream, piece))
				for at, step := 0, 1; at < len(text); at, step = at+step, step*3%70_001 {
					step = min(step, len(text)-at)
					p, err := r.Next(step)
					if err != nil || !bytes.Equal(p, text[at:at+step]) {
						t.Fatalf("%s, level %d, pieces of %d: bytes %d to %d differ, %v", name, level, piece, at, at+step, err)
					}
				}
				if ended, err := r.End(); !ended || err != nil {
					t.Errorf("%s, level %d, pieces of %d: ended %v, %v", name, level, piece, ended, err)
				}
			}
		}
	}
}

func TestMoreThanIsWanted(t *testing.T) {
	var r Reader
	r.Reset(cut(compressed(t, make([]byte, 1000), 6), 99))
	if _, err := r.Next(999); err != nil {
		t.Fatal(err)
	}
	if ended, err := r.End(); ended || err != nil {
		t.Errorf("End = %v, %v, want a byte left", ended, err)
	}
}

// A stream that becomes more than anybody asks for is not decompressed beyond a buffer.
func TestBombIsNotDecompressed(t *testing.T) {
	var r Reader
	r.Reset(cut(compressed(t, make([]byte, 100<<20), 9), 1<<20))
	if _, err := r.Next(1); err != nil {
		t.Fatal(err)
	}
	if len(r.out) > 512<<10 || r.at > 2000 {
		t.Errorf("buffer of %d bytes, %d bytes of input read", len(r.out), r.at)
	}
}

func TestTruncatedAtEveryByte(t *testing.T) {
	var r Reader
	for name, text := range texts() {
		for _, level := range []int{flate.HuffmanOnly, flate.NoCompression, flate.DefaultCompression} {
			stream := compressed(t, text[:min(len(text), 900)], level)
			for n := range stream {
				r.Reset(cut(stream[:n], 1000))
				if _, err := readAll(&r, 4000); err == nil {
					t.Fatalf("%s, level %d: cut to %d of %d bytes passes", name, level, n, len(stream))
				}
			}
		}
	}
}

// Whatever is changed, the standard library has the same opinion of it.
func TestDamaged(t *testing.T) {
	random := rand.New(rand.NewPCG(5, 6))
	for _, text := range texts() {
		for _, level := range []int{flate.HuffmanOnly, flate.NoCompression, flate.DefaultCompression} {
			stream := compressed(t, text[:min(len(text), 2000)], level)
			for range 150 {
				damaged := bytes.Clone(stream)
				for range 1 + random.IntN(3) {
					damaged[random.IntN(min(len(damaged), 1+random.IntN(len(damaged))))] ^= 1 << random.IntN(8)
				}
				compare(t, damaged, 1+random.IntN(len(damaged)))
			}
		}
	}
}

// compare holds Reader to compress/zlib.
func compare(t *testing.T, stream []byte, piece int) {
	t.Helper()
	const most = 1 << 22
	if len(stream) > 1 && stream[1]&0x20 != 0 {
		return // a dictionary: compress/zlib takes an empty one
	}
	var want []byte
	std, wantErr := zlib.NewReader(bytes.NewReader(stream))
	if wantErr == nil {
		want, wantErr = io.ReadAll(io.LimitReader(std, most))
	}
	if len(want) == most {
		return
	}
	var r Reader
	r.Reset(cut(stream, piece))
	got, err := readAll(&r, most+1)
	if (err == nil) != (wantErr == nil) {
		t.Fatalf("%x: error %v, compress/zlib %v", stream[:min(len(stream), 400)], err, wantErr)
	}
	if err == nil && !bytes.Equal(got, want) {
		t.Fatalf("%x: other bytes than compress/zlib", stream[:min(len(stream), 400)])
	}
	if _, ok := errors.AsType[FormatError](err); err != nil && !ok {
		t.Fatalf("error %v is a %T", err, err)
	}
}

// Code lengths that no compressor writes.
func TestRareCodes(t *testing.T) {
	tests := map[string]struct {
		lengths []uint8
		good    bool
	}{
		"none":                 {[]uint8{0, 0, 0}, true},
		"one of one bit":       {[]uint8{0, 1, 0}, true},
		"one of two bits":      {[]uint8{0, 2, 0}, false},
		"two of two bits":      {[]uint8{2, 2, 0}, false},
		"three of one bit":     {[]uint8{1, 1, 1}, false},
		"too many":             {[]uint8{1, 2, 2, 2}, false},
		"as many as there are": {[]uint8{15, 15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1}, true},
	}
	for name, test := range tests {
		var table [litSize]entry
		if err := fill(table[:], litBits, test.lengths, litMeanings[:]); (err == nil) != test.good {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestAdler(t *testing.T) {
	p := make([]byte, 20_000)
	for i := range p {
		p[i] = 255
	}
	for n := 0; n < len(p); n += 1 + n/3 {
		if got, want := adler(1, p[:n]), adler32.Checksum(p[:n]); got != want {
			t.Errorf("adler of %d bytes = %x, want %x", n, got, want)
		}
		p[n/2] = byte(n)
		b, w := sums(p[:min(n, adlerMost)])
		if sb, sw := sumsScalar(p[:min(n, adlerMost)]); sb != b || sw != w {
			t.Errorf("sums of %d bytes = %d, %d, want %d, %d", n, b, w, sb, sw)
		}
	}
}

func FuzzInflate(f *testing.F) {
	for _, text := range texts() {
		for _, level := range []int{flate.HuffmanOnly, flate.NoCompression, flate.DefaultCompression} {
			f.Add(compressed(f, text[:min(len(text), 700)], level), uint16(13), true)
		}
	}
	f.Fuzz(func(t *testing.T, stream []byte, piece uint16, resum bool) {
		if resum { // else nearly nothing passes its checksum
			if z, err := zlib.NewReader(bytes.NewReader(stream)); err == nil {
				text, err := io.ReadAll(io.LimitReader(z, 1<<22))
				if errors.Is(err, zlib.ErrChecksum) {
					// Where the checksum lies is not known here: all that flate reads, then four bytes.
					rest := bytes.NewReader(stream[2:])
					if _, err := io.Copy(io.Discard, flate.NewReader(rest)); err == nil && rest.Len() >= 4 {
						stream = bytes.Clone(stream)
						binary.BigEndian.PutUint32(stream[len(stream)-rest.Len():], adler32.Checksum(text))
					}
				}
			}
		}
		compare(t, stream, 1+int(piece))
	})
}
