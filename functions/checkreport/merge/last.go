package merge

import (
	"bufio"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io"
	"slices"
	"time"

	"mapfleet/functions/fault"
	"mapfleet/functions/job/checks"
	"mapfleet/functions/report/mapruns"
)

// last is what a run leaves for the next one over the same file. Which lines are failing is in the run's
// own failing.jsonl: their number has no bound.
type last struct {
	File string `json:"file"`
	past
	// Before is what was here until this run, so that a report that is written twice compares with the
	// same run both times.
	Before *past `json:"before,omitzero"`
}

type past struct {
	Run     string    `json:"run"`
	Started time.Time `json:"started"`
	Version string    `json:"version"` // checks.Plan.Version
	NotDone int       `json:"notDone"`
}

// failing is a line of failing.jsonl: a check that is not OK.
type failing struct {
	Line    int         `json:"line"`
	ID      string      `json:"id,omitzero"`
	URL     string      `json:"url,omitzero"`  // as it is shown
	Mark    string      `json:"mark,omitzero"` // of the whole URL
	Code    checks.Code `json:"code"`
	Message string      `json:"message,omitzero"`
	Status  int         `json:"status,omitzero"`
	Since   time.Time   `json:"since"` // when it was first found so, without being OK since
}

func (f failing) same(id, url string) bool { return f.ID == id && f.Mark == mark(url) }

// mark tells URLs apart without their queries, which may be secrets.
func mark(url string) string {
	sum := sha256.Sum256([]byte(url))
	return hex.EncodeToString(sum[:8])
}

// readLast returns the run to compare with, or nil. newer says that a later run has reported already:
// then this one has nothing to tell.
func readLast(ctx context.Context, s mapruns.Store, bucket string, plan checks.Plan) (before *past, newer bool, err error) {
	data, err := s.Read(ctx, bucket, checks.LastKey(plan.File))
	if _, gone := err.(fault.Gone); gone {
		return nil, false, nil
	}
	if err != nil {
		return nil, false, err
	}
	var l last
	switch {
	case json.Unmarshal(data, &l) != nil || l.File != plan.File:
		return nil, false, nil
	case l.Run == plan.Run:
		return l.Before, false, nil
	}
	return &l.past, l.Started.After(plan.Started), nil
}

// memory is the failing lines of an earlier run, in the order of the file.
type memory struct {
	body   io.Closer
	in     *json.Decoder
	window []failing // read, and not yet matched, in the order of their lines
	ended  bool
	// reach is how many lines a check may have moved; 0 where the file is the same.
	reach int
}

// moved is how far a check is looked for in a file that was edited.
const moved = 200

// remember opens the failing lines of a run; without one there are none. If they are there no more, all
// that fails is new.
func remember(ctx context.Context, s mapruns.Store, bucket string, before *past, version string) (*memory, error) {
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
	m := &memory{body: body, in: json.NewDecoder(bufio.NewReaderSize(body, 64<<10))}
	if before.Version != version {
		m.reach = moved
	}
	return m, nil
}

func (m *memory) close() {
	if m.body != nil {
		_ = m.body.Close() // all that mattered is read
	}
}

// take returns what was said of a check, and forgets it. Lines are asked for in their order.
func (m *memory) take(line int, id, url string) (was failing, ok bool, err error) {
	for !m.ended && (len(m.window) == 0 || m.window[len(m.window)-1].Line < line+m.reach) {
		var f failing
		switch err := m.in.Decode(&f); {
		case errors.Is(err, io.EOF) || damaged(err):
			m.ended = true
		case err != nil:
			return was, false, err
		default:
			m.window = append(m.window, f)
		}
	}
	passed := 0
	for passed < len(m.window) && m.window[passed].Line < line-m.reach {
		passed++
	}
	m.window = m.window[passed:]
	found := -1
	for i, f := range m.window {
		if f.Line > line+m.reach {
			break
		}
		if f.same(id, url) && (found < 0 || f.Line == line) {
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

// damaged says whether err means that a file is not what this package writes. A connection that breaks is
// another error.
func damaged(err error) bool {
	_, syntax := errors.AsType[*json.SyntaxError](err)
	_, shape := errors.AsType[*json.UnmarshalTypeError](err)
	return syntax || shape || errors.Is(err, io.ErrUnexpectedEOF)
}
