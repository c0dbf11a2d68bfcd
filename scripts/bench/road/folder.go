package main

import (
	"context"
	_ "embed"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"time"

	"mapfleet/scripts/bench/sharp"
)

//go:embed folder.cjs
var folderScript []byte

// A run that was published of a fleet under a Distributed Map: 81 Lambdas, 100 pictures each. It is the one
// that mapfleet estimate reproduces too.
const (
	publishedPictures = 8088
	publishedSeconds  = 8.4
)

// tool is one way to resize a folder. It returns the CPU seconds of all its processes.
type tool struct {
	name string
	run  func(ctx context.Context, source, destination string) (float64, error)
}

// folder prints whole runs over a folder of many small pictures beside what else does that on one
// machine, in interleaved rounds: wall and CPU seconds, process starts included.
func (b bench) folder(ctx context.Context, w io.Writer, files [][]byte, n, rounds int) error {
	source := filepath.Join(b.dir, "folder")
	if err := fill(source, files, n); err != nil {
		return err
	}
	tools, err := b.tools(ctx, w)
	if err != nil {
		return err
	}
	walls, spent := make([][]float64, len(tools)), make([][]float64, len(tools))
	for round := range rounds {
		for i, t := range tools {
			out := filepath.Join(b.dir, fmt.Sprintf("folder-%d-%d", round, i))
			if err := os.Mkdir(out, 0o755); err != nil {
				return err
			}
			begun := time.Now()
			seconds, err := t.run(ctx, source, out)
			if err != nil {
				return err
			}
			walls[i] = append(walls[i], time.Since(begun).Seconds())
			spent[i] = append(spent[i], seconds)
			if err := checkFolder(out, n); err != nil {
				return fmt.Errorf("%s: %w", t.name, err)
			}
		}
	}
	fmt.Fprintf(w, "%d pictures of 500x375 -> %d px, jpeg 80, on %d processors; medians of %d interleaved rounds\n", n, b.side, runtime.NumCPU(), rounds)
	fmt.Fprintf(w, "%30s  %8s  %8s  %14s\n", "", "wall", "CPU", "mapfleet is")
	for i, t := range tools {
		fmt.Fprintf(w, "%30s  %6.2f s  %6.2f s  %6.2f x in wall\n", t.name, median(walls[i]), median(spent[i]), median(walls[i])/median(walls[0]))
	}
	if n == publishedPictures {
		fmt.Fprintf(w, "%30s  %6.2f s\n", "81 Lambdas, as published", publishedSeconds)
	}
	fmt.Fprintln(w)
	return nil
}

// tools returns mapfleet first, and those of the others that are here; it says which are not.
func (b bench) tools(ctx context.Context, w io.Writer) ([]tool, error) {
	box, threads := strconv.Itoa(b.side), strconv.Itoa(runtime.NumCPU())
	tools := []tool{{"mapfleet local resize", func(ctx context.Context, source, destination string) (float64, error) {
		seconds, _, err := cpu(ctx, b.command, "local", "resize", "--in", source, "--out", destination, "--input", b.input(), "--json")
		return seconds, err
	}}}
	script, err := sharp.Install(ctx, "folder.cjs", folderScript)
	if err != nil {
		fmt.Fprintln(w, "without sharp:", err)
	} else {
		tools = append(tools, tool{"a script with sharp " + sharp.Version, func(ctx context.Context, source, destination string) (float64, error) {
			seconds, _, err := cpu(ctx, "env", "UV_THREADPOOL_SIZE="+threads, "node", script, source, destination, box, "80", threads)
			return seconds, err
		}})
	}
	if _, err := exec.LookPath("vipsthumbnail"); err != nil {
		fmt.Fprintln(w, "without vipsthumbnail (Debian: apt-get install libvips-tools)")
		return tools, nil
	}
	return append(tools, tool{"vipsthumbnail", func(ctx context.Context, source, destination string) (float64, error) {
		return thumbnail(ctx, source, destination, box)
	}}), nil
}

// thumbnail shares the folder among as many processes of vipsthumbnail as there are processors, each on
// one thread.
func thumbnail(ctx context.Context, source, destination, box string) (float64, error) {
	files, err := filepath.Glob(filepath.Join(source, "*", "*.jpg"))
	if err != nil {
		return 0, err
	}
	return together(runtime.NumCPU(), func(share, shares int) (spent float64, err error) {
		mine := files[share*len(files)/shares : (share+1)*len(files)/shares]
		for names := range slices.Chunk(mine, 1000) { // what a command line takes
			arguments := append([]string{"VIPS_CONCURRENCY=1", "vipsthumbnail", "--size", box + "x" + box + ">", "--output", filepath.Join(destination, "%s.jpg[Q=80]")}, names...)
			seconds, _, err := cpu(ctx, "env", arguments...)
			if err != nil {
				return spent, err
			}
			spent += seconds
		}
		return spent, nil
	})
}

// checkFolder says whether there are n pictures below dir; mapfleet puts its own work beside them.
func checkFolder(dir string, n int) error {
	found := 0
	for _, pattern := range []string{"*.jpg", "v/*/*.jpg"} {
		names, err := filepath.Glob(filepath.Join(dir, pattern))
		if err != nil {
			return err
		}
		found += len(names)
	}
	if found != n {
		return fmt.Errorf("made %d of %d pictures in %s", found, n, dir)
	}
	return nil
}
