package cli

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"mapfleet/functions/cost"
	"mapfleet/functions/job"
	"mapfleet/scripts/mapfleet/estimate"
	"mapfleet/scripts/mapfleet/estimate/survey"
)

// estimateResize holds the flags of "mapfleet estimate resize".
type estimateResize struct {
	items                          int
	meanBytes                      string
	others                         float64
	in, source, endpoint, manifest string
	input                          string
	fresh                          bool
	memory                         int
	architecture                   string
	plot                           string
	account                        accountFlags

	survey         *survey.Survey // of what was counted; nil with --items
	stdout, stderr io.Writer
}

func newEstimateResize(stdout, stderr io.Writer) *cobra.Command {
	r := &estimateResize{stdout: stdout, stderr: stderr}
	c := &cobra.Command{
		Use:   "resize (--source s3://BUCKET/PREFIX | --in DIR | --manifest FILE | --items N --mean-bytes SIZE)",
		Short: "Work out time, cost and a good setting of a run over pictures",
		Long:  estimateHelp,
		Example: `  mapfleet estimate resize --source s3://photos/2026/ --input recipe.json --plot fleet.svg
  mapfleet estimate resize --manifest s3://inventories/photos/daily/2026-11-20T01-00Z/manifest.json
  mapfleet estimate resize --in photos --input '{"variants":[{"name":"w256","width":256,"height":256}]}'
  mapfleet estimate resize --items 1000000 --mean-bytes 2.5MB`,
		Args: noArguments,
		RunE: func(c *cobra.Command, _ []string) error { return r.run(c.Context()) },
	}
	c.SetErr(stderr)
	flags := c.Flags()
	flags.SortFlags = false
	flags.StringVar(&r.source, "source", "", "count what a listing of `s3://BUCKET/PREFIX` has")
	flags.StringVar(&r.endpoint, "endpoint-url", "", "`URL` of an S3 that is not AWS's")
	flags.StringVar(&r.in, "in", "", "count the files of this `DIR`")
	flags.StringVar(&r.manifest, "manifest", "", "count what a list names: `FILE` or s3://BUCKET/KEY, a CSV, JSON, JSONL or Inventory's manifest.json")
	flags.IntVar(&r.items, "items", 0, "take so many pictures for given")
	flags.StringVar(&r.meanBytes, "mean-bytes", "2.8MB", "with --items: their mean `SIZE`, such as 900kB")
	flags.Float64Var(&r.others, "not-jpeg", 0, "with --items: `percentage` of them that are no JPEGs (PNG, WebP ...), which take longer")
	flags.StringVar(&r.input, "input", "{}", "run input: `JSON`, or a file that holds it")
	flags.BoolVar(&r.fresh, "fresh", false, "the destination is empty: nothing is looked up there")
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
	Counted     *countedObjects  `json:"counted,omitzero"`
	Asked       *settingEstimate `json:"asked,omitzero"`
	Recommended settingEstimate  `json:"recommended"`
	Warnings    []string         `json:"warnings"` // why it cannot run as asked, in sentences
	Prices      string           `json:"prices"`
	Assumptions []string         `json:"assumptions"`
}

// settingEstimate is one setting and what it comes to.
type settingEstimate struct {
	Memory         int                   `json:"memory"` // MB
	BatchSize      int                   `json:"batchSize"`
	MaxConcurrency int                   `json:"maxConcurrency"`
	Batches        int                   `json:"batches"`
	BatchSeconds   float64               `json:"batchSeconds"` // on average
	LongestSeconds float64               `json:"longestSeconds"`
	Seconds        float64               `json:"seconds"`
	Peak           int                   `json:"peak"`
	Bottleneck     string                `json:"bottleneck"`
	Prefixes       []estimate.PrefixLoad `json:"busiestPrefixes,omitzero"` // where objects were counted
	USD            float64               `json:"usd"`
	QueueingUSD    float64               `json:"queueingUSD,omitzero"` // beside USD: for workers that wait for S3's request rates
	Lines          []job.CostLine        `json:"lines"`
}

func (r *estimateResize) run(ctx context.Context) error {
	limits, err := r.account.limits()
	if err != nil {
		return err
	}
	in, err := r.parse()
	if err != nil {
		return err
	}
	load, counted, err := r.load(ctx, in)
	if err != nil {
		return err
	}
	best, err := estimate.Recommend(load, r.survey, limits, cost.USEast1())
	if err != nil {
		return err
	}
	result := resizeEstimate{
		Items: load.Items, Bytes: load.Piles.All().Bytes, Counted: counted, Recommended: r.shown(best),
		Warnings: []string{}, Prices: cost.USEast1().Of, Assumptions: r.assumptions(in),
	}
	plotted := best
	load.BatchSize = best.BatchSize
	if r.memory != 0 || in.BatchSizeGiven || in.MaxConcurrency != 0 {
		load.Memory = or(r.memory, best.Memory)
		if in.BatchSizeGiven {
			load.BatchSize = in.BatchSize
		}
		limits.MaxConcurrency = or(in.MaxConcurrency, best.Concurrency)
		if plotted, err = estimate.Of(load, r.survey, limits, cost.USEast1()); err != nil {
			return err
		}
		result.Asked = new(r.shown(plotted))
	}
	result.Warnings = append(result.Warnings, plotted.Warnings(load, in.ShardBy != "")...)
	if in.MaxCostUSD > 0 && plotted.Bill.USD > in.MaxCostUSD {
		result.Warnings = append(result.Warnings, fmt.Sprintf("A run with this input would refuse to start: maxCostUSD is $%s.", amount(in.MaxCostUSD)))
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

func (r *estimateResize) shown(s estimate.Setting) settingEstimate {
	return settingEstimate{
		QueueingUSD: s.Queueing(job.Architecture(r.architecture), cost.USEast1()),

		Memory: s.Memory, BatchSize: s.BatchSize, MaxConcurrency: s.Concurrency,
		Batches: s.Bill.Batches, BatchSeconds: s.Bill.Batch.Seconds(), LongestSeconds: s.Forecast.Longest.Seconds(),
		Seconds: s.Forecast.Time.Seconds(), Prefixes: s.Forecast.Prefixes,
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
	title := fmt.Sprintf("%s pictures in batches of %d, %d MB: %s, $%s", count(items), s.BatchSize, s.Memory, roundTime(s.Forecast.Time), dollars(s.Bill.USD))
	if err := s.Forecast.Plot(f, title); err != nil {
		return err
	}
	return f.commit()
}
