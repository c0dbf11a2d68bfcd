// Package engine runs mapfleet's state machines on one machine: the deployed ASL file in the
// interpreter, the deployed functions as processes of a fleet, and folders served as S3. It is the
// place of Step Functions, Lambda and S3, and knows nothing of pictures.
package engine

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"time"

	"mapfleet/functions/job"
	"mapfleet/scripts/mapfleet/engine/executions"
	"mapfleet/scripts/mapfleet/engine/fleet"
	"mapfleet/scripts/mapfleet/engine/storage"
)

// Config says what an engine runs on. All paths are absolute.
type Config struct {
	Source      string            // folder of the source bucket; only read, unless Serving says otherwise
	Destination string            // folder of the destination bucket
	State       string            // folder of the work bucket, logs and locks
	Functions   map[string]string // bootstrap executables by function of the job; trigger if it is to be invoked
	Concurrency int               // processes of the worker at a time; 0: one for each processor, of checks 16

	Job      Job
	Also     []Job  // further jobs, whose executions can be begun by their state machines
	Networks string // of checks: CIDR prefixes that may be asked though they are not public, with commas between them
	PerHost  int    // of checks: requests of a worker to one host at a time; 0: the worker's default, and all to those in Networks

	// Endpoint returns the URL that the functions have as S3, such as that of a proxy before the server at
	// url; nil: the server itself.
	Endpoint func(url string) (string, error)

	Serving Serving
}

// The settings of the local deployment that differ from those of a stack: batches are small, since
// there are few processes to share the work.
const (
	defaultBatchSize           = 20
	maxBatchSize               = 1000
	maxConcurrency             = 1000
	toleratedFailurePercentage = 5
	workerMemory               = 1769 // MB; a Lambda of that size has one processor
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
		"MANIFEST_BUCKET":              "",
		"RECIPE":                       defaultRecipe,
		"AVIF":                         "true", // the functions of this machine have it
		"DEFAULT_BATCH_SIZE":           strconv.Itoa(defaultBatchSize),
		"MAX_BATCH_SIZE":               strconv.Itoa(maxBatchSize),
		"DEFAULT_MAX_CONCURRENCY":      strconv.Itoa(c.concurrency()),
		"MAX_CONCURRENCY":              strconv.Itoa(maxConcurrency),
		"TOLERATED_FAILURE_PERCENTAGE": strconv.Itoa(toleratedFailurePercentage),
		"WORKER_MEMORY":                strconv.Itoa(workerMemory),
		"WORKER_ARCHITECTURE":          string(architecture()),
	}
}

// architecture is the one that AWS would have to run what runs here.
func architecture() job.Architecture {
	if runtime.GOARCH == "amd64" {
		return job.X86
	}
	return job.ARM64
}

func (c Config) concurrency() int {
	if c.Concurrency > 0 {
		return c.Concurrency
	}
	return runtime.NumCPU()
}

// Engine is a running engine. Only one may work on a State folder at a time; it may run many
// executions at once.
type Engine struct {
	config     Config
	machines   map[Job]machine
	executions executions.Folder
	storage    *storage.Server
	fleet      *fleet.Fleet
	lock       *os.File
}

// functionARN names a function the way the ASL file refers to it.
func functionARN(name string) string {
	return "arn:aws:lambda:" + storage.Region + ":" + account + ":function:" + name
}

const (
	account   = "000000000000"
	arnPrefix = "arn:aws:states:" + storage.Region + ":" + account + ":"
)

// Start brings an engine up. Executions that an engine before it left RUNNING become ABORTED. The caller
// closes it.
func Start(ctx context.Context, c Config) (*Engine, error) {
	machines := map[Job]machine{}
	for _, j := range c.jobs() {
		m, err := j.machine()
		if err != nil {
			return nil, err
		}
		machines[j] = m
	}
	logs := filepath.Join(c.State, "logs")
	if err := os.MkdirAll(logs, 0o755); err != nil {
		return nil, err
	}
	lock, err := lockState(c.State)
	if err != nil {
		return nil, err
	}
	e := &Engine{config: c, machines: machines, executions: Executions(c.State), lock: lock}
	if err := errors.Join(e.executions.Tidy(time.Now()), removeLocks(c.State), removeWork(c.State, time.Now())); err != nil {
		return nil, errors.Join(err, lock.Close())
	}
	e.storage, err = storage.Start(ctx, c.Serving.storage(c))
	if err != nil {
		lock.Close()
		return nil, err
	}
	if c.Serving.Other != nil {
		if err := tell(lock, e.storage.URL); err != nil {
			return nil, errors.Join(err, e.storage.Close(), lock.Close())
		}
	}
	endpoint := e.storage.URL
	if c.Endpoint != nil {
		if endpoint, err = c.Endpoint(endpoint); err != nil {
			return nil, errors.Join(err, e.storage.Close(), lock.Close())
		}
	}
	e.fleet = fleet.New(logs, e.functions(endpoint)...)
	return e, nil
}

// Close ends all processes and the storage.
func (e *Engine) Close() error {
	e.fleet.Close()
	err := e.storage.Close()
	return errors.Join(err, e.lock.Close())
}

// functions returns the functions as a stack would configure them, with the local S3 at endpoint.
func (e *Engine) functions(endpoint string) []fleet.Function {
	shared := []string{
		"AWS_ENDPOINT_URL_S3=" + endpoint,
		"AWS_ACCESS_KEY_ID=" + e.storage.AccessKey,
		"AWS_SECRET_ACCESS_KEY=" + e.storage.SecretKey,
		"AWS_REGION=" + storage.Region,
		"AWS_EC2_METADATA_DISABLED=true",
	}
	// A Lambda of 1,769 MB has one processor; so has each process here.
	one := append([]string{"GOMAXPROCS=1"}, shared...)
	var all []fleet.Function
	for _, j := range e.config.jobs() {
		if j == Checks {
			all = append(all, e.config.checkFunctions(append([]string{"AWS_ENDPOINT_URL_SFN=" + endpoint}, one...))...)
		} else {
			all = append(all, e.config.resizeFunctions(one)...)
		}
	}
	if e.config.Functions["trigger"] != "" {
		all = append(all, e.trigger(endpoint, one))
	}
	return all
}

func (c Config) resizeFunctions(one []string) []fleet.Function {
	prepare := append([]string{}, one...)
	for name, value := range c.variables() {
		prepare = append(prepare, name+"="+value)
	}
	// Garbage is collected seldom while memory is plenty, as in a stack; here several share one machine.
	resize := append([]string{"GOGC=400", "GOMEMLIMIT=400MiB"}, one...)
	bootstraps := c.Functions
	return []fleet.Function{
		{Name: "prepare", Bootstrap: bootstraps["prepare"], Env: prepare, Timeout: 15 * time.Minute, MemoryMB: workerMemory, Environments: 1},
		{Name: "resize", Bootstrap: bootstraps["resize"], Env: resize, Timeout: time.Minute, MemoryMB: workerMemory, Environments: c.concurrency()},
		{Name: "report", Bootstrap: bootstraps["report"], Env: append([]string{"WORK_BUCKET=" + storage.Work}, one...), Timeout: 15 * time.Minute, MemoryMB: workerMemory, Environments: 1},
	}
}
