package stack

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/cloudformation"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation/types"
	"github.com/aws/aws-sdk-go-v2/service/sfn"
	"github.com/aws/smithy-go"
)

// The outputs that a stack of mapfleet has.
const (
	outputMachine     = "StateMachineArn"
	outputChecks      = "ChecksStateMachineArn"
	outputSource      = "SourceBucket"
	outputDestination = "DestinationBucket"
	outputWork        = "WorkBucket"

	// Of stacks since these were told.
	outputMemory       = "WorkerMemory" // MB
	outputArchitecture = "WorkerArchitecture"
)

// NoStack says that there is no such stack where it was looked for.
type NoStack struct {
	Name, Region string
	Others       []string // stacks there that hold a mapfleet
	Unknown      bool     // nobody may list them
}

func (e NoStack) Error() string {
	text := fmt.Sprintf("there is no stack %q in %s", e.Name, e.Region)
	switch {
	case len(e.Others) > 0:
		return text + fmt.Sprintf("; a mapfleet is in %s there: name it by --stack", strings.Join(e.Others, ", "))
	case e.Unknown:
		return text + ": name another by --stack, or another Region by --region"
	}
	return text + ", nor another mapfleet: name another Region by --region, or deploy it (make deploy)"
}

// outputs takes over what the outputs of the stack tell.
func (s *Stack) outputs(ctx context.Context, job string) error {
	found, err := s.stacks.DescribeStacks(ctx, &cloudformation.DescribeStacksInput{StackName: &s.Name})
	if api, ok := errors.AsType[smithy.APIError](err); ok && api.ErrorCode() == "ValidationError" && strings.Contains(api.ErrorMessage(), "does not exist") {
		none := NoStack{Name: s.Name, Region: s.Region}
		none.Others, err = mapfleets(ctx, s.stacks)
		none.Unknown = err != nil
		return none
	}
	if status := statusOf(err); s.Local() && (status == http.StatusMethodNotAllowed || status == http.StatusNotFound || status == http.StatusNotImplemented) {
		return Fault{fmt.Sprintf("%s has no CloudFormation, and so no stack %q", s.endpoint, s.Name), "leave --stack out: a server of mapfleet serve has one state machine for each --job"}
	}
	if err != nil {
		return s.Explain(err)
	}
	if len(found.Stacks) == 0 {
		return NoStack{Name: s.Name, Region: s.Region, Unknown: true}
	}
	outputs := outputsOf(found.Stacks[0])
	if outputs[outputMachine] == "" {
		return Fault{fmt.Sprintf("the stack %s in %s has no output %s: it is %s", s.Name, s.Region, outputMachine, found.Stacks[0].StackStatus),
			"deploy mapfleet there (make deploy), or name its stack by --stack"}
	}
	s.otherJob = outputs[outputChecks] != ""
	if job == Checks {
		if outputs[outputChecks] == "" {
			return Fault{fmt.Sprintf("the stack %s in %s has no checks", s.Name, s.Region), `deploy it with "checks": true, or name another by --stack`}
		}
		outputs[outputMachine] = outputs[outputChecks]
	}
	s.StateMachine, s.Source, s.Destination = outputs[outputMachine], outputs[outputSource], outputs[outputDestination]
	if s.Work == "" {
		s.Work = outputs[outputWork]
	}
	if job != Checks {
		s.Worker = workerOf(outputs)
	}
	return nil
}

func outputsOf(s types.Stack) map[string]string {
	outputs := map[string]string{}
	for _, o := range s.Outputs {
		if o.OutputKey != nil && o.OutputValue != nil {
			outputs[*o.OutputKey] = *o.OutputValue
		}
	}
	return outputs
}

// mapfleets names the stacks that have the outputs of a mapfleet.
func mapfleets(ctx context.Context, stacks cloudformation.DescribeStacksAPIClient) ([]string, error) {
	var names []string
	pages := cloudformation.NewDescribeStacksPaginator(stacks, &cloudformation.DescribeStacksInput{})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return names, err
		}
		for _, each := range page.Stacks {
			if o := outputsOf(each); o[outputMachine] != "" && o[outputWork] != "" && each.StackName != nil {
				names = append(names, *each.StackName)
			}
		}
	}
	slices.Sort(names)
	return names, nil
}

// onlyMachine takes the one state machine that an endpoint has for a job. One that has a single machine, by
// whatever name, has it for the pictures.
func (s *Stack) onlyMachine(ctx context.Context, job string) error {
	var all, fit []string
	pages := sfn.NewListStateMachinesPaginator(s.Machines, &sfn.ListStateMachinesInput{})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return s.Explain(err)
		}
		for _, m := range page.StateMachines {
			all = append(all, *m.StateMachineArn)
			if strings.HasSuffix(*m.Name, "-"+job) {
				fit = append(fit, *m.StateMachineArn)
			} else if strings.HasSuffix(*m.Name, "-"+Checks) || strings.HasSuffix(*m.Name, "-"+Resize) {
				s.otherJob = true
			}
		}
	}
	if len(all) > 1 || job != Resize {
		all = fit
	}
	switch len(all) {
	case 1:
		s.StateMachine, s.Name = all[0], machineName(all[0])
		return nil
	case 0:
		if job == Checks {
			return Fault{s.endpoint + " has no state machine of checks", "begin it with mapfleet serve --checks, or name one by --state-machine"}
		}
		return Fault{fmt.Sprintf("%s has no state machine that resizes", s.endpoint), "name a stack there by --stack, or a state machine by --state-machine"}
	}
	return Fault{fmt.Sprintf("%s has several state machines of that kind: %s", s.endpoint, strings.Join(all, ", ")), "name one by --state-machine"}
}

// Resizes says whether the state machine takes the run input of package job, as far as its name tells.
func (s *Stack) Resizes() bool { return strings.HasSuffix(s.StateMachine, "-"+Resize) }

// Checks says whether the state machine is that of checks, as far as its name tells.
func (s *Stack) Checks() bool { return strings.HasSuffix(s.StateMachine, "-"+Checks) }
