package cli

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"mapfleet/scripts/mapfleet/functions"
)

// functionsWith returns a folder with the built functions, but for one, which is a shell script.
func functionsWith(t *testing.T, name, script string) string {
	t.Helper()
	dir := t.TempDir()
	for _, function := range functions.Names {
		path := filepath.Join(dir, function, "bootstrap")
		if function == name {
			write(t, path, []byte("#!/bin/sh\n"+script+"\n"))
			if err := os.Chmod(path, 0o755); err != nil {
				t.Fatal(err)
			}
			continue
		}
		if err := os.Mkdir(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.Symlink(filepath.Join(filepath.Dir(executable), "functions", function, "bootstrap"), path); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// TestLocalResize_unreported: of a run whose report cannot be made, it is still said how it ended, and why
// there is no report.
func TestLocalResize_unreported(t *testing.T) {
	in, out := album(t, 3), t.TempDir()
	script := "echo no room left >&2; exit 1"
	stdout, stderr, status := mapfleet(t, "local", "resize", "--in", in, "--out", out, "--input", w256, "--json", "--functions", functionsWith(t, "report", script))
	var a answer
	if err := json.Unmarshal([]byte(stdout), &a); err != nil {
		t.Fatalf("stdout is no JSON object: %v\n%s\n%s", err, stdout, stderr)
	}
	if status != ExitFailed || a.Status != "FAILED" || a.Error != "Runtime.ExitError" || a.Report != "" {
		t.Errorf("exit %d, %s %s, report %q; want exit %d, FAILED by Runtime.ExitError, without a report", status, a.Status, a.Error, a.Report, ExitFailed)
	}
	if !strings.Contains(stderr, "report run "+a.Run) || !strings.Contains(stderr, "no room left") || strings.Contains(stderr, "errorMessage") {
		t.Errorf("stderr does not say in plain words why there is no report:\n%s", stderr)
	}
	again, status := resize(t, in, out, w256)
	wantCounts(t, again, 3, 0, 3, 0, 0)
	if status != ExitSucceeded {
		t.Errorf("the same command again: exit %d, want %d", status, ExitSucceeded)
	}
}
