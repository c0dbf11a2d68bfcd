package survey

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"mapfleet/functions/job"
)

// pageKeys is how many keys a listing returns at a time.
const pageKeys = 1000

// Folder adds the files below a folder whose keys start with prefix, as "mapfleet local" would list them, at
// most the first most of them; 0 is all. counted is told now and then how many there are.
func (s *Survey) Folder(ctx context.Context, folder, prefix string, most int, counted func(items int)) error {
	return filepath.WalkDir(folder, func(name string, entry fs.DirEntry, err error) error {
		if err = errors.Join(err, ctx.Err()); err != nil {
			return err
		}
		if entry.IsDir() {
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
