package scaledjpeg

import "golang.org/x/sys/cpu"

// refine reads the next bit of blocks (T.81 G.1.2.3).
func (r *band) refine(b bits, t stretch) (bits, verdict) {
	// AMD's processors before Zen 3 have PDEP in microcode, hundreds of cycles long. They are those without ERMS.
	if !r.vectors || !cpu.X86.HasERMS {
		return r.refineScalar(b, t)
	}
	at, apart := t.row*r.blockStride+t.column, room(r.points)
	nonzero := r.nonzero[at:][:t.count]
	state := refining{
		bits: b, data: &r.data[0], limit: &r.data[t.end/8+16],
		code: &r.ac.code, table: r.refinements, places: &r.places,
		blk: &r.coefficients[at*apart:][:t.count*apart][0], apart: 2 * apart, nonzero: &nonzero[0], blocks: t.count,
		mask: r.mask, upTo: r.upTo, delta: 1 << r.scan.low, run: r.scan.run,
	}
	v := refineBMI2(&state)
	r.scan.run = state.run
	if v == onlyDC && state.used() > t.end {
		v = pastEnd
	}
	return state.bits, v
}

// refining is what refineBMI2 works on.
type refining struct {
	bits
	data, limit *byte // where next counts from, and beyond which reading is past the end
	code        *code
	table       *[1 << refinementBits]refinement
	places      *[128]uint8
	blk         *int16 // of the first block
	apart       int    // bytes from block to block
	nonzero     *uint64
	blocks      int // to refine, at least 1
	mask, upTo  uint64
	delta, run  int
}

// refineBMI2 does what refineScalar does, but that it may read a little further where the data ends.
//
//go:noescape
func refineBMI2(r *refining) verdict
