package cli

import (
	"bytes"
	"compress/gzip"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"maps"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"mapfleet/functions/job/checks"
	"mapfleet/scripts/mapfleet/engine"
	"mapfleet/statemachine"
)

// site is a server whose /N answers 500 where broken says so.
type site struct {
	*httptest.Server
	broken atomic.Pointer[func(n int) bool]
}

func newSite(t *testing.T, broken func(n int) bool) *site {
	s := &site{}
	s.broken.Store(&broken)
	s.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		n, _ := strconv.Atoi(strings.TrimPrefix(r.URL.Path, "/"))
		if (*s.broken.Load())(n) {
			w.WriteHeader(http.StatusInternalServerError)
		}
		fmt.Fprint(w, "well")
	}))
	t.Cleanup(s.Close)
	return s
}

// check runs "mapfleet local checks --json" and holds what is true of every run: the account balances.
func check(t *testing.T, in, out string, more ...string) (checksReport, int) {
	t.Helper()
	args := append([]string{"local", "checks", "--in", in, "--out", out, "--allow", "127.0.0.0/8", "--json"}, more...)
	stdout, stderr, status := mapfleet(t, args...)
	var r checksReport
	if err := json.Unmarshal([]byte(stdout), &r); err != nil {
		t.Fatalf("mapfleet %s: status %d, stdout is no JSON object: %v\n%s\n%s", strings.Join(args, " "), status, err, stdout, stderr)
	}
	if sum := r.OK + r.Failing + r.Bad + r.NotDone; sum != r.Lines {
		t.Errorf("%d lines, but %d OK + %d failing + %d bad + %d not done", r.Lines, r.OK, r.Failing, r.Bad, r.NotDone)
	}
	return r, status
}

func wantChecks(t *testing.T, r checksReport, ok, failing, bad, fresh, recovered int) {
	t.Helper()
	got := []int{r.OK, r.Failing, r.Bad, r.NotDone, r.NewlyFailing, r.Recovered}
	if want := []int{ok, failing, bad, 0, fresh, recovered}; fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("OK, failing, bad, not done, newly failing, recovered = %v, want %v\n%s: %s", got, want, r.Error, r.Cause)
	}
}

func TestLocalChecks(t *testing.T) {
	tenth := func(n int) bool { return n%10 == 0 }
	s := newSite(t, tenth)
	const lines = 3000
	var file bytes.Buffer
	file.WriteString("id,url,connection\n")
	for n := 1; n <= lines; n++ {
		if n%100 == 7 {
			fmt.Fprintf(&file, "c%d,no address,\n", n)
			continue
		}
		fmt.Fprintf(&file, "c%d,%s/%d,shared\n", n, s.URL, n)
	}
	dir := t.TempDir()
	in, out := filepath.Join(dir, "sites.csv"), filepath.Join(dir, "results", "all.csv")
	write(t, in, file.Bytes())

	r, status := check(t, in, out)
	wantChecks(t, r, 2670, 300, 30, 330, 0)
	if status != ExitSucceeded || r.Status != "SUCCEEDED" || r.Batches != 12 {
		t.Errorf("exit %d, %s, %d batches, want 0, SUCCEEDED, 12: the answers are bad news, the run is not", status, r.Status, r.Batches)
	}
	data, err := os.ReadFile(out)
	if err != nil {
		t.Fatal(err)
	}
	rows, err := csv.NewReader(bytes.NewReader(data)).ReadAll()
	if err != nil || len(rows) != lines+1 {
		t.Fatalf("%d rows of results, %v, want the names and one for each of %d lines", len(rows), err, lines)
	}
	for n, row := range rows[1:] {
		n++
		want := "OK"
		if n%100 == 7 {
			want = "BadLine"
		} else if tenth(n) {
			want = "WrongStatus"
		}
		if row[0] != strconv.Itoa(n+1) || row[1] != fmt.Sprintf("c%d", n) || row[3] != want {
			t.Fatalf("row %d is line %s, id %s, %s, want line %d, id c%d, %s", n, row[0], row[1], row[3], n+1, n, want)
		}
	}
	if page, err := os.ReadFile(r.Report); err != nil || !bytes.Contains(page, []byte("</html>")) {
		t.Errorf("report.html: %v, %d bytes", err, len(page))
	}
	state := filepath.Join(dir, "results", ".mapfleet")
	for _, gone := range []string{"work/work/*", "work/locks/checks/*"} {
		if left, err := filepath.Glob(filepath.Join(state, gone)); err != nil || len(left) > 0 {
			t.Errorf("the run left %v, %v", left, err)
		}
	}

	r, _ = check(t, in, out)
	wantChecks(t, r, 2670, 300, 30, 0, 0)
	fifth := func(n int) bool { return n%10 == 0 && n > 1500 || n == 3 }
	s.broken.Store(&fifth)
	r, _ = check(t, in, out)
	wantChecks(t, r, 2819, 151, 30, 1, 150)

	told, err := os.ReadFile(filepath.Join(state, "alerts.jsonl"))
	if err != nil {
		t.Fatal(err)
	}
	messages := strings.Split(strings.TrimSpace(string(told)), "\n")
	if len(messages) != 2 {
		t.Fatalf("%d messages, want 2: nothing had changed in between\n%s", len(messages), told)
	}
	for _, want := range []string{"1 newly failing, 150 recovered", "c3 ", "WrongStatus: status 500, want 2xx", "and 130 more", "Still failing: 180"} {
		if !strings.Contains(messages[1], want) {
			t.Errorf("the message lacks %q: %s", want, messages[1])
		}
	}
}

func TestLocalChecks_other_formats(t *testing.T) {
	s := newSite(t, func(int) bool { return false })
	dir := t.TempDir()
	var packed bytes.Buffer
	zip := gzip.NewWriter(&packed)
	fmt.Fprintf(zip, "{\"url\":\"%s/1\"}\n\n{\"url\":\"%s/2\",\"expect\":{\"bodyContains\":\"nobody says this\"}}\n", s.URL, s.URL)
	if err := zip.Close(); err != nil {
		t.Fatal(err)
	}
	list := fmt.Appendf(nil, `[{"url":%q,"id":"one"}, 7, {"url":"http://10.1.2.3/"}]`, s.URL+"/1")
	for name, c := range map[string]struct {
		data []byte
		want string
	}{
		"list.json":      {list, "1 one OK, 2  BadLine, 3  Blocked"},
		"lines.jsonl.gz": {packed.Bytes(), "1  OK, 3  TextMissing"},
	} {
		t.Run(name, func(t *testing.T) {
			in, out := filepath.Join(dir, name), filepath.Join(dir, "results.jsonl")
			write(t, in, c.data)
			if _, status := check(t, in, out); status != ExitSucceeded {
				t.Errorf("exit %d, want 0", status)
			}
			data, err := os.ReadFile(out)
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for line := range strings.Lines(string(data)) {
				var f checks.Finding
				if err := json.Unmarshal([]byte(line), &f); err != nil {
					t.Fatal(err)
				}
				got = append(got, fmt.Sprintf("%d %s %s", f.Line, f.ID, f.Code))
			}
			if strings.Join(got, ", ") != c.want {
				t.Errorf("results %v, want %s", got, c.want)
			}
		})
	}
}

// TestLocalChecks_a_lock_of_a_run_that_was_killed keeps nobody away: no other engine is at work there.
func TestLocalChecks_a_lock_of_a_run_that_was_killed(t *testing.T) {
	s := newSite(t, func(int) bool { return false })
	dir := t.TempDir()
	in, out := filepath.Join(dir, "one.csv"), filepath.Join(dir, "results.csv")
	write(t, in, []byte("url\n"+s.URL+"/1\n"))
	write(t, filepath.Join(dir, ".mapfleet", "work", checks.LockKey("s3://source/one.csv")), []byte(`{"run":"killed","until":"2999-01-01T00:00:00Z"}`))
	if r, status := check(t, in, out); status != ExitSucceeded || r.OK != 1 {
		t.Errorf("exit %d, %d OK, %q, want 0 and 1", status, r.OK, r.Skip)
	}
}

// TestLocalChecks_what_a_run_that_was_killed_has_left is there for a redrive, and no longer than that is possible.
func TestLocalChecks_what_a_run_that_was_killed_has_left(t *testing.T) {
	s := newSite(t, func(int) bool { return false })
	dir := t.TempDir()
	in, out := filepath.Join(dir, "one.csv"), filepath.Join(dir, "results.csv")
	write(t, in, []byte("url\n"+s.URL+"/1\n"))
	left := func(run string) string {
		return filepath.Join(dir, ".mapfleet", "work", filepath.FromSlash(checks.WorkKey(run, checks.ItemsName)))
	}
	for run, days := range map[string]int{"recent": 13, "old": 15, "resumed": 15} {
		write(t, left(run), []byte("{}\n"))
		when := time.Now().AddDate(0, 0, -days)
		for _, path := range []string{left(run), filepath.Dir(left(run))} {
			if err := os.Chtimes(path, when, when); err != nil {
				t.Fatal(err)
			}
		}
	}
	write(t, filepath.Join(filepath.Dir(left("resumed")), "checks", "0000000001-x.jsonl"), []byte("{}\n"))
	if _, status := check(t, in, out); status != ExitSucceeded {
		t.Fatalf("exit %d", status)
	}
	for run, want := range map[string]bool{"recent": true, "old": false, "resumed": true} {
		if _, err := os.Stat(left(run)); (err == nil) != want {
			t.Errorf("the items of the run %s: %v, want them kept: %v", run, err, want)
		}
	}
}

// TestLocalChecks_tell_what_was_published, also by a run that failed only when it was judged.
func TestLocalChecks_tell_what_was_published(t *testing.T) {
	fails, err := failErrors(statemachine.Checks())
	if err != nil || !slices.Equal(slices.Sorted(maps.Keys(fails)), judgements) {
		t.Errorf("the state machine fails with %v, %v, want %v", fails, err, judgements)
	}
	for _, c := range []struct {
		changed         bool
		status, failure string
		want            bool
	}{
		{true, "SUCCEEDED", "", true}, {true, "FAILED", "LinesNotDone", true}, {true, "FAILED", "AccountsDisagree", true},
		{true, "FAILED", "States.ExceedToleratedFailureThreshold", false}, {true, "FAILED", "SNS.InvalidParameterException", false},
		{true, "ABORTED", "", false}, {false, "SUCCEEDED", "", false}, {false, "FAILED", "LinesNotDone", false},
	} {
		s := &checks.Summary{Alert: checks.Alert{Changed: c.changed, New: 2, Gone: 1}}
		r := newChecksReport(engine.Outcome{Status: c.status, Error: c.failure, Checks: s, Report: "r.html"}, time.Second, engine.Config{State: "/state"}, "out.csv")
		var text strings.Builder
		if err := r.writeText(&text); err != nil {
			t.Fatal(err)
		}
		want := "changes  2 newly failing, 0 recovered, 1 no longer checked\n"
		if c.want {
			want = "changes  2 newly failing, 0 recovered, 1 no longer checked; told in " + engine.Alerts("/state") + "\n"
		}
		if !strings.Contains(text.String(), want) {
			t.Errorf("%s %s, changed %v: want %q in\n%s", c.status, c.failure, c.changed, want, text.String())
		}
	}
}

// TestLocalChecks_that_were_overtaken say whose results are where.
func TestLocalChecks_that_were_overtaken(t *testing.T) {
	s := &checks.Summary{OvertakenBy: "tuesday", Output: "s3://work/reports/checks.monday/results.csv"}
	r := newChecksReport(engine.Outcome{Status: "SUCCEEDED", Checks: s, Report: "/state/work/reports/checks.monday/report.html"}, time.Second, engine.Config{}, "out.csv")
	var text strings.Builder
	err := r.writeText(&text)
	want := "  late     tuesday, which began later, has reported before: its results stay where they are\n  results  /state/work/reports/checks.monday/results.csv\n"
	if err != nil || !strings.Contains(text.String(), want) {
		t.Errorf("%v, want %q in\n%s", err, want, text.String())
	}
}

// TestLocalChecks_a_host_that_hangs costs a run two timeouts: the run SUCCEEDS, and tells of each line.
func TestLocalChecks_a_host_that_hangs(t *testing.T) {
	silent, err := net.Listen("tcp", "127.0.0.1:0") // nobody takes the connections
	if err != nil {
		t.Fatal(err)
	}
	defer silent.Close()
	s := newSite(t, func(int) bool { return false })
	var file bytes.Buffer
	file.WriteString("url,timeout\n")
	for n := range 200 {
		fmt.Fprintf(&file, "http://%s/%d,500ms\n", silent.Addr(), n)
	}
	for n := range 40 {
		fmt.Fprintf(&file, "%s/%d,30s\n", s.URL, n)
	}
	dir := t.TempDir()
	in, out := filepath.Join(dir, "sites.csv"), filepath.Join(dir, "results.csv")
	write(t, in, file.Bytes())
	r, status := check(t, in, out, "--per-host", "20")
	wantChecks(t, r, 40, 200, 0, 200, 0)
	if status != ExitSucceeded || r.ByCode[checks.Timeout] != 40 || r.ByCode[checks.HostSilent] != 160 {
		t.Errorf("exit %d, %v, want 0, 40 timeouts, and the host to be asked no further", status, r.ByCode)
	}
}

// TestLocalChecks_batches_of_one run side by side, more than there are processes.
func TestLocalChecks_batches_of_one(t *testing.T) {
	const lines = 40
	var together atomic.Int32
	all := make(chan struct{})
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if together.Add(1) == lines {
			close(all)
		}
		select {
		case <-all:
		case <-r.Context().Done():
		}
	}))
	defer server.Close()
	var file bytes.Buffer
	for n := range lines {
		fmt.Fprintf(&file, "{\"url\":\"%s/%d\",\"timeout\":\"30s\"}\n", server.URL, n)
	}
	dir := t.TempDir()
	in, out := filepath.Join(dir, "long.jsonl"), filepath.Join(dir, "results.jsonl")
	write(t, in, file.Bytes())
	r, status := check(t, in, out, "--workers", strconv.Itoa(lines), "--input", `{"batchSize":1}`)
	// Nobody is answered before all have asked.
	if status != ExitSucceeded || r.OK != lines || r.Batches != lines {
		t.Errorf("exit %d, %d OK in %d batches, want 0, and %d of each", status, r.OK, r.Batches, lines)
	}
}

func TestLocalChecks_loopback_only_if_it_is_allowed(t *testing.T) {
	s := newSite(t, func(int) bool { t.Error("it was asked"); return false })
	dir := t.TempDir()
	in, out := filepath.Join(dir, "one.csv"), filepath.Join(dir, "results.csv")
	write(t, in, []byte("url\n"+s.URL+"/1\n"))
	stdout, stderr, status := mapfleet(t, "local", "checks", "--in", in, "--out", out)
	if status != ExitSucceeded || !strings.Contains(stdout, "1 line: 0 OK, 1 failing (1 Blocked)") || !strings.Contains(stdout, "loopback") {
		t.Errorf("exit %d, want 0 and a blocked line:\n%s%s", status, stdout, stderr)
	}
}

func TestLocalChecks_wrong_usage(t *testing.T) {
	dir := t.TempDir()
	good := filepath.Join(dir, "good.csv")
	for name, content := range map[string]string{
		"good.csv": "url\nhttp://example.com/\n", "empty.csv": "", "nourl.csv": "id,link\n1,x\n", "unknown.txt": "url\n", "header.csv": "id,url\n",
		"object.json": `{"url":"x"}`, "packed.csv": "PK\x03\x04....", "old.results.csv": "url\nhttp://example.com/\n",
	} {
		write(t, filepath.Join(dir, name), []byte(content))
	}
	at := func(name string) string { return filepath.Join(dir, name) }
	var packed bytes.Buffer
	w := gzip.NewWriter(&packed)
	if _, err := w.Write([]byte("url\n")); err != nil || w.Flush() != nil {
		t.Fatal(err)
	}
	write(t, at("cut.csv.gz"), packed.Bytes())
	out := at("out.csv")
	for _, c := range []struct {
		name string
		args []string
		want string
	}{
		{"no file", []string{"--out", out}, "--in FILE is missing"},
		{"no results", []string{"--in", good}, "--out FILE is missing"},
		{"a file that is not there", []string{"--in", at("none.csv"), "--out", out}, "no such file"},
		{"a folder", []string{"--in", dir, "--out", out}, "is a folder, must be a file"},
		{"nothing in it", []string{"--in", at("empty.csv"), "--out", out}, "is empty"},
		{"names only", []string{"--in", at("header.csv"), "--out", out}, "holds no check"},
		{"no column url", []string{"--in", at("nourl.csv"), "--out", out}, "url among them"},
		{"an object for a list", []string{"--in", at("object.json"), "--out", out}, "one JSON list"},
		{"a file that is cut", []string{"--in", at("cut.csv.gz"), "--out", out}, "cut.csv.gz, line 1: given unexpected EOF"},
		{"a ZIP archive", []string{"--in", at("packed.csv"), "--out", out}, "a ZIP archive"},
		{"an extension of another kind", []string{"--in", at("unknown.txt"), "--out", out}, "allowed are .csv, .json and .jsonl"},
		{"results as checks", []string{"--in", at("old.results.csv"), "--out", out}, "--in: given s3://source/old.results.csv"},
		{"results of another kind", []string{"--in", good, "--out", at("out.xlsx")}, "ends in .csv or .jsonl"},
		{"results over the checks", []string{"--in", good, "--out", good}, "would replace the checks"},
		{"results in a folder", []string{"--in", good, "--out", dir}, "is a folder, must be a file"},
		{"no network", []string{"--in", good, "--out", out, "--allow", "127.0.0.1"}, "--allow"},
		{"an unknown field", []string{"--in", good, "--out", out, "--input", `{"batchsize":3}`}, "batchsize"},
		{"a field out of range", []string{"--in", good, "--out", out, "--input", `{"batchSize":0}`}, "a whole number from 1 to 1000"},
		{"the file twice", []string{"--in", good, "--out", out, "--input", `{"file":"s3://source/x.csv"}`}, "is what --in says"},
		{"too many workers", []string{"--in", good, "--out", out, "--workers", "1001"}, "allowed 1 to 1000"},
		{"an argument", []string{"--in", good, "--out", out, "more"}, "takes no argument"},
	} {
		t.Run(c.name, func(t *testing.T) {
			stdout, stderr, status := mapfleet(t, append([]string{"local", "checks"}, c.args...)...)
			if strings.Count(stderr, "cut.csv.gz") > 1 {
				t.Errorf("the file is named twice: %s", stderr)
			}
			if status != ExitUsage || stdout != "" || !strings.Contains(stderr, c.want) {
				t.Errorf("exit %d, want %d and %q in:\n%s%s", status, ExitUsage, c.want, stdout, stderr)
			}
		})
	}
	if _, err := os.Stat(at(".mapfleet")); err == nil {
		t.Error("wrong usage left a state folder")
	}
}
