package scaledjpeg

// stretch is some MCUs of a row that lie in one restart interval.
type stretch struct {
	row, column, count int
	end                int // of the interval's data, in bits
}

// eachStretch has read decode a scan, stretch by stretch, and restarts where an interval ends. After every MCU read
// must make sure that it lay within the data: what follows that is not long enough for more.
func (d *decoding) eachStretch(s *scan, read func(b bits, t stretch) (bits, verdict)) error {
	var b bits
	interval, left := 0, d.RestartInterval
	for row := range s.rows {
		for column := 0; column < s.wide; {
			if d.RestartInterval > 0 && left == 0 {
				interval++
				if interval == len(d.entropy.ends) {
					return errTruncated
				}
				b = bits{next: d.entropy.ends[interval-1]}
				s.restart()
				left = d.RestartInterval
			}
			t := stretch{row: row, column: column, count: s.wide - column, end: 8 * d.entropy.ends[interval]}
			if d.RestartInterval > 0 {
				t.count = min(t.count, left)
				left -= t.count
			}
			var v verdict
			if b, v = read(b, t); v > withAC {
				return v.err()
			}
			column += t.count
		}
	}
	return nil
}

func (s *scan) restart() {
	for _, c := range s.members[:s.count] {
		c.prediction = 0
	}
	s.run = 0
}

// blocks returns how many blocks of a member an MCU has; one, in a scan of its own.
func (s *scan) blocks(c *component) (wide, high int) {
	if s.count == 1 {
		return 1, 1
	}
	return c.Horizontal, c.Vertical
}
