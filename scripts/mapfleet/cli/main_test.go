package cli

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"mapfleet/functions/job"
	"mapfleet/scripts/mapfleet/functions"
)

// executable is the command, built once for all tests, with the built functions beside it.
var executable string

func TestMain(m *testing.M) {
	dir, err := os.MkdirTemp("", "mapfleet-test-*")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	executable = filepath.Join(dir, "mapfleet")
	status := 1
	if err := buildAll(dir); err != nil {
		fmt.Fprintln(os.Stderr, err)
	} else {
		status = m.Run()
	}
	_ = os.RemoveAll(dir)
	os.Exit(status)
}

func buildAll(dir string) error {
	if out, err := exec.Command("go", "build", "-o", executable, "mapfleet/scripts/mapfleet").CombinedOutput(); err != nil {
		return fmt.Errorf("build mapfleet: %w\n%s", err, out)
	}
	built, err := functions.Find(context.Background(), "", os.Stderr)
	if err != nil {
		return err
	}
	for name, path := range built {
		data, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		folder := filepath.Join(dir, "functions", name)
		if err := os.MkdirAll(folder, 0o755); err != nil {
			return err
		}
		if err := os.WriteFile(filepath.Join(folder, "bootstrap"), data, 0o755); err != nil {
			return err
		}
	}
	return nil
}

// answer is the one object that --json prints.
type answer struct {
	localReport
	Failures []job.Failure
}

// resize runs "mapfleet local resize --json" and returns its answer and exit status.
func resize(t *testing.T, in, out, input string, more ...string) (answer, int) {
	t.Helper()
	args := append([]string{"local", "resize", "--in", in, "--out", out, "--input", input, "--json"}, more...)
	stdout, stderr, status := mapfleet(t, args...)
	var a answer
	if err := json.Unmarshal([]byte(stdout), &a); err != nil {
		t.Fatalf("mapfleet %s: status %d, stdout is no JSON object: %v\n%s\n%s", strings.Join(args, " "), status, err, stdout, stderr)
	}
	if sum := a.Written + a.Current + a.Ignored + a.Failed; a.Listed != sum {
		t.Errorf("listed %d, but written %d + current %d + ignored %d + failed %d = %d", a.Listed, a.Written, a.Current, a.Ignored, a.Failed, sum)
	}
	return a, status
}

func mapfleet(t *testing.T, args ...string) (stdout, stderr string, status int) {
	t.Helper()
	var o, e bytes.Buffer
	command := exec.Command(executable, args...)
	command.Stdout, command.Stderr = &o, &e
	err := command.Run()
	if err != nil && command.ProcessState == nil {
		t.Fatal(err)
	}
	return o.String(), e.String(), command.ProcessState.ExitCode()
}

// wantCounts compares the five numbers of a run.
func wantCounts(t *testing.T, a answer, listed, written, current, ignored, failed int) {
	t.Helper()
	got := []int{a.Listed, a.Written, a.Current, a.Ignored, a.Failed}
	want := []int{listed, written, current, ignored, failed}
	if fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("listed, written, current, ignored, failed = %v, want %v\n%s: %s", got, want, a.Error, a.Cause)
	}
}

// photo is a JPEG of smooth colours, different for each seed.
func photo(t testing.TB, width, height, seed int) []byte {
	t.Helper()
	img := image.NewRGBA(image.Rect(0, 0, width, height))
	for y := range height {
		for x := range width {
			img.SetRGBA(x, y, color.RGBA{uint8(x + 7*seed), uint8(y + 3*seed), uint8(x*y/64 + seed), 255})
		}
	}
	var b bytes.Buffer
	if err := jpeg.Encode(&b, img, &jpeg.Options{Quality: 90}); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func write(t testing.TB, path string, data []byte) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, data, 0o644); err != nil {
		t.Fatal(err)
	}
}

// album makes a folder of n photographs.
func album(t testing.TB, n int) string {
	t.Helper()
	dir := t.TempDir()
	for i := range n {
		width, height := 500, 375
		if i%4 == 3 {
			width, height = height, width
		}
		write(t, filepath.Join(dir, fmt.Sprintf("s%03d.jpg", i)), photo(t, width, height, i))
	}
	return dir
}

// files returns the files below dir, without the state folder.
func files(t *testing.T, dir string) []string {
	t.Helper()
	var found []string
	err := filepath.WalkDir(dir, func(path string, d os.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && d.Name() == ".mapfleet" {
			return filepath.SkipDir
		}
		if !d.IsDir() {
			rest, _ := filepath.Rel(dir, path)
			found = append(found, rest)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}

func decode(t *testing.T, path string) image.Config {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	img, _, err := image.Decode(f)
	if err != nil {
		t.Fatalf("%s does not open: %v", path, err)
	}
	return image.Config{Width: img.Bounds().Dx(), Height: img.Bounds().Dy()}
}

// eventually waits until ok, for at most a minute.
func eventually(t *testing.T, what string, ok func() bool) {
	t.Helper()
	deadline := time.NewTimer(time.Minute)
	defer deadline.Stop()
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for !ok() {
		select {
		case <-tick.C:
		case <-deadline.C:
			t.Fatalf("not within a minute: %s", what)
		}
	}
}
