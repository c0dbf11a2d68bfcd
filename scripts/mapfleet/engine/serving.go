package engine

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"time"

	"mapfleet/scripts/mapfleet/engine/executions"
	"mapfleet/scripts/mapfleet/engine/fleet"
	"mapfleet/scripts/mapfleet/engine/storage"
)

// Serving says how an engine is there for others beside its own process. The zero value is for none.
type Serving struct {
	Address              string // HOST:PORT of a loopback address; default: a free port
	AccessKey, SecretKey string // default: new ones
	Writable             bool   // objects can be put into the source
	Created              func(storage.Created)
	Other                storage.Other // a service at the address of S3, such as Step Functions
}

func (s Serving) storage(c Config) storage.Config {
	return storage.Config{
		Source: c.Source, Destination: c.Destination, State: c.State,
		Writable: s.Writable, Created: s.Created, Address: s.Address,
		AccessKey: s.AccessKey, SecretKey: s.SecretKey, Other: s.Other,
	}
}

// URL is where the engine serves S3.
func (e *Engine) URL() string { return e.storage.URL }

// Keys are the credentials that S3 asks for.
func (e *Engine) Keys() (accessKey, secretKey string) {
	return e.storage.AccessKey, e.storage.SecretKey
}

// Machine is a state machine of the engine.
type Machine struct {
	Job                   Job
	ARN, Name, Definition string
}

// Execution is the ARN of the machine's execution of a name.
func (m Machine) Execution(name string) string { return m.Job.executionARN(name) }

// Find returns the execution of an ARN. The error wraps fs.ErrNotExist if there is none.
func (e *Engine) Find(arn string) (executions.Execution, error) {
	name := arn[strings.LastIndexByte(arn, ':')+1:]
	keys := []string{name} // of checks, too, that were kept before each state machine had names of its own
	if arn == Checks.executionARN(name) {
		keys = []string{Checks.kept(name), name}
	}
	for _, key := range keys {
		x, err := e.executions.Read(key)
		if err == nil && x.ARN == arn || err != nil && !errors.Is(err, fs.ErrNotExist) {
			return x, err
		}
	}
	return executions.Execution{}, fmt.Errorf("find %s: %w", arn, fs.ErrNotExist)
}

// Machines returns the state machines that executions can be begun of, that of Config.Job first.
func (e *Engine) Machines() []Machine {
	var all []Machine
	for _, j := range e.config.jobs() {
		all = append(all, Machine{Job: j, ARN: j.machineARN(), Name: j.machineName(), Definition: e.machines[j].definition})
	}
	return all
}

// jobOf returns the job whose state machine has an ARN.
func (e *Engine) jobOf(arn string) (Job, bool) {
	jobs := e.config.jobs()
	i := slices.IndexFunc(jobs, func(j Job) bool { return j.machineARN() == arn })
	if i < 0 {
		return "", false
	}
	return jobs[i], true
}

// Executions returns what is kept of executions.
func (e *Engine) Executions() executions.Folder { return e.executions }

// Invoke hands an event to a function and returns its answer. A failure of the function is a *fleet.Error.
func (e *Engine) Invoke(ctx context.Context, function string, event []byte) ([]byte, error) {
	return e.fleet.Invoke(ctx, function, event)
}

// trigger is the function behind the queue of uploads.
func (e *Engine) trigger(endpoint string, env []string) fleet.Function {
	checks := ""
	if slices.Contains(e.config.jobs(), Checks) {
		checks = Checks.machineARN()
	}
	return fleet.Function{
		Name: "trigger", Bootstrap: e.config.Functions["trigger"], Timeout: time.Minute, MemoryMB: workerMemory, Environments: 1,
		Env: append([]string{
			"AWS_ENDPOINT_URL_SFN=" + endpoint, "STATE_MACHINE_ARN=" + Resize.machineARN(), "CHECKS_STATE_MACHINE_ARN=" + checks,
			"SOURCE_BUCKET=" + storage.Source, "SOURCE_PREFIX=", "WORK_BUCKET=" + storage.Work,
			"DESTINATION_BUCKET=" + storage.Destination, "DESTINATION_PREFIX=",
		}, env...),
	}
}
