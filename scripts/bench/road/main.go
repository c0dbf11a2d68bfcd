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
	"mapfleet/scripts/bench/photos"
	"mapfleet/scripts/bench/release"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx, os.Args[1:], os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "road:", err)
		os.Exit(1)
	}
}

// folderRounds are fewer: a round takes half a minute.
const folderRounds = 3

// allowedCost is what the road may cost beside the bare package, in percent of its throughput, for
// pictures as cameras make them. A picture of 500x375 takes less time to resize than to fetch and put.
const allowedCost = 25

func run(ctx context.Context, args []string, w io.Writer) error {
	flags := flag.NewFlagSet("road", flag.ContinueOnError)
	dir := flags.String("photos", "scripts/photos", "`folder` of JPEGs; with folders small and large in it, those are taken for 500x375 and 12 MP")
	rounds := flags.Int("rounds", 5, "interleaved rounds; medians are printed")
	pictures := flags.Int("pictures", publishedPictures, "how many small pictures lie in the folder that other tools resize too")
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
	small, large, err := photos.Read(*dir)
	if err != nil {
		return err
	}
	bench, err := newBench(ctx, *side, *rounds)
	if err != nil {
		return err
	}
	defer os.RemoveAll(bench.dir)
	if _, err := bench.measure(ctx, w, "500x375", small, 600); err != nil {
		return err
	}
	cost, err := bench.measure(ctx, w, "12 MP", large, 120)
	if err != nil {
		return err
	}
	if err := bench.folder(ctx, w, small, *pictures, min(*rounds, folderRounds)); err != nil {
		return err
	}
	if cost > allowedCost {
		return fmt.Errorf("the road costs %.1f %% of 12 MP pictures, more than %d %%", cost, allowedCost)
	}
	return nil
}

// bench is what all measurements share.
type bench struct {
	dir, command, self string
	side, rounds       int
}

func newBench(ctx context.Context, side, rounds int) (bench, error) {
	dir, err := os.MkdirTemp("", "mapfleet-bench-*")
	if err != nil {
		return bench{}, err
	}
	b := bench{dir: dir, side: side, rounds: rounds}
	if b.self, err = os.Executable(); err != nil {
		return b, err
	}
	b.command, err = release.Build(ctx, dir, nil)
	return b, err
}

// input is the run input of all measurements.
func (b bench) input() string {
	return fmt.Sprintf(`{"variants":[{"name":"v","width":%d,"height":%d,"format":"jpeg","quality":80}]}`, b.side, b.side)
}

// measure prints whole runs beside the bare package over n copies of files, and returns what the road
// costs in percent.
func (b bench) measure(ctx context.Context, w io.Writer, name string, files [][]byte, n int) (float64, error) {
	source := filepath.Join(b.dir, name)
	if err := fill(source, files, n); err != nil {
		return 0, err
	}
	var wholes, bares, walls []float64
	fmt.Fprintf(w, "%d pictures of %s -> %d px, jpeg 80; CPU seconds of whole processes\n", n, name, b.side)
	fmt.Fprintf(w, "%6s  %12s  %12s  %7s\n", "round", "whole run", "bare package", "wall")
	for round := range b.rounds + 1 { // the first warms up
		out := filepath.Join(b.dir, fmt.Sprintf("%s-%d", name, round))
		begun := time.Now()
		whole, answer, err := cpu(ctx, b.command, "local", "resize", "--in", source, "--out", out, "--input", b.input(), "--json")
		wall := time.Since(begun).Seconds()
		if err != nil {
			return 0, err
		}
		if err := checkRun(answer, n); err != nil {
			return 0, err
		}
		alone, err := bareCPU(ctx, b.self, source, b.side)
		if err != nil {
			return 0, err
		}
		// What was written stays until the end: ext4 takes long to find a number for a new file where many
		// were deleted in the last minutes, up to 0.3 ms of CPU each.
		if round == 0 {
			continue
		}
		fmt.Fprintf(w, "%6d  %10.2f s  %10.2f s  %5.2f s\n", round, whole, alone, wall)
		wholes, bares, walls = append(wholes, whole), append(bares, alone), append(walls, wall)
	}
	whole, alone := median(wholes), median(bares)
	cost := 100 * (1 - alone/whole)
	fmt.Fprintf(w, "median  %10.2f s  %10.2f s  %5.2f s\n", whole, alone, median(walls))
	fmt.Fprintf(w, "pictures per CPU second: whole run %.0f, bare package %.0f; the road costs %.2f ms a picture, %.1f %%\n\n",
		float64(n)/whole, float64(n)/alone, (whole-alone)/float64(n)*1e3, cost)
	return cost, nil
}

// bareCPU renders the pictures with as many processes as a run has workers, each with one processor
// like them: two threads of one core slow each other down, so halves that share differently would not
// be comparable.
func bareCPU(ctx context.Context, self, source string, side int) (float64, error) {
	return together(runtime.NumCPU(), func(share, shares int) (float64, error) {
		seconds, _, err := cpu(ctx, self, "-bare", source, "-side", strconv.Itoa(side), "-share", strconv.Itoa(share), "-shares", strconv.Itoa(shares))
		return seconds, err
	})
}

// together runs all shares of a work at once, and returns the CPU seconds of them all.
func together(shares int, run func(share, shares int) (float64, error)) (float64, error) {
	spent := make([]float64, shares)
	var group errgroup.Group
	for share := range shares {
		group.Go(func() (err error) {
			spent[share], err = run(share, shares)
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

// fill writes n pictures into a folder: files over and over, under names of their own.
func fill(folder string, files [][]byte, n int) error {
	for i := range n {
		dir := filepath.Join(folder, fmt.Sprintf("%03d", i/100))
		if err := os.MkdirAll(dir, 0o755); err != nil {
			return err
		}
		if err := os.WriteFile(filepath.Join(dir, fmt.Sprintf("%05d.jpg", i)), files[i%len(files)], 0o644); err != nil {
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
