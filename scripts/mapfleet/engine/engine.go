// Package engine runs mapfleet's state machines on one machine: the deployed ASL file in the
// interpreter, the deployed functions as processes of a fleet, and folders served as S3. It is the
// place of Step Functions, Lambda and S3, and knows nothing of pictures.
package engine

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"time"

	"mapfleet/functions/job"
	"mapfleet/scripts/mapfleet/engine/fleet"
	"mapfleet/scripts/mapfleet/engine/storage"
	"mapfleet/statemachine"
	"mapfleet/statemachine/asl"
)

// Config says what an engine runs on. All paths are absolute.
type Config struct {
	Source      string            // folder of the source bucket; only read
	Destination string            // folder of the destination bucket
	State       string            // folder of the work bucket, logs and locks
	Functions   map[string]string // bootstrap executables by function: prepare, resize, report
	Concurrency int               // processes of resize at a time; 0: one for each processor
}

// The settings of the local deployment that differ from those of a stack: batches are small, since
// there are few processes to share the work.
const (
	defaultBatchSize           = 20
	maxBatchSize               = 1000
	maxConcurrency             = 1000
	toleratedFailurePercentage = 5
	defaultRecipe              = `[{"name":"w1024","width":1024,"height":1024}]`
)

// Deployment returns what the local deployment allows and fills in, with which a run input can be
// checked before anything starts.
func (c Config) Deployment() (job.Deployment, error) {
	variables := c.variables()
	return job.DeploymentFromEnv(func(name string) string { return variables[name] })
}

func (c Config) variables() map[string]string {
	return map[string]string{
		"SOURCE_BUCKET":                storage.Source,
		"SOURCE_PREFIX":                "",
		"DESTINATION_BUCKET":           storage.Destination,
		"DESTINATION_PREFIX":           "",
		"WORK_BUCKET":                  storage.Work,
		"RECIPE":                       defaultRecipe,
		"DEFAULT_BATCH_SIZE":           strconv.Itoa(defaultBatchSize),
		"MAX_BATCH_SIZE":               strconv.Itoa(maxBatchSize),
		"DEFAULT_MAX_CONCURRENCY":      strconv.Itoa(c.concurrency()),
		"MAX_CONCURRENCY":              strconv.Itoa(maxConcurrency),
		"TOLERATED_FAILURE_PERCENTAGE": strconv.Itoa(toleratedFailurePercentage),
	}
}

func (c Config) concurrency() int {
	if c.Concurrency > 0 {
		return c.Concurrency
	}
	return runtime.NumCPU()
}

// Engine is a running engine. Only one may work on a State folder at a time.
type Engine struct {
	config  Config
	machine *asl.Machine
	storage *storage.Server
	fleet   *fleet.Fleet
	lock    *os.File
}

// functionARN names a function the way the ASL file refers to it.
func functionARN(name string) string {
	return "arn:aws:lambda:" + storage.Region + ":" + account + ":function:" + name
}

const (
	account     = "000000000000"
	machineName = "mapfleet-resize"
)

// Start brings an engine up. The caller closes it.
func Start(ctx context.Context, c Config) (*Engine, error) {
	definition, err := statemachine.Substitute(statemachine.Resize(), map[string]string{
		"PrepareFunction": functionARN("prepare"),
		"ResizeFunction":  functionARN("resize"),
		"ReportFunction":  functionARN("report"),
	})
	if err != nil {
		return nil, err
	}
	machine, err := asl.Parse([]byte(definition))
	if err != nil {
		return nil, fmt.Errorf("parse the state machine: %w", err)
	}
	logs := filepath.Join(c.State, "logs")
	if err := os.MkdirAll(logs, 0o755); err != nil {
		return nil, err
	}
	lock, err := lockState(c.State)
	if err != nil {
		return nil, err
	}
	e := &Engine{config: c, machine: machine, lock: lock}
	e.storage, err = storage.Start(ctx, storage.Config{Source: c.Source, Destination: c.Destination, State: c.State})
	if err != nil {
		lock.Close()
		return nil, err
	}
	e.fleet = fleet.New(logs, e.functions()...)
	return e, nil
}

// Close ends all processes and the storage.
func (e *Engine) Close() error {
	e.fleet.Close()
	err := e.storage.Close()
	return errors.Join(err, e.lock.Close())
}

// functions returns the functions as a stack would configure them, with the local S3 as endpoint.
func (e *Engine) functions() []fleet.Function {
	shared := []string{
		"AWS_ENDPOINT_URL_S3=" + e.storage.URL,
		"AWS_ACCESS_KEY_ID=" + e.storage.AccessKey,
		"AWS_SECRET_ACCESS_KEY=" + e.storage.SecretKey,
		"AWS_REGION=" + storage.Region,
		"AWS_EC2_METADATA_DISABLED=true",
	}
	// A Lambda of 1,769 MB has one processor; so has each process here.
	one := append([]string{"GOMAXPROCS=1"}, shared...)
	prepare := append([]string{}, one...)
	for name, value := range e.config.variables() {
		prepare = append(prepare, name+"="+value)
	}
	// Garbage is collected seldom while memory is plenty, as in a stack; here several share one machine.
	resize := append([]string{"GOGC=400", "GOMEMLIMIT=400MiB"}, one...)
	bootstraps := e.config.Functions
	return []fleet.Function{
		{Name: "prepare", Bootstrap: bootstraps["prepare"], Env: prepare, Timeout: 15 * time.Minute, MemoryMB: 1769, Environments: 1},
		{Name: "resize", Bootstrap: bootstraps["resize"], Env: resize, Timeout: time.Minute, MemoryMB: 1769, Environments: e.config.concurrency()},
		{Name: "report", Bootstrap: bootstraps["report"], Env: append([]string{"WORK_BUCKET=" + storage.Work}, one...), Timeout: 15 * time.Minute, MemoryMB: 1769, Environments: 1},
	}
}

// Outcome is what became of an execution.
type Outcome struct {
	Run      string
	Status   string // SUCCEEDED, FAILED, TIMED_OUT or ABORTED
	Error    string
	Cause    string
	Summary  *job.Summary // nil if the run ended before there was anything to report
	MapItems int64        // items that the Map Runs counted
	Report   string       // file; empty without a report
	Failures string       // file of job.Failure lines; empty without a report
}

// reportTime is how long the report of a run that was stopped may take.
const reportTime = time.Minute

// Run runs one execution of the state machine. observe may be nil; it is called from many goroutines.
// An error says that the engine itself failed; a run that failed is an Outcome.
func (e *Engine) Run(ctx context.Context, name string, input json.RawMessage, observe func(asl.Event)) (Outcome, error) {
	items := newItemCount(observe)
	machineARN := "arn:aws:states:" + storage.Region + ":" + account + ":stateMachine:" + machineName
	_, err := e.machine.Run(ctx, asl.Execution{
		ID:             "arn:aws:states:" + storage.Region + ":" + account + ":execution:" + machineName + ":" + name,
		Name:           name,
		StateMachineID: machineARN, StateMachineName: machineName,
		StartTime: time.Now(),
		Input:     input,
		Tasks:     tasks{e.fleet},
		Objects:   e.storage,
		Observe:   items.observe,
	})
	outcome := Outcome{Run: name, Status: "SUCCEEDED", MapItems: items.total()}
	if err != nil {
		outcome.fail(err)
	}
	if err := e.ensureReport(ctx, &outcome); err != nil {
		return outcome, err
	}
	return outcome, nil
}

func (o *Outcome) fail(err error) {
	failed, ok := errors.AsType[*asl.Error](err)
	switch {
	case !ok:
		o.Status, o.Cause = "ABORTED", err.Error()
	case asl.TimedOut(err):
		o.Status, o.Error, o.Cause = "TIMED_OUT", failed.Name, failed.Cause
	default:
		o.Status, o.Error, o.Cause = "FAILED", failed.Name, failed.Cause
	}
}

// ensureReport reads the run's summary. Where the state machine did not come as far as its Report
// state, it calls the Report function, as the status-change rule of a stack does.
func (e *Engine) ensureReport(ctx context.Context, o *Outcome) error {
	summary := e.storage.Path(job.ReportKey(o.Run, "summary.json"))
	if _, err := os.Stat(e.storage.Path(job.ReportKey(o.Run, "plan.json"))); err != nil {
		return nil // refused before there was a plan: there is nothing to report
	}
	if _, err := os.Stat(summary); err != nil {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), reportTime)
		defer cancel()
		event, err := json.Marshal(job.Ended{Run: o.Run, Status: o.Status, Error: o.Error, Cause: o.Cause})
		if err != nil {
			return err
		}
		if _, err := e.fleet.Invoke(ctx, "report", event); err != nil {
			return fmt.Errorf("report run %s: %w", o.Run, err)
		}
	}
	data, err := os.ReadFile(summary)
	if err != nil {
		return fmt.Errorf("report run %s: %w", o.Run, err)
	}
	o.Summary = &job.Summary{}
	if err := json.Unmarshal(data, o.Summary); err != nil {
		return fmt.Errorf("report run %s: read %s: %w", o.Run, summary, err)
	}
	o.Report = e.storage.Path(job.ReportKey(o.Run, "report.html"))
	o.Failures = e.storage.Path(job.ReportKey(o.Run, "failures.jsonl"))
	return nil
}
