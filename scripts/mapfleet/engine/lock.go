package engine

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"syscall"
)

// InUse says that a State folder cannot be taken, and by whom it is.
type InUse struct {
	State  string
	Server string // URL of the "mapfleet serve" that holds it; empty: a run of its own, or somebody who looks at it
}

func (e InUse) Error() string {
	if e.Server != "" {
		return fmt.Sprintf("%s: mapfleet serve is at work in this folder, at %s: reach it there by --endpoint-url %s, or end it", e.State, e.Server, e.Server)
	}
	return e.State + ": another run is at work in this folder; wait for it, or name another --state"
}

// lockState takes the state folder for this process until the file is closed, or the process ends. The error is an
// InUse if another has it.
func lockState(state string) (*os.File, error) { return lock(state, syscall.LOCK_EX) }

// Share keeps engines off a State folder until what it returns is closed: nothing in it changes meanwhile. Many may
// share it. The error is an InUse if an engine is at work there.
func Share(state string) (io.Closer, error) { return lock(state, syscall.LOCK_SH) }

func lock(state string, how int) (*os.File, error) {
	f, err := os.OpenFile(filepath.Join(state, "lock"), os.O_CREATE|os.O_RDWR, 0o644)
	if err != nil {
		return nil, err
	}
	if err := syscall.Flock(int(f.Fd()), how|syscall.LOCK_NB); err != nil {
		server, _ := io.ReadAll(io.LimitReader(f, 1000)) // a help, no more
		return nil, errors.Join(InUse{state, string(server)}, f.Close())
	}
	// What a server that was killed has left in it is true no more.
	if err := f.Truncate(0); err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return f, nil
}

// tell leaves word in the lock of where its server is reached.
func tell(lock *os.File, url string) error {
	_, err := lock.WriteAt([]byte(url), 0)
	return err
}
