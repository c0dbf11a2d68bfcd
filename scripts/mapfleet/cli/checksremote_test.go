package cli

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
)

// TestChecks_against_serve operates the second job by the commands that operate the first.
func TestChecks_against_serve(t *testing.T) {
	begun, goOn := make(chan struct{}, 1000), make(chan struct{})
	free := sync.OnceFunc(func() { close(goOn) })
	site := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/slow":
			begun <- struct{}{}
			<-goOn
		case "/broken":
			w.WriteHeader(http.StatusInternalServerError)
		}
	}))
	t.Cleanup(func() { free(); site.Close() })
	in, out := album(t, 1), t.TempDir()
	write(t, filepath.Join(in, "sites.csv"), []byte("id,url\na,"+site.URL+"/\nb,"+site.URL+"/broken?token=hunter2\nc,nowhere\n"))
	write(t, filepath.Join(in, "slow.csv"), []byte("url\n"+site.URL+"/slow\n"))
	server := serve(t, in, out, "--checks", "--allow", "127.0.0.0/8")
	url := server.asAWS(t)

	const input = `{"file":"s3://source/sites.csv","output":"s3://destination/sites.csv"}`
	stdout, stderr, status := mapfleet(t, "start", "--job", "checks", "--name", "first", "--input", input, "--watch")
	wants(t, stdout+stderr, status, ExitSucceeded, "first started", "first SUCCEEDED", "3 lines: 1 OK, 1 failing (1 WrongStatus), 1 bad, 0 not done",
		`failing  line 3 "b `+site.URL+`/broken?…": WrongStatus: status 500, want 2xx`, `failing  line 4 "c nowhere": BadLine`,
		"changes  2 newly failing, 0 recovered; told by alerts.jsonl", "results  s3://destination/sites.csv", "reports/checks.first/report.html")
	if strings.Contains(stdout+stderr, "hunter2") {
		t.Errorf("the token of a line is shown: %s", stdout)
	}
	if data, err := os.ReadFile(filepath.Join(out, "sites.csv")); err != nil || !strings.Contains(string(data), "?token=hunter2") {
		t.Errorf("the results %s, %v, want the URLs as they are in the file", data, err)
	}

	stdout, stderr, status = mapfleet(t, "start", "--name", "pictures", "--watch")
	wants(t, stdout+stderr, status, ExitSucceeded, "pictures SUCCEEDED", "1 written")
	_, stderr, status = mapfleet(t, "watch", "first")
	wants(t, stderr, status, ExitUsage, `no run "first"; among the runs of checks it is looked for by --job checks`, "pictures SUCCEEDED")
	stdout, _, status = mapfleet(t, "list", "--job", "checks")
	wants(t, stdout, status, ExitSucceeded, "first ", "3, 1 failing, 1 bad")
	if strings.Contains(stdout, "pictures") {
		t.Errorf("a run of pictures is among the checks: %s", stdout)
	}

	dir := t.TempDir()
	stdout, stderr, status = mapfleet(t, "report", "first", "--job", "checks", "--save", dir)
	wants(t, stdout+stderr, status, ExitSucceeded, "first SUCCEEDED", "4 files saved")
	page, err := os.ReadFile(filepath.Join(dir, "first", "report.html"))
	if err != nil || !strings.Contains(string(page), "/broken?…") || strings.Contains(string(page), "hunter2") {
		t.Errorf("the saved page has %d bytes, %v, want it to show where, and no token", len(page), err)
	}
	stdout, _, status = mapfleet(t, "report", "--job", "checks", "--json")
	var a remoteChecks
	if err := json.Unmarshal([]byte(stdout), &a); err != nil || status != ExitSucceeded || a.Run != "first" || a.Lines != 3 || a.Failing != 1 || a.Results != "s3://destination/sites.csv" {
		t.Errorf("exit %d, %+v, %v", status, a, err)
	}
	stdout, stderr, status = mapfleet(t, "retry", "first", "--job", "checks")
	wants(t, stdout+stderr, status, ExitSucceeded, "nothing to retry: it SUCCEEDED", "mapfleet start --input '"+strings.ReplaceAll(input, `","`, `","`)+"' --job checks")
	_, stderr, status = mapfleet(t, "retry", "first", "--job", "checks", "--how", "failures")
	wants(t, stderr, status, ExitUsage, "is of pictures")

	const slow = `{"file":"s3://source/slow.csv","output":"s3://destination/slow.jsonl"}`
	_, stderr, status = mapfleet(t, "start", "--job", "checks", "--name", "slow", "--input", slow)
	wants(t, stderr, status, ExitSucceeded)
	<-begun
	stdout, _, status = mapfleet(t, "start", "--job", "checks", "--name", "doubled", "--input", slow, "--watch")
	wants(t, stdout, status, ExitSucceeded, "doubled SUCCEEDED", "nothing was done: run slow is still at work on s3://source/slow.csv")
	stdout, stderr, status = mapfleet(t, "stop", "slow", "--job", "checks")
	wants(t, stdout+stderr, status, ExitSucceeded, "slow stopped", "mapfleet retry slow --job checks")
	stdout, stderr, status = mapfleet(t, "watch", "slow", "--job", "checks")
	wants(t, stdout+stderr, status, ExitFailed, "slow ABORTED", "1 line: 0 OK, 0 failing, 0 bad, 1 not done",
		"open     mapfleet report slow --open --job checks", "again    mapfleet retry slow --job checks")
	free()
	stdout, stderr, status = mapfleet(t, "retry", "slow", "--job", "checks", "--watch")
	wants(t, stdout+stderr, status, ExitSucceeded, "it is ABORTED, so it is redriven", "slow SUCCEEDED", "1 line: 1 OK")

	stdout, stderr, status = mapfleet(t, "start", "--job", "checks", "--name", "pictures", "--input", input, "--watch") // names are a machine's own
	wants(t, stdout+stderr, status, ExitSucceeded, "pictures SUCCEEDED")
	_, stderr, status = mapfleet(t, "retry", "first", "--in", in, "--out", out)
	wants(t, stderr, status, ExitFailed, "mapfleet serve is at work in this folder, at "+url)
	for _, wrong := range []struct{ args, says string }{
		{"list --job chekcs", `--job: given "chekcs", allowed resize or checks`},
		{"list --job checks --state-machine " + machine, "is none of that job"},
		{`start --job checks --input {"prefix":"x"}`, "prefix: given"},
		{`start --job checks --input {"file":"s3://source/a.txt"}`, "file: given s3://source/a.txt"},
	} {
		_, stderr, status := mapfleet(t, strings.Fields(wrong.args)...)
		wants(t, stderr, status, ExitUsage, wrong.says)
	}
	if status := server.interrupt(t); status != ExitSucceeded {
		t.Errorf("the server ended with %d\n%s", status, server.said())
	}
	_, stderr, status = mapfleet(t, "retry", "first", "--in", in, "--out", out)
	wants(t, stderr, status, ExitUsage, "first is a run of checks")
	stdout, stderr, status = mapfleet(t, "retry", "last", "--in", in, "--out", out)
	wants(t, stdout+stderr, status, ExitSucceeded, "pictures: nothing to retry")
	stdout, stderr, status = mapfleet(t, "retry", "pictures", "--in", in, "--out", out) // there are checks of this name, too
	wants(t, stdout+stderr, status, ExitSucceeded, "pictures: nothing to retry")
}

// TestChecks_without_any: a server and a stack that have none say so.
func TestChecks_without_any(t *testing.T) {
	newFakeAWS(t)
	_, stderr, status := command(t.Context(), "list", "--job", "checks")
	wants(t, stderr, status, ExitFailed, "the stack mapfleet in eu-west-1 has no checks", `deploy it with "checks": true`)
	_, stderr, status = mapfleet(t, "serve", "--in", t.TempDir(), "--out", t.TempDir(), "--allow", "10.0.0.0/8")
	wants(t, stderr, status, ExitUsage, "--checks")
}
