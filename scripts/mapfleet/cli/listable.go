package cli

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"unicode/utf8"

	"mapfleet/functions/job"
	"mapfleet/scripts/mapfleet/engine/storage"
)

// shownUnlistable is how many names an error tells.
const shownUnlistable = 10

// listable refuses a folder whose listing would fail on its way, by all the names that keep it from being listed:
// a run finds the first of them only, in the middle of its work, and in the words of S3. Names alone are
// read, and where the input needs no listing, or a part of one, nothing is.
func listable(ctx context.Context, folder string, in job.Input) error {
	if in.Manifest != "" || in.Keys != nil || in.RetryFailuresOf != "" || in.MaxItems > 0 {
		return nil
	}
	var bad []string
	found := 0
	wrong := func(key, why string) {
		if found++; found <= shownUnlistable {
			bad = append(bad, fmt.Sprintf("  %+q %s", key, why))
		}
	}
	for folders := []string{""}; len(folders) > 0; {
		if err := ctx.Err(); err != nil {
			return errors.New("interrupted before anything was started")
		}
		below := folders[len(folders)-1]
		folders = folders[:len(folders)-1]
		entries, err := os.ReadDir(filepath.Join(folder, below))
		if problem, ok := errors.AsType[*fs.PathError](err); ok && !errors.Is(err, fs.ErrNotExist) {
			wrong(below, fmt.Sprintf(`cannot be read: %v; "prefix" in the input names a part without it`, problem.Err))
		}
		for _, entry := range entries {
			key := below + entry.Name()
			if !utf8.ValidString(entry.Name()) {
				wrong(key, "is not UTF-8, so it cannot be a key: rename it")
				continue
			}
			if key += "/"; entry.IsDir() && !storage.IsState(filepath.Join(folder, key)) && (strings.HasPrefix(key, in.Prefix) || strings.HasPrefix(in.Prefix, key)) {
				folders = append(folders, key)
			}
		}
	}
	if found > shownUnlistable {
		bad = append(bad, fmt.Sprintf("  … and %s more", count(found-shownUnlistable)))
	}
	if found > 0 {
		return usagef("--in: %s of %s cannot be listed, so nothing is started:\n%s", counted(found, "name", "names"), folder, strings.Join(bad, "\n"))
	}
	return nil
}
