package cli

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

func estimateOutput(t *testing.T, wantStatus int, args ...string) (stdout, stderr string) {
	t.Helper()
	var out, problems bytes.Buffer
	if status := Run(t.Context(), append([]string{"estimate"}, args...), &out, &problems); status != wantStatus {
		t.Fatalf("mapfleet estimate %v exits with %d, want %d: %s", args, status, wantStatus, problems.String())
	}
	return out.String(), problems.String()
}

func TestEstimateResizeByNumbers(t *testing.T) {
	plot := filepath.Join(t.TempDir(), "fleet.svg")
	out, _ := estimateOutput(t, ExitSucceeded, "resize", "--items", "8088", "--mean-bytes", "100kB", "--memory", "1024",
		"--input", `{"batchSize":100,"maxConcurrency":81}`, "--plot", plot, "--json")
	var e resizeEstimate
	if err := json.Unmarshal([]byte(out), &e); err != nil {
		t.Fatal(err)
	}
	if e.Items != 8088 || e.Bytes != 808_800_000 || e.Asked == nil || e.Asked.Batches != 81 || e.Asked.Peak > 81 {
		t.Errorf("estimate = %+v, asked %+v; want 8,088 items of 100 kB in 81 batches, at most 81 at a time", e, e.Asked)
	}
	if e.Recommended.USD <= 0 || e.Recommended.USD > e.Asked.USD*1.06 {
		t.Errorf("the recommended setting costs %v USD, the asked one %v", e.Recommended.USD, e.Asked.USD)
	}
	if svg, err := os.ReadFile(plot); err != nil || !strings.Contains(string(svg), "8,088 pictures in batches of 100, 1024 MB") {
		t.Errorf("the plot is %.200s (%v), want one of the asked setting", svg, err)
	}
}

func TestEstimateResizeOfAFolder(t *testing.T) {
	dir := t.TempDir()
	for name, n := range map[string]int{"a.jpg": 1000, "b/c.PNG": 2000, "notes.txt": 10, "empty.jpg": 0} {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, make([]byte, n), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	out, _ := estimateOutput(t, ExitSucceeded, "resize", "--in", dir)
	for _, said := range []string{"4 objects in ", "to write 3 at most, 3.0 kB to read: 1 JPEG, 2 of other formats, of which 1 are no pictures by their names", "1 ignored (1 Empty), 0 failed", "the largest 2.0 kB: b/c.PNG"} {
		if !strings.Contains(out, said) {
			t.Errorf("the estimate does not say %q:\n%s", said, out)
		}
	}
}

// TestEstimateResizeOfALinkedFolder: --in may be a link, as that of a run, and the names in it must be keys.
func TestEstimateResizeOfALinkedFolder(t *testing.T) {
	link := filepath.Join(t.TempDir(), "photos")
	in := album(t, 3)
	if err := os.Symlink(in, link); err != nil {
		t.Fatal(err)
	}
	if out, _ := estimateOutput(t, ExitSucceeded, "resize", "--in", link); !strings.Contains(out, "3 objects in "+link) {
		t.Errorf("it counts\n%s", out)
	}
	if err := os.WriteFile(filepath.Join(in, "K\xf6ln.jpg"), []byte("x"), 0o644); err != nil {
		t.Skipf("this file system keeps no name that is not UTF-8: %v", err)
	}
	if _, stderr := estimateOutput(t, ExitUsage, "resize", "--in", link); !strings.Contains(stderr, `K\xf6ln.jpg" is not UTF-8`) {
		t.Errorf("it says %q, want the name that is not UTF-8", stderr)
	}
}

// TestEstimateTellsWhatWaitingCosts: of workers that S3 cannot serve.
func TestEstimateTellsWhatWaitingCosts(t *testing.T) {
	many, _ := estimateOutput(t, ExitSucceeded, "resize", "--items", "50000000", "--mean-bytes", "2.5MB", "--input", `{"maxConcurrency":900}`)
	asked, recommended, _ := strings.Cut(many, "recommended: ")
	for _, want := range []string{"bound by S3's request rate of one prefix", "  waiting  workers would wait for S3, and be paid for it: about $"} {
		if !strings.Contains(asked, want) {
			t.Errorf("900 workers: no %q in\n%s", want, asked)
		}
	}
	if strings.Contains(recommended, "  waiting") || !strings.Contains(recommended, "All are taken to lie in one folder, of which S3 serves 5,500 GETs and 3,500 PUTs a second") {
		t.Errorf("recommended is\n%s\nwant nobody to wait, and one folder to be told of", recommended)
	}
	few, _ := estimateOutput(t, ExitSucceeded, "resize", "--items", "50000000", "--mean-bytes", "2.5MB", "--input", `{"maxConcurrency":8,"maxItems":5000}`)
	if strings.Contains(many, "refuse to start") {
		t.Errorf("without a limit it says\n%s", many)
	}
	if limited, _ := estimateOutput(t, ExitSucceeded, "resize", "--items", "50000", "--input", `{"maxCostUSD":0.1}`); !strings.Contains(limited, "would refuse to start: maxCostUSD is $0.1.") {
		t.Errorf("with a limit of 10 cents:\n%s", limited)
	}
	if !strings.HasPrefix(few, "5,000 pictures, ") || strings.Contains(few, "  waiting") {
		t.Errorf("5,000 by 8 workers:\n%s", few)
	}
}

func TestRoundTime(t *testing.T) {
	for want, d := range map[string]time.Duration{"6.4 days": 154 * time.Hour, "47h0m0s": 47 * time.Hour, "12s": 12 * time.Second, "3.5s": 3512 * time.Millisecond} {
		if got := roundTime(d); got != want {
			t.Errorf("roundTime(%v) = %q, want %q", d, got, want)
		}
	}
}

func TestDollars(t *testing.T) {
	for want, usd := range map[string]float64{"0.00": 0, "0.000515": 0.000515, "0.01": 0.01, "396.15": 396.1496} {
		if got := dollars(usd); got != want {
			t.Errorf("dollars(%v) = %q, want %q", usd, got, want)
		}
	}
}

func TestEstimateTasksAndChecks(t *testing.T) {
	out, _ := estimateOutput(t, ExitSucceeded, "tasks", "--count", "10000")
	for _, way := range []string{"one invoker in sequence", "invokers of invokers", "inline Map", "Distributed Map"} {
		if !strings.Contains(out, way) {
			t.Errorf("tasks does not tell of %q:\n%s", way, out)
		}
	}
	out, _ = estimateOutput(t, ExitSucceeded, "checks", "--count", "10000", "--every", "1m")
	if !strings.Contains(out, "about $800") {
		t.Errorf("checks does not compare with what was published:\n%s", out)
	}
	out, _ = estimateOutput(t, ExitSucceeded, "checks", "--json")
	var month struct {
		Lines []struct{ Quantity, Price, USD float64 }
		USD   float64
	}
	if err := json.Unmarshal([]byte(out), &month); err != nil {
		t.Fatal(err)
	}
	sum := 0.0
	for _, line := range month.Lines {
		sum += line.Quantity * line.Price
	}
	if sum < month.USD*0.999 || sum > month.USD*1.001 || sum > 200 || sum < 10 {
		t.Errorf("the lines come to %v USD, together said %v; want the same, some tens of dollars", sum, month.USD)
	}
}

func TestEstimateRefuses(t *testing.T) {
	for _, c := range []struct {
		names string
		args  []string
	}{
		{"--items", []string{"resize"}},
		{"--items", []string{"resize", "--items", "-5"}},
		{"--mean-bytes", []string{"resize", "--items", "5", "--mean-bytes", "many"}},
		{"--mean-bytes", []string{"resize", "--items", "5", "--mean-bytes", "-1kB"}},
		{"--items, --in, and --source", []string{"resize", "--items", "5", "--in", "."}},
		{"--items, --in, and --source", []string{"resize", "--source", "s3://b", "--in", "."}},
		{"--source", []string{"resize", "--source", "photos"}},
		{"--endpoint-url", []string{"resize", "--endpoint-url", "http://127.0.0.1:1"}},
		{"--manifest", []string{"resize", "--items", "5", "--input", `{"manifest":"s3://work/m.csv"}`}},
		{"retryFailuresOf", []string{"resize", "--source", "s3://b", "--input", `{"retryFailuresOf":"r"}`}},
		{"--in", []string{"resize", "--in", "no such folder"}},
		{"must be a folder", []string{"resize", "--in", "estimate_test.go"}},
		{"--manifest: none.csv", []string{"resize", "--manifest", "none.csv"}},
		{"--plot: write no/such.svg: no such", []string{"resize", "--items", "5", "--plot", "no/such.svg"}},
		{"prefix", []string{"resize", "--items", "5", "--input", `{"prefix":"2026/"}`}},
		{"filter", []string{"resize", "--items", "5", "--input", `{"filter":{"minBytes":1}}`}},
		{"--not-jpeg", []string{"resize", "--items", "5", "--not-jpeg", "101"}},
		{"--memory", []string{"resize", "--items", "5", "--memory", "100"}},
		{"--architecture", []string{"resize", "--items", "5", "--architecture", "mips"}},
		{"--account-concurrency", []string{"resize", "--items", "5", "--account-concurrency", "0"}},
		{"batchSize", []string{"resize", "--items", "5", "--input", `{"batchSize":0}`}},
		{"no argument", []string{"resize", "photos"}},
		{"tasks", []string{"tasks", "--count", "0"}},
		{"checks", []string{"checks", "--every", "1s"}},
		{"no command", []string{"resise"}},
	} {
		if _, stderr := estimateOutput(t, ExitUsage, c.args...); !strings.Contains(stderr, c.names) {
			t.Errorf("mapfleet estimate %v says %q, want it to name %s", c.args, stderr, c.names)
		}
	}
}

// TestCostsInTheREADME holds the table of costs to what the command says.
func TestCostsInTheREADME(t *testing.T) {
	readme, err := os.ReadFile("../../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, pictures := range []int{8088, 1_000_000, 50_000_000, 100_000_000} {
		out, _ := estimateOutput(t, ExitSucceeded, "resize", "--items", fmt.Sprint(pictures), "--mean-bytes", "2.5MB", "--json")
		var e resizeEstimate
		if err := json.Unmarshal([]byte(out), &e); err != nil {
			t.Fatal(err)
		}
		sum := map[string]float64{}
		for _, line := range e.Recommended.Lines {
			service, _, _ := strings.Cut(line.What, ",")
			sum[service] += line.USD
		}
		r := e.Recommended
		row := fmt.Sprintf("| %s | %s MB, batches of %d, %d workers |", count(pictures), count(r.Memory), r.BatchSize, r.MaxConcurrency)
		costs := fmt.Sprintf("| $%.2f | $%.2f | $%.2f | $%.2f |", sum["Lambda"], sum["S3"], sum["Step Functions"], r.USD)
		if !slices.ContainsFunc(strings.Split(string(readme), "\n"), func(line string) bool {
			return strings.HasPrefix(line, row) && strings.HasSuffix(line, costs)
		}) {
			t.Errorf("the README has no row %s … %s", row, costs)
		}
	}
}
