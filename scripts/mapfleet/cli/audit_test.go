package cli

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"mapfleet/functions/job"
	"mapfleet/scripts/mapfleet/audit"
	"mapfleet/scripts/mapfleet/engine/storage"
)

// audited runs "mapfleet audit --json" and returns its answer and exit status.
func audited(t *testing.T, args ...string) (auditReport, int) {
	t.Helper()
	stdout, stderr, status := mapfleet(t, append([]string{"audit", "--json"}, args...)...)
	var a auditReport
	if err := json.Unmarshal([]byte(stdout), &a); err != nil {
		t.Fatalf("mapfleet audit %s: status %d, stdout is no JSON object: %v\n%s\n%s", strings.Join(args, " "), status, err, stdout, stderr)
	}
	if a.Clean != (status == ExitSucceeded) {
		t.Errorf("clean is %v, exit %d", a.Clean, status)
	}
	return a, status
}

// found are the sources or outputs of a kind.
func found(a auditReport, kind audit.Kind) []string {
	var keys []string
	for _, f := range a.First[kind] {
		key := f.Source
		if key == "" {
			key = f.Output
		}
		keys = append(keys, key)
	}
	return keys
}

// TestAudit is the story of a folder over some weeks.
func TestAudit(t *testing.T) {
	in, out := album(t, 8), filepath.Join(t.TempDir(), "it's small")
	write(t, filepath.Join(in, "notes.txt"), []byte("milk, bread"))
	write(t, filepath.Join(in, "empty.jpg"), nil)
	resize(t, in, out, w256)
	place := []string{"--in", in, "--out", out, "--input", w256}

	a, status := audited(t, place...)
	if status != ExitSucceeded || a.Sources.Current != 8 || a.Sources.Ignored != 2 || a.Destination.Objects != 8 {
		t.Errorf("after the run: exit %d, %+v, %+v, want 8 current, 2 ignored", status, a.Sources, a.Destination)
	}
	if a, status := audited(t, append(place, "--quick")...); status != ExitSucceeded || a.Requests.Head != 0 {
		t.Errorf("quick, after the run: exit %d, %+v", status, a)
	}

	remove := func(path string) {
		t.Helper()
		if err := os.Remove(path); err != nil {
			t.Fatal(err)
		}
	}
	later := time.Now().Add(time.Hour)
	if err := os.Chtimes(filepath.Join(in, "s001.jpg"), later, later); err != nil {
		t.Fatal(err)
	}
	remove(filepath.Join(out, "w256", "s000.jpg"))
	remove(filepath.Join(in, "s002.jpg"))
	write(t, filepath.Join(in, "new.jpg"), photo(t, 300, 200, 99))
	write(t, filepath.Join(out, "index.html"), []byte("<html>"))

	orphans := filepath.Join(t.TempDir(), "orphans.jsonl")
	stdout, stderr, status := mapfleet(t, append([]string{"audit", "--manifest", "s3://work/audits/week.jsonl", "--orphans", orphans}, place...)...)
	if status != ExitFailed || stderr != "" {
		t.Errorf("exit %d, stderr %q, want 1 and nothing", status, stderr)
	}
	for _, want := range []string{
		"4 differences", "sources      10: 5 current, 3 to run again", "8: 5 current, 2 missing, 1 stale, 0 collisions", "8 objects: 1 orphaned, 1 foreign",
		`missing      "new.jpg" (w256): "w256/new.jpg"`, `missing      "s000.jpg" (w256)`, `stale        "s001.jpg" (w256): "w256/s001.jpg": the source has changed`,
		`orphaned     "w256/s002.jpg"`, "nothing was deleted",
	} {
		if !strings.Contains(stdout, want) {
			t.Errorf("stdout does not say %q:\n%s", want, stdout)
		}
	}
	if lines, err := os.ReadFile(orphans); err != nil || string(lines) != `{"Key":"w256/s002.jpg"}`+"\n" {
		t.Errorf("orphans: %q, %v", lines, err)
	}

	// What it says is to be done next is done as it stands there.
	next := regexp.MustCompile(`(?m)^  next +mapfleet (local resize .*)$`).FindStringSubmatch(stdout)
	if next == nil {
		t.Fatalf("no command to run again:\n%s", stdout)
	}
	if said, err := exec.Command("sh", "-c", executable+" "+next[1]).CombinedOutput(); err != nil || !strings.Contains(string(said), "3 listed: 3 written") {
		t.Errorf("%s: %v\n%s", next[1], err, said)
	}
	remove(filepath.Join(out, "w256", "s002.jpg"))
	if a, status := audited(t, place...); status != ExitSucceeded || a.Destination.Foreign != 1 {
		t.Errorf("after it: exit %d, %+v, %+v", status, a.Sources, a.First)
	}
}

func TestAudit_manifest_in_a_file(t *testing.T) {
	in, out := album(t, 3), t.TempDir()
	resize(t, in, out, w256)
	if err := os.Remove(filepath.Join(out, "w256", "s001.jpg")); err != nil {
		t.Fatal(err)
	}
	folder := t.TempDir()
	manifest := filepath.Join(folder, "again.jsonl")
	write(t, manifest, []byte("of the last audit\n"))
	a, _ := audited(t, "--in", in, "--out", out, "--input", w256, "--manifest", manifest)
	if a.Manifest != manifest || a.Sources.Again != 1 {
		t.Errorf("manifest %q, %d to run again, want %q, 1", a.Manifest, a.Sources.Again, manifest)
	}
	data, err := os.ReadFile(manifest)
	if err != nil || !regexp.MustCompile(`^\{"Key":"s001.jpg","Etag":"\\"[0-9a-f-]+\\"","Size":\d+,"LastModified":[\d.]+,"StorageClass":"STANDARD"\}\n$`).Match(data) {
		t.Errorf("manifest: %q, %v", data, err)
	}
	if names := files(t, folder); len(names) != 1 {
		t.Errorf("left beside the manifest: %v", names)
	}
	// A person puts it into the work bucket, which is a folder here.
	write(t, filepath.Join(out, ".mapfleet", "work", "mine", "again.jsonl"), data)
	again, _ := resize(t, in, out, strings.Replace(w256, "{", `{"manifest":"s3://work/mine/again.jsonl",`, 1))
	wantCounts(t, again, 1, 1, 0, 0, 0)
	if _, status := audited(t, "--in", in, "--out", out, "--input", w256); status != ExitSucceeded {
		t.Errorf("after the run: exit %d", status)
	}
}

// TestAudit_files_beside_the_caller: they are named from where the command was called, wherever the server of
// the folders works.
func TestAudit_files_beside_the_caller(t *testing.T) {
	in, out := album(t, 2), t.TempDir()
	resize(t, in, out, w256)
	for _, err := range []error{os.Remove(filepath.Join(out, "w256", "s000.jpg")), os.Remove(filepath.Join(in, "s001.jpg"))} {
		if err != nil {
			t.Fatal(err)
		}
	}
	here := t.TempDir()
	command := exec.Command(executable, "audit", "--in", in, "--out", out, "--input", w256, "--manifest", "again.jsonl", "--orphans", "./orphans.jsonl")
	command.Dir = here
	if said, err := command.CombinedOutput(); command.ProcessState.ExitCode() != ExitFailed {
		t.Errorf("%v: %s", err, said)
	}
	for name, want := range map[string]string{"again.jsonl": `{"Key":"s000.jpg"`, "orphans.jsonl": `{"Key":"w256/s001.jpg"}`} {
		if data, err := os.ReadFile(filepath.Join(here, name)); err != nil || !strings.HasPrefix(string(data), want) || strings.Count(string(data), "\n") != 1 {
			t.Errorf("%s holds %q (%v), want one line %s", name, data, err, want)
		}
	}
}

func TestAudit_only_reads(t *testing.T) {
	in, out := album(t, 2), t.TempDir()
	write(t, filepath.Join(out, "by hand.jpg"), photo(t, 10, 10, 1))
	if _, status := audited(t, "--in", in, "--out", out); status != ExitFailed {
		t.Errorf("exit %d, want 1: two are missing", status)
	}
	if diff := cmp.Diff([]string{"by hand.jpg"}, files(t, out)); diff != "" {
		t.Errorf("the destination (-want +got):\n%s", diff)
	}
	entries, err := os.ReadDir(out)
	if err != nil || len(entries) != 1 {
		t.Errorf("the audit left something in the destination: %v, %v", entries, err)
	}
	if len(files(t, in)) != 2 {
		t.Errorf("the source folder holds %v", files(t, in))
	}
}

func TestAudit_not_beside_a_run(t *testing.T) {
	in, out := album(t, 1), t.TempDir()
	write(t, filepath.Join(out, ".mapfleet", "lock"), nil)
	lock, err := os.Open(filepath.Join(out, ".mapfleet", "lock"))
	if err != nil {
		t.Fatal(err)
	}
	defer lock.Close()
	if err := syscall.Flock(int(lock.Fd()), syscall.LOCK_EX); err != nil {
		t.Fatal(err)
	}
	if _, stderr, status := mapfleet(t, "audit", "--in", in, "--out", out); status != ExitFailed || !strings.Contains(stderr, "a run is at work") {
		t.Errorf("exit %d, %q, want 1 and a word of the run", status, stderr)
	}
	if err := syscall.Flock(int(lock.Fd()), syscall.LOCK_SH); err != nil {
		t.Fatal(err)
	}
	if a, _ := audited(t, "--in", in, "--out", out); a.Outputs.Missing != 1 {
		t.Errorf("beside another audit: %+v", a)
	}
}

// TestAudit_of_buckets asks an S3 as if it were a stranger's.
func TestAudit_of_buckets(t *testing.T) {
	in, out := album(t, 4), t.TempDir()
	resize(t, in, out, w256)
	if err := os.Remove(filepath.Join(out, "w256", "s003.jpg")); err != nil {
		t.Fatal(err)
	}
	t.Chdir(t.TempDir()) // the server changes the folder
	server, err := storage.Start(t.Context(), storage.Config{Source: in, Destination: out, State: filepath.Join(out, ".mapfleet")})
	if err != nil {
		t.Fatal(err)
	}
	defer server.Close()
	t.Setenv("AWS_ACCESS_KEY_ID", server.AccessKey)
	t.Setenv("AWS_SECRET_ACCESS_KEY", server.SecretKey)
	place := []string{"--endpoint-url", server.URL, "--source", "s3://source", "--destination", "s3://destination", "--work", "s3://work"}

	a, _ := audited(t, append(place, "--input", w256, "--manifest", "s3://work/audits/a.jsonl")...)
	if diff := cmp.Diff([]string{"s003.jpg"}, found(a, audit.Missing)); diff != "" || a.Sources.Current != 3 || a.USD != 0 {
		t.Errorf("%+v, missing (-want +got):\n%s", a.Sources, diff)
	}
	a, _ = audited(t, append(place, "--input", strings.Replace(w256, "{", `{"manifest":"s3://work/audits/a.jsonl",`, 1))...)
	if diff := cmp.Diff([]string{"s003.jpg"}, found(a, audit.Missing)); diff != "" || a.Sources.Listed != 1 {
		t.Errorf("audit of its own manifest: %+v, missing (-want +got):\n%s", a.Sources, diff)
	}
	t.Setenv("AWS_SECRET_ACCESS_KEY", "wrong")
	if stdout, stderr, status := mapfleet(t, append([]string{"audit", "--input", w256}, place...)...); status != ExitFailed || stdout != "" || !strings.Contains(stderr, "your credentials need s3:ListBucket") {
		t.Errorf("with a wrong key: exit %d, stdout %q, stderr %q", status, stdout, stderr)
	}
}

func TestAudit_interrupted(t *testing.T) {
	asked := make(chan struct{}, 100)
	slow := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked <- struct{}{}
		<-r.Context().Done()
	}))
	defer slow.Close()
	folder := t.TempDir()
	command := exec.Command(executable, "audit", "--endpoint-url", slow.URL, "--source", "s3://a", "--destination", "s3://b", "--input", w256,
		"--manifest", filepath.Join(folder, "again.jsonl"), "--orphans", filepath.Join(folder, "orphans.jsonl"), "--json")
	command.Env = append(os.Environ(), "AWS_ACCESS_KEY_ID=x", "AWS_SECRET_ACCESS_KEY=y", "TMPDIR="+t.TempDir())
	var stdout, stderr strings.Builder
	command.Stdout, command.Stderr = &stdout, &stderr
	if err := command.Start(); err != nil {
		t.Fatal(err)
	}
	<-asked
	if names := files(t, folder); len(names) != 2 {
		t.Errorf("at work: %v, want two files in part", names)
	}
	if err := command.Process.Signal(syscall.SIGINT); err != nil {
		t.Fatal(err)
	}
	_ = command.Wait()
	if status := command.ProcessState.ExitCode(); status != ExitFailed || stdout.String() != "" || !strings.Contains(stderr.String(), "interrupted: nothing was written") {
		t.Errorf("exit %d, stdout %q, stderr %q", status, stdout.String(), stderr.String())
	}
	if names := files(t, folder); len(names) > 0 {
		t.Errorf("left after the interrupt: %v", names)
	}
}

func TestAudit_wrong_usage(t *testing.T) {
	dir := t.TempDir()
	photos, out := filepath.Join(dir, "photos"), filepath.Join(dir, "out")
	write(t, filepath.Join(photos, "a.jpg"), photo(t, 20, 20, 1))
	write(t, filepath.Join(out, "file"), nil)
	local := func(args ...string) []string {
		return append([]string{"audit", "--in", photos, "--out", out}, args...)
	}
	buckets := func(args ...string) []string {
		return append([]string{"audit", "--source", "s3://photos/in/", "--destination", "s3://thumbs"}, args...)
	}
	for _, c := range []struct {
		name string
		args []string
		says []string
	}{
		{"nothing to compare", []string{"audit"}, []string{"--in DIR", "--source s3://", "-h"}},
		{"one folder", []string{"audit", "--in", photos}, []string{"--out DIR"}},
		{"folders and buckets", local("--source", "s3://x"), []string{"the ones or the others"}},
		{"a destination that is not there", []string{"audit", "--in", photos, "--out", filepath.Join(dir, "none")}, []string{"--out", "none", "no such file"}},
		{"a destination inside the source", []string{"audit", "--in", dir, "--out", out}, []string{"lie in each other"}},
		{"a word too many", local("now"), []string{`"now"`}},
		{"an unknown field", local("--input", `{"varians":[]}`), []string{"--input", "varians", "variants"}},
		{"no requests at a time", local("--concurrency", "0"), []string{"--concurrency: given 0", "1 to 5000"}},
		{"orphans by listings alone", local("--quick", "--orphans", filepath.Join(dir, "o")), []string{"--orphans", "--quick"}},
		{"a manifest among the sources", local("--manifest", filepath.Join(photos, "m.jsonl")), []string{"--manifest", "only read"}},
		{"a manifest that is a folder", local("--manifest", out), []string{"--manifest", "is a folder"}},
		{"a manifest where no folder is", local("--manifest", filepath.Join(dir, "none", "m.jsonl")), []string{"--manifest", "no such file"}},
		{"a manifest in the source bucket", local("--manifest", "s3://source/m.jsonl"), []string{"--manifest", "s3://work/KEY.jsonl in the work bucket"}},
		{"a manifest that would start a run", local("--manifest", "s3://work/manifests/m.jsonl"), []string{"--manifest", "starts a run"}},
		{"a manifest of another kind", local("--manifest", "s3://work/m.txt"), []string{"--manifest", ".jsonl"}},
		{"a source that is no URL", []string{"audit", "--source", "photos", "--destination", "s3://thumbs"}, []string{"--source", `"photos"`, "s3://BUCKET"}},
		{"no destination", []string{"audit", "--source", "s3://photos"}, []string{"--destination", "s3://BUCKET"}},
		{"a work bucket with a prefix", buckets("--work", "s3://work/x", "--input", w256), []string{"--work", "s3://BUCKET"}},
		{"buckets without a recipe", buckets(), []string{"variants", "recipe"}},
		{"an earlier run without a work bucket", buckets("--input", strings.Replace(w256, "{", `{"retryFailuresOf":"nightly",`, 1)), []string{"retryFailuresOf", "--work"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			stdout, stderr, status := mapfleet(t, c.args...)
			if status != ExitUsage || stdout != "" {
				t.Errorf("exit %d, stdout %q, want 2 and nothing", status, stdout)
			}
			for _, want := range c.says {
				if !strings.Contains(stderr, want) {
					t.Errorf("stderr %q does not say %q", stderr, want)
				}
			}
			if names := files(t, dir); len(names) != 2 {
				t.Errorf("it left something: %v", names)
			}
		})
	}
}

func TestAudit_help(t *testing.T) {
	stdout, stderr, status := mapfleet(t, "audit", "-h")
	if status != ExitSucceeded || stderr != "" {
		t.Errorf("exit %d, stderr %q", status, stderr)
	}
	full, quick := audit.Expect(100e6, 1, false), audit.Expect(100e6, 1, true)
	for _, want := range []string{
		"100 M HEAD, 200 k LIST", "$" + fmt.Sprintf("%.0f", full.USD()), "$" + fmt.Sprintf("%.0f", quick.USD()),
		fmt.Sprintf("%.0f h; %.0f h with --concurrency 512", full.Time(64).Hours(), full.Time(512).Hours()), fmt.Sprintf("%.0f h\n", quick.Time(64).Hours()),
		"not on AWS", "s3:ListBucket", "deletes nothing", "--orphans", "Exit status",
	} {
		if !strings.Contains(stdout, want) {
			t.Errorf("audit -h does not say %q", want)
		}
	}
}

func TestAudit_says_what_AWS_will_ask(t *testing.T) {
	var stderr strings.Builder
	r := &auditCommand{concurrency: 64, stderr: &stderr}
	r.forecast(2)
	r.announce(audit.Estimate{Sources: -1, Destination: 12_345_678, Requests: audit.Requests{List: 12_345, Head: 12_345_678}})
	r.announce(audit.Estimate{Sources: 5, Destination: -1, Requests: audit.Requests{Head: 10}})
	r.announce(audit.Estimate{Sources: -1, Destination: -1})
	want := `for every million sources: 3,000 LIST, 2,000,000 HEAD, 0 GET, $0.81, about 15m
the destination holds 12,345,678 objects; if they are the outputs: 12,345 LIST, 12,345,678 HEAD, 0 GET, $5.00, about 1h25m
5 sources to look at: 0 LIST, 10 HEAD, 0 GET, $0.00, about 0s
`
	if diff := cmp.Diff(want, stderr.String()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestAuditLine(t *testing.T) {
	line := auditLine(audit.Moment{Phase: "looking at outputs", Destination: 1_200_000, Sources: 34_567, Differences: 12}, 75*time.Second)
	if want := "looking at outputs  1,200,000 outputs  34,567 sources  12 differences  1m15s"; line != want {
		t.Errorf("line %q, want %q", line, want)
	}
}

func TestAudit_names_the_first_findings(t *testing.T) {
	r := auditReport{Report: audit.Report{Quick: true, First: map[audit.Kind][]audit.Finding{}, Unexplained: []string{"w256/x.jpg"}}, Manifest: "again.jsonl"}
	r.Destination = &audit.Destination{Objects: 1, Unexplained: 1}
	r.Report.Outputs.Missing, r.Sources.Again, r.Sources.Gone = 1234, 1234, 1
	r.First[audit.Missing] = []audit.Finding{{Source: "a \"b\".jpg", Variant: "s", Output: "s/a.jpg"}, {Source: "c.jpg", Variant: "s", Reason: "too long"}}
	r.First[audit.Gone] = []audit.Finding{{Source: "d.jpg"}}
	var stdout strings.Builder
	if err := (&auditCommand{manifest: "again.jsonl", stdout: &stdout}).print(r, auditPlace{work: "jobs"}); err != nil {
		t.Fatal(err)
	}
	want := `1,235 differences, by listings alone, in 0.0 s
  sources      0: 0 current, 1,234 to run again, 0 colliding, 0 ignored, 1 gone, 0 denied
  outputs      1,234: 0 current, 1,234 missing, 0 stale, 0 collisions
  destination  1 objects: 1 that no source explains, orphaned or foreign
  requests     0 LIST, 0 HEAD, 0 GET
  missing      "a \"b\".jpg" (s): "s/a.jpg"
  missing      "c.jpg" (s): too long
  missing      … and 1,232 more, in again.jsonl
  gone         "d.jpg"
  unexplained  "w256/x.jpg"
  next         again.jsonl names 1,234 sources: put it into the work bucket, and start a run with "manifest":"s3://jobs/KEY.jsonl" in its input
  next         listings do not tell what is stale, and what is orphaned: leave --quick out
`
	if diff := cmp.Diff(want, stdout.String()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestShellQuote(t *testing.T) {
	for _, word := range []string{"plain/a.jpg", "", "it's", `{"a":"$HOME \\ 'x'"}`, "two words", "é\n"} {
		out, err := exec.Command("sh", "-c", "printf %s "+shellQuote(word)).Output()
		if err != nil || string(out) != word {
			t.Errorf("shellQuote(%q) = %s is read as %q, %v", word, shellQuote(word), out, err)
		}
	}
}

func TestAgainInput(t *testing.T) {
	got := againInput([]byte(`{"prefix":"a/","overwrite":"never","maxItems":3,"filter":{"minBytes":1},"variants":[{"name":"s","width":2}]}`), job.Input{}, "s3://work/\"é\".jsonl")
	if want := `{"filter":{"minBytes":1},"manifest":"s3://work/\"é\".jsonl","variants":[{"name":"s","width":2}]}`; got != want {
		t.Errorf("againInput = %s, want %s", got, want)
	}
	taken := job.Input{RetryFailuresOf: "r", Variants: []job.Variant{{Name: "v", Width: 9, Fit: job.FitInside, Format: job.FormatSame, Key: "k"}}}
	got = againInput([]byte(`{"retryFailuresOf":"r"}`), taken, "s3://work/m.jsonl")
	if want := `{"filter":{},"manifest":"s3://work/m.jsonl","variants":[{"name":"v","width":9,"fit":"inside","format":"same","key":"k"}]}`; got != want {
		t.Errorf("againInput = %s, want %s, by the recipe that the failures are of", got, want)
	}
}

func TestWholeFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "f")
	for _, commit := range []bool{false, true} {
		f, err := newWholeFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := f.WriteString("whole"); err != nil {
			t.Fatal(err)
		}
		if commit {
			if err := f.commit(); err != nil {
				t.Fatal(err)
			}
		}
		f.discard()
		if names := files(t, filepath.Dir(path)); commit != (len(names) == 1) {
			t.Errorf("committed is %v, and there is %v", commit, names)
		}
	}
}
