// Command serve measures what "mapfleet serve" costs beside the work of its functions: with a worker that does
// nothing it runs over a manifest and over a listing, as a client with the AWS SDK would, on two
// processors. It judges the time of the one and the memory of the other, and exits with 1 if either is
// too much.
package main

import (
	"bufio"
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"strconv"

	"golang.org/x/sys/unix"

	"mapfleet/scripts/bench/release"
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
	// The worker does nothing: what is measured lies beside it.
	if _, err := release.Build(ctx, dir, map[string]string{"resize": "./scripts/bench/serve/noop"}); err != nil {
		return err
	}
	if err := os.Mkdir(filepath.Join(dir, "in"), 0o755); err != nil {
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
