// Command batch measures what one invocation of the worker takes: the deployed function's binary with one
// processor, a batch of small photographs, and an S3 in another process that lets it wait as long as the
// real one does. What follows for a million pictures is printed beside it.
package main

import (
	"bufio"
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"slices"
	"strings"
	"time"

	"mapfleet/functions/cost"
	"mapfleet/functions/job"
	"mapfleet/scripts/bench/photos"
	"mapfleet/scripts/mapfleet/engine/fleet"
	"mapfleet/scripts/mapfleet/functions"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx, os.Args[1:], os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "batch:", err)
		os.Exit(1)
	}
}

const (
	sourceBucket = "photos"
	keyFormat    = "%d.jpg"
	// memory is the worker's in MB by default, with which Lambda gives it one virtual CPU.
	memory = 1769
	// most is what a batch of a hundred may take in a worker that is warm. A published one took 2.3 s with
	// 2 GB.
	most = 500 * time.Millisecond
)

func run(ctx context.Context, args []string, w io.Writer) error {
	flags := flag.NewFlagSet("batch", flag.ContinueOnError)
	dir := flags.String("photos", "scripts/photos", "`folder` of JPEGs; with a folder small in it, those are taken for 500x375")
	rounds := flags.Int("rounds", 11, "batches, one after the other; medians are printed")
	size := flags.Int("size", 100, "pictures in a batch")
	get := flags.Duration("get", 30*time.Millisecond, "until the first byte of a GET, and for a HEAD")
	put := flags.Duration("put", 50*time.Millisecond, "until a PUT is answered")
	serve := flags.Bool("serve", false, "only be the S3: the other half, run as a process of its own")
	if err := flags.Parse(args); err != nil {
		return err
	}
	small, _, err := photos.Read(*dir)
	if err != nil {
		return err
	}
	if *serve {
		return newStore(small, *get, *put).serve()
	}
	bootstraps, err := functions.Find(ctx, "", os.Stderr)
	if err != nil {
		return err
	}
	endpoint, stop, err := startStore(ctx, args)
	if err != nil {
		return err
	}
	defer stop()
	fmt.Fprintf(w, "a batch of %d pictures of 500x375 -> 256 px on one processor, %v to the first byte of a GET or HEAD, %v of a PUT; medians of %d\n", *size, *get, *put, *rounds)
	fmt.Fprintf(w, "%27s  %7s  %7s  %s\n", "", "cold", "warm", "a million of them, warm, on Lambda arm64 of 1,769 MB, if its processor is as fast as this one")
	fresh, err := measure(ctx, w, bootstraps["resize"], endpoint, batchOf(small, *size, true), *rounds)
	if err != nil {
		return err
	}
	if _, err := measure(ctx, w, bootstraps["resize"], endpoint, batchOf(small, *size, false), *rounds); err != nil {
		return err
	}
	if *size == 100 && fresh > most {
		return fmt.Errorf("a batch takes %v, more than %v", fresh.Round(time.Millisecond), most)
	}
	return nil
}

// startStore runs the store in a process of its own, and returns its address.
func startStore(ctx context.Context, args []string) (endpoint string, stop func(), err error) {
	self, err := os.Executable()
	if err != nil {
		return "", nil, err
	}
	command := exec.CommandContext(ctx, self, append(slices.Clone(args), "-serve")...)
	command.Stderr = os.Stderr
	out, err := command.StdoutPipe()
	if err != nil {
		return "", nil, err
	}
	if err := command.Start(); err != nil {
		return "", nil, err
	}
	line, err := bufio.NewReader(out).ReadString('\n')
	stop = func() {
		_ = command.Process.Kill()
		_ = command.Wait()
	}
	if err != nil {
		stop()
		return "", nil, fmt.Errorf("start the S3: %w", err)
	}
	return strings.TrimSpace(line), stop, nil
}

// measure prints what batches take one after the other in one worker, and returns the median of the warm
// ones. Fresh are those of a run whose destination was empty: their worker does not look for outputs.
func measure(ctx context.Context, w io.Writer, bootstrap, endpoint string, batch job.Batch, rounds int) (time.Duration, error) {
	logs, err := os.MkdirTemp("", "mapfleet-batch-*")
	if err != nil {
		return 0, err
	}
	defer os.RemoveAll(logs)
	f := fleet.New(logs, fleet.Function{
		Name: "resize", Bootstrap: bootstrap, Timeout: time.Minute, MemoryMB: memory, Environments: 1,
		Env: []string{
			"GOMAXPROCS=1", "GOGC=400", fmt.Sprintf("GOMEMLIMIT=%dMiB", memory*9/10), "JOB=bench",
			"AWS_ENDPOINT_URL_S3=" + endpoint, "AWS_ACCESS_KEY_ID=bench", "AWS_SECRET_ACCESS_KEY=bench",
			"AWS_REGION=us-east-1", "AWS_EC2_METADATA_DISABLED=true",
		},
	})
	defer f.Close()
	event, err := json.Marshal(batch)
	if err != nil {
		return 0, err
	}
	size := len(batch.Items)
	var cold time.Duration
	var warm []time.Duration
	for round := range rounds + 1 {
		begun := time.Now()
		answer, err := f.Invoke(ctx, "resize", event)
		took := time.Since(begun)
		if err != nil {
			return 0, err
		}
		var result job.Result
		if err := json.Unmarshal(answer, &result); err != nil {
			return 0, err
		}
		if result.Done.Written != size {
			return 0, fmt.Errorf("the batch wrote %d of %d pictures: %s", result.Done.Written, size, answer)
		}
		if round == 0 {
			cold = took
			continue
		}
		warm = append(warm, took)
	}
	slices.Sort(warm)
	median := warm[len(warm)/2]
	print(w, size, batch.BatchInput.Job.Fresh, cold, median)
	return median, nil
}

func print(w io.Writer, size int, fresh bool, cold, warm time.Duration) {
	prices := cost.USEast1()
	name := "into an empty destination"
	if !fresh {
		name = "with a look for each output"
	}
	seconds := warm.Seconds() / float64(size) * 1e6 * memory / 1024
	dollars := seconds * prices.LambdaARM64.USD
	requests := 1e6 / float64(size) * prices.LambdaRequest.USD
	calls := 1e6 * (prices.S3Get.USD + prices.S3Put.USD)
	if !fresh {
		calls += 1e6 * prices.S3Head.USD
	}
	fmt.Fprintf(w, "%27s  %7v  %7v  %.0f GB-seconds, $%.2f; requests to Lambda and S3 $%.2f\n",
		name, cold.Round(time.Millisecond), warm.Round(time.Millisecond), seconds, dollars, requests+calls)
}

func batchOf(files [][]byte, size int, fresh bool) job.Batch {
	b := job.Batch{BatchInput: job.BatchInput{Job: job.Job{
		Run: "bench", Source: job.Location{Bucket: sourceBucket}, Destination: job.Location{Bucket: "thumbs"}, Work: job.Location{Bucket: "work"},
		Variants:  []job.Variant{{Name: "v", Width: 256, Height: 256, Fit: job.FitInside, Format: job.FormatJPEG, Quality: 85, Key: job.DefaultKey}},
		Overwrite: job.OverwriteStale, Fresh: fresh,
	}}}
	for i := range size {
		data := files[i%len(files)]
		b.Items = append(b.Items, job.Item{Key: fmt.Sprintf(keyFormat, i), ETag: strings.Trim(etag(data), `"`), Size: int64(len(data))})
	}
	return b
}
