package cli

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"io/fs"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"mapfleet/functions/cost"
	"mapfleet/functions/job"
	"mapfleet/scripts/mapfleet/engine"
	"mapfleet/scripts/mapfleet/estimate"
)

// estimateResize holds the flags of "mapfleet estimate resize".
type estimateResize struct {
	items        int
	meanBytes    string
	others       float64
	in, input    string
	memory       int
	architecture string
	plot         string
	account      accountFlags

	stdout io.Writer
}

func newEstimateResize(stdout, stderr io.Writer) *cobra.Command {
	r := &estimateResize{stdout: stdout}
	c := &cobra.Command{
		Use:   "resize --items N --mean-bytes SIZE | --in DIR",
		Short: "Work out time, cost and a good setting of a run over pictures",
		Long: `Work out what a run over pictures takes and costs: by default in the fastest setting (memory,
batch size, concurrency) among those that cost at most 5 % more than the cheapest, with half of
the account's concurrency left to others. With --memory, or batchSize and maxConcurrency in
--input, that setting is worked out too.

For a bucket with S3 Inventory, or one that may be listed, a run with {"dryRun":true} counts the
real objects by the deployment's own settings.`,
		Example: `  mapfleet estimate resize --items 1000000 --mean-bytes 2.5MB
  mapfleet estimate resize --in photos --input '{"variants":[{"name":"w256","width":256,"height":256}]}' --plot fleet.svg`,
		Args: noArgument,
		RunE: func(*cobra.Command, []string) error { return r.run() },
	}
	c.SetErr(stderr)
	flags := c.Flags()
	flags.SortFlags = false
	flags.IntVar(&r.items, "items", 0, "pictures")
	flags.StringVar(&r.meanBytes, "mean-bytes", "2.8MB", "their mean `SIZE`, such as 900kB")
	flags.Float64Var(&r.others, "not-jpeg", 0, "`percentage` of them that are no JPEGs (PNG, WebP ...), which take longer")
	flags.StringVar(&r.in, "in", "", "count the pictures of this `DIR` instead")
	flags.StringVar(&r.input, "input", "{}", "run input: `JSON`, or a file that holds it")
	flags.IntVar(&r.memory, "memory", 0, "`MB` of a worker: 512 to 10240")
	flags.StringVar(&r.architecture, "architecture", "arm64", "arm64 or x86_64")
	flags.StringVar(&r.plot, "plot", "", "draw the workers over time into this SVG `FILE`")
	r.account.add(c)
	return c
}

// resizeEstimate is what is printed; with --json it is the one object.
type resizeEstimate struct {
	Items       int              `json:"items"`
	Bytes       int64            `json:"bytes"`
	Asked       *settingEstimate `json:"asked,omitzero"`
	Recommended settingEstimate  `json:"recommended"`
	Prices      string           `json:"prices"`
	Assumptions []string         `json:"assumptions"`
}

// settingEstimate is one setting and what it comes to.
type settingEstimate struct {
	Memory         int            `json:"memory"` // MB
	BatchSize      int            `json:"batchSize"`
	MaxConcurrency int            `json:"maxConcurrency"`
	Batches        int            `json:"batches"`
	BatchSeconds   float64        `json:"batchSeconds"` // on average
	Seconds        float64        `json:"seconds"`
	Peak           int            `json:"peak"`
	Bottleneck     string         `json:"bottleneck"`
	USD            float64        `json:"usd"`
	Lines          []job.CostLine `json:"lines"`
}

func (r *estimateResize) run() error {
	limits, err := r.account.limits()
	if err != nil {
		return err
	}
	load, in, err := r.load()
	if err != nil {
		return err
	}
	best, err := estimate.Recommend(load, limits, cost.USEast1())
	if err != nil {
		return err
	}
	result := resizeEstimate{
		Items: load.Items, Bytes: load.JPEG.Bytes + load.Other.Bytes, Recommended: shown(best),
		Prices: cost.USEast1().Of, Assumptions: append(cost.Assumptions(),
			"Rates of starts, listings and set-up are fitted to one published run over 8,088 pictures; other runs may differ."),
	}
	plotted := best
	if r.memory != 0 || in.BatchSizeGiven || in.MaxConcurrency != 0 {
		load.Memory, load.BatchSize = or(r.memory, best.Memory), best.BatchSize
		if in.BatchSizeGiven {
			load.BatchSize = in.BatchSize
		}
		limits.MaxConcurrency = or(in.MaxConcurrency, best.Concurrency)
		if plotted, err = estimate.Of(load, limits, cost.USEast1()); err != nil {
			return err
		}
		result.Asked = new(shown(plotted))
	}
	if err := r.draw(plotted, load.Items); err != nil {
		return err
	}
	if r.account.json {
		return json.NewEncoder(r.stdout).Encode(result)
	}
	return result.writeText(r.stdout)
}

func or(given, fallback int) int {
	if given != 0 {
		return given
	}
	return fallback
}

// load checks the flags and counts the pictures. MaxConcurrency of the input is 0 where none was given.
func (r *estimateResize) load() (cost.Load, job.Input, error) {
	var load cost.Load
	fail := func(format string, args ...any) (cost.Load, job.Input, error) {
		return load, job.Input{}, usagef(format, args...)
	}
	mean, err := parseSize(r.meanBytes)
	switch {
	case err != nil:
		return fail("--mean-bytes: %w", err)
	case r.in == "" && (r.items < 1 || r.items > 1_000_000_000):
		return fail("--items: given %d, allowed 1 to 1000000000; or name a folder, --in DIR\nRun 'mapfleet estimate resize -h' for the flags.", r.items)
	case r.in != "" && r.items != 0:
		return fail("--in and --items both say which pictures: give one of the two")
	case r.others < 0 || r.others > 100:
		return fail("--not-jpeg: given %v, allowed 0 to 100", r.others)
	case r.memory != 0 && (r.memory < 512 || r.memory > 10240):
		return fail("--memory: given %d, allowed 512 to 10240", r.memory)
	case r.architecture != string(job.ARM64) && r.architecture != string(job.X86):
		return fail("--architecture: given %q, allowed %s, %s", r.architecture, job.ARM64, job.X86)
	}
	data, err := (&localResize{input: r.input}).readInput()
	if err != nil {
		return load, job.Input{}, err
	}
	deployment, err := engine.Config{}.Deployment()
	if err != nil {
		return load, job.Input{}, err
	}
	in, err := job.ParseInput(data, deployment)
	if err != nil {
		return fail("--input: %w", err)
	}
	var given struct{ MaxConcurrency int }
	_ = json.Unmarshal(data, &given) // ParseInput has checked it
	in.MaxConcurrency = given.MaxConcurrency

	load = cost.Load{MapRuns: 1, Variants: in.Variants, Architecture: job.Architecture(r.architecture)}
	if r.in != "" {
		load.JPEG, load.Other, err = countPictures(r.in, in.Filter)
		if err != nil {
			return fail("--in: %w", err)
		}
	} else {
		others := int(float64(r.items) * r.others / 100)
		load.JPEG = cost.Pile{Items: r.items - others, Bytes: int64(r.items-others) * mean}
		load.Other = cost.Pile{Items: others, Bytes: int64(others) * mean}
	}
	if load.Items = load.JPEG.Items + load.Other.Items; load.Items == 0 {
		return fail("--in: there is no picture in %s", r.in)
	}
	load.Heads = load.Items * len(in.Variants)
	load.Lists = (load.Items + 999) / 1000
	return load, in, nil
}

// countPictures counts the files of a folder that are named as pictures.
func countPictures(folder string, filter job.Filter) (jpeg, other cost.Pile, err error) {
	err = filepath.WalkDir(folder, func(name string, entry fs.DirEntry, err error) error {
		if err != nil || !entry.Type().IsRegular() || !job.NamedAsPicture(name) {
			return err
		}
		info, err := entry.Info()
		if err != nil {
			return err
		}
		if info.Size() == 0 || !filter.Passes(job.Item{Key: name, Size: info.Size(), LastModified: info.ModTime()}) {
			return nil
		}
		pile := &other
		if slices.Contains([]string{".jpg", ".jpeg", ".jpe", ".jfif"}, strings.ToLower(path.Ext(name))) {
			pile = &jpeg
		}
		pile.Items++
		pile.Bytes += info.Size()
		return nil
	})
	return jpeg, other, err
}

// parseSize reads a number of bytes with a decimal unit: 900kB, 2.5 MB, 1234.
func parseSize(text string) (int64, error) {
	lower := strings.ToLower(strings.TrimSpace(text))
	scale := 1.0
	for _, unit := range []struct {
		name  string
		scale float64
	}{{"kb", 1e3}, {"mb", 1e6}, {"gb", 1e9}, {"b", 1}} {
		if rest, ok := strings.CutSuffix(lower, unit.name); ok {
			lower, scale = strings.TrimSpace(rest), unit.scale
			break
		}
	}
	n, err := strconv.ParseFloat(lower, 64)
	if n *= scale; err != nil || !(n >= 1 && n <= 5e12) {
		return 0, fmt.Errorf("given %q, allowed 1 B to 5000 GB, such as 900kB or 2.5MB", text)
	}
	return int64(n), nil
}

func shown(s estimate.Setting) settingEstimate {
	return settingEstimate{
		Memory: s.Memory, BatchSize: s.BatchSize, MaxConcurrency: s.Concurrency,
		Batches: s.Bill.Batches, BatchSeconds: s.Bill.Batch.Seconds(), Seconds: s.Forecast.Time.Seconds(),
		Peak: s.Forecast.Peak, Bottleneck: string(s.Forecast.Bottleneck), USD: s.Bill.USD, Lines: s.Bill.Lines,
	}
}

func (r *estimateResize) draw(s estimate.Setting, items int) error {
	if r.plot == "" {
		return nil
	}
	f, err := openFile("--plot", r.plot)
	if err != nil {
		return err
	}
	defer f.discard()
	title := fmt.Sprintf("%s pictures in batches of %d, %d MB: %s, $%.2f", count(items), s.BatchSize, s.Memory, roundTime(s.Forecast.Time), s.Bill.USD)
	if err := s.Forecast.Plot(f, title); err != nil {
		return err
	}
	return f.commit()
}

func (e resizeEstimate) writeText(w io.Writer) error {
	out := bufio.NewWriter(w)
	fmt.Fprintf(out, "%s pictures, %s\n", count(e.Items), size(e.Bytes))
	if e.Asked != nil {
		e.Asked.writeText(out, "as asked", e.Prices)
	}
	e.Recommended.writeText(out, "recommended", e.Prices)
	for _, a := range e.Assumptions {
		fmt.Fprintf(out, "  note     %s\n", a)
	}
	return out.Flush()
}

func (s settingEstimate) writeText(out io.Writer, title, prices string) {
	fmt.Fprintf(out, "%s: %s MB, batchSize %d, maxConcurrency %d\n", title, count(s.Memory), s.BatchSize, s.MaxConcurrency)
	fmt.Fprintf(out, "  time     %s: %s batches of %.1f s, %s at a time at most, bound by %s\n",
		roundTime(secondsOf(s.Seconds)), count(s.Batches), s.BatchSeconds, count(s.Peak), s.Bottleneck)
	fmt.Fprintf(out, "  cost     $%.2f (%s)\n", s.USD, prices)
	for _, line := range s.Lines {
		fmt.Fprintf(out, "           %-33s %20s x $%-12s = $%s\n", line.What, amount(line.Quantity)+" "+short(line.Unit), amount(line.Price), amount(line.USD))
	}
}
