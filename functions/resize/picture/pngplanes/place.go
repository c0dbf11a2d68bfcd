package pngplanes

import (
	"encoding/binary"

	"mapfleet/functions/resize/picture/planar"
)

// place puts a row of pixels into the planes.
func (d *decoding) place(y int, row []byte) {
	samples := d.samples
	switch d.depth {
	case 8:
		samples = row
	case 16:
		planar.Narrow(samples, row)
	default:
		d.spread(row)
	}
	var to [4][]byte
	for i := range d.count {
		to[i] = d.planes[i].Row(y)
	}
	switch {
	case d.colours == indexed:
		d.lookUp(&to, samples)
	case d.channels() == 1:
		copy(to[0], samples)
	case d.channels() == 2:
		split2(to[0], to[1], samples)
	case d.channels() == 3:
		split3(to[0], to[1], to[2], samples)
	default:
		split4(to[0], to[1], to[2], to[3], samples)
	}
	if d.keyed {
		d.unlock(to[d.count-1], row, samples)
	}
	if !d.alpha || full(to[d.count-1]) {
		return
	}
	d.opaque = false
	if d.weighted {
		for _, colour := range to[:d.count-1] {
			weigh(colour, to[d.count-1])
		}
	}
}

// spread makes bytes of samples of 1, 2 or 4 bits.
func (d *decoding) spread(row []byte) {
	factor := stretch[d.depth]
	if d.colours == indexed {
		factor = 1
	}
	perByte := 8 / d.depth
	for x := range d.samples {
		shift := 8 - d.depth*(x%perByte+1)
		d.samples[x] = row[x/perByte] >> shift & (1<<d.depth - 1) * factor
	}
}

func (d *decoding) lookUp(to *[4][]byte, indices []byte) {
	for x, index := range indices {
		to[0][x], to[1][x], to[2][x] = d.palette.red[index], d.palette.green[index], d.palette.blue[index]
	}
	if d.alpha {
		for x, index := range indices {
			to[3][x] = d.palette.alpha[index]
		}
	}
}

// unlock makes alpha of whether a pixel has the colour that is transparent, which is compared in the file's depth.
func (d *decoding) unlock(alpha, row, samples []byte) {
	n := d.channels()
	for x := range alpha {
		same := true
		for c := range n {
			v := uint16(samples[n*x+c])
			if d.depth == 16 {
				v = binary.BigEndian.Uint16(row[2*(n*x+c):])
			}
			same = same && v == d.key[c]
		}
		alpha[x] = 255
		if same {
			alpha[x] = 0
		}
	}
}

// full says whether all bytes are 255.
func full(p []byte) bool {
	all := ^uint64(0)
	for ; len(p) >= 8; p = p[8:] {
		all &= binary.LittleEndian.Uint64(p)
	}
	for _, v := range p {
		all &= uint64(v) | ^uint64(255)
	}
	return all == ^uint64(0)
}
