package scaledjpeg

// pass is a scan, or one for each component: coefficients first to last, less their low bits; the first such scan of
// a coefficient has high 0, another brings the bit below high. Only is the component that it is about, 0 for all.
type pass struct{ first, last, high, low, only int }

func (s *sketch) appendScans(out []byte, p pass, apart bool) []byte {
	members := []int{0, 1, 2, 3}[:len(s.components)]
	if p.only > 0 {
		members = members[min(p.only, len(members))-1:][:1]
	}
	if !apart {
		return s.appendScan(out, members, p)
	}
	for _, i := range members {
		out = s.appendScan(out, []int{i}, p)
	}
	return out
}

func (s *sketch) appendScan(out []byte, members []int, p pass) []byte {
	header := []byte{byte(len(members))}
	for _, i := range members {
		header = append(header, s.name(i), 0)
	}
	out = appendSegment(out, markerSOS, append(header, byte(p.first), byte(p.last), byte(p.high<<4|p.low)))
	w := bitWriter{out: out}
	band := bandWriter{bitWriter: &w, pass: p, longest: s.longestRun}
	predictions := make([]int, len(s.components))
	for n, mcu := range s.mcus(members) {
		if s.restart > 0 && n > 0 && n%s.restart == 0 {
			band.endRun()
			w.flush()
			w.out = append(w.out, 0xFF, byte(markerRST0+(n/s.restart-1)%8))
			clear(predictions)
		}
		for _, b := range mcu {
			coefficients := &s.components[b[0]].coefficients[b[1]]
			switch {
			case p.high > 0 && p.first == 0:
				w.write(coefficients[0]>>p.low&1, 1)
			case p.high > 0:
				band.refine(coefficients)
			case p.first > 0:
				band.writeFirst(coefficients)
			default:
				writeBlock(&w, coefficients, &predictions[b[0]], p)
			}
		}
	}
	band.endRun()
	w.flush()
	return w.out
}

// mcus lists the blocks of each MCU, as component and index.
func (s *sketch) mcus(members []int) (list [][][2]int) {
	if len(members) == 1 {
		c := s.components[members[0]]
		for y := range divideUp(c.valid[1], 8) {
			for x := range divideUp(c.valid[0], 8) {
				list = append(list, [][2]int{{members[0], y*c.wide + x}})
			}
		}
		return list
	}
	f := s.sampling[0]
	for row := range s.components[0].high / f.Vertical {
		for column := range s.components[0].wide / f.Horizontal {
			var mcu [][2]int
			for _, i := range members {
				f := s.sampling[i]
				for y := range f.Vertical {
					for x := range f.Horizontal {
						mcu = append(mcu, [2]int{i, (row*f.Vertical+y)*s.components[i].wide + column*f.Horizontal + x})
					}
				}
			}
			list = append(list, mcu)
		}
	}
	return list
}

// writeBlock writes the DC coefficient and, unless that is the last of the pass, the others.
func writeBlock(w *bitWriter, coefficients *[64]int, prediction *int, p pass) {
	value := coefficients[0] >> p.low
	size := sizeOf(value - *prediction)
	dcCode.write(w, byte(size))
	w.writeMagnitude(value-*prediction, size)
	*prediction = value
	if p.last == 0 {
		return
	}
	run := 0
	for _, value := range coefficients[1:] {
		if value == 0 {
			run++
			continue
		}
		for ; run > 15; run -= 16 {
			acCode.write(w, zeroRun)
		}
		size := sizeOf(value)
		acCode.write(w, byte(run<<4|size))
		w.writeMagnitude(value, size)
		run = 0
	}
	if run > 0 {
		acCode.write(w, endOfBlock)
	}
}
