package cli

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"time"

	"github.com/spf13/cobra"

	"mapfleet/functions/cost"
	"mapfleet/functions/job"
	"mapfleet/scripts/mapfleet/estimate"
)

func newEstimateTasks(stdout io.Writer) *cobra.Command {
	var account accountFlags
	t := estimate.Tasks{}
	c := &cobra.Command{
		Use:   "tasks --count N",
		Short: "Compare four ways to run many short tasks",
		Long: `Compare four ways to run many short tasks of one Lambda: one invoker in sequence (17.5 a second,
as published), invokers of invokers, an inline Map (40 at a time) and a Distributed Map, whose
workers do the tasks of their batch side by side.`,
		Example: `  mapfleet estimate tasks --count 10000 --duration 500ms`,
		Args:    noArguments,
		RunE: func(*cobra.Command, []string) error {
			l, err := account.limits()
			if err != nil {
				return err
			}
			ways, err := estimate.Ways(t, l, cost.USEast1())
			if err != nil {
				return usageError{err}
			}
			if account.json {
				return json.NewEncoder(stdout).Encode(newTasksEstimate(t, ways))
			}
			return writeWays(stdout, t, ways)
		},
	}
	flags := c.Flags()
	flags.SortFlags = false
	flags.IntVar(&t.Count, "count", 10_000, "tasks")
	flags.DurationVar(&t.Duration, "duration", 500*time.Millisecond, "`time` of one task")
	flags.IntVar(&t.Memory, "memory", 256, "`MB` of the function")
	flags.IntVar(&t.BatchSize, "batch-size", 100, "tasks that a worker of the Distributed Map does side by side")
	account.add(c)
	return c
}

// tasksEstimate is what --json prints.
type tasksEstimate struct {
	Count       int           `json:"count"`
	TaskSeconds float64       `json:"taskSeconds"`
	Memory      int           `json:"memory"` // MB
	BatchSize   int           `json:"batchSize"`
	Ways        []wayEstimate `json:"ways"`
	Prices      string        `json:"prices"`
}

// wayEstimate is one way, and what it comes to.
type wayEstimate struct {
	Name    string         `json:"name"`
	Seconds float64        `json:"seconds"`
	Peak    int            `json:"peak"`
	USD     float64        `json:"usd"`
	Lines   []job.CostLine `json:"lines"`
	Note    string         `json:"note,omitzero"`
}

func newTasksEstimate(t estimate.Tasks, ways []estimate.Way) tasksEstimate {
	e := tasksEstimate{Count: t.Count, TaskSeconds: t.Duration.Seconds(), Memory: t.Memory, BatchSize: t.BatchSize, Prices: cost.USEast1().Of}
	for _, w := range ways {
		e.Ways = append(e.Ways, wayEstimate{w.Name, w.Time.Seconds(), w.Peak, w.USD, w.Bill, w.Note})
	}
	return e
}

func writeWays(w io.Writer, t estimate.Tasks, ways []estimate.Way) error {
	out := bufio.NewWriter(w)
	fmt.Fprintf(out, "%s tasks of %v, %d MB (%s)\n", count(t.Count), t.Duration, t.Memory, cost.USEast1().Of)
	fmt.Fprintf(out, "  %-26s %10s %10s %12s\n", "", "time", "at a time", "USD")
	for _, way := range ways {
		fmt.Fprintf(out, "  %-26s %10s %10s %12.4f   %s\n", way.Name, roundTime(way.Time), count(way.Peak), way.USD, way.Note)
	}
	return out.Flush()
}
