package stack

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
	"github.com/aws/aws-sdk-go-v2/service/sfn"
	"github.com/aws/aws-sdk-go-v2/service/sfn/types"
	"github.com/aws/smithy-go"
	smithyhttp "github.com/aws/smithy-go/transport/http"
)

// machines is a Step Functions with one execution: it ends at a time, as do its Map Runs.
type machines struct {
	started, ends time.Time
	status        types.ExecutionStatus // at its end
	redriven      time.Time
	mapRuns       []types.MapRunStatus // as they end
	older         time.Duration        // how long before the execution they ended
	opens         time.Time            // before then they are not listed

	fail  func(call string) error // nil: nothing fails
	asked map[string][]time.Time  // by operation
}

func (m *machines) ask(call string) error {
	if m.asked == nil {
		m.asked = map[string][]time.Time{}
	}
	m.asked[call] = append(m.asked[call], time.Now())
	if m.fail != nil {
		return m.fail(call)
	}
	return nil
}

func (m *machines) DescribeExecution(context.Context, *sfn.DescribeExecutionInput, ...func(*sfn.Options)) (*sfn.DescribeExecutionOutput, error) {
	if err := m.ask("DescribeExecution"); err != nil {
		return nil, err
	}
	out := &sfn.DescribeExecutionOutput{Name: aws.String("r"), Status: types.ExecutionStatusRunning, StartDate: &m.started}
	if !m.redriven.IsZero() {
		out.RedriveDate, out.RedriveCount = &m.redriven, aws.Int32(1)
	}
	if !time.Now().Before(m.ends) {
		out.Status, out.StopDate = m.status, &m.ends
	}
	return out, nil
}

func (m *machines) ListMapRuns(context.Context, *sfn.ListMapRunsInput, ...func(*sfn.Options)) (*sfn.ListMapRunsOutput, error) {
	if err := m.ask("ListMapRuns"); err != nil {
		return nil, err
	}
	out := &sfn.ListMapRunsOutput{}
	for i := range m.mapRuns {
		if time.Now().Before(m.opens) {
			break
		}
		out.MapRuns = append(out.MapRuns, types.MapRunListItem{MapRunArn: aws.String(fmt.Sprint("arn:aws:states:r:1:mapRun:m/Label:", i))})
	}
	return out, nil
}

func (m *machines) DescribeMapRun(_ context.Context, in *sfn.DescribeMapRunInput, _ ...func(*sfn.Options)) (*sfn.DescribeMapRunOutput, error) {
	if err := m.ask("DescribeMapRun"); err != nil {
		return nil, err
	}
	var i int
	fmt.Sscanf(*in.MapRunArn, "arn:aws:states:r:1:mapRun:m/Label:%d", &i)
	out := &sfn.DescribeMapRunOutput{
		MapRunArn: in.MapRunArn, Status: types.MapRunStatusRunning, StartDate: &m.started, MaxConcurrency: 10,
		ItemCounts:      &types.MapRunItemCounts{Total: 100, Running: 20, Pending: 80},
		ExecutionCounts: &types.MapRunExecutionCounts{Total: 1, Running: 2},
	}
	if stop := m.ends.Add(-m.older); !time.Now().Before(stop) {
		out.Status, out.StopDate = m.mapRuns[i], &stop
		out.ItemCounts = &types.MapRunItemCounts{Total: 100, Succeeded: 100}
		out.ExecutionCounts = &types.MapRunExecutionCounts{Total: 10, Succeeded: 10}
	}
	return out, nil
}

// answer is the error of an operation that the service answered with a code.
func answer(service, operation string, status int, code, message string) error {
	return &smithy.OperationError{ServiceID: service, OperationName: operation, Err: &awshttp.ResponseError{ResponseError: &smithyhttp.ResponseError{
		Response: &smithyhttp.Response{Response: &http.Response{StatusCode: status}},
		Err:      &smithy.GenericAPIError{Code: code, Message: message},
	}}}
}

// lost is the error of an operation that had no answer.
func lost(operation string) error {
	return &smithy.OperationError{ServiceID: "SFN", OperationName: operation, Err: &smithyhttp.RequestSendError{Err: errors.New("connection reset by peer")}}
}

// brokenOff is the error of an operation whose answer ended in its middle.
func brokenOff(operation string) error { return undecoded(operation, io.ErrUnexpectedEOF) }

// noJSON is that of an answer that is none of the service's, such as the page of a proxy.
func noJSON(operation string) error {
	return undecoded(operation, errors.New("invalid character '<' looking for beginning of value"))
}

func undecoded(operation string, err error) error {
	return &smithy.OperationError{ServiceID: "SFN", OperationName: operation, Err: &awshttp.ResponseError{ResponseError: &smithyhttp.ResponseError{
		Response: &smithyhttp.Response{Response: &http.Response{StatusCode: http.StatusOK}},
		Err:      &smithy.DeserializationError{Err: fmt.Errorf("failed to decode response body, %w", err)},
	}}}
}

func throttle(operation string) error {
	return answer("SFN", operation, 400, "ThrottlingException", "Rate exceeded")
}
