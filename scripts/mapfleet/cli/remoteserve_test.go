package cli

import (
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// asAWS sets the environment for a server as its serve.env has it.
func (s *served) asAWS(t *testing.T) (url string) {
	t.Helper()
	environment, err := os.ReadFile(filepath.Join(s.state, "serve.env"))
	if err != nil {
		t.Fatal(err)
	}
	for _, set := range regexp.MustCompile(`(AWS_\w+)=(\S+)`).FindAllStringSubmatch(string(environment), -1) {
		t.Setenv(set[1], set[2])
	}
	for _, unset := range []string{"AWS_PROFILE", "AWS_SESSION_TOKEN"} {
		t.Setenv(unset, "")
	}
	return os.Getenv("AWS_ENDPOINT_URL")
}

// TestRemote_against_serve goes the whole way with the engine of this machine in the place of AWS: the commands are the same.
func TestRemote_against_serve(t *testing.T) {
	in, out := album(t, 250), t.TempDir()
	write(t, filepath.Join(in, "zz.jpg"), []byte("no picture"))
	server := serve(t, in, out)
	url := server.asAWS(t)

	stdout, stderr, status := mapfleet(t, "start", "--name", "dry", "--input", `{"dryRun":true}`, "--watch")
	wants(t, stdout+stderr, status, ExitSucceeded, "dry SUCCEEDED", "a dry run", "251 listed", "cost     about $")

	const slow = `{"batchSize":5,"variants":[{"name":"w","width":200,"format":"webp"}]}`
	stdout, stderr, status = mapfleet(t, "start", "--name", "first", "--input", slow, "--endpoint-url", url)
	wants(t, stdout+stderr, status, ExitSucceeded, "first started", "mapfleet watch first --endpoint-url "+url)
	eventually(t, "some pictures are made", func() bool { return len(files(t, out)) > 20 })
	stdout, stderr, status = mapfleet(t, "stop", "last", "--cause", "enough")
	wants(t, stdout+stderr, status, ExitSucceeded, "first stopped")
	stdout, stderr, status = mapfleet(t, "watch", "first")
	wants(t, stdout+stderr, status, ExitFailed, "first ABORTED", "more were not finished", "mapfleet retry first")

	stdout, stderr, status = mapfleet(t, "retry", "last", "--watch", "--json")
	wants(t, stderr, status, ExitSucceeded, "was ABORTED", "redriven")
	var a struct{ remoteReport }
	if err := json.Unmarshal([]byte(stdout), &a); err != nil || a.Run != "first" || a.Listed != 251 || a.Failed != 1 || a.Written+a.Current != 250 || a.RedriveCount != 1 || a.Retry == nil {
		t.Errorf("the redriven run is %+v, %v, want all 251 of the first", a.localReport, err)
	}

	stdout, stderr, status = mapfleet(t, "retry", "last", "--watch")
	wants(t, stdout+stderr, status, ExitSucceeded, "SUCCEEDED with 1 failure, so a new run goes over those", "1 listed", `"zz.jpg"`)

	_, stderr, status = mapfleet(t, "list", "--stack", "thumbs")
	wants(t, stderr, status, ExitFailed, url+` has no CloudFormation, and so no stack "thumbs"`, "leave --stack out")
	stdout, stderr, status = mapfleet(t, "list", "--region", "eu-west-3")
	wants(t, stdout+stderr, status, ExitSucceeded, "in another Region than eu-west-3", "--region", "first ")
	stdout, stderr, status = mapfleet(t, "start", "--name", "nowhere", "--input", `{"retryFailuresOf":"nobody"}`, "--watch")
	wants(t, stdout+stderr, status, ExitFailed, "nowhere FAILED")

	dir := t.TempDir()
	stdout, stderr, status = mapfleet(t, "report", "first", "--save", dir)
	wants(t, stdout+stderr, status, ExitSucceeded, "first SUCCEEDED in ", "s since its first start", "251 listed", "open     mapfleet report first --open", "4 files saved")
	if page, err := os.ReadFile(filepath.Join(dir, "first", "report.html")); err != nil || !strings.Contains(string(page), "first") {
		t.Errorf("the saved page has %d bytes, %v", len(page), err)
	}
	stdout, _, status = mapfleet(t, "list")
	wants(t, stdout, status, ExitSucceeded, "dry    ", "251, 1 failed")

	stdout, stderr, status = mapfleet(t, "audit", "--endpoint-url", url, "--input", `{"overwrite":"stale"}`)
	wants(t, stdout+stderr, status, ExitFailed, "the plan of run-", "250 current", "1 missing")

	_, stderr, status = mapfleet(t, "report", "nobody")
	wants(t, stderr, status, ExitUsage, `no run "nobody"`, "first SUCCEEDED")
	t.Setenv("AWS_SECRET_ACCESS_KEY", "wrong")
	_, stderr, status = mapfleet(t, "list")
	wants(t, stderr, status, ExitFailed, "does not know the credentials", "serve.env")
	if said := server.said(); !strings.Contains(said, "nowhere FAILED SourceMissing: no run") || strings.Contains(said, "errorMessage") {
		t.Errorf("the server does not say in plain words why a run failed:\n%s", said)
	}
	if status := server.interrupt(t); status != ExitSucceeded {
		t.Errorf("the server ended with %d\n%s", status, server.said())
	}
}
