package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"time"
)

// Where moto thinks it is. It takes any credentials.
const (
	account = "123456789012"
	region  = "us-east-1"
)

// patience is how long moto may take to start.
const patience = time.Minute

// moto is a running moto_server, on loopback only.
type moto struct {
	url     string
	command *exec.Cmd
	log     *os.File
}

// start runs program on a free port, and returns once it answers. Its log goes to a file.
func start(ctx context.Context, program, log string) (*moto, error) {
	port, err := free()
	if err != nil {
		return nil, err
	}
	file, err := os.Create(log)
	if err != nil {
		return nil, err
	}
	// By this name, and not by the address: the CDK command line puts a bucket's name before it otherwise.
	m := &moto{url: fmt.Sprintf("http://localhost:%d", port), log: file}
	m.command = exec.Command(program, "-H", "127.0.0.1", "-p", fmt.Sprint(port))
	m.command.Stdout, m.command.Stderr = file, file
	if err := m.command.Start(); err != nil {
		return nil, errors.Join(err, file.Close())
	}
	if err := m.wait(ctx); err != nil {
		said, _ := os.ReadFile(log)
		return nil, errors.Join(fmt.Errorf("moto_server: %w; it said:\n%s", err, said), m.stop())
	}
	return m, nil
}

func free() (int, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return 0, err
	}
	return l.Addr().(*net.TCPAddr).Port, l.Close()
}

func (m *moto) wait(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	ticks := time.NewTicker(100 * time.Millisecond)
	defer ticks.Stop()
	for {
		if response, err := m.get(ctx, "/moto-api/", ""); err == nil {
			return response.Body.Close()
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-ticks.C:
		}
	}
}

func (m *moto) stop() error {
	_ = m.command.Process.Kill()
	_ = m.command.Wait() // says only that it was killed
	return m.log.Close()
}

// environment makes AWS's programs speak to moto.
func (m *moto) environment() []string {
	return []string{
		"AWS_ENDPOINT_URL=" + m.url, "AWS_REGION=" + region, "AWS_DEFAULT_REGION=" + region,
		"AWS_ACCESS_KEY_ID=any", "AWS_SECRET_ACCESS_KEY=any", "AWS_EC2_METADATA_DISABLED=true",
		"AWS_CONFIG_FILE=" + os.DevNull, "AWS_SHARED_CREDENTIALS_FILE=" + os.DevNull,
	}
}

// get asks a service of moto, which tells services apart by the request's signature.
func (m *moto) get(ctx context.Context, path, service string) (*http.Response, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, m.url+path, nil)
	if err != nil {
		return nil, err
	}
	if service != "" {
		request.Header.Set("Authorization", "AWS4-HMAC-SHA256 Credential=any/20260101/"+region+"/"+service+"/aws4_request, SignedHeaders=host, Signature=any")
	}
	return http.DefaultClient.Do(request)
}

// memory returns the memory of a function in MB, or 0 if there is no such function.
func (m *moto) memory(ctx context.Context, function string) (float64, error) {
	response, err := m.get(ctx, "/2015-03-31/functions/"+function, "lambda")
	if err != nil {
		return 0, err
	}
	defer response.Body.Close()
	switch response.StatusCode {
	case http.StatusNotFound:
		return 0, nil
	case http.StatusOK:
	default:
		return 0, fmt.Errorf("look at function %s: %s", function, response.Status)
	}
	var answer struct {
		Configuration struct{ MemorySize float64 }
	}
	err = json.NewDecoder(response.Body).Decode(&answer)
	return answer.Configuration.MemorySize, err
}

func (m *moto) expectMemory(ctx context.Context, function string, want float64) error {
	got, err := m.memory(ctx, function)
	if err == nil && got != want {
		err = fmt.Errorf("function %s has %v MB, want %v", function, got, want)
	}
	return err
}

func (m *moto) expectGone(ctx context.Context, function string) error {
	got, err := m.memory(ctx, function)
	if err == nil && got != 0 {
		err = fmt.Errorf("function %s is still there", function)
	}
	return err
}
