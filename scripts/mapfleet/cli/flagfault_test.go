package cli

import (
	"path/filepath"
	"strings"
	"testing"
)

func TestFlagFaults(t *testing.T) {
	for _, c := range []struct {
		args []string
		says string
	}{
		{[]string{"local", "resize", "--wrokers", "3"}, "has no flag --wrokers; did you mean --workers?"},
		{[]string{"local", "resize", "--output", "o"}, "did you mean --out?"},
		{[]string{"audit", "--mani", "m"}, "did you mean --manifest?"},
		{[]string{"local", "resize", "--workers", "many"}, `--workers: given "many", allowed a whole number`},
		{[]string{"estimate", "resize", "--items", "1e6"}, `--items: given "1e6", allowed a whole number`},
		{[]string{"estimate", "resize", "--items", "1,000,000"}, `--items: given "1,000,000", allowed a whole number`},
		{[]string{"estimate", "resize", "--not-jpeg", "half"}, `--not-jpeg: given "half", allowed a number`},
		{[]string{"estimate", "tasks", "--duration", "5"}, `--duration: given "5", allowed a time with its unit`},
		{[]string{"local", "resize", "--json=maybe"}, `--json: given "maybe", allowed true or false`},
		{[]string{"local", "resize", "--in"}, "needs an argument: --in"},
	} {
		_, stderr, status := mapfleet(t, c.args...)
		if status != ExitUsage || !strings.Contains(stderr, c.says) || !strings.Contains(stderr, " -h' for the flags.") {
			t.Errorf("mapfleet %v: exit %d, %q; want 2, %q and where the flags are told", c.args, status, stderr, c.says)
		}
		if strings.Contains(stderr, "strconv") {
			t.Errorf("mapfleet %v tells of its code: %q", c.args, stderr)
		}
	}
	if _, stderr, _ := mapfleet(t, "audit", "--colour", "red"); strings.Contains(stderr, "did you mean") {
		t.Errorf("nothing is near --colour, but it says %q", stderr)
	}
}

// TestLocalResize_nothing_there: a mistyped prefix succeeds, for a listing may be empty, and is told all the same.
func TestLocalResize_nothing_there(t *testing.T) {
	in, out := album(t, 2), filepath.Join(t.TempDir(), "out")
	stdout, stderr, status := mapfleet(t, "local", "resize", "--in", in, "--out", out, "--input", `{"prefix":"/2026"}`)
	if status != ExitSucceeded || !strings.Contains(stdout, "0 listed") || !strings.Contains(stderr, "nothing was there to resize: is "+in+" the right folder") {
		t.Errorf("exit %d, %q, %q; want 0, and a word of it", status, stdout, stderr)
	}
}
