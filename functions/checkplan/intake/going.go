package intake

import (
	"context"
	"errors"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/service/sfn"
	"github.com/aws/aws-sdk-go-v2/service/sfn/types"
	"github.com/aws/smithy-go"

	"mapfleet/functions/job"
	"mapfleet/functions/lock"
)

// Executions is the part of Step Functions that a Planner uses. *sfn.Client is one.
type Executions interface {
	DescribeExecution(context.Context, *sfn.DescribeExecutionInput, ...func(*sfn.Options)) (*sfn.DescribeExecutionOutput, error)
}

// going says whether a run is at work, however long it has been: by its execution, for nothing else knows of
// a run that was stopped and came to no report, or of one that takes a day. What is told may be some seconds
// old (A72 of package asl); a lock that is younger than that is not asked about.
func (p *Planner) going(ctx context.Context, h lock.Holder) (bool, error) {
	if h.Execution == "" {
		return false, nil
	}
	out, err := p.Executions.DescribeExecution(ctx, &sfn.DescribeExecutionInput{ExecutionArn: &h.Execution})
	if err == nil {
		return out.Status == types.ExecutionStatusRunning || out.Status == types.ExecutionStatusPendingRedrive, nil
	}
	if _, none := errors.AsType[*types.ExecutionDoesNotExist](err); none {
		return false, nil
	}
	if ctx.Err() != nil {
		return false, ctx.Err()
	}
	message := fmt.Sprintf("look up execution %s, which holds the lock: %v", h.Execution, err)
	code := ""
	if api, ok := errors.AsType[smithy.APIError](err); ok {
		code = api.ErrorCode()
	}
	switch code {
	case "AccessDeniedException":
		return false, job.AccessDenied{Message: message + "; the function's role needs states:DescribeExecution on it"}
	case "ThrottlingException":
		return false, job.Throttled{Message: message}
	}
	return false, job.Unavailable{Message: message}
}
