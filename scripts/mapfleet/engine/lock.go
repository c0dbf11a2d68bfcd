package engine

import (
	"fmt"
	"os"
	"path/filepath"
	"syscall"
)

// lockState takes the state folder for this process until the file is closed, or the process ends.
func lockState(state string) (*os.File, error) {
	f, err := os.OpenFile(filepath.Join(state, "lock"), os.O_CREATE|os.O_RDWR, 0o644)
	if err != nil {
		return nil, err
	}
	if err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		f.Close()
		return nil, fmt.Errorf("%s: another run is at work in this folder; wait for it, or name another --state", state)
	}
	return f, nil
}
