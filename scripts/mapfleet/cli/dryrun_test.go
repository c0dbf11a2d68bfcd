package cli

import (
	"bytes"
	"compress/gzip"
	"crypto/md5"
	"encoding/json"
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"mapfleet/functions/job"
)

func TestLocalResize_dry_run(t *testing.T) {
	in, out := album(t, 24), filepath.Join(t.TempDir(), "out")
	write(t, filepath.Join(in, "empty.jpg"), nil)
	write(t, filepath.Join(in, "notes.txt"), []byte("shopping list"))
	const input = `{"dryRun":true,"maxCostUSD":0.00001,"batchSize":10,"filter":{"suffixes":[".jpg"]}}`

	stdout, stderr, status := mapfleet(t, "local", "resize", "--in", in, "--out", out, "--input", input)
	if status != ExitSucceeded {
		t.Fatalf("exit %d\n%s%s", status, stdout, stderr)
	}
	for _, want := range []string{
		" SUCCEEDED in ", ": a dry run, nothing was started",
		"26 listed: 24 to write at most, 2 ignored (1 Empty, 1 Filtered), 0 failed",
		"24 outputs to write, in 3 batches and 1 Map Run\n", "on AWS, with ", "us-east-1, November 2026); nothing on this machine",
		"Lambda, workers ", "S3, PUT ", " request x $0.000005 ", "note     Everything is counted as if it had to be written",
		"This is more than maxCostUSD, $0.00001: the run would not start.",
	} {
		if !strings.Contains(stdout, want) {
			t.Errorf("it does not say %q:\n%s", want, stdout)
		}
	}

	stdout, _, status = mapfleet(t, "local", "resize", "--in", in, "--out", out, "--input", input, "--json")
	var dry dryRun
	if err := json.Unmarshal([]byte(stdout), &dry); err != nil || status != ExitSucceeded {
		t.Fatalf("exit %d, %v\n%s", status, err, stdout)
	}
	e := dry.Estimate
	if !dry.DryRun || dry.Status != "SUCCEEDED" || !e.Complete || e.Items != 26 || e.ToWrite != 24 || e.USD <= 0 || len(e.Lines) == 0 {
		t.Errorf("%s", stdout)
	}
	if made := files(t, out); len(made) != 0 {
		t.Errorf("the dry run made %v", made)
	}
	reports, err := filepath.Glob(filepath.Join(out, ".mapfleet", "work", "*", "*", "*"))
	if err != nil || len(reports) != 2 || filepath.Base(reports[0]) != "estimate.json" {
		t.Errorf("two dry runs left %v (%v), want two estimates", reports, err)
	}

	a, status := resize(t, in, out, `{"maxCostUSD":0.00001}`)
	if status != ExitFailed || a.Error != "TooExpensive" || !strings.Contains(a.Cause, "more than maxCostUSD, $0.00001") || a.Report != "" {
		t.Errorf("a run above its limit: exit %d, %s: %s, report %q", status, a.Error, a.Cause, a.Report)
	}
	a, _ = resize(t, in, out, `{"maxCostUSD":1}`)
	wantCounts(t, a, 26, 24, 0, 2, 0)
}

func TestAmount(t *testing.T) {
	for v, want := range map[float64]string{0: "0", 3: "3", 1234567: "1,234,567", 0.0000133334: "0.0000133334", 2e-7: "0.0000002", 12.345678: "12.35", 1.5: "1.5", 0.015: "0.015"} {
		if got := amount(v); got != want {
			t.Errorf("amount(%v) = %s, want %s", v, got, want)
		}
	}
}

func packed(content string) []byte {
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	_, _ = w.Write([]byte(content))
	_ = w.Close()
	return b.Bytes()
}

// TestLocalResize_manifests names the same two of three pictures in every format.
func TestLocalResize_manifests(t *testing.T) {
	in := t.TempDir()
	for i, name := range []string{"a b.jpg", "c,d+é.jpg", "e.jpg"} {
		write(t, filepath.Join(in, "photos", name), photo(t, 64, 48, i))
	}
	inventory := packed("\"source\",\"photos/a+b.jpg\",\"true\",\"false\"\n\"source\",\"photos/c%2Cd%2B%C3%A9.jpg\",\"true\",\"false\"\n\"source\",\"photos/e.jpg\",\"false\",\"false\"\n")
	for name, content := range map[string]string{
		"keys.csv":    "photos/a b.jpg\n\"photos/c,d+é.jpg\"\n",
		"header.csv":  "size,Key\n,photos/a b.jpg\n,\"photos/c,d+é.jpg\"\n",
		"list.csv.gz": string(packed("photos/a b.jpg\r\n\"photos/c,d+é.jpg\"\r\n")),
		"array.json":  `["photos/a b.jpg",{"Key":"photos/c,d+é.jpg"}]`,
		"lines.jsonl": "\"photos/a b.jpg\"\n{\"key\":\"photos/c,d+é.jpg\"}\n",
		"inventory/manifest.json": fmt.Sprintf(`{"sourceBucket":"source","destinationBucket":"arn:aws:s3:::source","fileFormat":"CSV","fileSchema":"Bucket, Key, IsLatest, IsDeleteMarker",
			"files":[{"key":"inventory/1.csv.gz","size":%d,"MD5checksum":"%x"}]}`, len(inventory), md5.Sum(inventory)),
	} {
		write(t, filepath.Join(in, name), []byte(content))
	}
	write(t, filepath.Join(in, "inventory/1.csv.gz"), inventory)
	for _, name := range []string{"keys.csv", "header.csv", "list.csv.gz", "array.json", "lines.jsonl", "inventory/manifest.json"} {
		t.Run(name, func(t *testing.T) {
			out := t.TempDir()
			a, status := resize(t, in, out, `{"manifest":"s3://source/`+name+`","variants":[{"name":"v","width":16}]}`)
			wantCounts(t, a, 2, 2, 0, 0, 0)
			if diff := cmp.Diff([]string{"v/photos/a b.jpg", "v/photos/c,d+é.jpg"}, files(t, out)); diff != "" || status != ExitSucceeded {
				t.Errorf("exit %d, files (-want +got):\n%s", status, diff)
			}
		})
	}
	t.Run("a line that is wrong", func(t *testing.T) {
		write(t, filepath.Join(in, "wrong.csv"), []byte("key,size\nphotos/e.jpg,big\n"))
		a, status := resize(t, in, t.TempDir(), `{"manifest":"s3://source/wrong.csv"}`)
		if status != ExitFailed || a.Error != "InvalidInput" || !strings.HasPrefix(a.Cause, "s3://source/wrong.csv, line 2: given photos/e.jpg,big; allowed: ") {
			t.Errorf("exit %d, %s: %s", status, a.Error, a.Cause)
		}
	})
}

// TestLocalResize_long_manifest: of a hundred thousand lines, which go up in parts, the filter lets three
// through; every other one is counted as ignored.
func TestLocalResize_long_manifest(t *testing.T) {
	in, out := album(t, 3), t.TempDir()
	var list strings.Builder
	list.WriteString("key,size\n")
	for i := range 100_000 {
		fmt.Fprintf(&list, "a/long/way/down/into/folders/of/photographs/that/are/of/no/use/any/more/%08d.jpg,12\n", i)
	}
	for i := range 3 {
		fmt.Fprintf(&list, "s%03d.jpg,1000\n", i)
	}
	write(t, filepath.Join(in, "list.csv"), []byte(list.String()))
	a, status := resize(t, in, out, `{"manifest":"s3://source/list.csv","filter":{"minBytes":100},"batchSize":500,"variants":[{"name":"v","width":16}]}`)
	wantCounts(t, a, 100_003, 3, 0, 100_000, 0)
	if diff := cmp.Diff(map[string]int{"Filtered": 100_000}, a.IgnoredBy); diff != "" || status != ExitSucceeded || a.Batches < 200 {
		t.Errorf("exit %d, %d batches, ignored (-want +got):\n%s", status, a.Batches, diff)
	}
}

func TestLocalResize_max_items(t *testing.T) {
	in := album(t, 24)
	a, _ := resize(t, in, t.TempDir(), `{"maxItems":7,"batchSize":3,"variants":[{"name":"v","width":16}]}`)
	wantCounts(t, a, 7, 7, 0, 0, 0)
	keys := make([]string, 24)
	for i := range keys {
		keys[i] = fmt.Sprintf("s%03d.jpg", i)
	}
	input, _ := json.Marshal(map[string]any{"keys": keys, "maxItems": 5, "variants": []job.Variant{{Name: "v", Width: 16, Fit: job.FitInside, Format: job.FormatSame, Key: job.DefaultKey}}})
	a, _ = resize(t, in, t.TempDir(), string(input))
	wantCounts(t, a, 5, 5, 0, 0, 0)
}
