// Command checks measures the checks against a server of its own on loopback, on two processors, and judges
// the figures: many short requests in large batches, and many long ones in batches of one; first the
// worker alone, in this process, then all of a local run, with the state machine and a process for every
// worker.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"net/netip"
	"os"
	"os/signal"
	"runtime"
	"slices"
	"syscall"
	"time"

	"golang.org/x/sync/errgroup"

	"mapfleet/functions/check/address"
	"mapfleet/functions/check/batch"
	"mapfleet/functions/check/request"
	"mapfleet/functions/job"
	"mapfleet/functions/job/checks"
	"mapfleet/scripts/mapfleet/functions"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx, os.Args[1:], os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "checks:", err)
		os.Exit(1)
	}
}

// part is one measurement.
type part struct {
	name       string
	lines      int
	batch      int // lines in a batch
	concurrent int // batches at a time
	workers    int // batches that the engine has at work at a time
	size       int // lines in a batch of the engine's
	kind       func(line int) kind
	wait       func(line int) time.Duration // of the server
	most       time.Duration                // that the whole may take
	engineMost time.Duration                // that the whole may take in the engine
}

func run(ctx context.Context, args []string, w io.Writer) error {
	if slices.Equal(args, []string{serveTLS}) {
		return serveHandshakes(os.Stdin, os.Stdout)
	}
	flags := flag.NewFlagSet("checks", flag.ContinueOnError)
	processors := flags.Int("processors", 2, "for worker and server together")
	lines := flags.Int("lines", 10000, "of the first part")
	size := flags.Int("batch", 100, "lines in a batch of the first part")
	concurrent := flags.Int("concurrent", 30, "batches of the first part at a time")
	if err := flags.Parse(args); err != nil {
		return err
	}
	if err := confine(*processors); err != nil {
		return fmt.Errorf("keep to %d processors: %w", *processors, err)
	}
	runtime.GOMAXPROCS(*processors)
	built, err := functions.Find(ctx, "", os.Stderr)
	if err != nil {
		return err
	}
	server, stop, err := serve()
	if err != nil {
		return fmt.Errorf("start the server: %w", err)
	}
	always := func(int) kind { return plain }
	parts := []part{
		{"short requests in batches", *lines, *size, *concurrent, 16, 250, kindOf, mixed, 15 * time.Second, 15 * time.Second},
		{"long requests in batches of one", 1000, 1, 1000, 1000, 1, always, long, 9 * time.Second, 9 * time.Second},
	}
	for _, p := range parts {
		err = errors.Join(err, p.measure(ctx, w, server))
	}
	err = errors.Join(err, measureHandshakes(ctx, w))
	for _, p := range parts {
		err = errors.Join(err, p.measureEngine(ctx, w, server, built))
	}
	return errors.Join(err, stop())
}

// measure runs a part, prints its figures, and returns what is wrong with them.
func (p part) measure(ctx context.Context, w io.Writer, server string) error {
	items, err := p.items(server)
	if err != nil {
		return err
	}
	loopback := address.Guard{Allowed: []netip.Prefix{netip.MustParsePrefix("127.0.0.1/32")}}
	requests := &request.Client{Guard: loopback}
	kept := &store{objects: map[string][]byte{}}
	// All lines ask one host here, so its share is the whole.
	worker := &batch.Worker{Store: kept, Open: func() batch.Session { return requests.Open() }, PerHost: batch.DefaultConnections}
	input := checks.BatchInput{Job: checks.Job{Run: "bench", Work: job.Location{Bucket: "work", Prefix: checks.WorkKey("bench", "")}}}

	before, begun := spent(), time.Now()
	tallies := make([]checks.Tally, (len(items)+p.batch-1)/p.batch)
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(p.concurrent)
	for i, some := range slices.Collect(slices.Chunk(items, p.batch)) {
		group.Go(func() error {
			limited, cancel := context.WithTimeout(ctx, time.Minute)
			defer cancel()
			result, err := worker.Run(limited, checks.Batch{Items: some, BatchInput: input})
			if err == nil && len(result.Remaining) > 0 {
				err = fmt.Errorf("batch %d: %d lines are left over", i, len(result.Remaining))
			}
			tallies[i] = result.Done
			return err
		})
	}
	if err := group.Wait(); err != nil {
		return err
	}
	took, cpu := time.Since(begun), spent()-before

	var total checks.Tally
	for _, tally := range tallies {
		total.Add(tally)
	}
	findings, err := kept.findings()
	if err != nil {
		return err
	}
	fmt.Fprintf(w, "%d %s of %d, %d at a time\n", len(items), p.name, p.batch, p.concurrent)
	return p.print(w, items, findings, total, took, cpu, p.most)
}

// print writes the figures of one measurement, and returns what is wrong with them; most 0 is no limit.
func (p part) print(w io.Writer, items []checks.Item, findings []checks.Finding, total checks.Tally, took, cpu, most time.Duration) error {
	late, wrong := p.judge(items, findings, total)
	q := total.Latency.Total.Quantiles()
	fmt.Fprintf(w, "  took       %6.2f s, at most %v\n", took.Seconds(), most)
	fmt.Fprintf(w, "  CPU        %6.2f s, %.0f µs a line\n", cpu.Seconds(), cpu.Seconds()/float64(len(items))*1e6)
	fmt.Fprintf(w, "  latency    %6.0f ms median, %.0f p90, %.0f p99, %.0f greatest\n", q.P50, q.P90, q.P99, q.Max)
	fmt.Fprintf(w, "  added      %6.2f ms median, %.2f p99: what was measured beyond what the server waited\n", middle(late, 0.5), middle(late, 0.99))
	fmt.Fprintf(w, "  findings   %v\n\n", total.ByCode)
	if took > most {
		wrong = errors.Join(wrong, fmt.Errorf("%s took %.2f s, more than %v", p.name, took.Seconds(), most))
	}
	return wrong
}

func (p part) items(server string) (items []checks.Item, err error) {
	for line := 1; line <= p.lines; line++ {
		k := p.kind(line)
		c, err := checks.ParseCheck(fmt.Appendf(nil, `{"url":"http://%s/%s/%d/%d"%s}`, server, k.path, line, p.wait(line).Milliseconds(), k.more))
		if err != nil {
			return nil, err
		}
		items = append(items, checks.Item{Line: line, Check: c})
	}
	return items, nil
}

// judge holds every finding against what the server did, and returns by how many milliseconds the
// latencies of whole answers are above the server's.
func (p part) judge(items []checks.Item, findings []checks.Finding, total checks.Tally) (late []float64, wrong error) {
	if len(findings) != len(items) || total.Lines != len(items) || !total.Balanced() {
		return nil, fmt.Errorf("%s: %d findings and %d in the account of %d lines", p.name, len(findings), total.Lines, len(items))
	}
	mistakes := 0
	for i, f := range findings {
		k := p.kind(items[i].Line)
		added := (f.Latency.Total - p.wait(f.Line).Truncate(time.Millisecond)).Seconds() * 1e3
		if f.Line != items[i].Line || f.Code != k.want || f.Status != 0 && added < 0 {
			if mistakes++; mistakes <= 5 {
				wrong = errors.Join(wrong, fmt.Errorf("%s: line %d is %s %q after %v, want %s", p.name, f.Line, f.Code, f.Message, f.Latency.Total, k.want))
			}
		}
		if f.Status != 0 {
			late = append(late, added)
		}
	}
	if mistakes > 5 {
		wrong = errors.Join(wrong, fmt.Errorf("%s: and %d more", p.name, mistakes-5))
	}
	slices.Sort(late)
	return late, wrong
}

// middle returns the quantile q of sorted values.
func middle(sorted []float64, q float64) float64 {
	if len(sorted) == 0 {
		return 0
	}
	return sorted[min(len(sorted)-1, int(q*float64(len(sorted))))]
}

// spent is the CPU time of this process, and of those that it started and that have ended.
func spent() time.Duration { return spentBySelf() + spentBy(syscall.RUSAGE_CHILDREN) }

// spentBySelf is the CPU time of this process alone.
func spentBySelf() time.Duration { return spentBy(syscall.RUSAGE_SELF) }

func spentBy(who int) time.Duration {
	var usage syscall.Rusage
	if syscall.Getrusage(who, &usage) != nil {
		return 0
	}
	return time.Duration(usage.Utime.Nano() + usage.Stime.Nano())
}
