package merge

import "slices"

// pass gives up the first of the window.
func (m *memory) pass(n int) {
	for _, f := range m.window[:n] {
		m.gone(f)
	}
	m.window = m.window[n:]
}

// near looks for a check in the window around a line.
func (m *memory) near(l line) (was failing, ok bool, err error) {
	reach := 0
	if m.edited {
		reach = moved
	}
	for !m.ended && (len(m.window) == 0 || m.window[len(m.window)-1].Line < l.Line+reach) {
		f, ok, err := m.next()
		if err != nil {
			return was, false, err
		}
		if ok {
			m.window = append(m.window, f)
		}
	}
	passed := 0
	for passed < len(m.window) && m.window[passed].Line < l.Line-reach {
		passed++
	}
	m.pass(passed)
	found := -1
	for i, f := range m.window {
		if f.Line > l.Line+reach {
			break
		}
		if (!m.edited || f.identity() == l.identity()) && (found < 0 || f.Line == l.Line) {
			found = i
		}
	}
	if found < 0 {
		return was, false, nil
	}
	was = m.window[found]
	if found == 0 {
		m.window = m.window[1:]
	} else {
		m.window = slices.Delete(m.window, found, found+1)
	}
	return was, true, nil
}
