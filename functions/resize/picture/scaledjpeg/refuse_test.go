package scaledjpeg

import (
	"bytes"
	"errors"
	"testing"
)

// edit replaces bytes after a marker.
type edit struct {
	marker byte
	offset int // from the marker's own byte
	bytes  []byte
}

func (e edit) of(data []byte) []byte {
	data = bytes.Clone(data)
	at := bytes.Index(data, []byte{0xFF, e.marker})
	copy(data[at+1+e.offset:], e.bytes)
	return data
}

func TestDecode_refuses(t *testing.T) {
	color := newSketch(1, 20, 20, 0.2, ycc420...).encode()
	coarse := newSketch(1, 20, 20, 0.2, ycc420...).scripted([]pass{{low: 1}, {first: 1, last: 63, low: 1}, {high: 1}, {first: 1, last: 63, high: 1}})
	bare := newSketch(1, 20, 20, 0.2, gray...)
	two := newSketch(1, 8, 8, 0.2, ycc444[:2]...)
	restarted := newSketch(1, 40, 8, 0.2, ycc444...)
	restarted.restart = 1
	crowded := newSketch(1, 20, 20, 0, Sampling{4, 4}, Sampling{1, 1}, Sampling{1, 1})
	for name, c := range map[string]struct {
		data  []byte
		scale int
		want  error
	}{
		"scale 5/8":                      {color, 5, UnsupportedError("scale 5/8")},
		"lossless":                       {edit{markerSOF0, 0, []byte{0xC3}}.of(color), 8, UnsupportedError("lossless coding")},
		"hierarchical":                   {edit{markerSOF0, 0, []byte{0xC5}}.of(color), 8, UnsupportedError("hierarchical coding")},
		"arithmetic":                     {edit{markerSOF0, 0, []byte{0xC9}}.of(color), 8, UnsupportedError("arithmetic coding")},
		"12 bits":                        {edit{markerSOF0, 3, []byte{12}}.of(color), 8, UnsupportedError("12 bits a sample")},
		"two components":                 {two.encode(), 8, UnsupportedError("2 components")},
		"sampling 3 beside 2":            {edit{markerSOF0, 10, []byte{0x31, 0, 2, 0x21}}.of(color), 8, UnsupportedError("sampling 2×1 beside 3×1")},
		"nothing":                        {nil, 8, FormatError("no start of image")},
		"no JPEG":                        {[]byte("\x89PNG\r\n\x1a\n"), 8, FormatError("no start of image")},
		"only markers":                   {[]byte{0xFF, 0xD8, 0xFF, 0xD9}, 8, errNoFrame},
		"height 0":                       {edit{markerSOF0, 4, []byte{0, 0}}.of(color), 8, FormatError("no width or height")},
		"width 0":                        {edit{markerSOF0, 6, []byte{0, 0}}.of(color), 8, FormatError("no width or height")},
		"more blocks than bits":          {edit{markerSOF0, 4, []byte{255, 255, 255, 255}}.of(color), 1, errTruncated},
		"more rows than data":            {edit{markerSOF0, 4, []byte{0, 200}}.of(color), 4, errTruncated},
		"sampling 0":                     {edit{markerSOF0, 10, []byte{0x02}}.of(color), 8, FormatError("sampling factor not from 1 to 4")},
		"two of one name":                {edit{markerSOF0, 12, []byte{1}}.of(color), 8, FormatError("two components of one name")},
		"quantization table 4":           {edit{markerSOF0, 11, []byte{4}}.of(color), 8, FormatError("quantization table not from 0 to 3")},
		"no quantization table":          {edit{markerSOF0, 11, []byte{1}}.of(color), 8, FormatError("scan without a quantization table")},
		"quantization by 0":              {edit{markerDQT, 4, []byte{0, 0}}.of(color), 8, FormatError("quantization by 0")},
		"DC beyond 16 bits":              {edit{markerDQT, 4, []byte{255, 255}}.of(color), 1, errRange},
		"AC beyond 16 bits":              {edit{markerDQT, 6, []byte{255, 255}}.of(color), 8, errRange},
		"no huffman table":               {edit{markerSOS, 5, []byte{0x11}}.of(color), 8, FormatError("scan without a huffman table")},
		"huffman table 4":                {edit{markerSOS, 5, []byte{0x44}}.of(color), 8, FormatError("huffman table not from 0 to 3")},
		"huffman codes of 1 bit":         {edit{markerDHT, 4, []byte{3, 0, 0, 5, 4}}.of(color), 8, FormatError("huffman table with too many codes")},
		"unknown component":              {edit{markerSOS, 4, []byte{9}}.of(color), 8, FormatError("scan of an unknown component")},
		"component twice":                {edit{markerSOS, 6, []byte{1}}.of(color), 8, FormatError("component twice in a scan")},
		"18 blocks in an MCU":            {crowded.encode(), 8, FormatError("more than 10 blocks in an MCU")},
		"restart out of order":           {edit{markerRST0 + 1, 0, []byte{markerRST0 + 3}}.of(restarted.encode()), 8, FormatError("restart marker out of order")},
		"restart that is missing":        {edit{markerRST0 + 1, 0, []byte{markerEOI}}.of(restarted.encode()), 8, errTruncated},
		"restart unannounced":            {edit{markerDRI, 3, []byte{0, 0}}.of(restarted.encode()), 8, FormatError("restart marker without an interval")},
		"DC beyond 16 bits, progressive": {edit{markerDQT, 4, []byte{255, 255}}.of(coarse.encode()), 1, errRange},
		"AC beyond 16 bits, progressive": {edit{markerDQT, 6, []byte{255, 255}}.of(coarse.encode()), 3, errRange},
		"DC beyond 16 bits, above 1/8":   {edit{markerDQT, 4, []byte{255, 255}}.of(coarse.encode()), 2, errRange},
		"no DC scan":                     {bare.scripted([]pass{{first: 1, last: 63}}).encode(), 2, errIncomplete},
		"no DC scan at 1/8":              {bare.scripted([]pass{{first: 1, last: 63}}).encode(), 1, errIncomplete},
		"no huffman table for AC":        {edit{markerSOS, 5, []byte{0x11}}.of(bare.scripted([]pass{{first: 1, last: 63}, {}}).encode()), 2, errNoTable},
		"DC and AC in a scan":            {edit{markerSOS, 11, []byte{5}}.of(coarse.encode()), 1, FormatError("bad spectral selection")},
		"band of no coefficient":         {edit{markerSOS, 10, []byte{7, 6}}.of(coarse.encode()), 1, FormatError("bad spectral selection")},
		"band beyond the block":          {edit{markerSOS, 10, []byte{7, 64}}.of(coarse.encode()), 1, FormatError("bad spectral selection")},
		"AC of three components":         {edit{markerSOS, 10, []byte{1, 5}}.of(coarse.encode()), 1, FormatError("ac coefficients of several components in a scan")},
		"14 low bits":                    {edit{markerSOS, 12, []byte{14}}.of(coarse.encode()), 1, FormatError("bad successive approximation")},
		"two bits at once":               {edit{markerSOS, 12, []byte{0x31}}.of(coarse.encode()), 1, FormatError("bad successive approximation")},
		"AC twice":                       {bare.scripted([]pass{{}, {first: 1, last: 63}, {first: 5, last: 6}}).encode(), 8, nil}, // needed no more
		"AC twice before it is whole":    {bare.scripted([]pass{{}, {first: 1, last: 63, low: 1}, {first: 5, last: 6}}).encode(), 8, UnsupportedError("scans out of order")},
		"AC refined first":               {bare.scripted([]pass{{}, {first: 1, last: 63, high: 1}}).encode(), 8, UnsupportedError("scans out of order")},
		"dc refined twice":               {edit{markerSOS, 12, []byte{0x10}}.of(coarse.encode()), 1, UnsupportedError("scans out of order")},
	} {
		t.Run(name, func(t *testing.T) {
			var d Decoder
			if _, err := d.Decode(c.data, c.scale); !errors.Is(err, c.want) {
				t.Errorf("Decode: %v, want %v", err, c.want)
			}
		})
	}
}

func TestDecode_badCodes(t *testing.T) {
	for name, c := range map[string]struct {
		write func(*bitWriter)
		want  error
	}{
		"no DC code": {func(w *bitWriter) { w.write(0xFFFF, 16) }, errCode},
		"no AC code": {func(w *bitWriter) { dcCode.write(w, 0); w.write(0xFFFF, 16) }, errCode},
		"past the block": {func(w *bitWriter) {
			dcCode.write(w, 0)
			for range 3 {
				acCode.write(w, zeroRun)
			}
			acCode.write(w, 0xF1)
			w.writeMagnitude(1, 1)
		}, errRun},
		"second of a pair past the block": {func(w *bitWriter) {
			dcCode.write(w, 0)
			for range 3 {
				acCode.write(w, zeroRun)
			}
			for _, symbol := range []byte{0xC1, 0x01, 0x11} { // to 61, 62 and 64
				acCode.write(w, symbol)
				w.writeMagnitude(1, 1)
			}
		}, errRun},
		"past the data": {func(w *bitWriter) { dcCode.write(w, 0); acCode.write(w, 0x01); w.writeMagnitude(1, 1) }, errTruncated},
		"DC out of range": {func(w *bitWriter) {
			for range 2 {
				dcCode.write(w, 11)
				w.writeMagnitude(2047, 11)
				acCode.write(w, endOfBlock)
			}
		}, errRange},
	} {
		t.Run(name, func(t *testing.T) {
			var w bitWriter
			c.write(&w)
			w.flush()
			data := newSketch(1, 16, 8, 0, gray...).encode()
			scan := bytes.Index(data, []byte{0xFF, markerSOS}) + 10
			data = append(append(data[:scan:scan], w.out...), 0xFF, markerEOI)
			for _, scale := range scales {
				var d Decoder
				if _, err := d.Decode(data, scale); !errors.Is(err, c.want) {
					t.Errorf("Decode at %d/8: %v, want %v", scale, err, c.want)
				}
			}
		})
	}
}

// So do the codes of AC scans of progressive files.
func TestDecode_badBands(t *testing.T) {
	for name, c := range map[string]struct {
		pass  pass
		write func(*bitWriter)
		want  error
	}{
		"no code":               {pass{first: 1, last: 5}, func(w *bitWriter) { w.write(0xFFFF, 16) }, errCode},
		"no code, refining":     {pass{first: 1, last: 5, high: 1}, func(w *bitWriter) { w.write(0xFFFF, 16) }, errCode},
		"value beyond the band": {pass{first: 1, last: 5}, func(w *bitWriter) { bandCode.write(w, 0x51); w.write(1, 1) }, errRun},
		"second of a pair beyond the band": {pass{first: 1, last: 5}, func(w *bitWriter) {
			for _, symbol := range []byte{0x01, 0x01, 0x31} {
				bandCode.write(w, symbol)
				w.write(1, 1)
			}
		}, errRun},
		"appears beyond the band": {pass{first: 1, last: 5, high: 1}, func(w *bitWriter) { bandCode.write(w, 0x51); w.write(1, 1) }, errRun},
		"zeros beyond the band":   {pass{first: 1, last: 5, high: 1}, func(w *bitWriter) { bandCode.write(w, zeroRun) }, errRun},
		"appears with two bits":   {pass{first: 1, last: 5, high: 1}, func(w *bitWriter) { bandCode.write(w, 0x02); w.write(3, 2) }, errSymbol},
		"appears, by a long code": {pass{first: 1, last: 5, high: 1}, func(w *bitWriter) { bandCode.write(w, 0x0A); w.write(3, 10) }, errSymbol},
		"more than 16 bits":       {pass{first: 1, last: 5, low: 13}, func(w *bitWriter) { bandCode.write(w, 0x02); w.write(3, 2); bandCode.write(w, 0x00) }, errRange},
		"nothing":                 {pass{first: 1, last: 5}, func(w *bitWriter) {}, errTruncated},
		"nothing, refining":       {pass{first: 1, last: 5, high: 1}, func(w *bitWriter) {}, errTruncated},
	} {
		t.Run(name, func(t *testing.T) {
			s := newSketch(1, 8, 8, 0, gray...)
			passes := []pass{{low: 13}, c.pass}
			if c.pass.high > 0 {
				passes = []pass{{}, {first: 1, last: 63, low: 1}, c.pass}
			}
			s.components[0].coefficients[0] = [64]int{}
			data := s.scripted(passes).encode()
			scan := bytes.LastIndex(data, []byte{0xFF, markerSOS}) + 10
			var w bitWriter
			c.write(&w)
			w.flush()
			data = append(append(data[:scan:scan], w.out...), 0xFF, markerEOI)
			for _, vectors := range []bool{false, true} {
				var work decoding
				work.reset(new(Decoder), 8)
				work.vectors = work.vectors && vectors
				if err := work.decode(data); !errors.Is(err, c.want) {
					t.Errorf("decode with vectors %v: %v, want %v", vectors, err, c.want)
				}
			}
		})
	}
}

// A header of 4 thousand million pixels must not take their memory before there is data for them.
func TestDecode_boundsMemory(t *testing.T) {
	var d Decoder
	var work decoding
	work.reset(&d, 8)
	data := edit{markerSOF0, 4, []byte{255, 255, 255, 255}}.of(newSketch(1, 20, 20, 0.2, ycc420...).encode())
	if err := work.decode(data); err != errTruncated {
		t.Errorf("decode: %v, want %v", err, errTruncated)
	}
	if size := cap(work.components[0].plane.Pix); size > 0 {
		t.Errorf("a plane takes %d bytes for a file of %d", size, len(data))
	}
}
