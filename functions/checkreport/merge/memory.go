package merge

import (
	"bufio"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"io"
	"slices"

	"mapfleet/functions/fault"
	"mapfleet/functions/job/checks"
	"mapfleet/functions/report/mapruns"
)

// memory is the failing lines of an earlier run. In a file that is the same, a check is on the line where it
// was. In one that was edited it is looked for by its identity wherever it is; of the lines beyond the
// first maxKnown, near where it was.
type memory struct {
	body  io.Closer
	in    *json.Decoder
	ended bool // in has no more

	edited bool
	known  map[identity]*kin
	names  map[string]*bearer

	window []failing     // read, and not yet matched, in the order of their lines
	gone   func(failing) // is told of those that no line matches
}

// kin are failing lines of the same identity.
type kin struct {
	was  []failing
	well []int // lines of the file that are of them, and OK: the first, as many as there are in was
}

// bearer is a name that failing lines have. Where one check bears it, and it alone has it now, with another
// URL, it is that check.
type bearer struct {
	of    identity
	kins  int // of the name
	lines int // of the file that have it now
}

// The bounds of what is known of failing lines, and how far a check may have moved to be found beyond.
const (
	maxKnown      = 100_000
	maxKnownBytes = 64 << 20
	moved         = 200 // lines
)

// remember opens the failing lines of a run; without one there are none. If they are there no more, all
// that fails is new.
// gone is told of those that are in the file no more.
func remember(ctx context.Context, s mapruns.Store, bucket string, before *past, version string, gone func(failing)) (*memory, error) {
	if before == nil {
		return &memory{ended: true}, nil
	}
	body, err := s.Open(ctx, bucket, checks.ReportKey(before.Run, failingName))
	if _, gone := err.(fault.Gone); gone {
		return &memory{ended: true}, nil
	}
	if err != nil {
		return nil, err
	}
	m := &memory{body: body, in: json.NewDecoder(bufio.NewReaderSize(body, 64<<10)), edited: before.Version != version, gone: gone}
	if m.edited {
		if err := m.know(maxKnown); err != nil {
			m.close()
			return nil, err
		}
	}
	return m, nil
}

// know reads the first lines into known.
func (m *memory) know(most int) error {
	m.known, m.names = map[identity]*kin{}, map[string]*bearer{}
	for n, bytes := 0, 0; n < most && bytes < maxKnownBytes; n++ {
		f, ok, err := m.next()
		if err != nil || !ok {
			return err
		}
		bytes += f.size()
		k := m.known[f.identity()]
		if k == nil {
			k = &kin{}
			m.known[f.identity()] = k
			m.name(f)
		}
		k.was = append(k.was, f)
	}
	return nil
}

func (m *memory) name(f failing) {
	if f.ID == "" {
		return
	}
	b := m.names[f.ID]
	if b == nil {
		b = &bearer{of: f.identity()}
		m.names[f.ID] = b
	}
	b.kins++
}

// next reads one more line.
func (m *memory) next() (f failing, ok bool, err error) {
	if m.ended {
		return f, false, nil
	}
	err = m.in.Decode(&f)
	if errors.Is(err, io.EOF) || damaged(err) {
		m.ended = true
		return failing{}, false, nil
	}
	return f, err == nil, err
}

func (m *memory) close() {
	if m.body != nil {
		_ = m.body.Close() // all that mattered is read
	}
}

// wantsNames says whether meet is to be called with all lines of the file before the first take.
func (m *memory) wantsNames() bool { return len(m.names) > 0 }

// meet takes notice of a line of the file.
func (m *memory) meet(l line) {
	if b := m.names[l.ID]; b != nil {
		b.lines++
	}
}

// kin returns the failing lines that a line was one of, if it is known by that.
func (m *memory) kin(l line) *kin {
	if k := m.known[l.identity()]; k != nil {
		return k
	}
	if b := m.names[l.ID]; b != nil && b.kins == 1 && b.lines == 1 {
		return m.known[b.of]
	}
	return nil
}

// take returns what was said of a check, and forgets it. Lines are asked for in their order. Of one that is
// well now nothing is returned where it may be another of its kin that was meant: left tells.
func (m *memory) take(l line, well bool) (was failing, ok bool, err error) {
	k := m.kin(l)
	switch {
	case k == nil:
		return m.near(l)
	case well:
		if len(k.well) < len(k.was) {
			k.well = append(k.well, l.Line)
		}
		return was, false, nil
	case len(k.was) == 0:
		return m.near(l)
	}
	at := max(0, slices.IndexFunc(k.was, func(f failing) bool { return f.Line == l.Line }))
	was = k.was[at]
	k.was = slices.Delete(k.was, at, at+1)
	return was, true, nil
}

// left tells of what is left once all lines of the file have asked: what is well again, if a line of its
// kin is, and gone of the others.
func (m *memory) left(recovered func(failing)) error {
	var well, rest []failing
	for _, k := range m.known {
		n := min(len(k.well), len(k.was))
		for i, f := range k.was[:n] {
			f.Line = k.well[i] // where it is now
			well = append(well, f)
		}
		rest = append(rest, k.was[n:]...)
	}
	tell := func(list []failing, to func(failing)) {
		slices.SortFunc(list, func(a, b failing) int { return cmp.Compare(a.Line, b.Line) })
		for _, f := range list {
			to(f)
		}
	}
	tell(well, recovered)
	tell(rest, m.gone)
	m.pass(len(m.window))
	for {
		f, ok, err := m.next()
		if err != nil || !ok {
			return err
		}
		m.gone(f)
	}
}
