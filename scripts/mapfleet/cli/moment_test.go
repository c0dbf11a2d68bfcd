package cli

import (
	"io"
	"strings"
	"testing"
	"time"

	"mapfleet/functions/job"
	"mapfleet/scripts/mapfleet/stack"
	"mapfleet/statemachine/asl"
)

// TestMoment: what a line has no room for goes, the time left last of all; and a run that is over has none left.
func TestMoment(t *testing.T) {
	m := moment{
		runs:   []asl.MapRun{{Listed: true, Items: asl.Counts{Total: 432, Succeeded: 30}, Executions: asl.Counts{Running: 1, Succeeded: 6}}},
		failed: "0 failed with their batch", rate: 3,
	}
	for _, c := range []struct {
		width int
		want  string
	}{
		{0, "[#...................]   6 %  30 of 432 items, 6 batches done, 1 running, 0 failed with their batch, 3/s, 2m14s left"},
		{100, "[#...................]   6 %  30 of 432 items, 0 failed with their batch, 3/s, 2m14s left"},
		{80, "  6 %  30 of 432 items, 0 failed with their batch, 3/s, 2m14s left"},
		{60, "  6 %  30 of 432 items, 3/s, 2m14s left"},
		{30, "  6 %  30 of 432 items, 3/s,…"},
		{1, "…"},
	} {
		if got := m.line(c.width); got != c.want {
			t.Errorf("line(%d) = %q, want %q", c.width, got, c.want)
		}
	}
	m.over = true
	if got := m.line(0); strings.Contains(got, "left") {
		t.Errorf("a run that is over: %q, want no time left", got)
	}
	m.over, m.failed, m.rate = false, "2 failed with their batch", 0.034
	if got := m.line(80); !strings.HasSuffix(got, "2 failed with their batch, 0.034/s, 3h17m left") {
		t.Errorf("a slow run: %q, want its failures, its rate and hours", got)
	}
	if got := m.line(50); !strings.Contains(got, "2 failed") {
		t.Errorf("where there is little room, failures are not told: %q", got)
	}
}

// TestMoment_of_a_worker_of_its_own: what has been spent is by the size that the stack's workers have, and by the
// default's where the stack does not tell.
func TestMoment_of_a_worker_of_its_own(t *testing.T) {
	f := newFakeAWS(t)
	begin := time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC)
	sight := stack.Sight{At: begin.Add(time.Hour), MapRuns: []asl.MapRun{{Status: stack.Running, Start: begin}}, Working: 100 * time.Hour}
	for _, c := range []struct{ memory, architecture, want string }{
		{"1769", "arm64", "about $8.67"}, // 100 h at 1.7275 GB and $0.0000133334, and $0.38 for EXPRESS
		{"3538", "x86_64", "about $21.11"},
		{"", "", "about $8.67 at 1,769 MB"},
	} {
		f.stacks["mapfleet"]["WorkerMemory"], f.stacks["mapfleet"]["WorkerArchitecture"] = c.memory, c.architecture
		s, err := stack.Open(t.Context(), stack.Address{})
		if err != nil {
			t.Fatal(err)
		}
		line := newWatchBar(t.Context(), io.Discard, s, "r").words(sight)
		if !strings.HasSuffix(line, c.want) {
			t.Errorf("a worker of %s MB %s: %q, want %q", c.memory, c.architecture, line, c.want)
		}
	}
}

// TestMoment_of_parts: a Map Run that is to come, or was not looked at yet, has items too: no share of all is told
// before the last one is known.
func TestMoment_of_parts(t *testing.T) {
	f := newFakeAWS(t)
	plan := job.Plan{Run: "r", Shards: []job.Shard{{Prefix: "a/"}, {Prefix: "b/"}}}
	f.objects[fakeWork+"/"+job.ReportKey("r", "plan.json")] = string(marshalled(t, plan))
	s, err := stack.Open(t.Context(), stack.Address{})
	if err != nil {
		t.Fatal(err)
	}
	begin := time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC)
	part := asl.MapRun{Status: stack.Running, Listed: true, Start: begin, Items: asl.Counts{Total: 80, Succeeded: 10}}
	bar := newWatchBar(t.Context(), io.Discard, s, "r")
	see := func(runs ...asl.MapRun) string {
		bar.see(stack.Sight{At: begin.Add(10 * time.Second), Run: stack.Run{Name: "r", Status: stack.Running, Started: begin}, MapRuns: runs})
		return bar.line
	}
	if got := see(part); !strings.HasPrefix(got, "10 of 80+ items, ") || strings.Contains(got, "left") {
		t.Errorf("one part of two: %q, want no share and no time left", got)
	}
	if got := see(part, part); !strings.Contains(got, " 12 %  20 of 160 items, ") || !strings.Contains(got, " left") {
		t.Errorf("both parts: %q, want the share of all", got)
	}
	if n := f.called("GET"); n != 1 {
		t.Errorf("the plan was read %d times, want once", n)
	}
	bar.see(stack.Sight{At: begin.Add(20 * time.Second), Run: stack.Run{Name: "r"}, MapRuns: []asl.MapRun{part, part}, Trouble: stack.Fault{What: "the network is down"}, Wait: 4 * time.Second})
	if want := "the network is down; next look in 4s; the last saw 20 of 160 items"; bar.line != want {
		t.Errorf("in trouble: %q, want %q", bar.line, want)
	}
}

func TestTimeLeft(t *testing.T) {
	for seconds, want := range map[float64]string{
		0.4: "0s", 59.6: "1m0s", 3599: "59m59s", 3600: "1h0m", 100_000: "27h46m", 200_000: "2d7h", 1e9: "more than 1,000 days", 1e300: "more than 1,000 days",
	} {
		if got := timeLeft(seconds); got != want {
			t.Errorf("timeLeft(%v) = %q, want %q", seconds, got, want)
		}
	}
}

// TestPace_begins_anew_after_a_server_that_was_killed: it had done more than the next one knows of.
func TestPace_begins_anew_after_a_server_that_was_killed(t *testing.T) {
	now := time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC)
	after := func(seconds int) time.Time { return now.Add(time.Duration(seconds) * time.Second) }
	var p pace
	p.restart(now, 0)
	for _, step := range []struct {
		seconds int
		done    int64
		want    float64
	}{{1, 10, 10}, {2, 20, 10}, {3, 5, 0}, {4, 8, 3}} {
		if got := p.rate(after(step.seconds), step.done); got != step.want {
			t.Errorf("after %d s, with %d done: %v a second, want %v", step.seconds, step.done, got, step.want)
		}
	}
}

// TestRedraw: a terminal that was made narrower has wrapped the line that is shown, and all its rows are taken back.
func TestRedraw(t *testing.T) {
	for _, c := range []struct {
		name           string
		columns, width int
		want           string
	}{
		{"nothing is shown yet", 0, 80, "\rnew\x1b[J"},
		{"as wide as before", 79, 80, "\rnew\x1b[J"},
		{"two rows", 79, 60, "\r\x1b[1Anew\x1b[J"},
		{"four rows", 79, 20, "\r\x1b[3Anew\x1b[J"},
		{"of a width that is not known", 79, 0, "\rnew\x1b[J"},
	} {
		if got := redraw("new", c.columns, c.width); got != c.want {
			t.Errorf("%s: redraw = %q, want %q", c.name, got, c.want)
		}
	}
}
