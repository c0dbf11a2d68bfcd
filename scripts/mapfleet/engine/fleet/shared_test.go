package fleet

import (
	"net"
	"sync"
	"syscall"
	"testing"
	"time"
)

// shared is a fleet of two processes that take three events each.
func shared(t testing.TB, change func(*Function)) *Fleet {
	t.Helper()
	return open(t, func(f *Function) {
		f.Environments, f.Processes = 6, 2
		if change != nil {
			change(f)
		}
	})
}

// together invokes a function with so many events, lets none go on before all are at work, and hands what
// each ends with to end.
func together(t *testing.T, f *Fleet, n int, do string, end func(reply, error)) {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	var mu sync.Mutex
	var group sync.WaitGroup
	for range n {
		group.Go(func() {
			r, err := invoke(t, f, do, listener.Addr().String())
			mu.Lock()
			defer mu.Unlock()
			end(r, err)
		})
	}
	var met []net.Conn
	for range n {
		conn, err := listener.Accept()
		if err != nil {
			t.Fatal(err)
		}
		defer conn.Close()
		met = append(met, conn)
	}
	for _, conn := range met {
		if _, err := conn.Write([]byte{1}); err != nil && do == "meet" {
			t.Error(err)
		}
	}
	group.Wait()
}

// meet returns how many of n events at once each process answered.
func meet(t *testing.T, f *Fleet, n int) map[int]int {
	t.Helper()
	answered := map[int]int{}
	together(t, f, n, "meet", func(r reply, err error) {
		if err != nil {
			t.Error(err)
		}
		answered[r.Pid]++
	})
	return answered
}

func TestProcesses_share_the_events(t *testing.T) {
	f := shared(t, nil)
	for range 2 {
		answered := meet(t, f, 6)
		if len(answered) != 2 {
			t.Errorf("processes answered %v of 6 events, want 2 processes", answered)
		}
		for pid, n := range answered {
			if n != 3 {
				t.Errorf("process %d answered %d of 6 events, want 3", pid, n)
			}
		}
	}
}

// TestProcesses_one_event_each: as long as there may be more processes none takes a second event.
func TestProcesses_one_event_each(t *testing.T) {
	f := shared(t, nil)
	if answered := meet(t, f, 2); len(answered) != 2 {
		t.Errorf("processes answered %v, want two that answer one each", answered)
	}
}

func TestProcesses_that_end_take_their_events_with_them(t *testing.T) {
	f := shared(t, nil)
	together(t, f, 6, "die", func(_ reply, err error) { wantError(t, err, "Runtime.ExitError", "killed") })
	if answered := meet(t, f, 6); len(answered) != 2 {
		t.Errorf("processes answered %v afterwards, want two new ones", answered)
	}
}

// TestProcesses_an_event_out_of_time is given up alone: the process goes on with the others.
func TestProcesses_an_event_out_of_time(t *testing.T) {
	f := shared(t, func(f *Function) { f.Environments, f.Processes, f.Timeout = 2, 1, 700*time.Millisecond })
	first, err := invoke(t, f, "echo", "hello")
	if err != nil {
		t.Fatal(err)
	}
	_, err = invoke(t, f, "hang", "")
	wantError(t, err, "Sandbox.Timedout", "timed out after 0.70 seconds")
	if r, err := invoke(t, f, "echo", "fine"); err != nil || r.Pid != first.Pid {
		t.Errorf("after a timeout: %+v, %v, want an answer of process %d", r, err, first.Pid)
	}
	_, err = invoke(t, f, "hang", "")
	wantError(t, err, "Sandbox.Timedout", "timed out")
	if r, err := invoke(t, f, "echo", "fine"); err != nil || r.Pid == first.Pid {
		t.Errorf("after as many timeouts as it has places: %+v, %v, want another process than %d", r, err, first.Pid)
	}
	if err := syscall.Kill(first.Pid, 0); err == nil {
		t.Errorf("process %d, which takes no event any more, is still there", first.Pid)
	}
}

func TestProcesses_that_do_not_start(t *testing.T) {
	f := shared(t, func(f *Function) { f.Env = []string{"MODE=broken"} })
	var group sync.WaitGroup
	for range 6 {
		group.Go(func() {
			_, err := invoke(t, f, "echo", "")
			wantError(t, err, "Runtime.ExitError", "cannot start: no configuration")
		})
	}
	group.Wait()
}
