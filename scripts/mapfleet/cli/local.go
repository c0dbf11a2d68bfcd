package cli

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"mapfleet/functions/job"
	"mapfleet/scripts/mapfleet/engine"
	"mapfleet/scripts/mapfleet/functions"
	"mapfleet/statemachine/asl"
)

func newLocal(stdout, stderr io.Writer) *cobra.Command {
	local := &cobra.Command{
		Use:   "local",
		Short: "Run a job on this machine, over folders",
		Args:  noCommand,
		RunE:  func(c *cobra.Command, _ []string) error { return c.Help() },
	}
	local.AddCommand(newLocalResize(stdout, stderr), newLocalChecks(stdout, stderr))
	return local
}

// localResize holds the flags of "mapfleet local resize", and of other commands over the same folders.
type localResize struct {
	command                          string // whose -h has the flags
	in, out, state, input, functions string
	workers                          int
	json                             bool
	parsed                           job.Input // of input, by config

	stdout, stderr io.Writer
}

func newLocalResize(stdout, stderr io.Writer) *cobra.Command {
	r := &localResize{command: "mapfleet local resize", stdout: stdout, stderr: stderr}
	c := &cobra.Command{
		Use:   "resize --in DIR --out DIR",
		Short: "Resize every picture of a folder into another folder",
		Long:  resizeHelp,
		Example: `  mapfleet local resize --in photos --out small
  mapfleet local resize --in photos --out small --input '{"variants":[{"name":"w256","width":256,"height":256}]}'
  mapfleet local resize --in photos --out small --input '{"retryFailuresOf":"run-20261121-101500"}' --json`,
		Args: noArguments,
		RunE: r.run,
	}
	flags := c.Flags()
	flags.SortFlags = false
	flags.StringVar(&r.in, "in", "", "`DIR` with the pictures; only read")
	flags.StringVar(&r.out, "out", "", "`DIR` for the results; made if missing")
	flags.StringVar(&r.input, "input", "{}", "run input: `JSON`, or a file that holds it")
	flags.StringVar(&r.state, "state", "", "`DIR` for plans, result files, reports and logs (default OUT/.mapfleet)")
	flags.IntVar(&r.workers, "workers", 0, "worker processes at a time (default one for each processor)")
	flags.StringVar(&r.functions, "functions", "", "`DIR` with the built functions (default: those beside this executable, as make dist builds them; else built from this module)")
	flags.BoolVar(&r.json, "json", false, "print one JSON object at the end instead of text")
	return c
}

func (r *localResize) run(c *cobra.Command, _ []string) error {
	config, input, err := r.config()
	if err != nil {
		return err
	}
	if err := listable(c.Context(), config.Source, r.parsed); err != nil {
		return err
	}
	name := newRunName(time.Now())
	return r.carryOut(c.Context(), config, name, nil, func(ctx context.Context, e *engine.Engine, observe func(asl.Event)) (engine.Outcome, error) {
		return e.Run(ctx, name, input, observe)
	})
}

func newRunName(now time.Time) string {
	return strings.ReplaceAll("run-"+now.Format("20060102-150405.000"), ".", "-")
}

// carryOut runs a run by an engine of its own, and prints what becomes of it. retry is of a retry.
func (r *localResize) carryOut(ctx context.Context, config engine.Config, name string, retry *retryReport,
	run func(context.Context, *engine.Engine, func(asl.Event)) (engine.Outcome, error)) (err error) {
	if config.Functions, err = functions.Find(ctx, r.functions, r.stderr); err != nil {
		return err
	}
	started := time.Now()
	e, err := engine.Start(ctx, config)
	if err != nil {
		return err
	}
	bar := newProgress(r.stderr, name)
	outcome, lost := run(ctx, e, bar.observe)
	bar.end()
	if lost = errors.Join(lost, e.Close()); outcome.Status == "" {
		return lost
	}
	if dry, ok, err := readDryRun(config.State, name, time.Since(started)); ok || err != nil {
		return r.printDryRun(dry, errors.Join(err, lost))
	}
	report := newLocalReport(outcome, time.Since(started)).of(retry)
	if r.json {
		err = report.writeJSON(r.stdout)
	} else {
		err = report.writeText(r.stdout, folders(name, config))
	}
	switch {
	case err != nil:
		return errors.Join(fmt.Errorf("print the result: %w", err), lost)
	case lost != nil: // it ran, but its report could not be made or read
		return lost
	case report.Status != "SUCCEEDED":
		return errRunFailed
	case retry == nil && report.Listed+report.NotStarted == 0: // which a mistyped prefix makes, too
		fmt.Fprintf(r.stderr, "%s: nothing was there to resize: is %s the right folder, and \"prefix\" or \"manifest\", if there is one, the right one?\n", name, r.in)
	}
	return nil
}

func (r *localResize) printDryRun(dry dryRun, err error) error {
	switch {
	case err != nil:
	case r.json:
		err = dry.writeJSON(r.stdout)
	default:
		err = dry.writeText(r.stdout)
	}
	if err != nil {
		return fmt.Errorf("print the result: %w", err)
	}
	return nil
}

// config checks the flags and the run input before anything starts.
func (r *localResize) config() (engine.Config, json.RawMessage, error) {
	var config engine.Config
	for _, needed := range []struct{ flag, value string }{{"--in", r.in}, {"--out", r.out}} {
		if needed.value == "" {
			return config, nil, usagef("%s DIR is missing\nRun '%s -h' for the flags.", needed.flag, r.command)
		}
	}
	if r.workers < 0 || r.workers > 1000 {
		return config, nil, usagef("--workers: given %d, allowed 1 to 1000", r.workers)
	}
	info, err := os.Stat(r.in)
	if err != nil {
		return config, nil, usagef("--in: %w", err)
	}
	if !info.IsDir() {
		return config, nil, usagef("--in: %s is a file, must be a folder", r.in)
	}
	if r.state == "" {
		r.state = filepath.Join(r.out, ".mapfleet")
	}
	for _, folder := range []struct{ flag, path string }{{"--out", r.out}, {"--state", r.state}} {
		if info, err := os.Stat(folder.path); err == nil && !info.IsDir() {
			return config, nil, usagef("%s: %s is a file, must be a folder", folder.flag, folder.path)
		}
	}
	config.Concurrency = r.workers
	for _, folder := range []struct {
		flag, given string
		path        *string
	}{{"--in", r.in, &config.Source}, {"--out", r.out, &config.Destination}, {"--state", r.state, &config.State}} {
		if *folder.path, err = resolve(folder.given); err != nil {
			return config, nil, usagef("%s %s: %w", folder.flag, folder.given, err)
		}
	}
	if within(config.Destination, config.Source) || within(config.Source, config.Destination) {
		return config, nil, usagef("--out %s and --in %s lie in each other: results would be taken as pictures to resize; name a folder beside it", r.out, r.in)
	}
	if within(config.State, config.Source) {
		return config, nil, usagef("--state %s lies in --in %s: name a folder elsewhere", r.state, r.in)
	}
	input, err := r.readInput()
	if err != nil {
		return config, nil, err
	}
	deployment, err := config.Deployment()
	if err != nil {
		return config, nil, err
	}
	if r.parsed, err = job.ParseInput(input, deployment); err != nil {
		return config, nil, usagef("--input: %w", err)
	}
	return config, input, nil
}

func (r *localResize) readInput() (json.RawMessage, error) {
	if strings.HasPrefix(strings.TrimSpace(r.input), "{") {
		return json.RawMessage(r.input), nil
	}
	data, err := os.ReadFile(r.input)
	if err != nil {
		return nil, usagef("--input is neither a JSON object nor a file: %w", err)
	}
	return data, nil
}

// resolve makes a path absolute and follows links as far as it exists.
func resolve(path string) (string, error) {
	path, err := filepath.Abs(path)
	if err != nil {
		return "", err
	}
	real, err := filepath.EvalSymlinks(path)
	if err == nil {
		return real, nil
	}
	if parent := filepath.Dir(path); errors.Is(err, os.ErrNotExist) && parent != path {
		parent, err := resolve(parent)
		return filepath.Join(parent, filepath.Base(path)), err
	}
	return "", err
}

// within says whether path is folder or lies below it.
func within(path, folder string) bool {
	rest, err := filepath.Rel(folder, path)
	return err == nil && rest != ".." && !strings.HasPrefix(rest, "../")
}
