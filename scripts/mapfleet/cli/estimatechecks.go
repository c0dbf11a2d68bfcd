package cli

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"math"
	"time"

	"github.com/spf13/cobra"

	"mapfleet/functions/cost"
	"mapfleet/scripts/mapfleet/estimate"
)

const estimateChecksHelp = `Work out what a month of HTTP checks costs, line by line, and how long a run takes. Defaults are those of
the stack, and 10,000 checks a minute that take 0.5 s on average and 1.8 s at worst.

A worker makes the requests of its batch side by side. They start one after the other, each after the
time that the worker's processor needs for one over TLS (1.15 ms of a core by "make bench", doubled for a
vCPU of Lambda; with less than 1769 MB in proportion longer), 2 ms at the least. 200 are under way at a
time, 20 to one host: what does not fit waits for the mean time of those before it. The last one is taken
for the slowest. What Lambda, Step Functions and S3 do beside it is assumed, and said line by line.

No figure has been compared with a bill.`

func newEstimateChecks(stdout io.Writer) *cobra.Command {
	var asJSON bool
	k := estimate.StackChecks()
	c := &cobra.Command{
		Use:   "checks --count N --every DURATION",
		Short: "Work out what a month of HTTP checks costs",
		Long:  estimateChecksHelp,
		Example: `  mapfleet estimate checks --count 10000 --every 1m
  mapfleet estimate checks --count 10000 --hosts 1 --mean 2s --worst 10s --batch-size 250`,
		Args: noArguments,
		RunE: func(*cobra.Command, []string) error {
			prices := cost.USEast1()
			m, err := k.Month(prices)
			if err != nil {
				return usageError{err}
			}
			e := newChecksEstimate(k, m, prices.Of)
			if asJSON {
				return json.NewEncoder(stdout).Encode(e)
			}
			return e.writeText(stdout, k)
		},
	}
	flags := c.Flags()
	flags.SortFlags = false
	flags.IntVar(&k.Count, "count", k.Count, "checks a run")
	flags.DurationVar(&k.Every, "every", k.Every, "`time` from one run to the next")
	flags.DurationVar(&k.Mean, "mean", k.Mean, "average `time` of a check")
	flags.DurationVar(&k.Worst, "worst", k.Worst, "`time` of the slowest check of a batch")
	flags.IntVar(&k.Hosts, "hosts", k.Hosts, "hosts that the lines are spread over evenly (default: many, so that none has 20 requests at a time)")
	flags.IntVar(&k.BatchSize, "batch-size", k.BatchSize, "lines that a worker takes at a time")
	flags.IntVar(&k.MaxConcurrency, "max-concurrency", k.MaxConcurrency, "batches at work at a time")
	flags.IntVar(&k.Memory, "memory", k.Memory, "`MB` of a worker")
	flags.BoolVar(&asJSON, "json", false, "print one JSON object instead of text")
	return c
}

// checksEstimate is what --json prints of a month of checks.
type checksEstimate struct {
	Runs             float64               `json:"runs"`
	RunSeconds       float64               `json:"runSeconds"`
	Batches          int                   `json:"batches"` // a run
	BatchSeconds     float64               `json:"batchSeconds"`
	LastStartSeconds float64               `json:"lastStartSeconds"` // until the last request of a batch starts
	RequestsAtATime  int                   `json:"requestsAtATime"`  // of a batch
	Lines            []estimate.ChecksLine `json:"lines"`
	USD              float64               `json:"usd"`
	Prices           string                `json:"prices"`
	Warnings         []string              `json:"warnings"`

	batch estimate.CheckBatch
}

func newChecksEstimate(k estimate.Checks, m estimate.ChecksMonth, prices string) checksEstimate {
	return checksEstimate{
		Runs: m.Runs, RunSeconds: m.Run.Seconds(), Batches: m.Batches, BatchSeconds: m.Batch.Total.Seconds(), LastStartSeconds: m.Batch.LastStart.Seconds(),
		RequestsAtATime: m.Batch.AtATime, Lines: m.Lines, USD: m.USD, Prices: prices, Warnings: m.Warnings, batch: m.Batch,
	}
}

func (e checksEstimate) writeText(w io.Writer, k estimate.Checks) error {
	out, b := bufio.NewWriter(w), e.batch
	fmt.Fprintf(out, "%s every %v: %s in a month of 730 hours\n", counted(k.Count, "check", "checks"), k.Every, counted(int(e.Runs), "run", "runs"))
	fmt.Fprintf(out, "  a run    about %s: %s of up to %s, %d at a time\n",
		roundTime(secondsOf(e.RunSeconds)), counted(e.Batches, "batch", "batches"), counted(b.Lines, "line", "lines"), k.MaxConcurrency)
	fmt.Fprintf(out, "  a batch  %.2f s: %.2f s until its last request starts, %.2f s for the slowest, %.2f s around\n",
		e.BatchSeconds, e.LastStartSeconds, k.Worst.Seconds(), e.BatchSeconds-e.LastStartSeconds-k.Worst.Seconds())
	fmt.Fprintf(out, "           one starts every %v at the soonest; %d are under way at a time, %v each on average\n",
		b.Between.Round(100*time.Microsecond), b.AtATime, k.Mean)
	for _, line := range e.Lines {
		fmt.Fprintf(out, "  %-32s %s\n", line.What, line.Arithmetic)
		fmt.Fprintf(out, "  %32s = %s x $%s = $%.2f\n", "", count(int64(math.Round(line.Quantity)))+" "+short(line.Unit), amount(line.Price), line.USD)
	}
	fmt.Fprintf(out, "  together $%.2f a month (%s)\n", e.USD, e.Prices)
	if k.Count == 10_000 && k.Every == time.Minute {
		fmt.Fprintf(out, "  published for 10,000 a minute with a Lambda for each, started by invokers of invokers: about $%d a month\n", estimate.PublishedFanOut)
	}
	for _, warning := range e.Warnings {
		fmt.Fprintf(out, "  warning  %s\n", warning)
	}
	fmt.Fprintln(out, "  left out: retries, logs, traces, alerts, data that leaves the Region, free tiers, discounts")
	return out.Flush()
}
