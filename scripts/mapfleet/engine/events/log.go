package events

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"time"
)

// message is one event on its way.
type message struct {
	ID    string    `json:"id"`
	Body  string    `json:"body"`
	Sent  time.Time `json:"sent"`
	Tries int       `json:"tries"`
	Why   string    `json:"why,omitzero"` // of the last try that failed
}

// entry is a line of the log: a message as it stands now, or the ids of those that are done.
type entry struct {
	Message *message `json:"message,omitzero"`
	Done    []string `json:"done,omitzero"`
}

// log is the file that keeps what is in the queue. Not for concurrent use.
type log struct {
	path string
	file *os.File
	size int64 // bytes
	live int64 // bytes of messages that are not done
	open map[string]kept
	last int // number of the message that came last
}

// kept is a message that is open, with its place in the order of their arrival.
type kept struct {
	message
	number int
}

// compactFrom is the size in bytes from which a log is written anew without what is done.
const compactFrom = 4 << 20

// openLog returns the log and the messages that are in it, in their order. What the end of a process left
// of a last line is cut off.
func openLog(path string) (*log, []message, error) {
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return nil, nil, err
	}
	data, err := os.ReadFile(path)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, nil, err
	}
	l := &log{path: path, open: map[string]kept{}}
	if err := l.replay(data); err != nil {
		return nil, nil, fmt.Errorf("read %s: %w", path, err)
	}
	if l.file, err = os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o644); err != nil {
		return nil, nil, err
	}
	if err := l.rest(); err != nil {
		return nil, nil, errors.Join(err, l.file.Close())
	}
	return l, l.messages(), nil
}

// replay takes in the whole lines of data.
func (l *log) replay(data []byte) error {
	for {
		line, rest, whole := bytes.Cut(data, []byte("\n"))
		if !whole {
			return nil
		}
		var e entry
		if err := json.Unmarshal(line, &e); err != nil {
			return err
		}
		l.note(e)
		l.size += int64(len(line)) + 1
		data = rest
	}
}

// note changes what is open.
func (l *log) note(e entry) {
	for _, id := range e.Done {
		l.live -= int64(len(l.open[id].Body))
		delete(l.open, id)
	}
	if m := e.Message; m != nil {
		before, again := l.open[m.ID]
		if !again {
			l.last++
			before.number = l.last
		}
		l.live += int64(len(m.Body)) - int64(len(before.Body))
		l.open[m.ID] = kept{*m, before.number}
	}
}

// messages returns what is open, in the order of its arrival.
func (l *log) messages() []message {
	var messages []message
	for _, k := range slices.SortedFunc(maps.Values(l.open), func(a, b kept) int { return cmp.Compare(a.number, b.number) }) {
		messages = append(messages, k.message)
	}
	return messages
}

// put keeps a message as it stands.
func (l *log) put(m message) error {
	e := entry{Message: &m}
	l.note(e)
	return l.write(e)
}

// done forgets messages.
func (l *log) done(ids []string) error {
	if len(ids) == 0 {
		return nil
	}
	e := entry{Done: ids}
	l.note(e)
	if err := l.write(e); err != nil {
		return err
	}
	return l.rest()
}

// rest empties the file when nothing is open, and writes it anew when most of it is done.
func (l *log) rest() error {
	if len(l.open) == 0 {
		l.size = 0
	}
	if l.size < compactFrom || l.size < 4*l.live {
		return l.file.Truncate(l.size)
	}
	next, err := os.CreateTemp(filepath.Dir(l.path), ".new-*")
	if err != nil {
		return err
	}
	fresh := log{file: next} // for its write alone
	for _, m := range l.messages() {
		if err = errors.Join(err, fresh.write(entry{Message: &m})); err != nil {
			break
		}
	}
	if err == nil {
		err = os.Rename(next.Name(), l.path)
	}
	if err != nil {
		return errors.Join(err, next.Close(), os.Remove(next.Name()))
	}
	err = l.file.Close()
	l.file, l.size = next, fresh.size
	return err
}

// write adds a whole line, or nothing.
func (l *log) write(e entry) error {
	data, err := json.Marshal(e)
	if err != nil {
		return err
	}
	n, err := l.file.WriteAt(append(data, '\n'), l.size)
	if err != nil {
		if n > 0 {
			err = errors.Join(err, l.file.Truncate(l.size))
		}
		return err
	}
	l.size += int64(n)
	return nil
}
