package scaledjpeg

// eachMCU has read decode every MCU of a scan in turn. It restarts where an interval ends, and makes sure after
// every MCU that it lay within its interval's data.
func (d *decoding) eachMCU(s *scan, read func(b bits, row, column int) (bits, verdict)) error {
	var b bits
	interval, left := 0, d.RestartInterval
	for row := range s.rows {
		for column := range s.wide {
			if d.RestartInterval > 0 && left == 0 {
				interval++
				if interval == len(d.entropy.ends) {
					return errTruncated
				}
				b = bits{next: d.entropy.ends[interval-1]}
				s.resetPredictions()
				left = d.RestartInterval
			}
			left--
			var v verdict
			if b, v = read(b, row, column); v > withAC {
				return v.err()
			}
			if b.used() > d.entropy.ends[interval]*8 {
				return errTruncated
			}
		}
	}
	return nil
}

func (s *scan) resetPredictions() {
	for _, c := range s.members[:s.count] {
		c.prediction = 0
	}
}

// blocks returns how many blocks of a member an MCU has; one, in a scan of its own.
func (s *scan) blocks(c *component) (wide, high int) {
	if s.count == 1 {
		return 1, 1
	}
	return c.Horizontal, c.Vertical
}
