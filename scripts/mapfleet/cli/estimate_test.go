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

	"mapfleet/functions/job/checks"
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
	for name, n := range map[string]int{"a.jpg": 1000, "b/c.PNG": 2000, "notes.txt": 10, "empty.jpg": 0, "d.WebP": 500} {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, make([]byte, n), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	out, _ := estimateOutput(t, ExitSucceeded, "resize", "--in", dir)
	for _, said := range []string{"5 objects in ", "to write 4 at most, 3.51 kB to read: 1 JPEG, 1 WebP, 2 of other formats, of which 1 are no pictures by their names", "1 ignored (1 Empty), 0 failed", "the largest 2.00 kB: b/c.PNG"} {
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

// TestEstimateWarns: what cannot run as asked is said before anything is paid for, in text and in JSON.
func TestEstimateWarns(t *testing.T) {
	const (
		full  = "A batch would hold about 537 items instead of 1,000"
		long  = "and a child execution ends after 5 minutes: ask for a smaller batchSize."
		many  = "One run takes the first 100,000,000 of these 1,000,000,000 items: ask for shardBy"
		limit = "would refuse to start: maxCostUSD is $0.1."
	)
	for _, c := range []struct {
		name string
		args []string
		want []string
	}{
		{"long batches that are asked too large", []string{"--items", "1000", "--mean-bytes", "100MB", "--input", `{"batchSize":1000,"maxConcurrency":1}`}, []string{full, "A batch would take about 24m8s, " + long}},
		{"one long batch", []string{"--items", "20000", "--mean-bytes", "100MB", "--memory", "1769", "--input", `{"batchSize":100,"maxConcurrency":100}`}, []string{"The longest batch would take about "}},
		{"too many items", []string{"--items", "1000000000"}, []string{many}},
		{"too many items, cut", []string{"--items", "1000000000", "--input", `{"maxItems":5000}`}, nil},
		{"many parts", []string{"--items", "1000000000", "--input", `{"shardBy":"/"}`}, nil},
		{"too dear", []string{"--items", "50000", "--input", `{"maxCostUSD":0.1}`}, []string{limit}},
		{"nothing wrong", []string{"--items", "8088", "--input", `{"batchSize":100,"maxConcurrency":81}`}, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			text, _ := estimateOutput(t, ExitSucceeded, append([]string{"resize"}, c.args...)...)
			if n := strings.Count(text, "\n  warning  "); n != len(c.want) {
				t.Errorf("the text has %d warnings, want %d:\n%s", n, len(c.want), text)
			}
			warnings := estimated(t, c.args...).Warnings
			if len(warnings) != len(c.want) || warnings == nil {
				t.Fatalf("the warnings are %q, want %d", warnings, len(c.want))
			}
			for i, want := range c.want {
				if !strings.Contains(warnings[i], want) || !strings.Contains(text, "  warning  "+warnings[i]+"\n") {
					t.Errorf("the warning is %q, want %q, in the text too:\n%s", warnings[i], want, text)
				}
			}
		})
	}
}

// TestWarningOfADryRun: the sentence on batches that take too long is the one that a dry run has.
func TestWarningOfADryRun(t *testing.T) {
	source, err := os.ReadFile("../../../functions/prepare/plan/estimate.go")
	if err != nil {
		t.Fatal(err)
	}
	const sentence = "A batch would take about %v, and a child execution ends after 5 minutes: ask for a smaller batchSize."
	own, err := os.ReadFile("../estimate/warnings.go")
	if err != nil || !strings.Contains(string(source), sentence) || !strings.Contains(string(own), sentence) {
		t.Errorf("a dry run and an estimate do not both say %q (%v)", sentence, err)
	}
}

// TestEstimateTasksInJSON: one object, whose numbers are those of the text.
func TestEstimateTasksInJSON(t *testing.T) {
	out, _ := estimateOutput(t, ExitSucceeded, "tasks", "--count", "1049", "--duration", "500ms", "--memory", "512", "--batch-size", "20", "--json")
	var e struct {
		Count, Memory, BatchSize int
		TaskSeconds              float64
		Ways                     []struct {
			Name         string
			Seconds, USD float64
			Peak         int
			Lines        []struct{ Quantity, Price float64 }
		}
		Prices string
	}
	if err := json.Unmarshal([]byte(out), &e); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	if e.Count != 1049 || e.Memory != 512 || e.BatchSize != 20 || e.TaskSeconds != 0.5 || e.Prices == "" || len(e.Ways) != 4 {
		t.Fatalf("the estimate is %+v, want the tasks as they were given, four ways and whose prices", e)
	}
	if got := e.Ways[0].Seconds; got < 60 || got > 61 { // 1,049 in 60 seconds were published
		t.Errorf("in sequence they take %v s, want a minute and the last task", got)
	}
	for _, w := range e.Ways {
		sum := 0.0
		for _, line := range w.Lines {
			sum += line.Quantity * line.Price
		}
		if w.Name == "" || w.Peak < 1 || w.USD <= 0 || sum < w.USD*0.999 || sum > w.USD*1.001 {
			t.Errorf("%+v: want a name, a peak, and lines that come to its cost", w)
		}
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

func TestEstimateTasks(t *testing.T) {
	out, _ := estimateOutput(t, ExitSucceeded, "tasks", "--count", "10000")
	for _, way := range []string{"one invoker in sequence", "invokers of invokers", "inline Map", "Distributed Map"} {
		if !strings.Contains(out, way) {
			t.Errorf("tasks does not tell of %q:\n%s", way, out)
		}
	}
}

// TestEstimateChecks: what it says by default is of what a stack deploys, each line with its arithmetic, and what
// the README says of it.
func TestEstimateChecks(t *testing.T) {
	out, _ := estimateOutput(t, ExitSucceeded, "checks")
	said := fmt.Sprintf("20 batches of up to %d lines, %d at a time", checks.StackBatchSize, checks.StackMaxConcurrency)
	for _, want := range []string{
		"10,000 checks every 1m0s: 43,800 runs in a month of 730 hours", said, "43,800 runs x 20 batches x 3.20 s x 1.728 GB", "43,800 runs x (7 states + 20 batches)",
		"43,800 runs x (10 objects + 20 batches)", "= 876,000 request x $0.000001 = $0.88", "about $800 a month",
	} {
		if !strings.Contains(out, want) {
			t.Errorf("it does not say %q:\n%s", want, out)
		}
	}
	if other, _ := estimateOutput(t, ExitSucceeded, "checks", "--memory", fmt.Sprint(checks.StackMemory), "--batch-size", fmt.Sprint(checks.StackBatchSize), "--mean", "500ms"); other != out {
		t.Errorf("with the stack's own settings named it says\n%s\nwithout them\n%s", other, out)
	}
	if few, _ := estimateOutput(t, ExitSucceeded, "checks", "--hosts", "1", "--mean", "10s", "--worst", "20s"); !strings.Contains(few, "  warning  A run would take about ") {
		t.Errorf("of one slow host it says\n%s", few)
	}
	out, _ = estimateOutput(t, ExitSucceeded, "checks", "--json")
	var month checksEstimate
	if err := json.Unmarshal([]byte(out), &month); err != nil {
		t.Fatal(err)
	}
	sum := 0.0
	for _, line := range month.Lines {
		sum += line.Quantity * line.Price
	}
	if sum < month.USD*0.999 || sum > month.USD*1.001 || month.Batches != 20 || month.BatchSeconds < 3 || month.Warnings == nil {
		t.Errorf("the lines come to %v USD of %+v", sum, month)
	}
	readme, err := os.ReadFile("../../../README.md")
	if want := fmt.Sprintf("come to $%.0f with the stack's own settings", month.USD); err != nil || !strings.Contains(strings.ReplaceAll(string(readme), "\n", " "), want) {
		t.Errorf("the README does not say %q (%v)", want, err)
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
		{"checks", []string{"checks", "--hosts", "-1"}},
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
