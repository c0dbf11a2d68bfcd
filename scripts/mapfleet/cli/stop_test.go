package cli

import (
	"bytes"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// bootstraps returns the processes that run a function of this test's build.
func bootstraps(t *testing.T) []string {
	t.Helper()
	links, err := filepath.Glob("/proc/[0-9]*/exe")
	if err != nil {
		t.Fatal(err)
	}
	var found []string
	for _, link := range links {
		if exe, err := os.Readlink(link); err == nil && strings.HasPrefix(exe, filepath.Dir(executable)) && strings.HasSuffix(exe, "/bootstrap") {
			found = append(found, link)
		}
	}
	return found
}

func TestLocalResize_interrupted(t *testing.T) {
	if _, err := os.Stat("/proc/self/exe"); err != nil {
		t.Skip("needs /proc to see the processes that a run leaves")
	}
	in, out := album(t, 400), t.TempDir()
	command := exec.Command(executable, "local", "resize", "--in", in, "--out", out, "--input", w256, "--json")
	var stdout bytes.Buffer
	command.Stdout = &stdout
	if err := command.Start(); err != nil {
		t.Fatal(err)
	}
	made := func() int {
		entries, _ := os.ReadDir(filepath.Join(out, "w256"))
		return len(entries)
	}
	eventually(t, "the first pictures are there", func() bool { return made() > 5 })
	if err := command.Process.Signal(syscall.SIGINT); err != nil {
		t.Fatal(err)
	}
	_ = command.Wait()
	if status := command.ProcessState.ExitCode(); status != ExitFailed {
		t.Errorf("exit %d, want 1", status)
	}
	var a answer
	if err := json.Unmarshal(stdout.Bytes(), &a); err != nil {
		t.Fatalf("no JSON object after the interrupt: %v\n%s", err, stdout.String())
	}
	if a.Status != "ABORTED" || a.Report == "" {
		t.Errorf("status %s, report %q: want ABORTED with a report", a.Status, a.Report)
	}
	if made() == 400 {
		t.Error("all pictures were made before the interrupt: it tested nothing")
	}
	if left := bootstraps(t); len(left) > 0 {
		t.Errorf("processes left: %v", left)
	}
	for _, name := range files(t, out) {
		decode(t, filepath.Join(out, name)) // whole, every one
	}

	rest, status := resize(t, in, out, w256)
	if status != ExitSucceeded || rest.Written+rest.Current != 400 || rest.Current == 0 {
		t.Errorf("the same command again: exit %d, %d written, %d current, want them to add up to 400", status, rest.Written, rest.Current)
	}
}

func TestLocalResize_one_at_a_time_on_a_state_folder(t *testing.T) {
	in, out := album(t, 400), t.TempDir()
	first := exec.Command(executable, "local", "resize", "--in", in, "--out", out, "--json")
	if err := first.Start(); err != nil {
		t.Fatal(err)
	}
	defer func() {
		_ = first.Process.Signal(syscall.SIGTERM)
		_ = first.Wait()
	}()
	eventually(t, "the first run is at work", func() bool { return len(bootstraps(t)) > 0 })
	_, stderr, status := mapfleet(t, "local", "resize", "--in", in, "--out", out)
	if status != ExitFailed || !strings.Contains(stderr, "another run is at work") {
		t.Errorf("exit %d, %q, want 1 and a word of the other run", status, stderr)
	}
}
