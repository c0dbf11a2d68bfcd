package fleet

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"sync"
	"testing"
	"time"
)

// parent is a process with a fleet whose function is at work and holds a connection to address.
func parent(address string) int {
	self, err := os.Executable()
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	dir, err := os.MkdirTemp("", "mapfleet-fleet-*")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	event, _ := json.Marshal(request{"hold", address})
	fleet := New(dir, Function{Name: "echo", Bootstrap: self, Timeout: time.Hour, MemoryMB: 512, Environments: 1})
	_, err = fleet.Invoke(context.Background(), "echo", event)
	fmt.Fprintln(os.Stderr, err)
	return 1
}

// TestInvoke_a_parent_that_is_killed takes its functions with it, even those in the middle of an event.
func TestInvoke_a_parent_that_is_killed(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("only Linux ends a process with its parent")
	}
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	command := exec.CommandContext(t.Context(), self)
	command.Env = append(os.Environ(), "FLEET_TEST_PARENT="+listener.Addr().String(), "TMPDIR="+t.TempDir())
	command.Stderr = os.Stderr
	if err := command.Start(); err != nil {
		t.Fatal(err)
	}
	held, err := listener.Accept()
	if err != nil {
		t.Fatal(err)
	}
	defer held.Close()
	if err := errors.Join(command.Process.Kill(), held.SetReadDeadline(time.Now().Add(30*time.Second))); err != nil {
		t.Fatal(err)
	}
	_ = command.Wait()
	if _, err := held.Read(make([]byte, 1)); errors.Is(err, os.ErrDeadlineExceeded) {
		t.Errorf("the function still holds its connection 30 s after its parent was killed: %v, want %v", err, io.EOF)
	}
}

// TestInvoke_a_thread_that_ends: a process outlives the thread of whoever asked for it.
func TestInvoke_a_thread_that_ends(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("needs /proc to see the thread's end")
	}
	f := open(t, nil)
	first, thread := make(chan reply, 1), make(chan string, 1)
	var begin func()
	begin = func() {
		runtime.LockOSThread() // and not unlocked: the thread ends with the goroutine
		own, _ := os.Readlink("/proc/thread-self")
		if filepath.Base(own) == strconv.Itoa(os.Getpid()) { // but for the main one: another takes over
			var other sync.WaitGroup
			other.Go(begin)
			other.Wait()
			runtime.UnlockOSThread()
			return
		}
		r, err := invoke(t, f, "echo", "first")
		if err != nil {
			t.Error(err)
		}
		first <- r
		thread <- filepath.Join("/proc", own)
	}
	go begin()
	r, path := <-first, <-thread
	tick := time.NewTicker(time.Millisecond)
	defer tick.Stop()
	for deadline := time.Now().Add(30 * time.Second); ; <-tick.C {
		if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
			break
		}
		if time.Now().After(deadline) {
			t.Fatalf("%s is still there after 30 s", path)
		}
	}
	if again, err := invoke(t, f, "echo", "again"); err != nil || again.Pid != r.Pid {
		t.Fatalf("process %d, %v, want %d to go on", again.Pid, err, r.Pid)
	}
}
