package asl

import (
	"iter"
	"slices"
	"strings"
	"sync"
	"testing"
)

// memory is a Journal that remembers in which order everything came, so that every moment of a run can
// be cut out of it.
type memory struct {
	mu    sync.Mutex
	all   []remembered
	fails int // Append fails from this record on, counted over all logs; 0: never
}

// remembered is a record, or that its log was dropped.
type remembered struct{ log, record string }

const dropped = ""

func (m *memory) Append(log string, record []byte) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.fails > 0 && len(m.all)+1 >= m.fails {
		return errFull
	}
	m.all = append(m.all, remembered{log, string(record)})
	return nil
}

func (m *memory) Sync(string) error { return nil }

func (m *memory) Read(log string) iter.Seq2[[]byte, error] {
	records := m.log(log)
	return func(yield func([]byte, error) bool) {
		for _, r := range records {
			if !yield([]byte(r), nil) {
				return
			}
		}
	}
}

// log returns the records of a log.
func (m *memory) log(name string) (records []string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, r := range m.all {
		switch {
		case r.log == name && r.record == dropped:
			records = nil
		case r.log == name:
			records = append(records, r.record)
		}
	}
	return records
}

func (m *memory) Drop(log string) error {
	if len(m.log(log)) == 0 {
		return nil
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	m.all = append(m.all, remembered{log, dropped})
	return nil
}

// logs returns the names of the logs that are there, without that of the steps.
func (m *memory) logs() (names []string) {
	for _, r := range m.all {
		if r.log != stepsLog && !slices.Contains(names, r.log) && len(m.log(r.log)) > 0 {
			names = append(names, r.log)
		}
	}
	return names
}

func TestJournal_is_told_apart_from_what_it_keeps(t *testing.T) {
	j := &memory{all: []remembered{{stepsLog, `{"to":"S","input":1}`}, {stepsLog, `{"to":`}}}
	_, err := positionIn(j)
	if err == nil || !strings.Contains(err.Error(), "journal steps: record 2") {
		t.Errorf("positionIn = %v, want an error that names the log and the record", err)
	}
}
