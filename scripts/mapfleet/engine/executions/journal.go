package executions

import (
	"errors"
	"io/fs"
	"iter"
	"os"
	"path/filepath"
	"sync"
)

// Journal is an asl.Journal whose logs are files in one folder.
type Journal struct {
	folder string

	mu   sync.Mutex
	logs map[string]*lines
}

func (j *Journal) path(log string) string { return filepath.Join(j.folder, log+".jsonl") }

func (j *Journal) log(name string) *lines {
	j.mu.Lock()
	defer j.mu.Unlock()
	if j.logs == nil {
		j.logs = map[string]*lines{}
	}
	if j.logs[name] == nil {
		j.logs[name] = &lines{path: j.path(name)}
	}
	return j.logs[name]
}

// Append is asl.Journal's.
func (j *Journal) Append(log string, record []byte) error { return j.log(log).append(record) }

// Sync is asl.Journal's.
func (j *Journal) Sync(log string) error { return j.log(log).sync() }

// Read is asl.Journal's.
func (j *Journal) Read(log string) iter.Seq2[[]byte, error] { return readLines(j.path(log)) }

// Drop is asl.Journal's.
func (j *Journal) Drop(log string) error {
	j.mu.Lock()
	l := j.logs[log]
	delete(j.logs, log)
	j.mu.Unlock()
	var err error
	if l != nil {
		err = l.close()
	}
	if gone := os.Remove(j.path(log)); !errors.Is(gone, fs.ErrNotExist) {
		err = errors.Join(err, gone)
	}
	return err
}

// Close closes all files.
func (j *Journal) Close() error {
	j.mu.Lock()
	defer j.mu.Unlock()
	var err error
	for _, l := range j.logs {
		err = errors.Join(err, l.close())
	}
	j.logs = nil
	return err
}

// Delete closes and deletes all files.
func (j *Journal) Delete() error { return errors.Join(j.Close(), os.RemoveAll(j.folder)) }
