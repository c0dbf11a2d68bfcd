package engine

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"mapfleet/functions/job"
	"mapfleet/functions/job/checks"
	"mapfleet/scripts/mapfleet/engine/fleet"
	"mapfleet/scripts/mapfleet/engine/storage"
	"mapfleet/statemachine"
	"mapfleet/statemachine/asl"
)

// Job is what an engine does: a state machine, and the functions that it calls.
type Job string

// The jobs. The zero value is Resize.
const (
	Resize Job = "resize" // every picture of the source into the destination
	Checks Job = "checks" // one HTTP request for every line of a file in the source
)

// jobs are all that an engine does.
func (c Config) jobs() []Job { return append([]Job{cmp.Or(c.Job, Resize)}, c.Also...) }

// machine is a job's state machine.
type machine struct {
	definition string
	parsed     *asl.Machine
}

func (j Job) machine() (machine, error) {
	definition, err := j.definition()
	if err != nil {
		return machine{}, err
	}
	parsed, err := asl.Parse([]byte(definition))
	if err != nil {
		return machine{}, fmt.Errorf("parse the state machine of %s: %w", j, err)
	}
	return machine{definition, parsed}, nil
}

// reportKey returns the key of a file of a run's report.
func (j Job) reportKey(run, file string) string {
	if j == Checks {
		return checks.ReportKey(run, file)
	}
	return job.ReportKey(run, file)
}

// kept is the name of an execution's folder beside those of other jobs, as the keys of reports are beside each other;
// empty: its own. No name of an execution has a tilde in it.
func (j Job) kept(name string) string {
	if j == Checks {
		return "checks~" + name
	}
	return ""
}

func (j Job) machineName() string { return "mapfleet-" + string(cmp.Or(j, Resize)) }

func (j Job) machineARN() string { return arnPrefix + "stateMachine:" + j.machineName() }

func (j Job) executionARN(name string) string {
	return arnPrefix + "execution:" + j.machineName() + ":" + name
}

// definition returns the job's state machine with the functions of this machine in it.
func (j Job) definition() (string, error) {
	if j == Checks {
		return statemachine.Substitute(statemachine.Checks(), map[string]string{
			"PlanFunction":   functionARN("checkplan"),
			"CheckFunction":  functionARN("check"),
			"ReportFunction": functionARN(j.reporter()),
			"AlertTopic":     alertTopic,
		})
	}
	return statemachine.Substitute(statemachine.Resize(), map[string]string{
		"PrepareFunction": functionARN("prepare"),
		"ResizeFunction":  functionARN("resize"),
		"ReportFunction":  functionARN(j.reporter()),
	})
}

// reporter is the function that reports a run.
func (j Job) reporter() string {
	if j == Checks {
		return "checkreport"
	}
	return "report"
}

// failures is the file of a run's report that has what failed.
func (j Job) failures() string {
	if j == Checks {
		return "failing.jsonl"
	}
	return "failures.jsonl"
}

// The settings of local checks that differ from those of a stack. Workers wait most of the time, so that
// there are more of them than processors.
const (
	checkBatchSize   = 250
	checkConcurrency = 16
	checkConnections = 200 // of a batch at a time
	// checkProcesses are enough to keep this machine busy: batches beyond are shared among them, as a machine
	// does not hold a thousand processes.
	checkProcesses = checkConcurrency
	// checkTimeout is enough for the longest check that a line can ask for, and leaves a child execution,
	// which ends after five minutes, a second round.
	checkTimeout = 140 * time.Second
)

// ChecksDeployment returns what the local deployment of checks allows and fills in, with which a run input
// can be checked before anything starts.
func (c Config) ChecksDeployment() (checks.Deployment, error) {
	variables := c.checkVariables()
	return checks.DeploymentFromEnv(func(name string) string { return variables[name] })
}

func (c Config) checkVariables() map[string]string {
	return map[string]string{
		"WORK_BUCKET":             storage.Work,
		"FILE_BUCKETS":            storage.Source + "," + storage.Destination,
		"DEFAULT_BATCH_SIZE":      strconv.Itoa(checkBatchSize),
		"MAX_BATCH_SIZE":          strconv.Itoa(maxBatchSize),
		"DEFAULT_MAX_CONCURRENCY": strconv.Itoa(c.checkers()),
		"MAX_CONCURRENCY":         strconv.Itoa(maxConcurrency),
	}
}

func (c Config) checkers() int { return cmp.Or(c.Concurrency, checkConcurrency) }

// checkFunctions returns the functions of checks as a stack would configure them.
func (c Config) checkFunctions(env []string) []fleet.Function {
	plan := append([]string{}, env...)
	for name, value := range c.checkVariables() {
		plan = append(plan, name+"="+value)
	}
	check := append([]string{"ALLOWED_NETWORKS=" + c.Networks, "CONNECTIONS=" + strconv.Itoa(checkConnections)}, env...)
	if c.PerHost > 0 {
		check = append(check, "CONNECTIONS_PER_HOST="+strconv.Itoa(c.PerHost))
	} else { // whoever allows a network is its owner, who needs no protection
		check = append(check, "CONNECTIONS_PER_OWN_HOST="+strconv.Itoa(checkConnections))
	}
	report := append([]string{"WORK_BUCKET=" + storage.Work}, env...)
	return []fleet.Function{
		{Name: "checkplan", Bootstrap: c.Functions["checkplan"], Env: plan, Timeout: 15 * time.Minute, MemoryMB: workerMemory, Environments: 1},
		{Name: "check", Bootstrap: c.Functions["check"], Env: check, Timeout: checkTimeout, MemoryMB: workerMemory, Environments: c.checkers(), Processes: checkProcesses},
		{Name: "checkreport", Bootstrap: c.Functions["checkreport"], Env: report, Timeout: 15 * time.Minute, MemoryMB: workerMemory, Environments: 1},
	}
}

// removeLocks lets runs over the same file in again that an engine before this one left locked out when it
// was killed: only one is at work on a State folder.
func removeLocks(state string) error {
	return os.RemoveAll(filepath.Join(state, storage.Work, filepath.FromSlash(job.LocksPrefix)))
}

// workExpires is how long working files of checks are kept for a redrive, which is possible so long (A36 of package asl).
// A stack's work bucket expires them, too.
const workExpires = 14 * 24 * time.Hour

// removeWork removes the working files, which hold all that the lines of a file say, of runs of checks that were
// killed or stopped, and that no redrive can go on with any more.
func removeWork(state string, now time.Time) error {
	all, begin := filepath.Split(filepath.Join(state, storage.Work, filepath.FromSlash(checks.WorkPrefix)))
	entries, err := os.ReadDir(all)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	for _, entry := range entries {
		if !strings.HasPrefix(entry.Name(), begin) {
			continue
		}
		folder, last := filepath.Join(all, entry.Name()), time.Time{}
		err = errors.Join(err, filepath.WalkDir(folder, func(_ string, d fs.DirEntry, err error) error {
			if err != nil {
				return err
			}
			info, err := d.Info()
			if err == nil && info.ModTime().After(last) {
				last = info.ModTime()
			}
			return err
		}))
		if now.Sub(last) > workExpires {
			err = errors.Join(err, os.RemoveAll(folder))
		}
	}
	return err
}

// readSummary reads what the job's report says.
func (o *Outcome) readSummary(j Job, data []byte) error {
	if j == Checks {
		o.Checks = &checks.Summary{}
		return json.Unmarshal(data, o.Checks)
	}
	o.Summary = &job.Summary{}
	return json.Unmarshal(data, o.Summary)
}
