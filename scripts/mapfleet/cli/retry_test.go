package cli

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
)

// retry runs "mapfleet retry --json" and returns its answer and exit status.
func retry(t *testing.T, run, in, out string, more ...string) (answer, int) {
	t.Helper()
	args := append([]string{"retry", run, "--in", in, "--out", out, "--json"}, more...)
	stdout, stderr, status := mapfleet(t, args...)
	var a answer
	if err := json.Unmarshal([]byte(stdout), &a); err != nil || a.Retry == nil {
		t.Fatalf("mapfleet %s: status %d, stdout is no JSON object that tells of a retry: %v\n%s\n%s", strings.Join(args, " "), status, err, stdout, stderr)
	}
	if sum := a.Written + a.Current + a.Ignored + a.Failed; a.Listed != sum {
		t.Errorf("listed %d, but written %d + current %d + ignored %d + failed %d = %d", a.Listed, a.Written, a.Current, a.Ignored, a.Failed, sum)
	}
	return a, status
}

// copies makes a folder of n times the same photograph.
func copies(t *testing.T, n int) string {
	t.Helper()
	dir, data := t.TempDir(), photo(t, 800, 600, 1)
	for i := range n {
		write(t, filepath.Join(dir, fmt.Sprintf("%03d.jpg", i)), data)
	}
	return dir
}

// cutShort starts a run by one worker over in, and sends it a signal once some pictures are made.
func cutShort(t *testing.T, in, out string, signal os.Signal) (stdout string) {
	t.Helper()
	command := exec.Command(executable, "local", "resize", "--in", in, "--out", out, "--input", w256, "--workers", "1", "--json")
	var o bytes.Buffer
	command.Stdout = &o
	if err := command.Start(); err != nil {
		t.Fatal(err)
	}
	made := func() int { return len(files(t, out)) }
	eventually(t, "the first pictures are there", func() bool { return made() > 30 })
	if err := command.Process.Signal(signal); err != nil {
		t.Fatal(err)
	}
	_ = command.Wait()
	t.Cleanup(func() { // of a killed run they go by themselves, when they have asked for their S3 often enough
		eventually(t, "the functions are gone", func() bool {
			left := bootstraps(t)
			for _, link := range left {
				if pid, err := strconv.Atoi(strings.Split(link, "/")[2]); err == nil {
					_ = syscall.Kill(pid, syscall.SIGKILL)
				}
			}
			return len(left) == 0
		})
	})
	if made() == 400 {
		t.Fatal("all pictures were made before the signal: it tests nothing")
	}
	return o.String()
}

// atWork is how many items a worker may have had in batches of which nothing was kept: the one that it was
// at, and one that it had just ended.
const atWork = 2 * 10

func TestRetry_goes_on_after_an_interrupt(t *testing.T) {
	if _, err := os.Stat("/proc/self/exe"); err != nil {
		t.Skip("needs /proc to see the processes that a run leaves")
	}
	in, out := copies(t, 400), t.TempDir()
	var first answer
	if err := json.Unmarshal([]byte(cutShort(t, in, out, os.Interrupt)), &first); err != nil || first.Status != "ABORTED" {
		t.Fatalf("the interrupted run is %s, %v", first.Status, err)
	}
	a, status := retry(t, first.Run, in, out)
	if status != ExitSucceeded || a.Run != first.Run || a.Status != "SUCCEEDED" || a.RedriveCount != 1 || a.Retry.How != howRedrive || !strings.Contains(a.Retry.Why, "was ABORTED in ResizeListing") {
		t.Errorf("exit %d, %+v, want the same run to SUCCEED by a redrive", status, a.localReport)
	}
	// What batches that succeeded had written would be current if they were run again.
	if a.Listed != 400 || a.Current > atWork || a.Failed != 0 || a.Batches != 40 || a.MapRuns != 1 {
		t.Errorf("%d listed, %d current, %d failed in %d batches, want 400 in 40 of which at most %d are current", a.Listed, a.Current, a.Failed, a.Batches, atWork)
	}
	for _, name := range files(t, out) {
		decode(t, filepath.Join(out, name))
	}

	a, status = retry(t, first.Run, in, out)
	if status != ExitSucceeded || a.Retry.How != howNothing || !strings.Contains(a.Retry.Why, "nothing failed") {
		t.Errorf("once more: exit %d, %+v, want nothing to retry", status, a.Retry)
	}
}

func TestRetry_goes_on_after_a_kill(t *testing.T) {
	if _, err := os.Stat("/proc/self/exe"); err != nil {
		t.Skip("needs /proc to see the processes that a run leaves")
	}
	in, out := copies(t, 400), t.TempDir()
	cutShort(t, in, out, syscall.SIGKILL)

	stdout, stderr, status := mapfleet(t, "retry", "last", "--in", in, "--out", out)
	if status != ExitSucceeded || !strings.Contains(stderr, "was ABORTED in ResizeListing, so it is redriven") || !strings.Contains(stdout, "400 listed") {
		t.Fatalf("exit %d\n%s\n%s", status, stdout, stderr)
	}
	a, status := retry(t, "last", in, out)
	if status != ExitSucceeded || a.Retry.How != howNothing {
		t.Errorf("once more: exit %d, %+v, want nothing to retry", status, a.Retry)
	}
	again, _ := resize(t, in, out, w256)
	wantCounts(t, again, 400, 0, 400, 0, 0)
}

func TestRetry_of_a_killed_run_that_another_has_overtaken(t *testing.T) {
	if _, err := os.Stat("/proc/self/exe"); err != nil {
		t.Skip("needs /proc to see the processes that a run leaves")
	}
	in, out := copies(t, 400), t.TempDir()
	cutShort(t, in, out, syscall.SIGKILL)
	rest, status := resize(t, in, out, w256)
	if status != ExitSucceeded || rest.Listed != 400 || rest.Failed != 0 || rest.Current == 0 {
		t.Errorf("the same command again: exit %d, %+v, want all 400 and some of them current", status, rest.localReport)
	}
	_, stderr, _ := mapfleet(t, "retry", "run-1", "--in", in, "--out", out)
	killed := ""
	for line := range strings.Lines(stderr) {
		if name, ok := strings.CutSuffix(strings.TrimSpace(line), " ABORTED"); ok {
			killed = name
		}
	}
	a, status := retry(t, killed, in, out)
	if status != ExitSucceeded || a.Run != killed || a.Listed != 400 || a.Failed != 0 {
		t.Errorf("retry %s: exit %d, %+v, want all 400 in the killed run too", killed, status, a.localReport)
	}
}

func TestRetry_redrives_only_the_batches_that_failed(t *testing.T) {
	in, out := t.TempDir(), t.TempDir()
	good := photo(t, 40, 30, 1)
	bad := func(i int) bool { return i >= 50 && i < 130 }
	for i := range 250 {
		data := good
		if bad(i) {
			data = []byte("no picture")
		}
		write(t, filepath.Join(in, fmt.Sprintf("%03d.jpg", i)), data)
	}
	first, status := resize(t, in, out, `{"batchSize":10,"maxConcurrency":1,"variants":[{"name":"v","width":20}]}`)
	if status != ExitFailed || first.Error != "States.ExceedToleratedFailureThreshold" || first.Written != 50 {
		t.Fatalf("exit %d, %+v, want too many failures after 50 pictures", status, first.localReport)
	}
	for i := range 250 { // the cause is removed
		if bad(i) {
			write(t, filepath.Join(in, fmt.Sprintf("%03d.jpg", i)), good)
		}
	}
	a, status := retry(t, first.Run, in, out)
	wantCounts(t, a, 250, 250, 0, 0, 0) // none is current: what had succeeded was not run again
	if status != ExitSucceeded || a.Retry.How != howRedrive || a.Batches != 25 || a.NotStarted != 0 {
		t.Errorf("exit %d, %+v by %+v, want a redrive of 25 batches in all", status, a.localReport, a.Retry)
	}
	if page, err := os.ReadFile(a.Report); err != nil || bytes.Contains(page, []byte("ExceedToleratedFailureThreshold")) {
		t.Errorf("the report still tells of the first attempt, or is not there: %v", err)
	}
}

func TestRetry_runs_failures_again_by_the_same_recipe(t *testing.T) {
	in := album(t, 20)
	for i := range 5 {
		write(t, filepath.Join(in, fmt.Sprintf("bad%d.jpg", i)), []byte("no picture"))
	}
	for _, c := range []struct {
		name      string
		tolerated int
		status    string
	}{{"of a run that SUCCEEDED", 50, "SUCCEEDED"}, {"of a run that was judged", 5, "FAILED"}} {
		t.Run(c.name, func(t *testing.T) {
			write(t, filepath.Join(in, "bad0.jpg"), []byte("no picture"))
			out := filepath.Join(t.TempDir(), "out")
			first, _ := resize(t, in, out, fmt.Sprintf(`{"toleratedFailurePercentage":%d,"overwrite":"always","variants":[{"name":"odd","width":33,"format":"png"}]}`, c.tolerated))
			if first.Status != c.status || first.Failed != 5 {
				t.Fatalf("first run: %+v", first.localReport)
			}
			write(t, filepath.Join(in, "bad0.jpg"), photo(t, 99, 99, 1))
			a, _ := retry(t, first.Run, in, out)
			wantCounts(t, a, 5, 1, 0, 0, 4) // each of them was tried
			if a.Status != c.status || a.Status == "FAILED" && !strings.Contains(a.Cause, "4 of the 25 pictures of "+first.Run+" still fail") {
				t.Errorf("the retry is %s: %s, want %s by what the first run tolerated", a.Status, a.Cause, c.status)
			}
			if a.Run == first.Run || a.Retry.Of != first.Run || a.Retry.How != howFailures || !strings.Contains(a.Retry.Why, "5 failures") {
				t.Errorf("retry of %s is %s by %+v, want a new run over 5 failures", first.Run, a.Run, a.Retry)
			}
			made := files(t, out)
			if size := decode(t, filepath.Join(out, made[0])); len(made) != 21 || size.Width != 33 || !strings.HasPrefix(made[0], "odd/bad0") {
				t.Errorf("%s is %d wide, want odd/bad0 33 wide by the first run's recipe", made[0], size.Width)
			}
		})
	}
}

func TestRetry_when_all_failures_have_been_run_again(t *testing.T) {
	in, out := album(t, 3), t.TempDir()
	write(t, filepath.Join(in, "bad.jpg"), []byte("no picture"))
	first, _ := resize(t, in, out, `{"toleratedFailurePercentage":50}`)
	write(t, filepath.Join(in, "bad.jpg"), photo(t, 50, 50, 1))
	second, status := retry(t, "last", in, out)
	if status != ExitSucceeded || second.Retry.Of != first.Run || second.Written != 1 {
		t.Fatalf("exit %d, %+v", status, second.localReport)
	}
	stdout, _, status := mapfleet(t, "retry", first.Run, "--in", in, "--out", out)
	if status != ExitSucceeded || !strings.Contains(stdout, "nothing to retry") || !strings.Contains(stdout, second.Run) {
		t.Errorf("exit %d, %q, want word of %s", status, stdout, second.Run)
	}
}

func TestRetry_by_force(t *testing.T) {
	in, out := album(t, 4), t.TempDir()
	write(t, filepath.Join(in, "bad.jpg"), []byte("no picture"))
	first, _ := resize(t, in, out, `{"toleratedFailurePercentage":1}`)
	a, status := retry(t, first.Run, in, out, "--how", "redrive")
	if status != ExitFailed || a.Error != "TooManyFailures" || a.Run != first.Run || a.RedriveCount != 1 {
		t.Errorf("exit %d, %+v, want the same failure again", status, a.localReport)
	}
	wantCounts(t, a, 5, 4, 0, 0, 1)
	stdout, stderr, status := mapfleet(t, "retry", "last", "--in", in, "--out", out, "--how", "failures")
	if status != ExitFailed || !strings.Contains(stderr, "with 1 failure, so a new run") || !strings.Contains(stdout, "1 of the 5 pictures") {
		t.Errorf("exit %d, %q, %q, want a run over 1 failure, which fails", status, stdout, stderr)
	}
}

func TestRetry_wrong_usage(t *testing.T) {
	in, out := album(t, 2), t.TempDir()
	none := t.TempDir()
	first, _ := resize(t, in, out, `{}`)
	for _, c := range []struct {
		name   string
		args   []string
		status int
		says   []string
	}{
		{"no run", []string{"--in", in, "--out", out}, ExitUsage, []string{"name of a run is missing", `"last"`}},
		{"two runs", []string{"a", "b", "--in", in, "--out", out}, ExitUsage, []string{`"b"`}},
		{"no such run", []string{"run-0", "--in", in, "--out", out}, ExitUsage, []string{`no run "run-0"`, first.Run + " SUCCEEDED"}},
		{"no runs at all", []string{"last", "--in", in, "--out", none}, ExitUsage, []string{`no run "last"`, "knows of none"}},
		{"no such way", []string{first.Run, "--in", in, "--out", out, "--how", "again"}, ExitUsage, []string{`"again"`, "redrive or failures"}},
		{"another folder", []string{first.Run, "--in", none, "--out", out}, ExitUsage, []string{first.Run + " went from " + in, "not from --in " + none}},
		{"no folder", []string{first.Run, "--out", out}, ExitUsage, []string{"--in DIR is missing", "mapfleet retry -h"}},
		{"a redrive of what SUCCEEDED", []string{first.Run, "--in", in, "--out", out, "--how", "redrive"}, ExitFailed, []string{"cannot be redriven", "SUCCEEDED"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			stdout, stderr, status := mapfleet(t, append([]string{"retry"}, c.args...)...)
			if status != c.status || stdout != "" {
				t.Errorf("exit %d, stdout %q, want %d and nothing", status, stdout, c.status)
			}
			for _, want := range c.says {
				if !strings.Contains(stderr, want) {
					t.Errorf("stderr %q does not say %q", stderr, want)
				}
			}
		})
	}
	if entries, _ := os.ReadDir(none); len(entries) > 0 {
		t.Errorf("it left %v in a folder without runs", entries)
	}
}
