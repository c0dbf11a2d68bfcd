package stack

import (
	"context"
	"encoding/json"
	"errors"
	"math"
	"net"
	"os"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/aws/smithy-go"
	smithyhttp "github.com/aws/smithy-go/transport/http"

	"mapfleet/functions/cost"
	"mapfleet/functions/job"
	"mapfleet/statemachine/asl"
)

func TestExplain(t *testing.T) {
	s := &Stack{Region: "eu-west-1", StateMachine: "arn:aws:states:eu-west-1:1:stateMachine:mapfleet-resize", Work: "work-1"}
	local := &Stack{endpoint: "http://127.0.0.1:8080"}
	for _, c := range []struct {
		name  string
		stack *Stack
		err   error
		says  []string
	}{
		{"expired", s, answer("SFN", "StartExecution", 400, "ExpiredTokenException", ""), []string{"have expired", "aws sso login"}},
		{"expired, for S3", s, answer("S3", "GetObject", 400, "ExpiredToken", ""), []string{"have expired"}},
		{"denied", s, answer("SFN", "RedriveExecution", 400, "AccessDeniedException", "User: x is not authorized"), []string{"states:RedriveExecution", "User: x is not authorized", "policy"}},
		{"denied by S3", s, answer("S3", "GetObject", 403, "AccessDenied", ""), []string{"s3:GetObject", "s3:ListBucket", "kms:Decrypt"}},
		{"denied by CloudFormation", s, answer("CloudFormation", "DescribeStacks", 403, "AccessDenied", ""), []string{"cloudformation:DescribeStacks"}},
		{"unknown keys", s, answer("SFN", "ListExecutions", 400, "UnrecognizedClientException", ""), []string{"AWS in eu-west-1 does not know the credentials", "get-caller-identity"}},
		{"unknown keys of a local server", local, answer("SFN", "ListExecutions", 403, "InvalidSignatureException", ""), []string{"http://127.0.0.1:8080", "serve.env"}},
		{"throttled", s, throttle("ListExecutions"), []string{"slow down", "states:ListExecutions", "minute"}},
		{"no state machine", s, answer("SFN", "ListExecutions", 400, "StateMachineDoesNotExist", ""), []string{s.StateMachine, "--stack", "--region"}},
		{"no work bucket", s, answer("S3", "GetObject", 404, "NoSuchBucket", ""), []string{"work-1", "--work-bucket"}},
		{"no answer", s, lost("DescribeExecution"), []string{"cannot reach AWS in eu-west-1", "connection reset", "network"}},
		{"no answer of a local server", local, lost("DescribeExecution"), []string{"http://127.0.0.1:8080", "mapfleet serve"}},
		{"a bucket elsewhere", s, answer("S3", "GetObject", 301, "PermanentRedirect", "use eu-west-2"), []string{"another Region than eu-west-1", "use eu-west-2", "--region"}},
		{"failed inside", s, answer("SFN", "ListExecutions", 503, "UnknownError", "UnknownError"), []string{"AWS in eu-west-1 failed", "states:ListExecutions", "503 Service Unavailable", "try again"}},
		{"no answer of theirs", s, &smithy.OperationError{ServiceID: "SFN", OperationName: "ListExecutions", Err: &smithy.DeserializationError{Err: errors.New("unexpected token")}}, []string{"cannot read the answer of AWS in eu-west-1", "unexpected token"}},
		{"something else", s, answer("SFN", "StartExecution", 400, "ExecutionLimitExceeded", "too many"), []string{"states:StartExecution", "ExecutionLimitExceeded", "too many"}},
		{"keys that cannot be renewed", s, &smithy.OperationError{ServiceID: "SFN", OperationName: "DescribeExecution", Err: errors.New("get identity: get credentials: the SSO session has expired")}, []string{"log in anew"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := c.stack.Explain(c.err)
			if _, ok := got.(Fault); !ok {
				t.Errorf("Explain = %T, want a Fault", got)
			}
			for _, want := range c.says {
				if !strings.Contains(got.Error(), want) {
					t.Errorf("%q does not say %q", got, want)
				}
			}
		})
	}
	if got := s.Explain(context.Canceled); got != context.Canceled {
		t.Errorf("Explain(Canceled) = %v, want it as it is", got)
	}
	if got := s.Explain(nil); got != nil {
		t.Errorf("Explain(nil) = %v", got)
	}
}

func TestPassing(t *testing.T) {
	for _, c := range []struct {
		err  error
		want bool
	}{
		{throttle("DescribeMapRun"), true},
		{lost("DescribeMapRun"), true},
		{answer("SFN", "DescribeMapRun", 500, "InternalServerError", ""), true},
		{answer("SFN", "DescribeMapRun", 503, "ServiceUnavailable", ""), true},
		{brokenOff("DescribeMapRun"), true},
		{noJSON("DescribeMapRun"), true},
		{answer("SFN", "DescribeMapRun", 400, "AccessDeniedException", ""), false},
		{answer("SFN", "DescribeMapRun", 400, "ExpiredTokenException", ""), false},
		{answer("SFN", "DescribeMapRun", 400, "InvalidArn", ""), false},
		{context.Canceled, false},
	} {
		if got := Passing(c.err); got != c.want {
			t.Errorf("Passing(%v) = %v, want %v", c.err, got, c.want)
		}
	}
}

// TestCheckName: what a run is started with, its functions take.
func TestCheckName(t *testing.T) {
	for name, ok := range map[string]bool{
		"run-20261121-101500-000": true, "a": true, strings.Repeat("x", 80): true, "nightly_2026-11-21": true,
		"v1.2": false, ".hidden": false, "a+b": false, "a=b": false, "a@b": false,
		"": false, "last": false, "a b": false, "a/b": false, "a:b": false, "arn:x": false, "ä": false, strings.Repeat("x", 81): false, "a\n": false, "a*": false,
	} {
		err := CheckName(name)
		if (err == nil) != ok || err == nil && !job.ValidRunName(name) {
			t.Errorf("CheckName(%q) = %v, want it to be allowed: %v", name, err, ok)
		}
		if err != nil && !strings.Contains(err.Error(), "1 to 80 letters, digits, - and _") {
			t.Errorf("CheckName(%q) = %q, want it to say what is allowed", name, err)
		}
	}
}

func TestConsole(t *testing.T) {
	const execution = "states:eu-west-1:1:execution:mapfleet-resize:r"
	for arn, want := range map[string]string{
		"arn:aws:" + execution:        "https://eu-west-1.console.aws.amazon.com/states/home?region=eu-west-1#/v2/executions/details/arn:aws:" + execution,
		"arn:aws-cn:" + execution:     "https://eu-west-1.console.amazonaws.cn/states/home?region=eu-west-1#/v2/executions/details/arn:aws-cn:" + execution,
		"arn:aws-us-gov:" + execution: "https://eu-west-1.console.amazonaws-us-gov.com/states/home?region=eu-west-1#/v2/executions/details/arn:aws-us-gov:" + execution,
		"none":                        "",
	} {
		if got := (&Stack{}).Console(arn); got != want {
			t.Errorf("Console(%s) = %q, want %q", arn, got, want)
		}
	}
	if got := (&Stack{endpoint: "http://localhost"}).Console("arn:aws:" + execution); got != "" {
		t.Errorf("Console of a local server = %q, want none", got)
	}
}

// TestSpend works one bill out by hand: 10,000 batches of 100 at 2 seconds each.
func TestSpend(t *testing.T) {
	run := asl.MapRun{Items: asl.Counts{Succeeded: 1_000_000}, Executions: asl.Counts{Succeeded: 10_000}}
	s := Sight{MapRuns: []asl.MapRun{run}, Working: 20_000 * time.Second}
	const (
		lambda  = 20_000 * 1769.0 / 1024 * 0.0000133334
		express = 20_000 / 16.0 * 0.00001667
		batches = 10_000 * (0.2e-6 + 0.025e-3 + 1e-6)
		objects = 1_000_000 * (0.4e-6 + 2*5e-6)
	)
	want := lambda + express + batches + objects + 8*0.025e-3
	if got := s.Spend(DefaultWorker(), 2, cost.USEast1()); math.Abs(got-want) > 1e-5 || want < 10 || want > 12 {
		t.Errorf("Spend = $%v, want $%v", got, want)
	}
	const x86 = 20_000 * 3008.0 / 1024 * 0.0000166667
	if got := s.Spend(Worker{3008, job.X86}, 2, cost.USEast1()); math.Abs(got-(want-lambda+x86)) > 1e-5 {
		t.Errorf("Spend with 3,008 MB of x86_64 = $%v, want $%v", got, want-lambda+x86)
	}
}

func TestWorkerOf(t *testing.T) {
	for _, c := range []struct {
		memory, architecture string
		want                 Worker
	}{
		{"3008", "x86_64", Worker{3008, job.X86}},
		{"512", "arm64", Worker{512, job.ARM64}},
		{"", "", Worker{}}, {"much", "arm64", Worker{}}, {"-1", "arm64", Worker{}}, {"1769", "mips", Worker{}},
	} {
		if got := workerOf(map[string]string{outputMemory: c.memory, outputArchitecture: c.architecture}); got != c.want {
			t.Errorf("workerOf(%q, %q) = %v, want %v", c.memory, c.architecture, got, c.want)
		}
	}
}

// TestOutputs_are_those_of_a_stack: what is looked for is what is deployed.
func TestOutputs_are_those_of_a_stack(t *testing.T) {
	data, err := os.ReadFile("../../../infra/testdata/checks.golden.json")
	if err != nil {
		t.Fatal(err)
	}
	var template struct {
		Outputs map[string]struct{ Value any }
	}
	if err := json.Unmarshal(data, &template); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{outputMachine, outputChecks, outputSource, outputDestination, outputWork, outputMemory, outputArchitecture} {
		if template.Outputs[name].Value == nil {
			t.Errorf("a stack has no output %s", name)
		}
	}
	memory, _ := template.Outputs[outputMemory].Value.(string)
	architecture, _ := template.Outputs[outputArchitecture].Value.(string)
	if got := workerOf(map[string]string{outputMemory: memory, outputArchitecture: architecture}); got != DefaultWorker() {
		t.Errorf("a stack as it comes has the worker %v, want %v", got, DefaultWorker())
	}
}

// TestImpatient: whether a server on this machine listens is told at once; what may pass is tried again.
func TestImpatient(t *testing.T) {
	refused := &smithyhttp.RequestSendError{Err: &net.OpError{Op: "dial", Err: os.NewSyscallError("connect", syscall.ECONNREFUSED)}}
	for _, c := range []struct {
		name string
		err  error
		want bool
	}{
		{"nobody listens", refused, false},
		{"cut off in the middle", &smithyhttp.RequestSendError{Err: os.NewSyscallError("read", syscall.ECONNRESET)}, true},
		{"throttled", throttle("ListExecutions"), true},
		{"not allowed", answer("SFN", "ListExecutions", 400, "AccessDeniedException", ""), false},
	} {
		if got := impatient().IsErrorRetryable(c.err); got != c.want {
			t.Errorf("%s: tried again = %v, want %v", c.name, got, c.want)
		}
	}
	if !Passing(&smithy.OperationError{Err: refused}) {
		t.Error("a watch does not wait for a server that is begun again")
	}
}
