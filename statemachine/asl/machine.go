package asl

import (
	"context"
	"encoding/json"
	"io"
	"strings"
	"time"
)

// Machine is a parsed state machine. It never changes; many goroutines may Run it at once.
type Machine struct {
	graph        *graph
	timeout      time.Duration // 0: no limit
	placeholders []string
}

// Placeholders returns the names that still stand as ${Name} in the Parameters of Tasks, sorted.
// Run refuses a machine that has any.
func (m *Machine) Placeholders() []string { return m.placeholders }

// Execution is one run of a Machine: who it is, what it is given, and the services it may use.
type Execution struct {
	ID               string          // ARN of the execution
	Name             string          // its name
	StateMachineID   string          // ARN of the machine; Map Runs take their Region and account from it
	StateMachineName string          // default: the last part of StateMachineID
	StartTime        time.Time       // default: now
	Input            json.RawMessage // one JSON value; default {}

	Tasks   Tasks   // needed by Task states
	Objects Objects // needed by ItemReader and ResultWriter
	Journal Journal // needed by Redrive, and by a Run that is to be redriven; empty at first

	RedriveCount int       // of Redrive: how many there have been, this one included
	RedriveTime  time.Time // of Redrive: default now

	// Observe, if not nil, is told of every step. It is called from many goroutines and must be
	// cheap; events that carry a MapRun of one Map Run come one at a time and in order.
	Observe func(Event)

	// Sleep waits for Wait states and between retries, and returns ctx's error if ctx ends first.
	// Default: real time.
	Sleep func(ctx context.Context, d time.Duration) error
}

// Tasks does the work of Task states. Many goroutines call it at once.
type Tasks interface {
	// Invoke calls the service integration resource ("arn:aws:states:::lambda:invoke") with the
	// evaluated Parameters and returns its result: JSON values as encoding/json decodes them, any
	// Go number type, or whatever encoding/json can marshal. Parameters are shared: never change
	// them; their numbers are json.Number. An *Error carries the name that Retry and Catch match;
	// any other error becomes States.TaskFailed. Invoke returns soon after ctx ends.
	Invoke(ctx context.Context, resource string, parameters any) (result any, err error)
}

// Objects is the object store that ItemReader reads and ResultWriter writes. Many goroutines call it
// at once. Its errors become States.ItemReaderFailed and States.ResultWriterFailed.
type Objects interface {
	// List returns one page of the keys under prefix, in order, in the shape that Step Functions
	// gives (A20): {"Key","Etag","LastModified","Size","StorageClass"}; next is "" on the last page.
	// A member that an ItemSelector names must be there, or the Map Run fails (A35).
	List(ctx context.Context, bucket, prefix, continuation string) (items []any, next string, err error)
	// Open returns the content of an object; the interpreter closes it.
	Open(ctx context.Context, bucket, key string) (io.ReadCloser, error)
	// Put stores body, from its beginning to its end, as an object. body is valid until Put returns;
	// Put may seek and close it.
	Put(ctx context.Context, bucket, key, contentType string, body io.ReadSeeker) error
}

// Run executes the machine and returns its output: JSON values whose numbers are json.Number or Go
// numbers. The error is an *Error if the execution failed or ran out of time (TimedOut tells them
// apart), and wraps ErrAborted if ctx ended first. No goroutine outlives Run.
func (m *Machine) Run(ctx context.Context, x Execution) (output any, err error) {
	x.RedriveCount, x.RedriveTime = 0, time.Time{}
	return m.run(ctx, x, &track{journal: x.Journal})
}

// run goes on from where t stands.
func (m *Machine) run(ctx context.Context, x Execution, t *track) (output any, err error) {
	e := newExecution(x)
	defer func() { e.finished(output, err) }()
	if len(m.placeholders) > 0 {
		return nil, failure(errorRuntime, "no value was substituted for ${%s}", strings.Join(m.placeholders, "}, ${"))
	}
	if len(x.Input) > maxPayload {
		return nil, failure(errorDataLimit, "the input of the execution has %d bytes, %d are allowed", len(x.Input), maxPayload)
	}
	if len(x.Input) > 0 {
		if e.input, err = decode(x.Input); err != nil {
			return nil, failure(errorRuntime, "the input of the execution is not JSON: %v", err)
		}
	}
	e.started()
	if m.timeout > 0 {
		limit := &Error{Name: errorTimeout, Cause: "the execution reached TimeoutSeconds of its state machine", timedOut: true}
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeoutCause(ctx, m.timeout, limit)
		defer cancel()
	}
	return m.graph.run(ctx, e, t, nil, e.input)
}
