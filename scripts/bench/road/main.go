// Command road measures what the road costs: pictures per CPU second of a whole local run (S3, Runtime
// API, interpreter and report included) beside those of the bare picture package on the same files.
// Both are whole processes, timed by the operating system's own account, in interleaved rounds.
package main

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"time"

	"golang.org/x/sync/errgroup"

	"mapfleet/functions/resize/picture"
	"mapfleet/scripts/mapfleet/functions"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx, os.Args[1:], os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "road:", err)
		os.Exit(1)
	}
}

// allowedCost is what the road may cost beside the bare package, in percent of its throughput.
const allowedCost = 25

func run(ctx context.Context, args []string, w io.Writer) error {
	flags := flag.NewFlagSet("road", flag.ContinueOnError)
	photos := flags.String("photos", "scripts/photos", "`folder` of pictures; with a folder small in it, that")
	copies := flags.Int("pictures", 600, "pictures in a run; the folder's are copied until there are so many")
	rounds := flags.Int("rounds", 5, "interleaved rounds; medians are printed")
	side := flags.Int("side", 256, "box of the only variant, in pixels")
	bare := flags.String("bare", "", "only render the pictures of this `folder`: the bare half, run as processes of its own")
	share := flags.Int("share", 0, "with -bare: which share of the pictures, counted from 0")
	shares := flags.Int("shares", 1, "with -bare: among how many processes they are shared")
	if err := flags.Parse(args); err != nil {
		return err
	}
	if *bare != "" {
		return renderAll(ctx, *bare, *side, *share, *shares)
	}
	if small := filepath.Join(*photos, "small"); isFolder(small) {
		*photos = small
	}
	dir, err := os.MkdirTemp("", "mapfleet-bench-*")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	source := filepath.Join(dir, "source")
	if err := fill(source, *photos, *copies); err != nil {
		return err
	}
	command := filepath.Join(dir, "mapfleet")
	if err := build(ctx, command); err != nil {
		return err
	}
	self, err := os.Executable()
	if err != nil {
		return err
	}
	input := fmt.Sprintf(`{"batchSize":50,"variants":[{"name":"v","width":%d,"height":%d,"format":"jpeg","quality":80}]}`, *side, *side)

	var wholes, bares, walls []float64
	fmt.Fprintf(w, "%d pictures from %s -> %d px, jpeg 80; CPU seconds of whole processes\n", *copies, *photos, *side)
	fmt.Fprintf(w, "%5s  %14s  %14s  %9s\n", "round", "whole run", "bare package", "wall")
	for round := range *rounds + 1 { // the first warms up
		out := filepath.Join(dir, "out"+strconv.Itoa(round))
		begun := time.Now()
		whole, answer, err := cpu(ctx, command, "local", "resize", "--in", source, "--out", out, "--input", input, "--json")
		wall := time.Since(begun).Seconds()
		if err != nil {
			return err
		}
		if err := checkRun(answer, *copies); err != nil {
			return err
		}
		alone, err := bareCPU(ctx, self, source, *side)
		if err != nil {
			return err
		}
		if err := os.RemoveAll(out); err != nil {
			return err
		}
		if round == 0 {
			continue
		}
		fmt.Fprintf(w, "%5d  %12.2f s  %12.2f s  %7.2f s\n", round, whole, alone, wall)
		wholes, bares, walls = append(wholes, whole), append(bares, alone), append(walls, wall)
	}
	n := float64(*copies)
	whole, alone := median(wholes), median(bares)
	cost := 100 * (1 - alone/whole)
	fmt.Fprintf(w, "median %11.2f s  %12.2f s  %7.2f s\n\n", whole, alone, median(walls))
	fmt.Fprintf(w, "pictures per CPU second: whole run %.0f, bare package %.0f; the road costs %.1f %% (at most %d %%)\n", n/whole, n/alone, cost, allowedCost)
	if cost > allowedCost {
		return fmt.Errorf("the road costs %.1f %%, more than %d %%", cost, allowedCost)
	}
	return nil
}

func isFolder(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.IsDir()
}

// build compiles the command, and the functions to where it looks for them, so that no run builds any.
func build(ctx context.Context, command string) error {
	outputs := map[string]string{"./scripts/mapfleet": command}
	for _, name := range functions.Names {
		outputs["./functions/"+name] = filepath.Join(filepath.Dir(command), "functions", name, "bootstrap")
	}
	for source, output := range outputs {
		if out, err := exec.CommandContext(ctx, "go", "build", "-tags", "lambda.norpc", "-o", output, source).CombinedOutput(); err != nil {
			return fmt.Errorf("build %s: %w\n%s", source, err, out)
		}
	}
	return nil
}

// bareCPU renders the pictures with as many processes as a run has workers, each with one processor
// like them: two threads of one core slow each other down, so halves that share differently would not
// be comparable.
func bareCPU(ctx context.Context, self, source string, side int) (float64, error) {
	shares := runtime.NumCPU()
	spent := make([]float64, shares)
	var group errgroup.Group
	for i := range shares {
		group.Go(func() (err error) {
			spent[i], _, err = cpu(ctx, self, "-bare", source, "-side", strconv.Itoa(side), "-share", strconv.Itoa(i), "-shares", strconv.Itoa(shares))
			return err
		})
	}
	err := group.Wait()
	total := 0.0
	for _, s := range spent {
		total += s
	}
	return total, err
}

// cpu runs a command and returns the user and system seconds of it and of all processes it waited for.
func cpu(ctx context.Context, name string, args ...string) (float64, []byte, error) {
	command := exec.CommandContext(ctx, name, args...)
	var said strings.Builder
	command.Stderr = &said
	out, err := command.Output()
	if err != nil {
		return 0, nil, fmt.Errorf("%s %s: %w\n%s", filepath.Base(name), strings.Join(args, " "), err, said.String())
	}
	return (command.ProcessState.UserTime() + command.ProcessState.SystemTime()).Seconds(), out, nil
}

func checkRun(answer []byte, pictures int) error {
	var run struct {
		Status  string
		Written int
	}
	if err := json.Unmarshal(answer, &run); err != nil {
		return fmt.Errorf("read the run's result: %w", err)
	}
	if run.Status != "SUCCEEDED" || run.Written != pictures {
		return fmt.Errorf("the run %s and wrote %d of %d pictures", run.Status, run.Written, pictures)
	}
	return nil
}

// fill copies the pictures of a folder into another under new names, over and over, until it holds n.
func fill(target, photos string, n int) error {
	var files []string
	err := filepath.WalkDir(photos, func(path string, entry fs.DirEntry, err error) error {
		if err == nil && entry.Type().IsRegular() {
			files = append(files, path)
		}
		return err
	})
	if err != nil {
		return err
	}
	if len(files) == 0 {
		return fmt.Errorf("no pictures in %s", photos)
	}
	for i := range n {
		data, err := os.ReadFile(files[i%len(files)])
		if err != nil {
			return err
		}
		folder := filepath.Join(target, fmt.Sprintf("%03d", i/100))
		if err := os.MkdirAll(folder, 0o755); err != nil {
			return err
		}
		if err := os.WriteFile(filepath.Join(folder, fmt.Sprintf("%05d%s", i, filepath.Ext(files[i%len(files)]))), data, 0o644); err != nil {
			return err
		}
	}
	return nil
}

// renderAll is the bare half: read a file, render it, drop the result; every shares-th file.
func renderAll(ctx context.Context, dir string, side, share, shares int) error {
	runtime.GOMAXPROCS(1)
	number := -1
	variants := []picture.Variant{{Width: side, Height: side, Fit: picture.Inside, Format: picture.JPEG, Quality: 80}}
	return filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || !entry.Type().IsRegular() {
			return err
		}
		if number++; number%shares != share {
			return nil
		}
		source, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		result, err := picture.Render(ctx, source, variants, picture.Limits{})
		if err != nil {
			return fmt.Errorf("%s: %w", path, err)
		}
		return result.Outputs[0].Err
	})
}

func median(values []float64) float64 {
	sorted := slices.Sorted(slices.Values(values))
	return sorted[len(sorted)/2]
}
