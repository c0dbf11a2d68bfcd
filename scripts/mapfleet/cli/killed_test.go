package cli

import (
	"bytes"
	"encoding/json"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"syscall"
	"testing"
)

// TestLocalResize_killed: nothing that a run has done is lost with it, and nothing half done stays.
func TestLocalResize_killed(t *testing.T) {
	if _, err := os.Stat("/proc/self/exe"); err != nil {
		t.Skip("needs /proc to see the processes that a run leaves")
	}
	const pictures = 200
	in, calm, out := album(t, pictures), t.TempDir(), t.TempDir()
	if _, status := resize(t, in, calm, w256); status != ExitSucceeded {
		t.Fatalf("the undisturbed run: exit %d", status)
	}
	want := bytesOf(t, calm)
	made := func() int {
		entries, _ := os.ReadDir(filepath.Join(out, "w256"))
		return len(entries)
	}
	t.Setenv("TMPDIR", t.TempDir())
	for _, some := range []int{5, 80} { // twice, at different points
		command := exec.Command(executable, "local", "resize", "--in", in, "--out", out, "--input", w256)
		if err := command.Start(); err != nil {
			t.Fatal(err)
		}
		eventually(t, "some pictures are there", func() bool { return made() >= some })
		if err := command.Process.Kill(); err != nil {
			t.Fatal(err)
		}
		_ = command.Wait()
	}
	before := made()
	if before == pictures {
		t.Fatal("all pictures were made before the kill: it tested nothing")
	}
	a, status := resize(t, in, out, w256)
	if status != ExitSucceeded || a.Written+a.Current != pictures || a.Current == 0 || a.Failed != 0 {
		t.Errorf("the same command again: exit %d, %d written, %d current, %d failed, want %d in all, some current", status, a.Written, a.Current, a.Failed, pictures)
	}
	eventually(t, "the workers have followed their engine", func() bool { return len(bootstraps(t)) == 0 })
	got := bytesOf(t, out)
	for name := range want {
		if got[name] != want[name] {
			t.Errorf("%s holds other bytes than after an undisturbed run", name)
		}
	}
	for name := range got {
		if _, ok := want[name]; !ok {
			t.Errorf("%s is left over", name)
		}
	}
	for _, dir := range []string{filepath.Join(out, ".mapfleet"), os.Getenv("TMPDIR")} {
		for _, name := range leftovers(t, dir) {
			t.Errorf("%s is left over in %s", name, dir)
		}
	}
}

// TestLocalResize_told_to_end: it ends in order, says what it has done, and can be gone on with.
func TestLocalResize_told_to_end(t *testing.T) {
	for _, c := range []struct {
		name   string
		signal syscall.Signal
	}{{"SIGTERM", syscall.SIGTERM}, {"a closed terminal", syscall.SIGHUP}} {
		t.Run(c.name, func(t *testing.T) {
			const pictures = 200
			in, out := album(t, pictures), t.TempDir()
			var stdout, stderr bytes.Buffer
			command := exec.Command(executable, "local", "resize", "--in", in, "--out", out, "--input", w256, "--json")
			command.Stdout, command.Stderr = &stdout, &stderr
			// Under nohup a process passes on that it ignores the signal, unless it handles it.
			heard := make(chan os.Signal, 1)
			signal.Notify(heard, c.signal)
			defer signal.Stop(heard)
			if err := command.Start(); err != nil {
				t.Fatal(err)
			}
			eventually(t, "a picture is there", func() bool { return has(filepath.Join(out, "w256")) })
			if err := command.Process.Signal(c.signal); err != nil {
				t.Fatal(err)
			}
			_ = command.Wait()
			var a answer
			if err := json.Unmarshal(stdout.Bytes(), &a); err != nil {
				t.Fatalf("it says nothing of what it did: %v, %q\n%s", err, stdout.String(), stderr.String())
			}
			if status := command.ProcessState.ExitCode(); status != ExitFailed || a.Status != "ABORTED" || a.Listed+a.NotStarted != pictures || a.Report == "" {
				t.Errorf("exit %d, %s, %d listed, %d not started, report %q; want exit %d, ABORTED, %d in all and a report",
					status, a.Status, a.Listed, a.NotStarted, a.Report, ExitFailed, pictures)
			}
			again, _, status := mapfleet(t, "retry", "last", "--in", in, "--out", out, "--json")
			if err := json.Unmarshal([]byte(again), &a); err != nil || status != ExitSucceeded || a.Written+a.Current != pictures {
				t.Errorf("retry: exit %d, %d written, %d current, want %d in all; %v", status, a.Written, a.Current, pictures, err)
			}
		})
	}
}

// TestLocalResize_nohup: who has a run ignore the end of the terminal gets it to its end.
func TestLocalResize_nohup(t *testing.T) {
	const pictures = 100
	in, out := album(t, pictures), t.TempDir()
	command := exec.Command("sh", "-c", `trap "" HUP; exec "$@"`, "sh", executable, "local", "resize", "--in", in, "--out", out, "--input", w256)
	if err := command.Start(); err != nil {
		t.Fatal(err)
	}
	eventually(t, "a picture is there", func() bool { return has(filepath.Join(out, "w256")) })
	if err := command.Process.Signal(syscall.SIGHUP); err != nil {
		t.Fatal(err)
	}
	if err := command.Wait(); err != nil || len(files(t, out)) != pictures {
		t.Errorf("%v, %d files, want %d", err, len(files(t, out)), pictures)
	}
}

// has says whether there is a folder with something in it.
func has(dir string) bool {
	entries, _ := os.ReadDir(dir)
	return len(entries) > 0
}

// bytesOf returns every file below dir, hidden ones too, but for the state folder.
func bytesOf(t *testing.T, dir string) map[string]string {
	t.Helper()
	found := map[string]string{}
	for _, name := range files(t, dir) {
		data, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		found[name] = string(data)
	}
	return found
}

// leftovers returns what a run makes for its own use while it is at work.
func leftovers(t *testing.T, dir string) (found []string) {
	t.Helper()
	for _, pattern := range []string{".sgwtmp/*", "*/.sgwtmp/*", ".attributes-*", "*/.attributes-*", "maprun-*", "failures-*", "manifest-*"} {
		names, err := filepath.Glob(filepath.Join(dir, pattern))
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range names {
			if info, err := os.Stat(name); err == nil && !info.IsDir() {
				found = append(found, name)
			}
		}
	}
	return found
}
