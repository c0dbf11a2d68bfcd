package scaledjpeg

// bandWriter writes AC scans of progressive files (T.81 G.1.2.2 and G.1.2.3).
type bandWriter struct {
	*bitWriter
	pass
	longest int   // blocks that one end of band stands for
	run     int   // of the blocks behind, how many have ended and are not written
	later   []int // their correction bits
}

func (w *bandWriter) writeFirst(coefficients *[64]int) {
	zeros := 0
	for k := w.first; k <= w.last; k++ {
		value := towardZero(coefficients[k], w.low)
		if value == 0 {
			zeros++
			continue
		}
		w.endRun()
		for ; zeros > 15; zeros -= 16 {
			bandCode.write(w.bitWriter, zeroRun)
		}
		size := sizeOf(value)
		bandCode.write(w.bitWriter, byte(zeros<<4|size))
		w.writeMagnitude(value, size)
		zeros = 0
	}
	if zeros > 0 {
		w.end(nil)
	}
}

func (w *bandWriter) refine(coefficients *[64]int) {
	lastNew := 0
	for k := w.first; k <= w.last; k++ {
		if sizeOf(towardZero(coefficients[k], w.low)) == 1 {
			lastNew = k
		}
	}
	zeros := 0
	var corrections []int
	for k := w.first; k <= w.last; k++ {
		value := towardZero(coefficients[k], w.low)
		if value == 0 {
			zeros++
			continue
		}
		for ; zeros > 15 && k <= lastNew; zeros -= 16 {
			w.endRun()
			bandCode.write(w.bitWriter, zeroRun)
			w.writeBits(corrections)
			corrections = nil
		}
		if sizeOf(value) > 1 {
			corrections = append(corrections, max(value, -value)&1)
			continue
		}
		w.endRun()
		bandCode.write(w.bitWriter, byte(zeros<<4|1))
		w.write(max(value, 0), 1)
		w.writeBits(corrections)
		zeros, corrections = 0, nil
	}
	if zeros > 0 || len(corrections) > 0 {
		w.end(corrections)
	}
}

// towardZero is a coefficient without its low bits.
func towardZero(value, low int) int {
	if value < 0 {
		return -(-value >> low)
	}
	return value >> low
}

// end ends the band of a block.
func (w *bandWriter) end(corrections []int) {
	w.run++
	w.later = append(w.later, corrections...)
	longest := w.longest
	if longest == 0 {
		longest = 1<<15 - 1
	}
	if w.run == longest {
		w.endRun()
	}
}

// endRun writes the end of the bands of the blocks behind.
func (w *bandWriter) endRun() {
	if w.run == 0 {
		return
	}
	size := sizeOf(w.run) - 1
	bandCode.write(w.bitWriter, byte(size<<4))
	w.write(w.run, size)
	w.writeBits(w.later)
	w.run, w.later = 0, nil
}

func (w *bandWriter) writeBits(bits []int) {
	for _, b := range bits {
		w.write(b, 1)
	}
}
