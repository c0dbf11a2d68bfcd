package storage

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/pkg/xattr"
	"github.com/versity/versitygw/backend/meta"
	"github.com/versity/versitygw/backend/posix"
)

func openBuckets(c Config) (*buckets, error) {
	if info, err := os.Stat(c.Source); err != nil {
		return nil, err
	} else if !info.IsDir() {
		return nil, &fs.PathError{Op: "open", Path: c.Source, Err: errors.New("not a folder")}
	}
	for _, dir := range []string{c.Destination, c.State, filepath.Join(c.State, Work)} {
		if err := os.MkdirAll(dir, 0o755); err != nil {
			return nil, err
		}
	}
	if err := relink(c.Destination, filepath.Join(c.State, Destination)); err != nil {
		return nil, err
	}
	source := filepath.Join(c.State, Source)
	if c.Writable {
		if err := relink(c.Source, source); err != nil {
			return nil, err
		}
	} else if _, err := os.Readlink(source); err == nil { // of a server that could write
		if err := os.Remove(source); err != nil {
			return nil, err
		}
	}
	var storer meta.MetadataStorer = meta.XattrMeta{}
	// No other process writes here, so locks can stay in memory. A named temporary file that is renamed
	// costs half of an anonymous one that is linked (BenchmarkPut), and is as whole or as absent.
	options := posix.PosixOpts{BucketLinks: true, ForceNoObjLockFile: true, ForceNoTmpFile: true, CopyObjectThreshold: 5 << 30}
	written := []string{c.Destination, c.State}
	if c.Writable {
		written = append(written, c.Source)
	}
	for _, folder := range written {
		if !keepsAttributes(folder) {
			return nil, fmt.Errorf("%s must be on a file system with extended attributes (user.*), where an object keeps its metadata", folder)
		}
	}
	backend, err := posix.New(c.State, storer, options)
	if err != nil {
		return nil, err
	}
	state := stateIn(c.Source)
	internal := func(key string) bool {
		path := filepath.Join(c.Destination, filepath.FromSlash(key))
		return path == c.State || unfinishedKey(key)
	}
	stored := func(bucket string) func(file) string {
		return func(f file) string {
			etag, _ := storer.RetrieveAttribute(nil, bucket, f.key, "etag")
			return string(etag)
		}
	}
	work := filepath.Join(c.State, Work)
	b := &buckets{
		Posix:   backend,
		created: c.Created,
		listed: map[string]*folder{
			Source:      newFolder(c.Source, state, modifiedETag),
			Destination: newFolder(c.Destination, internal, stored(c.Destination)),
			Work:        newFolder(work, internal, stored(work)),
		},
	}
	if c.Writable {
		b.listed[Source].skip = func(key string) bool { return state(key) || unfinishedKey(key) }
		b.dropped = map[string]*folder{Source: b.listed[Source]}
	} else {
		b.readOnly = map[string]*folder{Source: b.listed[Source]}
	}
	return b, nil
}

// unfinishedKey says whether a key is one of the library's own files in a bucket.
func unfinishedKey(key string) bool {
	return strings.HasPrefix(key, posix.MetaTmpDir+"/") || strings.HasPrefix(key, ".vgwlocks")
}

// stateIn says of a key in a bucket's folder whether it is one's with runs' state; keys of folders end with a slash.
func stateIn(root string) func(key string) bool {
	return func(key string) bool {
		return strings.HasSuffix(key, "/") && IsState(filepath.Join(root, filepath.FromSlash(key)))
	}
}

// IsState says whether a folder is one in which runs keep their state, where they do by default: its previews
// are nobody's photographs, its files are none. A source has none of it. A folder that has no more than the
// name, .mapfleet, is like any other.
func IsState(folder string) bool {
	if filepath.Base(folder) != ".mapfleet" {
		return false
	}
	lock, err := os.Lstat(filepath.Join(folder, "lock"))
	if err != nil || !lock.Mode().IsRegular() {
		return false
	}
	work, err := os.Lstat(filepath.Join(folder, Work))
	return err == nil && work.IsDir()
}

// relink makes link point to target.
func relink(target, link string) error {
	if now, err := os.Readlink(link); err == nil && now == target {
		return nil
	}
	if err := os.Remove(link); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return os.Symlink(target, link)
}

// keepsAttributes says whether files in dir can have extended attributes.
func keepsAttributes(dir string) bool {
	f, err := os.CreateTemp(dir, ".attributes-*")
	if err != nil {
		return true // the first write will say what is wrong
	}
	defer os.Remove(f.Name())
	defer f.Close()
	return xattr.FSet(f, "user.mapfleet", []byte("1")) == nil
}
