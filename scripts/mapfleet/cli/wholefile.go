package cli

import (
	"bufio"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"mapfleet/functions/prepare/upload"
)

// wholeFile is a file that appears under its name once it is whole, or never.
type wholeFile struct {
	*bufio.Writer
	path string
	temp *os.File
}

// newWholeFile makes a temporary file beside path. The caller commits or discards it, from any working directory:
// the server of folders changes that of the process.
func newWholeFile(path string) (*wholeFile, error) {
	given := path
	path, err := filepath.Abs(path)
	if err != nil {
		return nil, err
	}
	temp, err := os.OpenFile(path+"."+rand.Text()[:8]+".part", os.O_CREATE|os.O_EXCL|os.O_RDWR, 0o644)
	if e, ok := errors.AsType[*fs.PathError](err); ok {
		return nil, fmt.Errorf("write %s: %w", given, e.Err) // nobody has heard of the temporary name
	}
	if err != nil {
		return nil, err
	}
	return &wholeFile{bufio.NewWriterSize(temp, 256<<10), path, temp}, nil
}

// commit gives the file its name, in place of what had it.
func (f *wholeFile) commit() error {
	if err := f.Flush(); err != nil {
		return err
	}
	if err := f.temp.Close(); err != nil {
		return err
	}
	return os.Rename(f.temp.Name(), f.path)
}

// discard takes the file away.
func (f *wholeFile) discard() {
	f.temp.Close()
	os.Remove(f.temp.Name())
}

// whole takes what appears under its name when it is committed, or never.
type whole interface {
	io.Writer
	commit() error
	discard() // does nothing once it is committed
}

// openFile begins a file, nil without a path.
func openFile(flag, path string) (whole, error) {
	if path == "" {
		return nil, nil
	}
	if info, err := os.Stat(path); err == nil && info.IsDir() {
		return nil, usagef("%s: %s is a folder, must be a file", flag, path)
	}
	f, err := newWholeFile(path)
	if err != nil {
		return nil, usagef("%s: %w", flag, err)
	}
	return f, nil
}

// wholeObject is an object on its way to the work bucket.
type wholeObject struct{ *upload.Object }

func (o wholeObject) commit() error { return o.Close() }
func (o wholeObject) discard()      { o.Abort() }

// commit makes all of them appear, that are any.
func commit(all ...whole) error {
	for _, one := range all {
		if one == nil {
			continue
		}
		if err := one.commit(); err != nil {
			return err
		}
	}
	return nil
}

func discard(all ...whole) {
	for _, one := range all {
		if one != nil {
			one.discard()
		}
	}
}
