package survey

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"
	"unicode/utf8"

	"mapfleet/functions/job"
	"mapfleet/scripts/mapfleet/engine/storage"
)

// pageKeys is how many keys a listing returns at a time.
const pageKeys = 1000

// Folder adds the files below a folder whose keys start with prefix, as "mapfleet local" would list them, at
// most the first most of them; 0 is all. A file, or a name that cannot be a key, is refused as there. counted is
// told now and then how many there are.
func (s *Survey) Folder(ctx context.Context, folder, prefix string, most int, counted func(items int)) error {
	folder, err := filepath.EvalSymlinks(folder) // below it links to folders are not followed
	if err != nil {
		return err
	}
	if info, err := os.Stat(folder); err == nil && !info.IsDir() {
		return fmt.Errorf("%s is a file, must be a folder", folder)
	}
	return filepath.WalkDir(folder, func(name string, entry fs.DirEntry, err error) error {
		if err = errors.Join(err, ctx.Err()); err != nil {
			return err
		}
		if !utf8.ValidString(entry.Name()) {
			return fmt.Errorf("the name of %+q is not UTF-8, so it cannot be a key: rename it", name)
		}
		if entry.IsDir() {
			if storage.IsState(name) {
				return fs.SkipDir
			}
			return nil
		}
		relative, err := filepath.Rel(folder, name)
		key := filepath.ToSlash(relative)
		if err != nil || !strings.HasPrefix(key, prefix) {
			return err
		}
		info, err := os.Stat(name)
		if err != nil || !info.Mode().IsRegular() {
			return nil // a link into nothing, a socket, or gone meanwhile
		}
		if most > 0 && s.Items == most {
			return fs.SkipAll
		}
		s.Add(job.Item{Key: key, ETag: "file", Size: info.Size(), LastModified: info.ModTime().Truncate(time.Second), StorageClass: "STANDARD"})
		if s.Items%pageKeys == 1 {
			s.Lists++
			counted(s.Items)
		}
		return nil
	})
}
