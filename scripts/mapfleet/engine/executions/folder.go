package executions

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"mapfleet/statemachine/asl"
)

// Folder holds executions, each under its Key. Only one process may write to it at a time; many goroutines may, for
// different executions.
type Folder struct{ path string }

// In returns the folder at path, which Create makes when it is needed.
func In(path string) Folder { return Folder{path} }

// The files of an execution.
const (
	recordFile     = "execution.json"
	definitionFile = "definition.asl.json"
	historyFile    = "history.jsonl"
	mapRunsFile    = "mapruns.jsonl"
	journalFolder  = "journal"
)

func (f Folder) file(key, file string) string { return filepath.Join(f.path, key, file) }

// Create begins to keep an execution with the definition that it runs by. The error wraps fs.ErrExist if
// there is one of its Key.
func (f Folder) Create(x Execution, definition string) error {
	key := x.Key()
	if key == "" || key != filepath.Base(key) || strings.HasPrefix(key, ".") {
		return fmt.Errorf("keep execution: %q is no name", key)
	}
	if err := os.MkdirAll(f.path, 0o755); err != nil {
		return err
	}
	if err := os.Mkdir(filepath.Join(f.path, key), 0o755); err != nil {
		return err
	}
	err := replace(f.file(key, definitionFile), []byte(definition))
	if err == nil {
		err = f.Update(x)
	}
	if err != nil { // as on a full disk: its name is free again
		err = errors.Join(err, os.RemoveAll(filepath.Join(f.path, key)))
	}
	return err
}

// Update puts x in the place of what was known.
func (f Folder) Update(x Execution) error {
	data, err := json.MarshalIndent(x, "", "  ")
	if err != nil {
		return err
	}
	return replace(f.file(x.Key(), recordFile), append(data, '\n'))
}

// replace writes a file whole or not at all.
func replace(path string, data []byte) error {
	file, err := os.CreateTemp(filepath.Dir(path), ".new-*")
	if err != nil {
		return err
	}
	defer os.Remove(file.Name())
	_, err = file.Write(data)
	if err := errors.Join(err, file.Chmod(0o644), file.Sync(), file.Close()); err != nil {
		return err
	}
	return os.Rename(file.Name(), path)
}

// Read returns an execution. The error wraps fs.ErrNotExist if there is none of that key.
func (f Folder) Read(key string) (Execution, error) {
	var x Execution
	data, err := os.ReadFile(f.file(key, recordFile))
	if err != nil {
		return x, err
	}
	if err := json.Unmarshal(data, &x); err != nil {
		return x, fmt.Errorf("read %s: %w", f.file(key, recordFile), err)
	}
	return x, nil
}

// All returns all executions, those that started last at the end. Where one cannot be read, the others
// are returned with the error.
func (f Folder) All() ([]Execution, error) {
	entries, err := os.ReadDir(f.path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	var all []Execution
	for _, entry := range entries {
		x, err2 := f.Read(entry.Name())
		if errors.Is(err2, fs.ErrNotExist) {
			continue // its process ended before there was anything to keep
		}
		if err2 != nil {
			err = errors.Join(err, err2)
			continue
		}
		all = append(all, x)
	}
	slices.SortStableFunc(all, func(a, b Execution) int { return a.Start.Compare(b.Start) })
	return all, err
}

// Definition returns the definition that an execution runs by, on each redrive too.
func (f Folder) Definition(key string) (string, error) {
	data, err := os.ReadFile(f.file(key, definitionFile))
	return string(data), err
}

// MapRuns returns the Map Runs of an execution, each as it was told of last.
func (f Folder) MapRuns(key string) ([]asl.MapRun, error) {
	var runs []asl.MapRun
	for line, err := range readLines(f.file(key, mapRunsFile)) {
		var run asl.MapRun
		if err == nil {
			err = json.Unmarshal(line, &run)
		}
		if err != nil {
			return nil, fmt.Errorf("read %s: %w", f.file(key, mapRunsFile), err)
		}
		if i := slices.IndexFunc(runs, func(r asl.MapRun) bool { return r.ARN == run.ARN }); i >= 0 {
			runs[i] = run
			continue
		}
		runs = append(runs, run)
	}
	return runs, nil
}

// Journal returns the journal of an execution. The caller closes it.
func (f Folder) Journal(key string) *Journal { return &Journal{folder: f.file(key, journalFolder)} }
