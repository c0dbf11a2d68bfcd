package scaledjpeg

func (s *sketch) appendScans(out []byte, first, last, high, low int, apart bool) []byte {
	if apart {
		for i := range s.components {
			out = s.appendScan(out, []int{i}, first, last, high, low)
		}
		return out
	}
	all := []int{0, 1, 2, 3}
	return s.appendScan(out, all[:len(s.components)], first, last, high, low)
}

func (s *sketch) appendScan(out []byte, members []int, first, last, high, low int) []byte {
	header := []byte{byte(len(members))}
	for _, i := range members {
		header = append(header, byte(i+1), 0)
	}
	out = appendSegment(out, markerSOS, append(header, byte(first), byte(last), byte(high<<4|low)))
	w := bitWriter{out: out}
	predictions := make([]int, len(s.components))
	for n, mcu := range s.mcus(members) {
		if s.restart > 0 && n > 0 && n%s.restart == 0 {
			w.flush()
			w.out = append(w.out, 0xFF, byte(markerRST0+(n/s.restart-1)%8))
			clear(predictions)
		}
		for _, b := range mcu {
			s.writeBlock(&w, b, &predictions[b[0]], first, high, low)
		}
	}
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

func (s *sketch) writeBlock(w *bitWriter, b [2]int, prediction *int, first, high, low int) {
	coefficients := &s.components[b[0]].coefficients[b[1]]
	switch {
	case high > 0:
		w.write(coefficients[0]>>low&1, 1)
		return
	case first == 0:
		value := coefficients[0] >> low
		size := sizeOf(value - *prediction)
		dcCode.write(w, byte(size))
		w.writeMagnitude(value-*prediction, size)
		*prediction = value
	}
	if s.progressive {
		if first > 0 {
			acCode.write(w, endOfBlock)
		}
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
