package fleet

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
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

	polling chan struct{} // one token while the process waits for an event
	events  chan event    // to the waiting poll
	answers chan answer   // from the process
	exited  chan struct{} // closed when the process is gone
	exit    error         // why; read after exited
	stopped sync.Once
}

type event struct {
	id       string
	deadline time.Time
	payload  []byte
}

type answer struct {
	id      string
	payload []byte
	failed  bool
	kind    string // Lambda-Runtime-Function-Error-Type
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
		function: f, log: log,
		polling: make(chan struct{}, 1), events: make(chan event), answers: make(chan answer, 1), exited: make(chan struct{}),
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

func (e *environment) routes() http.Handler {
	const root = "/2018-06-01/runtime/"
	mux := http.NewServeMux()
	mux.HandleFunc("GET "+root+"invocation/next", e.next)
	mux.HandleFunc("POST "+root+"invocation/{id}/response", func(w http.ResponseWriter, r *http.Request) { e.take(w, r, false) })
	mux.HandleFunc("POST "+root+"invocation/{id}/error", func(w http.ResponseWriter, r *http.Request) { e.take(w, r, true) })
	mux.HandleFunc("POST "+root+"init/error", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusAccepted) })
	return mux
}

// next is the process's long poll for an event.
func (e *environment) next(w http.ResponseWriter, r *http.Request) {
	e.polling <- struct{}{}
	select {
	case event := <-e.events:
		header := w.Header()
		header.Set("Content-Type", "application/json")
		header.Set("Lambda-Runtime-Aws-Request-Id", event.id)
		header.Set("Lambda-Runtime-Deadline-Ms", fmt.Sprint(event.deadline.UnixMilli()))
		header.Set("Lambda-Runtime-Invoked-Function-Arn", "arn:aws:lambda:us-east-1:000000000000:function:"+e.function.Name)
		_, _ = w.Write(event.payload)
	case <-r.Context().Done():
	}
}

func (e *environment) take(w http.ResponseWriter, r *http.Request, failed bool) {
	payload, err := io.ReadAll(r.Body)
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	a := answer{id: r.PathValue("id"), payload: payload, failed: failed, kind: r.Header.Get("Lambda-Runtime-Function-Error-Type")}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(http.StatusAccepted)
	select {
	case e.answers <- a:
	default: // nobody waits for it any more
	}
}

// initialised waits until the process asks for its first event.
func (e *environment) initialised(ctx context.Context) error {
	select {
	case <-e.polling:
		return nil
	case <-e.exited:
		return e.exitError("the runtime ended before its first event")
	case <-time.After(initTimeout):
		return &Error{"Sandbox.Timedout", cause("Sandbox.Timedout", fmt.Sprintf("function %s did not start within %v", e.function.Name, initTimeout))}
	case <-ctx.Done():
		return ctx.Err()
	}
}

// invoke hands the waiting process an event and returns its answer.
func (e *environment) invoke(ctx context.Context, payload []byte, timeout time.Duration) ([]byte, error) {
	id := newRequestID()
	timer := time.NewTimer(timeout)
	defer timer.Stop()
	select {
	case e.events <- event{id, time.Now().Add(timeout), payload}:
	case <-e.exited:
		return nil, e.exitError("the runtime ended between two events")
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	for {
		select {
		case a := <-e.answers:
			if a.id == id {
				return a.result()
			}
		case <-e.exited:
			select { // an answer may have come just before the end
			case a := <-e.answers:
				if a.id == id {
					return a.result()
				}
			default:
			}
			return nil, e.exitError("RequestId: " + id)
		case <-timer.C:
			e.kill()
			return nil, &Error{"Sandbox.Timedout", cause("Sandbox.Timedout", fmt.Sprintf("RequestId: %s Error: Task timed out after %.2f seconds", id, timeout.Seconds()))}
		case <-ctx.Done():
			e.kill()
			return nil, ctx.Err()
		}
	}
}

func (a answer) result() ([]byte, error) {
	if !a.failed {
		return a.payload, nil
	}
	var described struct {
		ErrorType string `json:"errorType"`
	}
	_ = json.Unmarshal(a.payload, &described)
	if described.ErrorType == "" {
		described.ErrorType = a.kind
	}
	return nil, &Error{described.ErrorType, string(a.payload)}
}

// await waits until the process asks for its next event. It says no where the process ends instead, as
// it does after a panic: that end belongs to the event before.
func (e *environment) await(ctx context.Context) bool {
	select {
	case <-e.polling:
		return true
	case <-e.exited:
		return false
	case <-ctx.Done():
		return false
	case <-time.After(initTimeout):
		return false
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
