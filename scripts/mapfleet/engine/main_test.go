package engine_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"mapfleet/functions/job"
	"mapfleet/scripts/mapfleet/engine"
)

// built are the bootstraps of the functions, built once for all tests.
var built map[string]string

// TestMain also makes the test binary a worker that crashes: where Lambda's Runtime API is, it is one.
func TestMain(m *testing.M) {
	if os.Getenv("AWS_LAMBDA_RUNTIME_API") != "" {
		if err := crashingWorker(context.Background()); err != nil {
			fmt.Fprintln(os.Stderr, err)
		}
		os.Exit(1)
	}
	os.Exit(withFunctions(m.Run))
}

func withFunctions(run func() int) int {
	dir, err := os.MkdirTemp("", "mapfleet-engine-*")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	defer os.RemoveAll(dir)
	args := []string{"build", "-tags", "lambda.norpc,nodynamic", "-ldflags", "-s -w", "-o", dir + string(filepath.Separator)}
	built = map[string]string{}
	for _, name := range []string{"prepare", "resize", "report"} {
		args = append(args, "mapfleet/functions/"+name)
		built[name] = filepath.Join(dir, name)
	}
	command := exec.Command("go", args...)
	command.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := command.CombinedOutput(); err != nil {
		fmt.Fprintf(os.Stderr, "build the functions: %v\n%s", err, out)
		return 1
	}
	return run()
}

// album makes a folder of n small photographs, no two alike.
func album(t *testing.T, n int) string {
	t.Helper()
	dir := t.TempDir()
	for i := range n {
		img := image.NewGray(image.Rect(0, 0, 24, 16))
		for p := range img.Pix {
			img.Pix[p] = uint8(p*(i%7+1) + i*5)
		}
		img.SetGray(i%24, i/24%16, color.Gray{uint8(i >> 3)})
		file, err := os.Create(filepath.Join(dir, fmt.Sprintf("%05d.jpg", i)))
		if err != nil {
			t.Fatal(err)
		}
		if err := errors.Join(jpeg.Encode(file, img, nil), file.Close()); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

const w8 = `{"batchSize":20,"variants":[{"name":"w8","width":8,"quality":85}]}`

// trial is what a test may change of a run.
type trial struct {
	engine.Config
	ended func() // called when the run is over, before the engine is closed
}

// run brings an engine up over folders of its own, and runs one execution. It holds what is true of
// every run: the account balances.
func run(t *testing.T, in, out, input string, change func(*trial)) engine.Outcome {
	t.Helper()
	trial := trial{Config: engine.Config{Source: in, Destination: out, State: filepath.Join(out, ".mapfleet"), Functions: maps.Clone(built)}, ended: func() {}}
	if change != nil {
		change(&trial)
	}
	e, err := engine.Start(t.Context(), trial.Config)
	if err != nil {
		t.Fatal(err)
	}
	outcome, err := e.Run(t.Context(), "run", json.RawMessage(input), nil)
	trial.ended()
	if err := errors.Join(err, e.Close()); err != nil {
		t.Fatal(err)
	}
	if s := outcome.Summary; s == nil {
		t.Fatalf("%s %s: %s, and no summary", outcome.Status, outcome.Error, outcome.Cause)
	} else if s.Listed != s.Written+s.Current+s.Ignored+s.Failed {
		t.Errorf("listed %d, but written %d + current %d + ignored %d + failed %d", s.Listed, s.Written, s.Current, s.Ignored, s.Failed)
	}
	return outcome
}

// failures returns what failures.jsonl says, by key.
func failures(t *testing.T, o engine.Outcome) map[string]job.Failure {
	t.Helper()
	file, err := os.Open(o.Failures)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	found := map[string]job.Failure{}
	for lines := json.NewDecoder(file); lines.More(); {
		var f job.Failure
		if err := lines.Decode(&f); err != nil {
			t.Fatal(err)
		}
		found[f.Key] = f
	}
	return found
}

// contents returns every file below dir by its path, but for the state folder.
func contents(t *testing.T, dir string) map[string]string {
	t.Helper()
	found := map[string]string{}
	err := filepath.WalkDir(dir, func(path string, d os.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() {
			if d.Name() == ".mapfleet" {
				return filepath.SkipDir
			}
			return nil
		}
		data, err := os.ReadFile(path)
		rest, _ := filepath.Rel(dir, path)
		found[rest] = string(data)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}

// wantSame compares two destinations, file by file and byte by byte.
func wantSame(t *testing.T, want, got map[string]string) {
	t.Helper()
	for name := range want {
		if data, ok := got[name]; !ok {
			t.Errorf("%s is missing", name)
		} else if data != want[name] {
			t.Errorf("%s holds other bytes than after an undisturbed run", name)
		}
	}
	for name := range got {
		if _, ok := want[name]; !ok {
			t.Errorf("%s is one too many", name)
		}
	}
}
