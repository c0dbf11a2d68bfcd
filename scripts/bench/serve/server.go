package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/sfn"
	"github.com/aws/aws-sdk-go-v2/service/sfn/types"
)

// measure runs one execution by a server of its own. It returns the seconds from its start to its end, as the
// API tells them, and the most memory that the server had, in MiB.
func measure(ctx context.Context, dir, name, input string, items int) (seconds float64, memory int, err error) {
	out := filepath.Join(dir, "out-"+name)
	var said bytes.Buffer
	command := exec.CommandContext(ctx, filepath.Join(dir, "mapfleet"), "serve", "--in", filepath.Join(dir, "in"), "--out", out, "--functions", filepath.Join(dir, "functions"), "--workers", fmt.Sprint(processors))
	command.Stderr, command.Stdout = &said, &said
	command.Cancel = func() error { return command.Process.Signal(syscall.SIGINT) }
	if err := command.Start(); err != nil {
		return 0, 0, err
	}
	defer func() {
		_ = command.Process.Signal(syscall.SIGINT)
		if end := command.Wait(); end != nil && err == nil {
			err = fmt.Errorf("the server: %w\n%s", end, said.String())
		}
	}()
	client, err := connect(ctx, filepath.Join(out, ".mapfleet", "serve.env"))
	if err != nil {
		return 0, 0, err
	}
	x, err := carryOut(ctx, client, name, input)
	if err != nil {
		return 0, 0, err
	}
	if x.Status != types.ExecutionStatusSucceeded || !strings.Contains(*x.Output, fmt.Sprintf(`"current":%d,`, items)) {
		return 0, 0, fmt.Errorf("the run over the %s %s: %s%s", name, x.Status, aws.ToString(x.Cause), aws.ToString(x.Output))
	}
	memory, err = peak(command.Process.Pid)
	return x.StopDate.Sub(*x.StartDate).Seconds(), memory, err
}

// connect waits for the server's environment.
func connect(ctx context.Context, path string) (*sfn.Client, error) {
	ctx, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for {
		data, err := os.ReadFile(path)
		if values := environment(string(data)); err == nil && values["AWS_REGION"] != "" {
			return sfn.New(sfn.Options{
				Region: values["AWS_REGION"], BaseEndpoint: aws.String(values["AWS_ENDPOINT_URL"]),
				Credentials: credentials.NewStaticCredentialsProvider(values["AWS_ACCESS_KEY_ID"], values["AWS_SECRET_ACCESS_KEY"], ""),
			}), nil
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			return nil, fmt.Errorf("the server is not there: %w", ctx.Err())
		}
	}
}

// environment reads the lines that a shell would.
func environment(text string) map[string]string {
	values := map[string]string{}
	for word := range strings.FieldsSeq(text) {
		if name, value, ok := strings.Cut(word, "="); ok {
			values[name] = value
		}
	}
	return values
}

func carryOut(ctx context.Context, client *sfn.Client, name, input string) (*sfn.DescribeExecutionOutput, error) {
	machines, err := client.ListStateMachines(ctx, &sfn.ListStateMachinesInput{})
	if err != nil {
		return nil, err
	}
	started, err := client.StartExecution(ctx, &sfn.StartExecutionInput{StateMachineArn: machines.StateMachines[0].StateMachineArn, Name: &name, Input: &input})
	if err != nil {
		return nil, err
	}
	tick := time.NewTicker(100 * time.Millisecond)
	defer tick.Stop()
	for {
		x, err := client.DescribeExecution(ctx, &sfn.DescribeExecutionInput{ExecutionArn: started.ExecutionArn})
		if err != nil || x.Status != types.ExecutionStatusRunning {
			return x, err
		}
		<-tick.C
	}
}

// peak returns the most memory that a process has had, in MiB.
func peak(pid int) (int, error) {
	data, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		return 0, err
	}
	for line := range strings.Lines(string(data)) {
		var kB int
		if _, err := fmt.Sscanf(line, "VmHWM: %d kB", &kB); err == nil {
			return kB >> 10, nil
		}
	}
	return 0, errors.New("the system does not tell a process's memory")
}
