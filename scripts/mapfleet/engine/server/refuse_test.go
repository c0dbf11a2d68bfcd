package server_test

import (
	"bytes"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"

	"mapfleet/scripts/mapfleet/engine/server"
)

// ask sends one signed request and returns the status and what was said.
func (c clients) ask(t *testing.T, operation, body string, change func(*http.Request, *aws.Credentials, *time.Time)) (int, string) {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, c.URL, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Content-Type", "application/x-amz-json-1.0")
	request.Header.Set("X-Amz-Target", "AWSStepFunctions."+operation)
	keys, at := aws.Credentials{AccessKeyID: c.AccessKey, SecretAccessKey: c.SecretKey}, time.Now()
	if change != nil {
		change(request, &keys, &at)
	}
	if keys.AccessKeyID != "" {
		if err := v4.NewSigner().SignHTTP(t.Context(), keys, request, hashOf(body), "states", c.Region, at); err != nil {
			t.Fatal(err)
		}
	}
	return send(t, request)
}

func send(t *testing.T, request *http.Request) (int, string) {
	t.Helper()
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	said, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return response.StatusCode, string(said)
}

func TestServer_refuses_as_AWS_does(t *testing.T) {
	c := serve(t, config(album(t, 1), t.TempDir()))
	machine := *c.machine
	arn := *c.begin(t, "done", `{}`)
	c.end(t, &arn)
	other := func(name string) string { return strings.Replace(arn, ":done", ":"+name, 1) }
	long := strings.Repeat("x", 81)
	for _, test := range []struct{ operation, body, want string }{
		{"StartExecution", `{"stateMachineArn":"` + machine + `","name":"done","input":"{}"}`, "ExecutionAlreadyExists"},
		{"StartExecution", `{"stateMachineArn":"` + machine + `x"}`, "StateMachineDoesNotExist"},
		{"StartExecution", `{"stateMachineArn":"` + strings.Replace(machine, "us-east-1", "eu-central-1", 1) + `"}`, "StateMachineDoesNotExist"},
		{"StartExecution", `{"stateMachineArn":"mapfleet-resize"}`, "InvalidArn"},
		{"StartExecution", `{"stateMachineArn":"` + arn + `"}`, "InvalidArn"},
		{"StartExecution", `{}`, "ValidationException"},
		{"StartExecution", `{"stateMachineArn":"` + machine + `","name":""}`, "ValidationException"},
		{"StartExecution", `{"stateMachineArn":"` + machine + `","name":"` + long + `"}`, "ValidationException"},
		{"StartExecution", `{"stateMachineArn":"` + machine + `","name":"a b"}`, "InvalidName"},
		{"StartExecution", `{"stateMachineArn":"` + machine + `","name":"../x"}`, "InvalidName"},
		{"StartExecution", `{"stateMachineArn":"` + machine + `","name":".."}`, "InvalidName"},
		{"StartExecution", `{"stateMachineArn":"` + machine + `","name":"a\u0007"}`, "InvalidName"},
		{"StartExecution", `{"stateMachineArn":"` + machine + `","input":"{"}`, "InvalidExecutionInput"},
		{"StartExecution", `{"stateMachineArn":"` + machine + `","input":"` + strings.Repeat(" ", 262_145) + `"}`, "InvalidExecutionInput"},
		{"StartExecution", `{"stateMachineArn":7}`, "SerializationException"},
		{"StartExecution", `{`, "SerializationException"},
		{"StopExecution", `{"executionArn":"` + other("none") + `"}`, "ExecutionDoesNotExist"},
		{"StopExecution", `{"executionArn":"` + machine + `"}`, "InvalidArn"},
		{"RedriveExecution", `{"executionArn":"` + arn + `"}`, "ExecutionNotRedrivable"},
		{"RedriveExecution", `{"executionArn":"` + other("none") + `"}`, "ExecutionDoesNotExist"},
		{"DescribeExecution", `{"executionArn":"` + other("..") + `"}`, "ExecutionDoesNotExist"},
		{"DescribeExecution", `{"executionArn":"` + other("a/../done") + `"}`, "ExecutionDoesNotExist"},
		{"DescribeExecution", `{"executionArn":"` + strings.Replace(arn, "000000000000", "000000000001", 1) + `"}`, "ExecutionDoesNotExist"},
		{"DescribeExecution", `{}`, "ValidationException"},
		{"DescribeStateMachineForExecution", `{"executionArn":"x"}`, "InvalidArn"},
		{"ListExecutions", `{"stateMachineArn":"` + machine + `","maxResults":1001}`, "ValidationException"},
		{"ListExecutions", `{"stateMachineArn":"` + machine + `","statusFilter":"DONE"}`, "ValidationException"},
		{"ListExecutions", `{"stateMachineArn":"` + machine + `","nextToken":"x"}`, "InvalidToken"},
		{"ListExecutions", `{}`, "ValidationException"},
		{"ListStateMachines", `{"maxResults":-1}`, "ValidationException"},
		{"ListMapRuns", `{"executionArn":"` + other("none") + `"}`, "ExecutionDoesNotExist"},
		{"DescribeMapRun", `{"mapRunArn":"` + strings.Replace(machine, ":stateMachine:", ":mapRun:", 1) + `/ResizeListing:none"}`, "ResourceNotFound"},
		{"DescribeMapRun", `{"mapRunArn":"` + arn + `"}`, "InvalidArn"},
		{"GetExecutionHistory", `{"executionArn":"` + arn + `","nextToken":"AAAA"}`, "InvalidToken"},
		{"DescribeStateMachine", `{"stateMachineArn":"` + machine + `:1"}`, "StateMachineDoesNotExist"},
		{"CreateStateMachine", `{}`, "UnknownOperationException"},
		{"UpdateMapRun", `{"mapRunArn":"` + strings.Replace(machine, ":stateMachine:", ":mapRun:", 1) + `/ResizeListing:none"}`, "ResourceNotFound"},
		{"UpdateMapRun", `{"mapRunArn":"` + strings.Replace(machine, ":stateMachine:", ":mapRun:", 1) + `/ResizeListing:none","maxConcurrency":-1}`, "ValidationException"},
		{"UpdateMapRun", `{"mapRunArn":"` + strings.Replace(machine, ":stateMachine:", ":mapRun:", 1) + `/ResizeListing:none","toleratedFailurePercentage":101}`, "ValidationException"},
		{"UpdateMapRun", `{"mapRunArn":"` + strings.Replace(machine, ":stateMachine:", ":mapRun:", 1) + `/ResizeListing:none","toleratedFailureCount":-1}`, "ValidationException"},
		{"CreateActivity", `{}`, "UnknownOperationException"},
	} {
		status, said := c.ask(t, test.operation, test.body, nil)
		if status != http.StatusBadRequest || !strings.Contains(said, `#`+test.want+`"`) || !strings.Contains(said, `"message":"`) {
			t.Errorf("%s %.120s: %d %s, want 400 %s", test.operation, test.body, status, said, test.want)
		}
	}
	if _, said := c.ask(t, "CreateStateMachine", `{}`, nil); !strings.Contains(said, "CreateStateMachine is not") {
		t.Errorf("an unknown operation is not named: %s", said)
	}
}

func TestServer_validates_definitions(t *testing.T) {
	c := serve(t, config(album(t, 1), t.TempDir()))
	if _, said := c.ask(t, "ValidateStateMachineDefinition", `{"definition":"{\"StartAt\":\"A\",\"States\":{\"A\":{\"Type\":\"Succeed\"}}}"}`, nil); !strings.Contains(said, `"result":"OK"`) {
		t.Errorf("a good one: %s", said)
	}
	if _, said := c.ask(t, "ValidateStateMachineDefinition", `{"definition":"{\"StartAt\":\"A\",\"States\":{\"A\":{\"Type\":\"Parallel\"}}}"}`, nil); !strings.Contains(said, `"result":"FAIL"`) || !strings.Contains(said, `"severity":"ERROR"`) || !strings.Contains(said, `Parallel`) {
		t.Errorf("a bad one: %s", said)
	}
}

// TestServer_checks_who_asks: other users of the machine reach the port, and pages in a browser may.
func TestServer_checks_who_asks(t *testing.T) {
	c := serve(t, config(album(t, 1), t.TempDir()))
	const list = "ListStateMachines"
	for name, test := range map[string]struct {
		change func(*http.Request, *aws.Credentials, *time.Time)
		want   string
	}{
		"signed":         {nil, `"stateMachines"`},
		"unsigned":       {func(_ *http.Request, k *aws.Credentials, _ *time.Time) { k.AccessKeyID = "" }, "MissingAuthenticationTokenException"},
		"another key":    {func(_ *http.Request, k *aws.Credentials, _ *time.Time) { k.AccessKeyID = "AKIAIOSFODNN7EXAMPLE" }, "UnrecognizedClientException"},
		"another secret": {func(_ *http.Request, k *aws.Credentials, _ *time.Time) { k.SecretAccessKey = "x" }, "InvalidSignatureException"},
		"an old one":     {func(_ *http.Request, _ *aws.Credentials, at *time.Time) { *at = at.Add(-time.Hour) }, "Signature expired"},
		"another body": {func(r *http.Request, _ *aws.Credentials, _ *time.Time) {
			r.Body, r.ContentLength = io.NopCloser(bytes.NewReader([]byte(`[]`))), 2
		}, "InvalidSignatureException"},
		"another host": {func(r *http.Request, _ *aws.Credentials, _ *time.Time) { r.Host = "rebound.example" }, "localhost only"},
		"localhost":    {func(r *http.Request, _ *aws.Credentials, _ *time.Time) { r.Host = "localhost:" + r.URL.Port() }, `"stateMachines"`},
	} {
		if _, said := c.ask(t, list, `{}`, test.change); !strings.Contains(said, test.want) {
			t.Errorf("%s: %s, want %s", name, said, test.want)
		}
	}
	info, err := os.Stat(filepath.Join(c.folder, "credentials.json"))
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("credentials are for others to read: %v, %v", info, err)
	}
}

func TestStart_says_what_is_in_its_way(t *testing.T) {
	out := t.TempDir()
	settings := config(album(t, 1), out)
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	_, port, _ := net.SplitHostPort(listener.Addr().String())
	settings.Port, _ = strconv.Atoi(port)
	if s, err := server.Start(t.Context(), settings); err == nil || !strings.Contains(err.Error(), "port "+port+" of 127.0.0.1 is in use") {
		t.Errorf("Start on a port in use: %v, %v", s, err)
	}
	if err := listener.Close(); err != nil {
		t.Fatal(err)
	}
	c := serve(t, settings) // what was started before the port is ended again
	if c.URL != "http://127.0.0.1:"+port {
		t.Errorf("serves at %s, want port %s", c.URL, port)
	}
	settings.Port = 0
	if s, err := server.Start(t.Context(), settings); err == nil || !strings.Contains(err.Error(), "is at work in this folder") {
		t.Errorf("Start on a state folder in use: %v, %v", s, err)
	}
}
