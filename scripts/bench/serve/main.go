// Command serve measures what "mapfleet serve" costs beside the work of its functions: with a worker that does
// nothing it runs over a manifest and over a listing, as a client with the AWS SDK would, on two
// processors. It judges the time of the one and the memory of the other, and exits with 1 if either is
// too much.
package main

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/sfn"
	"github.com/aws/aws-sdk-go-v2/service/sfn/types"
	"golang.org/x/sys/unix"
)

// What is judged.
const (
	mostSeconds = 10  // for the items of the manifest
	mostMiB     = 300 // of the server's own memory, for the keys of the listing
	batchSize   = 100
	processors  = 2
)

func main() {
	items := flag.Int("items", 100_000, "lines of the manifest")
	keys := flag.Int("keys", 1_000_000, "files of the listing; 0: none")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx, *items, *keys); err != nil {
		fmt.Fprintln(os.Stderr, "serve:", err)
		stop()
		os.Exit(1)
	}
}

func run(ctx context.Context, items, keys int) error {
	dir, err := os.MkdirTemp("", "mapfleet-serve-bench-*")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	if err := build(ctx, dir); err != nil {
		return err
	}
	if err := writeManifest(filepath.Join(dir, "in", "items.jsonl"), items); err != nil {
		return err
	}
	if err := bind(); err != nil {
		return err
	}
	seconds, memory, err := measure(ctx, dir, "manifest", fmt.Sprintf(`{"manifest":"s3://source/items.jsonl","batchSize":%d}`, batchSize), items)
	if err != nil {
		return err
	}
	fmt.Printf("%9d items of a manifest, batches of %d: %6.2f s, engine %4d MiB (wanted: under %d s)\n", items, batchSize, seconds, memory, mostSeconds)
	var failed error
	if seconds >= mostSeconds {
		failed = fmt.Errorf("%d items took %.2f s", items, seconds)
	}
	if keys == 0 {
		return failed
	}
	if err := writeFiles(filepath.Join(dir, "in", "files"), keys); err != nil {
		return err
	}
	seconds, memory, err = measure(ctx, dir, "listing", fmt.Sprintf(`{"prefix":"files/","batchSize":%d}`, batchSize), keys)
	if err != nil {
		return err
	}
	fmt.Printf("%9d keys of a listing,  batches of %d: %6.2f s, engine %4d MiB (wanted: under %d MiB)\n", keys, batchSize, seconds, memory, mostMiB)
	if memory >= mostMiB {
		failed = errors.Join(failed, fmt.Errorf("%d keys took %d MiB", keys, memory))
	}
	return failed
}

// build makes the command, and its functions with a worker that does nothing.
func build(ctx context.Context, dir string) error {
	for name, from := range map[string]string{
		"mapfleet": "./scripts/mapfleet", "functions/resize/bootstrap": "./scripts/bench/serve/noop",
		"functions/prepare/bootstrap": "./functions/prepare", "functions/report/bootstrap": "./functions/report", "functions/trigger/bootstrap": "./functions/trigger",
		"functions/checkplan/bootstrap": "./functions/checkplan", "functions/check/bootstrap": "./functions/check", "functions/checkreport/bootstrap": "./functions/checkreport",
	} {
		command := exec.CommandContext(ctx, "go", "build", "-tags", "lambda.norpc,nodynamic", "-o", filepath.Join(dir, filepath.FromSlash(name)), from)
		command.Env = append(os.Environ(), "CGO_ENABLED=0")
		if out, err := command.CombinedOutput(); err != nil {
			return fmt.Errorf("build %s: %w\n%s", from, err, out)
		}
	}
	return os.MkdirAll(filepath.Join(dir, "in"), 0o755)
}

func writeManifest(path string, items int) error {
	file, err := os.Create(path)
	if err != nil {
		return err
	}
	out := bufio.NewWriter(file)
	for i := range items {
		fmt.Fprintf(out, "{\"key\":\"photos/2026/%08d.jpg\"}\n", i)
	}
	return errors.Join(out.Flush(), file.Close())
}

// writeFiles makes that many names, links to few files, 1,000 in a folder.
func writeFiles(dir string, keys int) error {
	first := ""
	for i := range keys {
		folder := filepath.Join(dir, fmt.Sprintf("%04d", i/1000))
		path := filepath.Join(folder, fmt.Sprintf("IMG_%08d.jpg", i))
		var err error
		switch {
		case i%30_000 == 0: // a file has 65,000 names at most on some file systems
			first = path
			err = errors.Join(os.MkdirAll(folder, 0o755), os.WriteFile(path, []byte("a picture"), 0o644))
		case i%1000 == 0:
			err = errors.Join(os.MkdirAll(folder, 0o755), os.Link(first, path))
		default:
			err = os.Link(first, path)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// bind leaves this process, in all its threads, and with it its children two processors.
func bind() error {
	var all, some unix.CPUSet
	if err := unix.SchedGetaffinity(0, &all); err != nil {
		return err
	}
	for i := 0; i < len(all)*64 && some.Count() < processors; i++ {
		if all.IsSet(i) {
			some.Set(i)
		}
	}
	threads, err := os.ReadDir("/proc/self/task")
	if err != nil {
		return err
	}
	for _, thread := range threads {
		id, err := strconv.Atoi(thread.Name())
		if err == nil {
			err = unix.SchedSetaffinity(id, &some)
		}
		if err != nil && !errors.Is(err, unix.ESRCH) {
			return err
		}
	}
	return nil
}

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
