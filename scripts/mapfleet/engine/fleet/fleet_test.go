package fleet

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"os"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/lambda"
	"github.com/aws/aws-lambda-go/lambdacontext"
)

// The test binary is the bootstrap of its own functions: started with a Runtime API, it is one.
func TestMain(m *testing.M) {
	if os.Getenv("FLEET_TEST_PARENT") != "" {
		os.Exit(parent(os.Getenv("FLEET_TEST_PARENT")))
	}
	if os.Getenv("AWS_LAMBDA_RUNTIME_API") != "" {
		if os.Getenv("MODE") == "broken" {
			fmt.Fprintln(os.Stderr, "cannot start: no configuration")
			os.Exit(3)
		}
		lambda.Start(handle)
		return
	}
	os.Exit(m.Run())
}

type request struct{ Do, With string }

type reply struct {
	Said     string
	Pid      int
	Memory   string
	Deadline time.Duration
	ARN      string
	Secret   string
}

type Refused struct{ Why string }

func (r Refused) Error() string { return r.Why }

func handle(ctx context.Context, r request) (reply, error) {
	switch r.Do {
	case "refuse":
		return reply{}, Refused{r.With}
	case "panic":
		panic(r.With)
	case "exit":
		fmt.Fprintln(os.Stderr, "fatal error: out of memory")
		os.Exit(137)
	case "hang":
		time.Sleep(time.Hour)
	case "hold": // a connection, for as long as the process lives
		if _, err := net.Dial("tcp", r.With); err != nil {
			return reply{}, err
		}
		time.Sleep(time.Hour)
	case "meet", "die": // once all are at work
		conn, err := net.Dial("tcp", r.With)
		if err != nil {
			return reply{}, err
		}
		defer conn.Close()
		if _, err := conn.Read(make([]byte, 1)); err != nil {
			return reply{}, err
		}
		if r.Do == "die" {
			return reply{}, syscall.Kill(os.Getpid(), syscall.SIGKILL)
		}
	case "wait":
		d, err := time.ParseDuration(r.With)
		if err != nil {
			return reply{}, err
		}
		time.Sleep(d)
	}
	deadline, _ := ctx.Deadline()
	lc, _ := lambdacontext.FromContext(ctx)
	return reply{r.With, os.Getpid(), strconv.Itoa(lambdacontext.MemoryLimitInMB), time.Until(deadline), lc.InvokedFunctionArn, os.Getenv("FLEET_TEST_SECRET")}, nil
}

func open(t testing.TB, change func(*Function)) *Fleet {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	f := Function{Name: "echo", Bootstrap: self, Timeout: 20 * time.Second, MemoryMB: 512, Environments: 2}
	if change != nil {
		change(&f)
	}
	fleet := New(t.TempDir(), f)
	t.Cleanup(fleet.Close)
	return fleet
}

func invoke(t testing.TB, f *Fleet, do, with string) (reply, error) {
	t.Helper()
	event, err := json.Marshal(request{do, with})
	if err != nil {
		t.Fatal(err)
	}
	answer, err := f.Invoke(t.Context(), "echo", event)
	if err != nil {
		return reply{}, err
	}
	var r reply
	if err := json.Unmarshal(answer, &r); err != nil {
		t.Fatalf("answer %s: %v", answer, err)
	}
	return r, nil
}

func wantError(t *testing.T, err error, kind, says string) {
	t.Helper()
	failed, ok := errors.AsType[*Error](err)
	if !ok || failed.Type != kind || !strings.Contains(failed.Cause, says) {
		t.Errorf("error %v, want a %s that says %q", err, kind, says)
	}
	var cause struct{ ErrorType, ErrorMessage string }
	if failed != nil && json.Unmarshal([]byte(failed.Cause), &cause) != nil {
		t.Errorf("cause %q is not the JSON that Lambda makes", failed.Cause)
	}
}

func TestInvoke(t *testing.T) {
	t.Setenv("FLEET_TEST_SECRET", "of this process")
	f := open(t, nil)
	r, err := invoke(t, f, "echo", "hello")
	if err != nil {
		t.Fatal(err)
	}
	if r.Said != "hello" || r.Memory != "512" || !strings.HasSuffix(r.ARN, ":function:echo") {
		t.Errorf("reply %+v", r)
	}
	if r.Deadline <= 0 || r.Deadline > 20*time.Second {
		t.Errorf("the function has %v left, want up to 20 s", r.Deadline)
	}
	if r.Secret != "" {
		t.Errorf("the function sees this process's environment: %q", r.Secret)
	}
	if again, _ := invoke(t, f, "echo", "again"); again.Pid != r.Pid {
		t.Errorf("the next event went to process %d, want the idle %d", again.Pid, r.Pid)
	}
}

func TestInvoke_failures_keep_their_type(t *testing.T) {
	f := open(t, nil)
	_, err := invoke(t, f, "refuse", "not today")
	wantError(t, err, "Refused", "not today")
	_, err = invoke(t, f, "panic", "at the disco")
	wantError(t, err, "string", "at the disco") // a panic's type is its value's
	_, err = invoke(t, f, "exit", "")
	wantError(t, err, "Runtime.ExitError", "out of memory")
	if r, err := invoke(t, f, "echo", "fine"); err != nil || r.Said != "fine" {
		t.Errorf("after a panic and an exit: %+v, %v: they must not be charged to the next event", r, err)
	}
	_, err = f.Invoke(t.Context(), "none", []byte("{}"))
	wantError(t, err, "Lambda.ResourceNotFoundException", "none")
}

func TestInvoke_time_runs_out(t *testing.T) {
	f := open(t, func(f *Function) { f.Timeout = 300 * time.Millisecond })
	_, err := invoke(t, f, "hang", "")
	wantError(t, err, "Sandbox.Timedout", "timed out after 0.30 seconds")
	if r, err := invoke(t, f, "echo", "fine"); err != nil || r.Said != "fine" {
		t.Errorf("after a timeout: %+v, %v", r, err)
	}
}

func TestInvoke_a_runtime_that_does_not_start(t *testing.T) {
	f := open(t, func(f *Function) { f.Env = []string{"MODE=broken"} })
	_, err := invoke(t, f, "echo", "")
	wantError(t, err, "Runtime.ExitError", "cannot start: no configuration")
}

func TestInvoke_killed_from_outside(t *testing.T) {
	f := open(t, nil)
	r, err := invoke(t, f, "echo", "")
	if err != nil {
		t.Fatal(err)
	}
	if err := syscall.Kill(r.Pid, syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	// The death may be seen before the next event, or met by it; the one after that is served anyhow.
	if _, err := invoke(t, f, "echo", "first"); err != nil {
		wantError(t, err, "Runtime.ExitError", "killed")
	}
	if r, err := invoke(t, f, "echo", "second"); err != nil || r.Said != "second" {
		t.Errorf("after a kill: %+v, %v", r, err)
	}
}

func TestInvoke_cancelled(t *testing.T) {
	f := open(t, nil)
	if _, err := invoke(t, f, "echo", ""); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	time.AfterFunc(50*time.Millisecond, cancel)
	_, err := f.Invoke(ctx, "echo", []byte(`{"Do":"hang"}`))
	if !errors.Is(err, context.Canceled) {
		t.Errorf("error %v, want context.Canceled", err)
	}
	if r, err := invoke(t, f, "echo", "fine"); err != nil || r.Said != "fine" {
		t.Errorf("after a cancelled event: %+v, %v", r, err)
	}
}

func TestInvoke_no_more_processes_than_allowed(t *testing.T) {
	f := open(t, nil)
	pids := make([]int, 12)
	var group sync.WaitGroup
	for i := range pids {
		group.Go(func() {
			r, err := invoke(t, f, "wait", "20ms")
			if err != nil {
				t.Error(err)
			}
			pids[i] = r.Pid
		})
	}
	group.Wait()
	different := map[int]bool{}
	for _, pid := range pids {
		different[pid] = true
	}
	if len(different) > 2 {
		t.Errorf("%d processes served, want at most 2", len(different))
	}
}

func TestClose_leaves_no_process(t *testing.T) {
	f := open(t, nil)
	r, err := invoke(t, f, "echo", "")
	if err != nil {
		t.Fatal(err)
	}
	f.Close()
	if err := syscall.Kill(r.Pid, 0); !errors.Is(err, syscall.ESRCH) {
		t.Errorf("process %d after Close: %v, want no such process", r.Pid, err)
	}
	if _, err := f.Invoke(t.Context(), "echo", []byte("{}")); err == nil {
		t.Error("a closed fleet takes an event")
	}
}

func BenchmarkInvoke(b *testing.B) {
	f := open(b, nil)
	for b.Loop() {
		if _, err := invoke(b, f, "echo", "hello"); err != nil {
			b.Fatal(err)
		}
	}
}
