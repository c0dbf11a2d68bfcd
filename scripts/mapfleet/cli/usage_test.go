package cli

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestWrongUsage(t *testing.T) {
	dir := t.TempDir()
	photos, file := filepath.Join(dir, "photos"), filepath.Join(dir, "file")
	write(t, filepath.Join(photos, "a.jpg"), photo(t, 20, 20, 1))
	write(t, file, []byte("x"))
	out := filepath.Join(dir, "out")
	local := func(args ...string) []string { return append([]string{"local", "resize"}, args...) }
	for _, c := range []struct {
		name string
		args []string
		says []string
	}{
		{"no such command", []string{"locale"}, []string{`"locale"`, `did you mean "local"`}},
		{"no such job", []string{"local", "rezise"}, []string{`"rezise"`, `did you mean "resize"`}},
		{"a mistyped flag", local("--inn", photos), []string{"--inn", "-h"}},
		{"no folder to read", local("--out", out), []string{"--in DIR is missing"}},
		{"no folder to write", local("--in", photos), []string{"--out DIR is missing"}},
		{"a folder that is not there", local("--in", filepath.Join(dir, "none"), "--out", out), []string{"--in", "none", "no such file"}},
		{"a file where a folder should be", local("--in", file, "--out", out), []string{"--in", file, "is a file, must be a folder"}},
		{"a file as destination", local("--in", photos, "--out", file), []string{"--out", file, "is a file, must be a folder"}},
		{"a destination below a file", local("--in", photos, "--out", filepath.Join(file, "out")), []string{"--out " + file, "not a directory"}},
		{"the destination inside the source", local("--in", photos, "--out", filepath.Join(photos, "small")), []string{"lie in each other"}},
		{"the source inside the destination", local("--in", photos, "--out", dir), []string{"lie in each other"}},
		{"the destination is the source", local("--in", photos, "--out", photos), []string{"lie in each other"}},
		{"the state inside the source", local("--in", photos, "--out", out, "--state", filepath.Join(photos, "s")), []string{"--state", "lies in --in"}},
		{"a word too many", local("--in", photos, "--out", out, "now"), []string{`"now"`}},
		{"an input that is no JSON", local("--in", photos, "--out", out, "--input", `{"a":`), []string{"--input", "a JSON object"}},
		{"an input file that is not there", local("--in", photos, "--out", out, "--input", "none.json"), []string{"neither a JSON object nor a file", "none.json"}},
		{"an unknown field", local("--in", photos, "--out", out, "--input", `{"batchsize":3}`), []string{"batchsize: given 3", "batchSize"}},
		{"a value out of range", local("--in", photos, "--out", out, "--input", `{"batchSize":0}`), []string{"batchSize: given 0", "1 to 1000"}},
		{"two mistakes at once", local("--in", photos, "--out", out, "--input", `{"batchSize":0,"overwrite":"maybe"}`), []string{"batchSize", "overwrite", `"stale"`}},
		{"too many workers", local("--in", photos, "--out", out, "--workers", "-1"), []string{"--workers: given -1"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			stdout, stderr, status := mapfleet(t, c.args...)
			if status != ExitUsage {
				t.Errorf("exit %d, want 2", status)
			}
			if stdout != "" {
				t.Errorf("printed %q to stdout", stdout)
			}
			for _, want := range c.says {
				if !strings.Contains(stderr, want) {
					t.Errorf("stderr %q does not say %q", stderr, want)
				}
			}
			if _, err := os.Stat(out); err == nil {
				t.Error("it made the destination all the same")
			}
		})
	}
}

func TestHelp(t *testing.T) {
	for _, args := range [][]string{{"-h"}, {"local", "-h"}, {"local", "resize", "-h"}, {"retry", "-h"}, {}, {"local"}} {
		stdout, stderr, status := mapfleet(t, args...)
		if status != 0 || stderr != "" || !strings.Contains(stdout, "Usage:") {
			t.Errorf("mapfleet %v: exit %d, stderr %q, stdout %q", args, status, stderr, stdout)
		}
	}
}
