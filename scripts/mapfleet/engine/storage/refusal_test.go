package storage

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/versity/versitygw/s3err"
	"golang.org/x/sys/unix"
)

// TestWalkLosesNothing: what cannot be listed is an error that names it, not a file less.
func TestWalkLosesNothing(t *testing.T) {
	t.Run("a name that is not UTF-8", func(t *testing.T) {
		root := t.TempDir()
		for _, name := range []string{"cat.jpg", "caf\xe9.jpg"} {
			if err := os.WriteFile(filepath.Join(root, name), []byte("x"), 0o644); err != nil {
				t.Skip("this file system takes no such name:", err)
			}
		}
		_, err := newFolder(root, nothing, modifiedETag).list(t.Context(), listing{limit: 10})
		var answer s3err.APIError
		if !errors.As(refusal(err), &answer) || answer.Code != "InvalidRequest" || !strings.Contains(answer.Description, `caf\xe9.jpg`) {
			t.Errorf("error %v, want InvalidRequest that names the file", refusal(err))
		}
	})
	t.Run("a link into a folder that may not be read", func(t *testing.T) {
		root, secret := t.TempDir(), filepath.Join(t.TempDir(), "secret")
		for _, step := range []error{
			os.Chmod(filepath.Dir(secret), 0o755), os.Mkdir(secret, 0o755), os.WriteFile(filepath.Join(secret, "dog.jpg"), []byte("x"), 0o644),
			os.Symlink(filepath.Join(secret, "dog.jpg"), filepath.Join(root, "dog.jpg")),
			os.Symlink("nowhere", filepath.Join(root, "dangling.jpg")), os.Symlink("loop.jpg", filepath.Join(root, "loop.jpg")),
			os.Symlink(strings.Repeat("n", 300), filepath.Join(root, "long.jpg")), os.Chmod(secret, 0),
		} {
			if step != nil {
				t.Fatal(step)
			}
		}
		t.Cleanup(func() { _ = os.Chmod(secret, 0o755) })
		w, err := newWalk(root, "", "", nothing)
		if err != nil {
			t.Fatal(err)
		}
		asNobody(t, func() { _, _, err = w.next() })
		var answer s3err.APIError
		if !errors.Is(err, fs.ErrPermission) || !errors.As(refusal(err), &answer) || answer.Code != "AccessDenied" {
			t.Errorf("error %v, want that permission is denied", err)
		}
	})
}

// asNobody calls f without the rights over all files that root has.
func asNobody(t *testing.T, f func()) {
	t.Helper()
	if os.Getuid() != 0 {
		f()
		return
	}
	done := make(chan error)
	go func() {
		runtime.LockOSThread() // only this thread loses them, and it ends with the goroutine
		err := unix.Setfsuid(65534)
		if err == nil {
			f()
		}
		done <- err
	}()
	if err := <-done; err != nil {
		t.Fatal(err)
	}
}

func TestPlain(t *testing.T) {
	err := plain(s3err.GetAPIError(s3err.ErrNoSuchKey))
	if got := err.Error(); !strings.HasPrefix(got, "NoSuchKey: ") || strings.Contains(got, "<") {
		t.Errorf("plain(NoSuchKey) = %q, want words", got)
	}
	if got := plain(fs.ErrClosed); got != fs.ErrClosed {
		t.Errorf("plain(%v) = %v", fs.ErrClosed, got)
	}
}
