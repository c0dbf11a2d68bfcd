package storage

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"unicode/utf8"
)

// walk goes over the files below a folder in the order of their keys, which is S3's: by UTF-8 bytes of
// the whole key, so that "a.jpg" comes before "a/b.jpg". It reads one folder at a time and holds no
// more than the names of the folders it is in. Links to files count as files; links to folders are not
// followed. A folder that may not be read, or a name that is not UTF-8, is an error: no file is lost
// without a word.
type walk struct {
	root   string
	prefix string // only keys that start with it
	skip   func(key string) bool
	stack  []level
}

// level is a folder that the walk is in: its key with the final slash, and what is left of it.
type level struct {
	key     string
	entries []string // names, with a final slash for a folder
}

// file is one file of a walk.
type file struct {
	key  string
	info fs.FileInfo
}

// noKey says that the name of a file or folder cannot be part of a key.
type noKey struct{ path string }

func (e noKey) Error() string {
	return fmt.Sprintf("the name of %+q is not UTF-8, so it cannot be a key: rename it", e.path)
}

// newWalk starts a walk behind the key after ("" for the beginning).
func newWalk(root, prefix, after string, skip func(key string) bool) (*walk, error) {
	w := &walk{root: root, prefix: prefix, skip: skip}
	return w, w.descend("", after)
}

// next returns the next file, ok false at the end.
func (w *walk) next() (f file, ok bool, err error) {
	for len(w.stack) > 0 {
		top := &w.stack[len(w.stack)-1]
		if len(top.entries) == 0 {
			w.stack = w.stack[:len(w.stack)-1]
			continue
		}
		name := top.entries[0]
		top.entries = top.entries[1:]
		key := top.key + name
		if !w.leads(key) || w.skip(key) {
			continue
		}
		if strings.HasSuffix(name, "/") {
			if err := w.descend(key, ""); err != nil {
				return file{}, false, err
			}
			continue
		}
		info, err := os.Stat(filepath.Join(w.root, filepath.FromSlash(key)))
		switch {
		case errors.Is(err, fs.ErrNotExist), errors.Is(err, syscall.ELOOP), errors.Is(err, syscall.ENOTDIR), errors.Is(err, syscall.ENAMETOOLONG):
			continue // a link into nothing, or gone meanwhile
		case err != nil:
			return file{}, false, err
		case info.Mode().IsRegular():
			return file{key, info}, true, nil
		}
	}
	return file{}, false, nil
}

// pass goes on behind all files whose keys start with start, without reading the folders they are in.
func (w *walk) pass(start string) {
	for len(w.stack) > 0 && strings.HasPrefix(w.stack[len(w.stack)-1].key, start) {
		w.stack = w.stack[:len(w.stack)-1]
	}
	if len(w.stack) == 0 {
		return
	}
	top := &w.stack[len(w.stack)-1]
	for len(top.entries) > 0 && strings.HasPrefix(top.key+top.entries[0], start) {
		top.entries = top.entries[1:]
	}
}

// unfinished says whether next may still return a file.
func (w *walk) unfinished() bool {
	for _, l := range w.stack {
		if len(l.entries) > 0 {
			return true
		}
	}
	return false
}

// leads says whether key has the walk's prefix or, for a folder, may hold keys that have it.
func (w *walk) leads(key string) bool {
	return strings.HasPrefix(key, w.prefix) || strings.HasSuffix(key, "/") && strings.HasPrefix(w.prefix, key)
}

// descend puts the folder key on the stack, without what sorts up to after; where after lies in one of
// its folders, that folder comes on top.
func (w *walk) descend(key, after string) error {
	children, err := os.ReadDir(filepath.Join(w.root, filepath.FromSlash(key)))
	if errors.Is(err, fs.ErrNotExist) && key != "" {
		return nil // gone meanwhile
	}
	if err != nil {
		return err
	}
	entries := make([]string, 0, len(children))
	for _, child := range children {
		name := child.Name()
		if !utf8.ValidString(name) {
			return noKey{filepath.Join(w.root, filepath.FromSlash(key), name)}
		}
		if child.IsDir() {
			name += "/"
		}
		behind := name > after || strings.HasSuffix(name, "/") && strings.HasPrefix(after, name)
		if behind {
			entries = append(entries, name)
		}
	}
	slices.Sort(entries)
	w.stack = append(w.stack, level{key, entries})
	if folder, rest := splitKey(after); folder != "" && len(entries) > 0 && entries[0] == folder {
		top := &w.stack[len(w.stack)-1]
		top.entries = top.entries[1:]
		if w.leads(key+folder) && !w.skip(key+folder) {
			return w.descend(key+folder, rest)
		}
	}
	return nil
}

// splitKey splits off the first folder of a key, with its slash; none gives "".
func splitKey(key string) (folder, rest string) {
	if i := strings.IndexByte(key, '/'); i >= 0 {
		return key[:i+1], key[i+1:]
	}
	return "", key
}
