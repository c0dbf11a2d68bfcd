package executions

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
)

// read returns the lines of a file.
func read(t *testing.T, path string) (found []string) {
	t.Helper()
	for line, err := range readLines(path) {
		if err != nil {
			t.Fatal(err)
		}
		found = append(found, string(line))
	}
	return found
}

func TestLines_cuts_off_what_a_kill_left(t *testing.T) {
	long := strings.Repeat("x", 300<<10)
	for _, test := range []struct{ name, left string }{
		{"nothing", ""},
		{"half a record", `{"half":`},
		{"a long half", `{"half":"` + long},
		{"zeros, as a machine that stops leaves them", strings.Repeat("\x00", 5000)},
	} {
		t.Run(test.name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "sub", "log.jsonl")
			first := lines{path: path}
			if err := errors.Join(first.append([]byte("1")), first.append([]byte(long)), first.close()); err != nil {
				t.Fatal(err)
			}
			whole, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(path, append(whole, test.left...), 0o644); err != nil {
				t.Fatal(err)
			}
			if got, want := read(t, path), []string{"1", long}; !slices.Equal(got, want) {
				t.Errorf("%d lines before anything is appended, want %d", len(got), len(want))
			}
			second := lines{path: path}
			if err := errors.Join(second.append([]byte("3")), second.sync(), second.close()); err != nil {
				t.Fatal(err)
			}
			if got, want := read(t, path), []string{"1", long, "3"}; !slices.Equal(got, want) {
				t.Errorf("%d lines afterwards, want %d whole ones", len(got), len(want))
			}
		})
	}
}

func TestLines_without_a_whole_one(t *testing.T) {
	path := filepath.Join(t.TempDir(), "log")
	if got := read(t, path); got != nil {
		t.Errorf("%v are in a file that is not there", got)
	}
	if err := os.WriteFile(path, []byte("half"), 0o644); err != nil {
		t.Fatal(err)
	}
	l := lines{path: path}
	if err := errors.Join(l.append([]byte("1")), l.close()); err != nil || !slices.Equal(read(t, path), []string{"1"}) {
		t.Errorf("append: %v, lines %v, want 1 alone", err, read(t, path))
	}
}

func TestJournal_by_many_at_once(t *testing.T) {
	j := In(t.TempDir()).Journal("x")
	var group sync.WaitGroup
	for i := range 8 {
		group.Go(func() {
			for k := range 200 {
				if err := j.Append("log", fmt.Appendf(nil, "%d-%03d", i, k)); err != nil {
					t.Error(err)
				}
			}
		})
	}
	group.Wait()
	found := read(t, j.path("log"))
	slices.Sort(found)
	if len(slices.Compact(found)) != 1600 {
		t.Errorf("%d different records, want 1600", len(slices.Compact(found)))
	}
	if err := errors.Join(j.Drop("log"), j.Drop("log"), j.Append("log", []byte("new"))); err != nil {
		t.Fatal(err)
	}
	if got := read(t, j.path("log")); !slices.Equal(got, []string{"new"}) {
		t.Errorf("after Drop the log holds %v, want what came later", got)
	}
	if err := j.Delete(); err != nil || len(read(t, j.path("log"))) != 0 {
		t.Errorf("Delete: %v", err)
	}
}
