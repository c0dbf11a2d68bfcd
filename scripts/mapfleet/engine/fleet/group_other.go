//go:build !linux

package fleet

import "syscall"

// ownGroup are the attributes of a process in a group of its own. If this process is killed, it ends once it
// has done with its event: nobody answers when it asks for the next.
func ownGroup() *syscall.SysProcAttr {
	return &syscall.SysProcAttr{Setpgid: true}
}
