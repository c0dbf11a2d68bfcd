package cli

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"sync"

	"github.com/spf13/cobra"

	"mapfleet/scripts/mapfleet/engine"
	"mapfleet/scripts/mapfleet/engine/server"
	"mapfleet/scripts/mapfleet/engine/storage"
	"mapfleet/scripts/mapfleet/functions"
	"mapfleet/scripts/mapfleet/stack"
)

// serveCommand holds the flags of "mapfleet serve"; those that it shares with a local run are in folders.
type serveCommand struct {
	folders  localResize
	port     int
	writable bool

	checks  bool
	allow   []string
	perHost int
}

func newServe(stdout, stderr io.Writer) *cobra.Command {
	r := &serveCommand{folders: localResize{command: "mapfleet serve", input: "{}", stdout: stdout, stderr: stderr}}
	c := &cobra.Command{
		Use:   "serve --in DIR --out DIR",
		Short: "Serve S3 and Step Functions over folders, until it is interrupted",
		Long: `Serve S3 and Step Functions on this machine, over folders, until it is interrupted. The AWS command
line and SDKs work against it, with the environment that it prints and keeps in serve.env of the
state folder: it answers to 127.0.0.1 only, and to requests that are signed with these credentials.
With --port, both stay the same at every start.

The buckets are source (--in), destination (--out) and work. What is put under manifests/ of work is a
list of pictures, and starts a run over them. With --writable, objects can be put into source too: they
become files in --in, and each starts a run, or several of one second together. The state machine is the
one that "mapfleet local resize" runs; an execution's name is the run's.

With --checks there is a second state machine, the one that "mapfleet local checks" runs: a file that is put
under checks/ of work starts a run of it, whose results lie beside the file, and {"file":"s3://source/KEY",
"output":"s3://destination/KEY"} names files in the folders. What changed is appended to alerts.jsonl of the
state folder. Each state machine has names of its own for its executions, as on AWS.

Of Step Functions there are: StartExecution, StopExecution, RedriveExecution, DescribeExecution,
ListExecutions, GetExecutionHistory, ListMapRuns, DescribeMapRun, UpdateMapRun, ListStateMachines,
DescribeStateMachine, DescribeStateMachineForExecution, ValidateStateMachineDefinition.

When it is interrupted, executions that are RUNNING become ABORTED, with a report each, and can be
redriven. So can those of a server that was killed, once the folder is served again.

Exit status: 0 if it was interrupted and has ended in order, 1 if it could not serve, 2 for wrong usage.`,
		Example: `  mapfleet serve --in photos --out small --port 8080
  mapfleet serve --in photos --out small --writable
  mapfleet serve --in lists --out results --checks --allow 10.0.0.0/8`,
		Args:              noArguments,
		ValidArgsFunction: cobra.NoFileCompletions,
		RunE:              r.run,
	}
	flags := c.Flags()
	flags.SortFlags = false
	flags.StringVar(&r.folders.in, "in", "", "`DIR` with the pictures; only read, unless --writable")
	flags.StringVar(&r.folders.out, "out", "", "`DIR` for the results; made if missing")
	flags.StringVar(&r.folders.state, "state", "", "`DIR` for plans, result files, reports and logs (default OUT/.mapfleet)")
	flags.IntVar(&r.port, "port", 0, "`PORT` of 127.0.0.1 (default a free one)")
	flags.BoolVar(&r.writable, "writable", false, "let objects be put into --in, and start runs")
	flags.BoolVar(&r.checks, "checks", false, "serve the state machine of checks, too")
	flags.StringArrayVar(&r.allow, "allow", nil, "`CIDR` that checks may ask though it is not public; may be repeated")
	flags.IntVar(&r.perHost, "per-host", 0, "requests of a worker of checks to one host at a time, 1 to 200 (default 20, and 200 to an address that --allow names)")
	flags.IntVar(&r.folders.workers, "workers", 0, "worker processes at a time, of each state machine (default one for each processor, 16 for checks)")
	flags.StringVar(&r.folders.functions, "functions", "", "`DIR` with the built functions (default: those beside this executable, as make dist builds them; else built from this module)")
	for _, dir := range []string{"in", "out", "state", "functions"} {
		_ = c.MarkFlagDirname(dir)
	}
	return c
}

func (r *serveCommand) run(c *cobra.Command, _ []string) error {
	if r.port < 0 || r.port > 65535 {
		return usagef("--port: given %d, allowed 1 to 65535, or 0 for a free one", r.port)
	}
	config, _, err := r.folders.config()
	if err != nil {
		return err
	}
	if err := r.addChecks(&config); err != nil {
		return err
	}
	ctx := c.Context()
	if config.Functions, err = functions.Find(ctx, r.folders.functions, r.folders.stderr); err != nil {
		return err
	}
	out := &lines{w: r.folders.stdout}
	s, err := server.Start(ctx, server.Config{
		Engine: config, Port: r.port, Writable: r.writable,
		Ended: func(o engine.Outcome, err error) { out.ended(o, err) },
		Say:   (&lines{w: r.folders.stderr}).say,
	})
	if err != nil {
		return err
	}
	err = r.greet(s, config, out)
	if err == nil {
		<-ctx.Done()
	}
	aborted, closed := s.Close()
	if err := errors.Join(err, closed, os.Remove(r.environment(config))); err != nil {
		return err
	}
	if aborted > 0 {
		out.say("ended: %s ABORTED, and can be redriven", executionsAre(aborted))
	} else {
		out.say("ended")
	}
	return nil
}

func executionsAre(n int) string {
	if n == 1 {
		return "1 execution that was RUNNING is"
	}
	return count(n) + " executions that were RUNNING are"
}

// environment is the file that clients take their environment from.
func (r *serveCommand) environment(config engine.Config) string {
	return filepath.Join(config.State, "serve.env")
}

// greet says what is served, and keeps the environment of clients.
func (r *serveCommand) greet(s *server.Server, config engine.Config, out *lines) error {
	variables := strings.Join([]string{
		"export AWS_ENDPOINT_URL=" + s.URL,
		"export AWS_ACCESS_KEY_ID=" + s.AccessKey,
		"export AWS_SECRET_ACCESS_KEY=" + s.SecretKey,
		"export AWS_REGION=" + s.Region + " AWS_DEFAULT_REGION=" + s.Region,
		"unset AWS_PROFILE AWS_SESSION_TOKEN",
		"",
	}, "\n")
	file := r.environment(config)
	if err := os.WriteFile(file, []byte(variables), 0o600); err != nil {
		return fmt.Errorf("keep the environment of clients: %w", err)
	}
	access := "only read"
	if r.writable {
		access = "an upload starts a run"
	}
	var b strings.Builder
	fmt.Fprintf(&b, "S3 and Step Functions at %s, until Ctrl-C\n", s.URL)
	fmt.Fprintf(&b, "  s3://%-12s %s (%s)\n", storage.Source, config.Source, access)
	fmt.Fprintf(&b, "  s3://%-12s %s\n", storage.Destination, config.Destination)
	starts := "an upload under manifests/ starts a run"
	if r.checks {
		starts = "an upload under manifests/ or checks/ starts a run"
	}
	fmt.Fprintf(&b, "  s3://%-12s %s (%s)\n", storage.Work, filepath.Join(config.State, storage.Work), starts)
	for _, m := range s.Machines {
		fmt.Fprintf(&b, "  %s\n", m.ARN)
	}
	for _, x := range s.CutOff {
		job := ""
		if ofChecks(x) {
			job = " --job " + stack.Checks
		}
		fmt.Fprintf(&b, "the server before was killed at %s: it is ABORTED, and goes on by mapfleet retry %s%s --endpoint-url %s\n", x.Name, x.Name, job, s.URL)
	}
	fmt.Fprintf(&b, "%s# these lines are in %s", variables, file)
	out.say("%s", b.String())
	return nil
}

// lines writes whole lines. Many goroutines may use it.
type lines struct {
	mu sync.Mutex
	w  io.Writer
}

func (l *lines) say(format string, args ...any) {
	l.mu.Lock()
	defer l.mu.Unlock()
	fmt.Fprintf(l.w, format+"\n", args...)
}

// ended tells of an execution that has ended.
func (l *lines) ended(o engine.Outcome, err error) {
	switch s := o.Summary; {
	case err != nil:
		l.say("%s: %v", o.Run, err)
	case o.Checks != nil:
		l.say("%s %s: %s lines, %s OK, %s failing, %s bad, %s not done; %s", o.Run, o.Status,
			count(o.Checks.Lines), count(o.Checks.OK), count(o.Checks.Failing), count(o.Checks.Bad), count(o.Checks.NotDone), o.Report)
	case s == nil:
		l.say("%s %s", o.Run, strings.TrimSuffix(o.Status+" "+strings.Trim(o.Error+": "+plainCause(o.Cause), ": "), " "))
	default:
		left := ""
		if s.NotStarted > 0 {
			left = ", " + count(s.NotStarted) + " not finished"
		}
		l.say("%s %s: %s listed, %s written, %s current, %s ignored, %s failed%s; %s", o.Run, o.Status,
			count(s.Listed), count(s.Written), count(s.Current), count(s.Ignored), count(s.Failed), left, o.Report)
	}
}
