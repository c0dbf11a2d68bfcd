package cli

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"hash/crc32"
	_ "image/png"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"mapfleet/functions/job"
)

const w256 = `{"batchSize":10,"variants":[{"name":"w256","width":256,"height":256,"fit":"inside","format":"jpeg","quality":80}]}`

func TestLocalResize(t *testing.T) {
	in, out := album(t, 24), filepath.Join(t.TempDir(), "out")

	a, status := resize(t, in, out, w256)
	wantCounts(t, a, 24, 24, 0, 0, 0)
	if status != ExitSucceeded || a.Status != "SUCCEEDED" || a.Batches != 3 || a.MapRuns != 1 {
		t.Errorf("first run: exit %d, %s, %d batches, %d Map Runs, want 0, SUCCEEDED, 3, 1", status, a.Status, a.Batches, a.MapRuns)
	}
	if a.BytesIn == 0 || a.BytesOut == 0 || a.Seconds == 0 {
		t.Errorf("bytesIn %d, bytesOut %d, seconds %v: want all above 0", a.BytesIn, a.BytesOut, a.Seconds)
	}
	made := files(t, out)
	if len(made) != 24 {
		t.Errorf("%d files in the destination, want 24: %v", len(made), made)
	}
	for _, name := range made {
		if c := decode(t, filepath.Join(out, name)); max(c.Width, c.Height) != 256 {
			t.Errorf("%s is %dx%d, want a longest side of 256", name, c.Width, c.Height)
		}
	}
	if page, err := os.ReadFile(a.Report); err != nil || !bytes.Contains(page, []byte("</html>")) {
		t.Errorf("report.html: %v, %d bytes", err, len(page))
	}

	a, status = resize(t, in, out, w256)
	wantCounts(t, a, 24, 0, 24, 0, 0)
	if status != ExitSucceeded {
		t.Errorf("second run: exit %d, want 0", status)
	}

	later := time.Now().Add(time.Hour)
	if err := os.Chtimes(filepath.Join(in, "s007.jpg"), later, later); err != nil {
		t.Fatal(err)
	}
	a, _ = resize(t, in, out, w256)
	wantCounts(t, a, 24, 1, 23, 0, 0)

	a, _ = resize(t, in, out, strings.Replace(w256, `"quality":80`, `"quality":81`, 1))
	wantCounts(t, a, 24, 24, 0, 0, 0)
}

func TestLocalResize_leaves_the_source_alone(t *testing.T) {
	in, out := album(t, 3), t.TempDir()
	before := files(t, in)
	resize(t, in, out, `{}`)
	if after := files(t, in); !slices.Equal(before, after) {
		t.Errorf("source folder holds %v after the run, %v before", after, before)
	}
	entries, err := os.ReadDir(out)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		if name := e.Name(); name != ".mapfleet" && name != "w1024" {
			t.Errorf("the run left %s in the destination", name)
		}
	}
}

// hugePNG is a PNG whose header promises 30,000 x 30,000 pixels.
func hugePNG() []byte {
	chunk := func(kind string, data []byte) []byte {
		b := binary.BigEndian.AppendUint32(nil, uint32(len(data)))
		b = append(append(b, kind...), data...)
		return binary.BigEndian.AppendUint32(b, crc32.ChecksumIEEE(b[4:]))
	}
	header := binary.BigEndian.AppendUint32(nil, 30000)
	header = binary.BigEndian.AppendUint32(header, 30000)
	header = append(header, 8, 2, 0, 0, 0)
	b := append([]byte("\x89PNG\r\n\x1a\n"), chunk("IHDR", header)...)
	return append(append(b, chunk("IDAT", make([]byte, 4000))...), chunk("IEND", nil)...)
}

func TestLocalResize_bad_pictures_are_told_one_by_one(t *testing.T) {
	in, out := t.TempDir(), t.TempDir()
	odd := "Été 2026/a b+c%20d 100% 😀.jpg"
	write(t, filepath.Join(in, "good.jpg"), photo(t, 300, 200, 1))
	write(t, filepath.Join(in, odd), photo(t, 300, 200, 2))
	write(t, filepath.Join(in, "text.jpg"), []byte("no picture at all"))
	whole := photo(t, 300, 200, 3)
	write(t, filepath.Join(in, "truncated.jpg"), whole[:len(whole)/2])
	write(t, filepath.Join(in, "empty.jpg"), nil)
	write(t, filepath.Join(in, "huge.png"), hugePNG())
	write(t, filepath.Join(in, "notes.txt"), []byte("shopping list"))

	a, status := resize(t, in, out, `{"toleratedFailurePercentage":50,"variants":[{"name":"v","width":100}]}`)
	wantCounts(t, a, 7, 2, 0, 2, 3)
	if status != ExitSucceeded {
		t.Errorf("exit %d, want 0: 3 of 7 failed, 50 %% are tolerated", status)
	}
	codes := map[string]string{}
	for _, f := range a.Failures {
		codes[f.Key] = f.Code
		if f.Message == "" {
			t.Errorf("failure of %s has no message", f.Key)
		}
	}
	want := map[string]string{"text.jpg": "UnknownFormat", "truncated.jpg": "DecodeFailed", "huge.png": "TooManyPixels"}
	if fmt.Sprint(codes) != fmt.Sprint(want) {
		t.Errorf("failures %v, want %v", codes, want)
	}
	if got := fmt.Sprint(a.IgnoredBy); got != "map[Empty:1 NotAnImage:1]" {
		t.Errorf("ignored by code: %s, want one Empty and one NotAnImage", got)
	}
	decode(t, filepath.Join(out, "v", odd))

	again, _ := resize(t, in, out, fmt.Sprintf(`{"retryFailuresOf":%q,"toleratedFailurePercentage":100,"variants":[{"name":"v","width":100}]}`, a.Run))
	wantCounts(t, again, 3, 0, 0, 0, 3)
}

func TestLocalResize_tolerance(t *testing.T) {
	in := album(t, 36)
	for i := range 4 {
		write(t, filepath.Join(in, fmt.Sprintf("s%03d-bad.jpg", i*9)), []byte("no picture"))
	}
	for _, c := range []struct {
		tolerated, status int
		run               string
	}{{5, ExitFailed, "FAILED"}, {20, ExitSucceeded, "SUCCEEDED"}} {
		t.Run(fmt.Sprintf("%d %% with 10 %% bad", c.tolerated), func(t *testing.T) {
			a, status := resize(t, in, t.TempDir(), fmt.Sprintf(`{"toleratedFailurePercentage":%d,"variants":[{"name":"v","width":32}]}`, c.tolerated))
			if status != c.status || a.Status != c.run {
				t.Errorf("exit %d, %s, want %d, %s", status, a.Status, c.status, c.run)
			}
			wantCounts(t, a, 40, 36, 0, 0, 4)
			if len(a.Failures) != 4 {
				t.Errorf("%d failures named, want 4: %v", len(a.Failures), a.Failures)
			}
			if c.status == ExitFailed && a.Error != "TooManyFailures" {
				t.Errorf("error %q, want TooManyFailures", a.Error)
			}
		})
	}
}

func TestLocalResize_a_recipe_that_fails_everywhere_ends_early(t *testing.T) {
	in := t.TempDir()
	for i := range 300 {
		write(t, filepath.Join(in, fmt.Sprintf("%03d.jpg", i)), []byte("no picture"))
	}
	a, status := resize(t, in, t.TempDir(), `{"batchSize":10,"maxConcurrency":1}`)
	if status != ExitFailed || a.Error != "States.ExceedToleratedFailureThreshold" {
		t.Errorf("exit %d, error %q, want 1 and States.ExceedToleratedFailureThreshold", status, a.Error)
	}
	if a.Listed > 100 || a.Listed != a.Failed || a.Report == "" {
		t.Errorf("%d of 300 items were tried and %d failed, report %q: want an early end with a report", a.Listed, a.Failed, a.Report)
	}
	var text strings.Builder
	if err := a.writeText(&text, place{again: "mapfleet retry"}); err != nil || !strings.Contains(text.String(), "a higher\n           toleratedFailurePercentage") {
		t.Errorf("the text, %v, does not say how the run comes further:\n%s", err, &text)
	}
}

// TestLocalResize_names_that_cannot_be_listed: an old folder of photographs has names of another encoding. All are
// told before anything starts, and a part of the folder without them can be resized.
func TestLocalResize_names_that_cannot_be_listed(t *testing.T) {
	in, out := album(t, 2), filepath.Join(t.TempDir(), "out")
	for i := range 12 {
		if err := os.WriteFile(filepath.Join(in, fmt.Sprintf("K\xf6ln %02d.jpg", i)), []byte("x"), 0o644); err != nil {
			t.Skipf("this file system keeps no name that is not UTF-8: %v", err)
		}
	}
	write(t, filepath.Join(in, "good", "a.jpg"), photo(t, 20, 20, 1))
	write(t, filepath.Join(in, "bad", "K\xf6ln", "a.jpg"), photo(t, 20, 20, 1))
	for _, command := range [][]string{{"local", "resize"}, {"audit"}} {
		stdout, stderr, status := mapfleet(t, append(command, "--in", in, "--out", t.TempDir())...)
		for _, want := range []string{"--in: 13 names of " + in, `"K\xf6ln 00.jpg" is not UTF-8`, "rename it", "… and 3 more"} {
			if status != ExitUsage || stdout != "" || !strings.Contains(stderr, want) {
				t.Errorf("mapfleet %v: exit %d, %q; want 2, and %q", command, status, stderr, want)
			}
		}
	}
	if _, err := os.Stat(out); err == nil {
		t.Error("it made the destination all the same")
	}
	a, status := resize(t, in, out, `{"keys":["good/a.jpg"]}`)
	if status != ExitSucceeded {
		t.Errorf("a key that is UTF-8: exit %d, %+v", status, a)
	}
	wantCounts(t, a, 1, 1, 0, 0, 0)
}

// TestListable: a folder that may not be read is told by its name, unless the prefix passes it by.
func TestListable(t *testing.T) {
	in := album(t, 1)
	write(t, filepath.Join(in, "2026", "a.jpg"), photo(t, 20, 20, 1))
	locked := filepath.Join(in, "lost+found")
	if err := os.Mkdir(locked, 0); err != nil {
		t.Fatal(err)
	}
	if _, err := os.ReadDir(locked); err == nil {
		t.Skip("this user may read every folder")
	}
	if err := listable(t.Context(), in, job.Input{}); err == nil || !strings.Contains(err.Error(), `"lost+found/" cannot be read: permission denied`) {
		t.Errorf("listable = %v, want the folder that may not be read", err)
	}
	for _, c := range []job.Input{{Prefix: "2026/"}, {Prefix: "20"}, {Keys: []string{"2026/a.jpg"}}, {MaxItems: 1}} {
		if err := listable(t.Context(), in, c); err != nil {
			t.Errorf("listable(%+v) = %v, want nothing", c, err)
		}
	}
}

func TestLocalResize_empty_folder(t *testing.T) {
	a, status := resize(t, t.TempDir(), t.TempDir(), `{}`)
	wantCounts(t, a, 0, 0, 0, 0, 0)
	if status != ExitSucceeded {
		t.Errorf("exit %d, want 0", status)
	}
}

func TestLocalResize_5000_objects_in_nested_folders(t *testing.T) {
	in, out := t.TempDir(), t.TempDir()
	data := photo(t, 16, 16, 5)
	for i := range 5000 {
		write(t, filepath.Join(in, fmt.Sprintf("%d/%d/%d.jpg", i%7, i%31, i)), data)
	}
	a, status := resize(t, in, out, `{"batchSize":200,"variants":[{"name":"v","width":8}]}`)
	wantCounts(t, a, 5000, 5000, 0, 0, 0)
	if status != ExitSucceeded || len(files(t, out)) != 5000 {
		t.Errorf("exit %d, %d files, want 0 and 5000", status, len(files(t, out)))
	}
}

func TestLocalResize_several_variants_and_keys(t *testing.T) {
	in, out := t.TempDir(), t.TempDir()
	write(t, filepath.Join(in, "a/one.jpg"), photo(t, 400, 300, 1))
	write(t, filepath.Join(in, "b/two.jpg"), photo(t, 300, 400, 2))
	write(t, filepath.Join(in, "b/three.jpg"), photo(t, 300, 400, 3))
	a, _ := resize(t, in, out, `{"keys":["a/one.jpg","b/two.jpg"],"variants":[
		{"name":"small","width":100,"key":"{variant}/{dir}{stem}-{width}{ext}"},
		{"name":"square","width":50,"height":50,"fit":"cover","format":"png","key":"{variant}/{dir}{stem}.png"}]}`)
	wantCounts(t, a, 2, 2, 0, 0, 0)
	got := strings.Join(files(t, out), " ")
	if want := "small/a/one-100.jpg small/b/two-100.jpg square/a/one.png square/b/two.png"; got != want {
		t.Errorf("made %s, want %s", got, want)
	}
	if c := decode(t, filepath.Join(out, "square/a/one.png")); c.Width != 50 || c.Height != 50 {
		t.Errorf("the square is %dx%d", c.Width, c.Height)
	}
}
