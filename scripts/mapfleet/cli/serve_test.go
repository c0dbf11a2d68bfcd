package cli

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// served is a "mapfleet serve" at work.
type served struct {
	command *exec.Cmd
	log     string // what it says
	state   string
}

// serve starts one, and waits until it is there.
func serve(t *testing.T, in, out string, more ...string) *served {
	t.Helper()
	s := &served{log: filepath.Join(t.TempDir(), "log"), state: filepath.Join(out, ".mapfleet")}
	log, err := os.Create(s.log)
	if err != nil {
		t.Fatal(err)
	}
	defer log.Close()
	s.command = exec.Command(executable, append([]string{"serve", "--in", in, "--out", out, "--workers", "2"}, more...)...)
	s.command.Stdout, s.command.Stderr = log, log
	if err := s.command.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.command.Process.Kill(); _ = s.command.Wait() })
	eventually(t, "the server is there", func() bool { return strings.Contains(s.said(), "# these lines are in") })
	return s
}

func (s *served) said() string {
	data, _ := os.ReadFile(s.log)
	return string(data)
}

// interrupt ends it as Ctrl-C does, and returns its exit status.
func (s *served) interrupt(t *testing.T) int {
	t.Helper()
	if err := s.command.Process.Signal(syscall.SIGINT); err != nil {
		t.Fatal(err)
	}
	_ = s.command.Wait()
	return s.command.ProcessState.ExitCode()
}

// aws runs AWS's own command line in the environment that the server printed, and returns what it says.
func (s *served) aws(t *testing.T, args ...string) string {
	t.Helper()
	out, err := s.awsFails(args...)
	if err != nil {
		t.Fatalf("aws %s: %v\n%s\nthe server said %s", strings.Join(args, " "), err, out, s.said())
	}
	return out
}

func (s *served) awsFails(args ...string) (string, error) {
	command := exec.Command("sh", append([]string{"-c", `. "$0"; exec aws "$@"`, filepath.Join(s.state, "serve.env")}, args...)...)
	command.Env = append(os.Environ(), "AWS_PAGER=", "AWS_MAX_ATTEMPTS=1", "AWS_EC2_METADATA_DISABLED=true", "AWS_CONFIG_FILE=/dev/null", "AWS_SHARED_CREDENTIALS_FILE=/dev/null")
	out, err := command.CombinedOutput()
	return strings.TrimSpace(string(out)), err
}

func needAWS(t *testing.T) {
	t.Helper()
	if err := exec.Command("aws", "--version").Run(); err != nil {
		t.Skip("needs AWS's command line, aws")
	}
}

const (
	machine   = "arn:aws:states:us-east-1:000000000000:stateMachine:mapfleet-resize"
	execution = "arn:aws:states:us-east-1:000000000000:execution:mapfleet-resize:"
)

// TestServe_for_the_AWS_command_line goes the way of the README.
func TestServe_for_the_AWS_command_line(t *testing.T) {
	needAWS(t)
	in, out := album(t, 3), t.TempDir()
	s := serve(t, in, out, "--writable")
	if got := s.aws(t, "s3", "ls", "s3://source/"); strings.Count(got, ".jpg") != 3 {
		t.Errorf("aws s3 ls: %s", got)
	}
	if got := s.aws(t, "stepfunctions", "list-state-machines", "--query", "stateMachines[].stateMachineArn", "--output", "text"); got != machine {
		t.Errorf("list-state-machines: %s", got)
	}
	arn := execution + "first"
	if got := s.aws(t, "stepfunctions", "start-execution", "--state-machine-arn", machine, "--name", "first", "--input", "{}"); !strings.Contains(got, arn) {
		t.Errorf("start-execution: %s", got)
	}
	status := func(arn string) string {
		return s.aws(t, "stepfunctions", "describe-execution", "--execution-arn", arn, "--query", "status", "--output", "text")
	}
	eventually(t, "the execution has ended", func() bool { return status(arn) != "RUNNING" })
	if got := status(arn); got != "SUCCEEDED" {
		t.Errorf("the execution %s", got)
	}
	if got := s.aws(t, "stepfunctions", "get-execution-history", "--execution-arn", arn, "--query", "events[].type", "--output", "text", "--max-items", "500"); !strings.HasPrefix(got, "ExecutionStarted") || !strings.Contains(got, "MapRunSucceeded") {
		t.Errorf("get-execution-history: %s", got)
	}
	run := s.aws(t, "stepfunctions", "list-map-runs", "--execution-arn", arn, "--query", "mapRuns[0].mapRunArn", "--output", "text")
	if got := s.aws(t, "stepfunctions", "describe-map-run", "--map-run-arn", run, "--query", "itemCounts.succeeded"); got != "3" {
		t.Errorf("describe-map-run: %s items succeeded, want 3", got)
	}
	if got, err := s.awsFails("stepfunctions", "redrive-execution", "--execution-arn", arn); err == nil || !strings.Contains(got, "ExecutionNotRedrivable") {
		t.Errorf("redrive-execution of one that SUCCEEDED: %s, %v", got, err)
	}

	upload := filepath.Join(t.TempDir(), "up.jpg")
	write(t, upload, photo(t, 1200, 900, 9))
	s.aws(t, "s3", "cp", upload, "s3://source/new/up.jpg")
	variant := filepath.Join(out, "w1024", "new", "up.jpg")
	eventually(t, "the upload's variant is there", func() bool { _, err := os.Stat(variant); return err == nil })
	if size := decode(t, variant); size.Width != 1024 {
		t.Errorf("the upload's variant is %d wide, want 1024", size.Width)
	}
	if status := s.interrupt(t); status != ExitSucceeded || !strings.Contains(s.said(), "\nended") {
		t.Errorf("after the interrupt: exit %d\n%s", status, s.said())
	}
}

// TestREADME_of_the_server runs what the README says for another terminal, as it stands there.
func TestREADME_of_the_server(t *testing.T) {
	needAWS(t)
	readme, err := os.ReadFile("../../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	_, block, _ := strings.Cut(string(readme), "```console\n$ mapfleet serve ")
	first, block, _ := strings.Cut(block, "\n")
	block, _, found := strings.Cut(block, "```")
	if !found || first != "--in photos --out small --writable --port 8080" {
		t.Fatalf("the README shows no server as it is run here: %s", first)
	}
	dir := t.TempDir()
	if err := os.Rename(album(t, 2), filepath.Join(dir, "photos")); err != nil {
		t.Fatal(err)
	}
	write(t, filepath.Join(dir, "new.jpg"), photo(t, 60, 40, 9))
	s := serve(t, filepath.Join(dir, "photos"), filepath.Join(dir, "small"), "--writable")
	command := exec.Command("sh", "-ec", strings.ReplaceAll("\n"+block, "\n$ ", "\n"))
	command.Dir = dir
	command.Env = append(os.Environ(), "AWS_PAGER=", "AWS_CONFIG_FILE=/dev/null", "AWS_SHARED_CREDENTIALS_FILE=/dev/null")
	out, err := command.CombinedOutput()
	if err != nil || !strings.Contains(string(out), `"`+execution+`all"`) {
		t.Errorf("%v\n%s\n%s", err, out, s.said())
	}
	// What is said of buckets that a stack leaves.
	const emptying = "aws s3 rm s3://BUCKET --recursive"
	if !strings.Contains(string(readme), "\n    "+emptying+"\n") {
		t.Fatalf("the README does not show %s", emptying)
	}
	s.aws(t, strings.Fields(strings.Replace(emptying, "BUCKET", "source", 1))[1:]...)
	if left := s.aws(t, "s3api", "list-objects-v2", "--bucket", "source", "--query", "length(Contents || `[]`)"); left != "0" {
		t.Errorf("%s objects are left in the bucket", left)
	}
}

// TestServe_killed: nothing of what has ended is lost with the server, and what had not can be redriven.
func TestServe_killed(t *testing.T) {
	needAWS(t)
	const pictures = 400
	in, out := album(t, pictures), t.TempDir()
	s := serve(t, in, out)
	start := func(name, input string) {
		s.aws(t, "stepfunctions", "start-execution", "--state-machine-arn", machine, "--name", name, "--input", input)
	}
	describe := func(name string) (x struct{ Status, Cause, RedriveStatus, Output string }) {
		if err := json.Unmarshal([]byte(s.aws(t, "stepfunctions", "describe-execution", "--execution-arn", execution+name, "--output", "json")), &x); err != nil {
			t.Fatal(err)
		}
		return x
	}
	start("short", `{"maxItems":3,"variants":[{"name":"s","width":9}]}`)
	eventually(t, "the short one has ended", func() bool { return describe("short").Status == "SUCCEEDED" })
	before := describe("short")
	start("long", `{"variants":[{"name":"l","width":256}],"batchSize":5}`)
	eventually(t, "some pictures are there", func() bool {
		made, _ := os.ReadDir(filepath.Join(out, "l"))
		return len(made) > 5
	})
	if err := s.command.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = s.command.Wait()
	s = serve(t, in, out)
	if got := describe("short"); got != before {
		t.Errorf("what has ended is told otherwise: %+v, was %+v", got, before)
	}
	if said := s.said(); !strings.Contains(said, "killed at long: it is ABORTED") || strings.Contains(said, "killed at short") {
		t.Errorf("the server does not say what was cut off: %s", said)
	}
	if x := describe("long"); x.Status != "ABORTED" || x.RedriveStatus != "REDRIVABLE" {
		t.Fatalf("what was cut off is told as %+v", x)
	}
	s.asAWS(t)
	stdout, stderr, left := mapfleet(t, "watch", "long")
	wants(t, stdout, left, ExitFailed, "long ABORTED", "its process ended without a word", "again    mapfleet retry long")
	if strings.Contains(stderr, "report is being made") {
		t.Errorf("a report is waited for that nobody makes: %s", stderr)
	}
	s.aws(t, "stepfunctions", "redrive-execution", "--execution-arn", execution+"long")
	eventually(t, "the long one has ended", func() bool { return describe("long").Status != "RUNNING" })
	if x := describe("long"); x.Status != "SUCCEEDED" || !strings.Contains(x.Output, fmt.Sprintf(`"listed":%d`, pictures)) {
		t.Errorf("redriven: %+v", x)
	}
}

// TestServe_interrupted_at_work: its executions are ABORTED with a report, and no process is left.
func TestServe_interrupted_at_work(t *testing.T) {
	needAWS(t)
	if _, err := os.Stat("/proc/self/exe"); err != nil {
		t.Skip("needs /proc to see the processes that a run leaves")
	}
	in, out := album(t, 300), t.TempDir()
	s := serve(t, in, out)
	s.aws(t, "stepfunctions", "start-execution", "--state-machine-arn", machine, "--name", "cut", "--input", `{"batchSize":5}`)
	eventually(t, "some pictures are there", func() bool {
		made, _ := os.ReadDir(filepath.Join(out, "w1024"))
		return len(made) > 5
	})
	_, stderr, status := mapfleet(t, "serve", "--in", in, "--out", out)
	if status != ExitFailed || !strings.Contains(stderr, "is at work in this folder") {
		t.Errorf("a second one on the folder: exit %d, %q", status, stderr)
	}
	if status := s.interrupt(t); status != ExitSucceeded || !strings.Contains(s.said(), "1 execution that was RUNNING is ABORTED") || !strings.Contains(s.said(), "cut ABORTED: ") {
		t.Errorf("after the interrupt: exit %d\n%s", status, s.said())
	}
	if left := bootstraps(t); len(left) > 0 {
		t.Errorf("processes left: %v", left)
	}
	if _, err := os.Stat(filepath.Join(s.state, "work", "reports", "cut", "report.html")); err != nil {
		t.Error(err)
	}
}

func TestServe_wrong_usage(t *testing.T) {
	in := album(t, 1)
	for name, test := range map[string]struct {
		args []string
		want string
	}{
		"no folder":    {[]string{"--out", "x"}, "--in DIR is missing"},
		"one folder":   {[]string{"--in", in, "--out", in}, "lie in each other"},
		"no such port": {[]string{"--in", in, "--out", t.TempDir(), "--port", "70000"}, "given 70000, allowed 1 to 65535"},
		"an argument":  {[]string{"now"}, `takes no argument, but got "now"`},
	} {
		if _, stderr, status := mapfleet(t, append([]string{"serve"}, test.args...)...); status != ExitUsage || !strings.Contains(stderr, test.want) {
			t.Errorf("%s: exit %d, %q, want %q", name, status, stderr, test.want)
		}
	}
}
