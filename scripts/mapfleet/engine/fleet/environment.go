package fleet

import (
	"context"
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"time"
)

// initTimeout is how long a process may take to ask for its first event: Lambda's own limit.
const initTimeout = 10 * time.Second

// environment is one process and the Runtime API that it talks to.
type environment struct {
	function Function
	command  *exec.Cmd
	server   *http.Server
	log      *os.File

	polling chan struct{} // a token for every event that the process waits for
	polled  atomic.Bool   // it has waited for one
	events  chan event    // to a waiting poll
	exited  chan struct{} // closed when the process is gone
	exit    error         // why; read after exited
	stopped sync.Once

	mu      sync.Mutex
	answers map[string]chan answer // from the process, by the events it works on

	places, lost int // for further events, and given up; the pool's
}

// start begins a process. It does not wait until it asks for an event.
func start(f Function, number int, logs string) (*environment, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, fmt.Errorf("start function %s: %w", f.Name, err)
	}
	log, err := os.OpenFile(filepath.Join(logs, fmt.Sprintf("%s-%d.log", f.Name, number)), os.O_CREATE|os.O_WRONLY|os.O_APPEND, 0o644)
	if err != nil {
		listener.Close()
		return nil, fmt.Errorf("start function %s: %w", f.Name, err)
	}
	e := &environment{
		function: f, log: log, places: f.eventsAtOnce(),
		polling: make(chan struct{}, f.eventsAtOnce()), events: make(chan event), exited: make(chan struct{}),
		answers: map[string]chan answer{},
	}
	e.server = &http.Server{Handler: e.routes()}
	go func() { _ = e.server.Serve(listener) }()

	e.command = exec.Command(f.Bootstrap)
	e.command.Env = append([]string{
		"AWS_LAMBDA_RUNTIME_API=" + listener.Addr().String(),
		"AWS_LAMBDA_FUNCTION_NAME=" + f.Name,
		"AWS_LAMBDA_FUNCTION_VERSION=$LATEST",
		fmt.Sprintf("AWS_LAMBDA_FUNCTION_MEMORY_SIZE=%d", f.MemoryMB),
		"AWS_LAMBDA_LOG_GROUP_NAME=/aws/lambda/" + f.Name,
		fmt.Sprintf("AWS_LAMBDA_LOG_STREAM_NAME=%s-%d", f.Name, number),
		"_HANDLER=bootstrap",
		"TMPDIR=" + os.TempDir(),
	}, f.Env...)
	if n := f.eventsAtOnce(); n > 1 {
		e.command.Env = append(e.command.Env, fmt.Sprintf("AWS_LAMBDA_MAX_CONCURRENCY=%d", n))
	}
	e.command.Stdout, e.command.Stderr = log, log
	// A group of its own, so that Ctrl-C reaches this process alone, which then ends the others in order.
	e.command.SysProcAttr = ownGroup()
	started := make(chan error)
	go e.process(started)
	if err := <-started; err != nil {
		e.server.Close()
		log.Close()
		return nil, fmt.Errorf("start function %s: %w", f.Name, err)
	}
	return e, nil
}

// process starts the command, says how that went, and waits for its end. All on one thread of its own: the
// kernel ends a process with the thread that started it (see ownGroup).
func (e *environment) process(started chan<- error) {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	err := e.command.Start()
	started <- err
	if err == nil {
		e.exit = e.command.Wait()
		close(e.exited)
	}
}

// polls waits until the process asks for an event.
func (e *environment) polls(ctx context.Context) error {
	late := time.NewTimer(initTimeout)
	defer late.Stop()
	select {
	case <-e.polling:
		e.polled.Store(true)
		return nil
	case <-e.exited:
		return e.exitError("the runtime ended before its first event")
	case <-late.C:
		return &Error{"Sandbox.Timedout", cause("Sandbox.Timedout", fmt.Sprintf("function %s did not start within %v", e.function.Name, initTimeout))}
	case <-ctx.Done():
		return ctx.Err()
	}
}

// began says whether the process has asked for an event since it was started.
func (e *environment) began() bool { return e.polled.Load() }

// invoke hands the process, which waits for one, an event and returns its answer, and whether the process
// can take another in its place.
func (e *environment) invoke(ctx context.Context, payload []byte) (answered []byte, reusable bool, err error) {
	id, timeout := newRequestID(), e.function.Timeout
	answers := e.expect(id)
	defer e.forget(id)
	late := time.NewTimer(timeout)
	defer late.Stop()
	select {
	case e.events <- event{id, time.Now().Add(timeout), payload}:
	case <-e.exited:
		return nil, false, e.exitError("the runtime ended between two events")
	case <-ctx.Done():
		return nil, false, ctx.Err()
	}
	select {
	case a := <-answers:
		answered, err = a.result()
		return answered, true, err
	case <-e.exited:
		select { // an answer may have come just before the end
		case a := <-answers:
			answered, err = a.result()
			return answered, false, err
		default:
		}
		return nil, false, e.exitError("RequestId: " + id)
	case <-late.C:
		e.giveUp()
		return nil, false, &Error{"Sandbox.Timedout", cause("Sandbox.Timedout", fmt.Sprintf("RequestId: %s Error: Task timed out after %.2f seconds", id, timeout.Seconds()))}
	case <-ctx.Done():
		e.giveUp()
		return nil, false, ctx.Err()
	}
}

// giveUp ends the process unless it works on other events, too.
func (e *environment) giveUp() {
	if e.function.eventsAtOnce() == 1 {
		e.kill()
	}
}

func (e *environment) alive() bool {
	select {
	case <-e.exited:
		return false
	default:
		return true
	}
}

func (e *environment) kill() {
	_ = syscall.Kill(-e.command.Process.Pid, syscall.SIGKILL)
}

// stop kills the process, waits for its end, and closes what belongs to it.
func (e *environment) stop() {
	e.stopped.Do(func() {
		e.kill()
		<-e.exited
		_ = e.server.Close()
		_ = e.log.Close()
	})
}

// exitError describes a process that ended in the middle, with the last line that it logged.
func (e *environment) exitError(what string) *Error {
	message := what + " Error: Runtime exited"
	if e.exit != nil {
		message += " with error: " + e.exit.Error()
	}
	if line := e.lastLine(); line != "" {
		message += ": " + line
	}
	return &Error{"Runtime.ExitError", cause("Runtime.ExitError", message)}
}

func (e *environment) lastLine() string {
	data, err := os.ReadFile(e.log.Name())
	if err != nil {
		return ""
	}
	text := strings.TrimSpace(string(data[max(0, len(data)-4096):]))
	lines := strings.Split(text, "\n")
	return strings.ToValidUTF8(lines[len(lines)-1], "")
}

func cause(kind, message string) string {
	data, _ := json.Marshal(map[string]string{"errorType": kind, "errorMessage": message})
	return string(data)
}
