package storage

import (
	"errors"
	"os"
	"path/filepath"
	"syscall"

	"github.com/versity/versitygw/backend/posix"
)

// unfinished is where puts into a bucket's folder are written until they are whole. Servers on the same
// folder share it.
type unfinished struct{ folder *os.File }

// openUnfinished takes away what a server that was killed has left there, unless another one is at work.
func openUnfinished(bucket string) (unfinished, error) {
	path := filepath.Join(bucket, posix.MetaTmpDir)
	if err := os.MkdirAll(path, 0o755); err != nil {
		return unfinished{}, err
	}
	folder, err := os.Open(path)
	if err != nil {
		return unfinished{}, err
	}
	u := unfinished{folder}
	if u.alone() {
		var entries []os.DirEntry
		entries, err = os.ReadDir(path)
		for _, entry := range entries {
			err = errors.Join(err, os.RemoveAll(filepath.Join(path, entry.Name())))
		}
	}
	if err = errors.Join(err, syscall.Flock(int(folder.Fd()), syscall.LOCK_SH)); err != nil {
		return unfinished{}, errors.Join(err, folder.Close())
	}
	return u, nil
}

// alone says whether no other server is at work on the folder, and keeps others waiting until close or a
// lock that is shared.
func (u unfinished) alone() bool {
	return syscall.Flock(int(u.folder.Fd()), syscall.LOCK_EX|syscall.LOCK_NB) == nil
}

// close takes away what the library leaves, if no other server needs it: folders that posix makes in a
// bucket for its own use.
func (u unfinished) close() error {
	if u.alone() {
		bucket := filepath.Dir(u.folder.Name())
		for _, name := range []string{posix.MetaTmpDir + "/multipart", posix.MetaTmpDir, ".vgwlocks"} {
			_ = os.Remove(filepath.Join(bucket, name)) // only if empty
		}
	}
	return u.folder.Close()
}
