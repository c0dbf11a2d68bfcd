package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"mapfleet/functions/cost"
	"mapfleet/functions/job"
	"mapfleet/scripts/mapfleet/stack"
)

// watchBar shows what a watch sees.
type watchBar struct {
	display
	ctx   context.Context // of the calls that see makes
	stack *stack.Stack

	pace    pace
	shown   time.Time
	trouble string    // in which the last sight was
	plan    *job.Plan // nil before it was looked for
	line    string    // the last one
}

func newWatchBar(ctx context.Context, w io.Writer, s *stack.Stack, name string) *watchBar {
	return &watchBar{display: newDisplay(w, name), ctx: ctx, stack: s}
}

// see shows a sight: each on a terminal, elsewhere one in so many seconds and each change for the worse.
func (b *watchBar) see(sight stack.Sight) {
	trouble := b.why(sight.Trouble)
	worse := trouble != "" && trouble != b.trouble
	b.trouble = trouble
	b.line = b.words(sight)
	if b.terminal != nil || worse || sight.At.Sub(b.shown) >= b.every() {
		b.show(b.line, false)
		b.shown = sight.At
	}
}

// end leaves the last sight on the screen.
func (b *watchBar) end() {
	if b.line != "" && b.terminal != nil {
		b.show(b.line, true)
	}
}

func (b *watchBar) words(sight stack.Sight) string {
	if b.trouble != "" {
		line := fmt.Sprintf("%s; next look in %v", b.trouble, sight.Wait.Round(time.Second))
		if len(sight.MapRuns) > 0 {
			line += "; the last saw " + moment{runs: sight.MapRuns}.items()
		}
		return clip(line, b.width())
	}
	m := moment{runs: sight.MapRuns, state: "planning", over: sight.Run.Ended()}
	if len(m.runs) > 0 && !b.stack.Checks() {
		m.parts = len(b.planOf(sight.Run.Name).Shards)
	}
	done := m.ended()
	if len(m.runs) == 0 {
		return m.line(b.width())
	}
	if b.pace.past == nil { // from the middle of a run, the first rate is that of all of it
		b.pace.restart(m.runs[0].Start, 0)
		if sight.Run.Redrives > 0 {
			b.pace.restart(sight.At, done)
		}
	}
	m.rate = b.pace.rate(sight.At, done)
	m.failed = count(m.lost()) + " failed with their batch"
	if !b.stack.Local() && !b.stack.Checks() { // what a worker of checks costs follows from how slow sites are
		m.extra = append(m.extra, b.spent(sight))
	}
	return m.line(b.width())
}

// spent tells about what the run has cost, and the size of the worker where that is taken for the default.
func (b *watchBar) spent(sight stack.Sight) string {
	worker, taken := b.stack.Worker, ""
	if worker == (stack.Worker{}) {
		worker = stack.DefaultWorker()
		taken = " at " + count(worker.Memory) + " MB"
	}
	outputs := max(len(b.planOf(sight.Run.Name).Job.Variants), 1)
	return fmt.Sprintf("about $%.2f%s", sight.Spend(worker, outputs, cost.USEast1()), taken)
}

// why says what is the trouble, "" of none.
func (b *watchBar) why(trouble error) string {
	if trouble == nil {
		return ""
	}
	if fault, ok := errors.AsType[stack.Fault](b.stack.Explain(trouble)); ok {
		return fault.What
	}
	return trouble.Error()
}

// planOf is the plan of the run, or an empty one where it cannot be read: it is asked for once.
func (b *watchBar) planOf(run string) *job.Plan {
	if b.plan == nil {
		b.plan = &job.Plan{}
		if plan, err := b.stack.Plan(b.ctx, run); err == nil {
			b.plan = plan
		}
	}
	return b.plan
}
