package stack

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sfn"
	"github.com/aws/aws-sdk-go-v2/service/sfn/types"
)

// Last stands for the run that started last, wherever a run is named.
const Last = "last"

// The states of a run, as Step Functions names them.
const (
	Running        = "RUNNING"
	Succeeded      = "SUCCEEDED"
	Failed         = "FAILED"
	TimedOut       = "TIMED_OUT"
	Aborted        = "ABORTED"
	PendingRedrive = "PENDING_REDRIVE"
)

// Run is one execution of the state machine.
type Run struct {
	ARN, Name, Status string
	Started           time.Time
	Stopped           time.Time // zero while it runs
	Redrives          int
	Redriven          time.Time // of the last redrive; zero without one
	Error, Cause      string
	Input             string // empty where a list tells of the run
	Output            string // of one that SUCCEEDED; empty where a list tells of it

	// Redrivable says that AWS would redrive it; else NotRedrivable is AWS's reason.
	Redrivable    bool
	NotRedrivable string
}

// Ended says whether the run is over, unless it is redriven.
func (r Run) Ended() bool { return r.Status != Running && r.Status != PendingRedrive }

// NoRun says that the state machine has no run of a name.
type NoRun struct {
	Name   string
	Latest []Run  // those that started last
	Other  string // the job beside that of the state machine, if there is one, whose runs were not looked at
}

func (e NoRun) Error() string {
	if e.Name == Last {
		return `there is no run yet: "mapfleet start" starts one`
	}
	other := ""
	if e.Other != "" {
		other = fmt.Sprintf("; among the runs of %s it is looked for by --job %s", e.Other, e.Other)
	}
	if len(e.Latest) == 0 {
		return fmt.Sprintf("there is no run %q, nor any other%s", e.Name, other)
	}
	var lines []string
	for _, r := range e.Latest {
		lines = append(lines, "  "+r.Name+" "+r.Status)
	}
	return fmt.Sprintf("there is no run %q%s; the latest are:\n%s", e.Name, other, strings.Join(lines, "\n"))
}

// namedRuns is how many runs a NoRun names.
const namedRuns = 5

// ExecutionARN returns the ARN that a run of this name has.
func (s *Stack) ExecutionARN(name string) string {
	return strings.Replace(s.StateMachine, ":stateMachine:", ":execution:", 1) + ":" + name
}

// Find looks for a run by its name, its ARN or Last. The error is a NoRun if there is none.
func (s *Stack) Find(ctx context.Context, name string) (Run, error) {
	id := s.ExecutionARN(name)
	switch {
	case name == Last:
		latest, err := s.Runs(ctx, "", 1)
		if err != nil {
			return Run{}, err
		}
		if len(latest) == 0 {
			return Run{}, NoRun{Name: Last}
		}
		id = latest[0].ARN
	case strings.HasPrefix(name, "arn:"):
		id = name
		if !strings.HasPrefix(name, s.ExecutionARN("")) {
			next := "name its state machine by --stack or --state-machine"
			if machine := machineOf(name); machine != "" {
				next = "its own is named by --state-machine " + machine
			}
			return Run{}, Fault{fmt.Sprintf("%s is no run of %s", name, s.StateMachine), next}
		}
	}
	run, err := describe(ctx, s.Machines, id)
	_, none := errors.AsType[*types.ExecutionDoesNotExist](err)
	_, invalid := errors.AsType[*types.InvalidArn](err)
	if none || invalid {
		latest, _ := s.Runs(ctx, "", namedRuns) // a help, no more
		return Run{}, NoRun{Name: name, Latest: latest, Other: s.other()}
	}
	return run, s.Explain(err)
}

// machineOf is the state machine that the ARN of an execution names; "" of another ARN.
func machineOf(execution string) string {
	parts := strings.Split(execution, ":")
	if len(parts) != 8 || parts[5] != "execution" {
		return ""
	}
	parts[5] = "stateMachine"
	return strings.Join(parts[:7], ":")
}

// other is the job that there is beside that of the state machine, "" if there is none.
func (s *Stack) other() string {
	switch {
	case !s.otherJob:
		return ""
	case s.Checks():
		return Resize
	}
	return Checks
}

// describer is the part of Step Functions that tells of one execution.
type describer interface {
	DescribeExecution(context.Context, *sfn.DescribeExecutionInput, ...func(*sfn.Options)) (*sfn.DescribeExecutionOutput, error)
}

func describe(ctx context.Context, machines describer, id string, options ...func(*sfn.Options)) (Run, error) {
	x, err := machines.DescribeExecution(ctx, &sfn.DescribeExecutionInput{ExecutionArn: &id}, options...)
	if err != nil {
		return Run{}, err
	}
	return Run{
		ARN: aws.ToString(x.ExecutionArn), Name: aws.ToString(x.Name), Status: string(x.Status),
		Started: aws.ToTime(x.StartDate), Stopped: aws.ToTime(x.StopDate),
		Redrives: int(aws.ToInt32(x.RedriveCount)), Redriven: aws.ToTime(x.RedriveDate),
		Error: aws.ToString(x.Error), Cause: aws.ToString(x.Cause), Input: aws.ToString(x.Input), Output: aws.ToString(x.Output),
		Redrivable:    x.RedriveStatus == types.ExecutionRedriveStatusRedrivable,
		NotRedrivable: aws.ToString(x.RedriveStatusReason),
	}, nil
}

// Runs returns at most limit runs of a status, "" for all, those that started last first.
func (s *Stack) Runs(ctx context.Context, status string, limit int) ([]Run, error) {
	var runs []Run
	pages := sfn.NewListExecutionsPaginator(s.Machines, &sfn.ListExecutionsInput{
		StateMachineArn: &s.StateMachine, StatusFilter: types.ExecutionStatus(status), MaxResults: int32(min(limit, 1000)),
	})
	for pages.HasMorePages() && len(runs) < limit {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return nil, s.Explain(err)
		}
		for _, x := range page.Executions {
			runs = append(runs, Run{
				ARN: aws.ToString(x.ExecutionArn), Name: aws.ToString(x.Name), Status: string(x.Status),
				Started: aws.ToTime(x.StartDate), Stopped: aws.ToTime(x.StopDate),
				Redrives: int(aws.ToInt32(x.RedriveCount)), Redriven: aws.ToTime(x.RedriveDate),
			})
		}
	}
	return runs[:min(len(runs), limit)], nil
}
