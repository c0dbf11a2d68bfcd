package main

import (
	"os"
	"runtime"
	"syscall"

	"golang.org/x/sys/unix"
)

// confined says, in the environment, that the process keeps to its processors already.
const confined = "MAPFLEET_BENCH_CONFINED"

// confine keeps this process, and those that it starts, to so many processors: it starts itself anew
// there, since a process that runs has threads elsewhere.
func confine(processors int) error {
	if os.Getenv(confined) != "" {
		return nil
	}
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	var allowed, some unix.CPUSet
	if err := unix.SchedGetaffinity(0, &allowed); err != nil {
		return err
	}
	for cpu := range len(allowed) * 64 {
		if allowed.IsSet(cpu) && some.Count() < processors {
			some.Set(cpu)
		}
	}
	if err := unix.SchedSetaffinity(0, &some); err != nil {
		return err
	}
	self, err := os.Executable()
	if err != nil {
		return err
	}
	return syscall.Exec(self, os.Args, append(os.Environ(), confined+"=1"))
}
