package fleet

import "syscall"

// ownGroup are the attributes of a process in a group of its own that does not outlive this process, however
// this one ends. The signal comes when the thread ends that started it, which must therefore last.
// https://man7.org/linux/man-pages/man2/PR_SET_PDEATHSIG.2const.html
func ownGroup() *syscall.SysProcAttr {
	return &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL}
}
