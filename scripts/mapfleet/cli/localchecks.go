package cli

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"mapfleet/functions/check/address"
	"mapfleet/functions/job/checks"
	"mapfleet/functions/prepare/manifest"
	"mapfleet/scripts/mapfleet/engine"
	"mapfleet/scripts/mapfleet/engine/storage"
	"mapfleet/scripts/mapfleet/functions"
)

// localChecks holds the flags of "mapfleet local checks".
type localChecks struct {
	in, out, state, input, functions string
	allow                            []string
	workers, perHost                 int
	json                             bool

	stdout, stderr io.Writer
}

func newLocalChecks(stdout, stderr io.Writer) *cobra.Command {
	r := &localChecks{stdout: stdout, stderr: stderr}
	c := &cobra.Command{
		Use:   "checks --in FILE --out FILE",
		Short: "Make an HTTP request for every line of a file, and say what came of each",
		Long: `Make an HTTP request for every line of a file, and say what came of each, by the state machine and the
functions that the stack deploys.

The file --in is only read. It is CSV with a row of names first (commas, semicolons or tabs between the
cells), a JSON list, or JSON Lines; .gz may follow. Only url is needed:
  id                        your own name for the line
  url                       http or https
  method, headers, body     GET by default; a column header.NAME for every header
  timeout                   of one attempt, such as "500ms"; 10s by default
  retry                     true: ask once more if the first answer is not as expected
  redirects                 follow (default) or no
  connection                fresh (default) or shared: one that another line has opened will do
  maxBody                   bytes that are read of an answer, 1048576 by default
  expect.status             200, 2xx, or several: "200 204 3xx" in CSV, a list in JSON; 2xx by default
  expect.maxLatency, expect.bodyContains

The results go to --out, CSV or JSON Lines by its name: a line for every line of the file, in their
order. A line that is wrong is told with its number, and stops nothing.

Private, loopback and link-local addresses are not asked, also not by a redirect, unless --allow
names their network: --allow 127.0.0.0/8. A worker has 200 requests under way at a time, 20 of them to one
host, but all to one whose URL has an address that --allow names, or localhost: it is your own.

A host that gave no answer in time to 40 requests of a batch in a row (400 where it may have 200 at a time) is
asked no further: HostSilent. What five minutes of a batch are too short for is NoTime: take smaller batches.

--input is the run input, as JSON or as the name of a file that holds it; {} by default:
  batchSize, maxConcurrency          lines a batch, batches at a time
  toleratedFailurePercentage         lines of batches that fail; the run ends above it (default 100)
  staleAfter, comment

What is failing is compared with the last run over the same file; what changed is appended to
STATE/alerts.jsonl, as the stack publishes it.

Exit status: 0 if the run SUCCEEDED, that is something is known of every line, whether the answers are as
expected or not; 1 if it did not, 2 for wrong usage.`,
		Example: `  mapfleet local checks --in sites.csv --out results.csv
  mapfleet local checks --in sites.jsonl --out results.jsonl --allow 127.0.0.0/8 --json`,
		Args: noArguments,
		RunE: r.run,
	}
	flags := c.Flags()
	flags.SortFlags = false
	flags.StringVar(&r.in, "in", "", "`FILE` with the checks; only read")
	flags.StringVar(&r.out, "out", "", "`FILE` for the results, .csv or .jsonl; its folder is made if missing")
	flags.StringArrayVar(&r.allow, "allow", nil, "`CIDR` that may be asked though it is not public; may be repeated")
	flags.StringVar(&r.input, "input", "{}", "run input: `JSON`, or a file that holds it")
	flags.StringVar(&r.state, "state", "", "`DIR` for plans, reports and logs (default .mapfleet beside the results)")
	flags.IntVar(&r.workers, "workers", 0, "worker processes at a time (default 16)")
	flags.IntVar(&r.perHost, "per-host", 0, "requests of a worker to one host at a time, 1 to 200 (default 20, and 200 to an address that --allow names)")
	flags.StringVar(&r.functions, "functions", "", "`DIR` with the built functions (default: those beside this executable, as make dist builds them; else built from this module)")
	flags.BoolVar(&r.json, "json", false, "print one JSON object at the end instead of text")
	return c
}

func (r *localChecks) run(c *cobra.Command, _ []string) (err error) {
	config, input, err := r.config()
	if err != nil {
		return err
	}
	ctx := c.Context()
	if config.Functions, err = functions.Find(ctx, r.functions, r.stderr); err != nil {
		return err
	}
	started := time.Now()
	e, err := engine.Start(ctx, config)
	if err != nil {
		return err
	}
	name := newRunName(started)
	bar := newProgress(r.stderr, name)
	outcome, err := e.Run(ctx, name, input, bar.observe)
	bar.end()
	if err := errors.Join(err, e.Close()); err != nil {
		return err
	}
	report := newChecksReport(outcome, time.Since(started), config, r.out)
	if r.json {
		err = report.writeJSON(r.stdout)
	} else {
		err = report.writeText(r.stdout)
	}
	if err != nil {
		return fmt.Errorf("print the result: %w", err)
	}
	if report.Status != "SUCCEEDED" {
		return errRunFailed
	}
	return nil
}

// config checks the flags, the run input and the head of the file before anything starts.
func (r *localChecks) config() (config engine.Config, input json.RawMessage, err error) {
	const help = "\nRun 'mapfleet local checks -h' for the flags."
	for _, needed := range []struct{ flag, value string }{{"--in", r.in}, {"--out", r.out}} {
		if needed.value == "" {
			return config, nil, usagef("%s FILE is missing%s", needed.flag, help)
		}
	}
	if r.workers < 0 || r.workers > 1000 {
		return config, nil, usagef("--workers: given %d, allowed 1 to 1000", r.workers)
	}
	if r.perHost < 0 || r.perHost > 200 {
		return config, nil, usagef("--per-host: given %d, allowed 1 to 200", r.perHost)
	}
	config = engine.Config{Job: engine.Checks, Concurrency: r.workers, PerHost: r.perHost, Networks: strings.Join(r.allow, ",")}
	if _, err := address.ParseNetworks(config.Networks); err != nil {
		return config, nil, usagef("--allow: %w", err)
	}
	if r.state == "" {
		r.state = filepath.Join(filepath.Dir(r.out), ".mapfleet")
	}
	var in, out string
	for _, path := range []struct {
		flag, given string
		target      *string
	}{{"--in", r.in, &in}, {"--out", r.out, &out}, {"--state", r.state, &config.State}} {
		if *path.target, err = resolve(path.given); err != nil {
			return config, nil, usagef("%s: %w", path.flag, err)
		}
	}
	if info, err := os.Stat(config.State); err == nil && !info.IsDir() {
		return config, nil, usagef("--state: %s is a file, must be a folder", r.state)
	}
	if info, err := os.Stat(out); err == nil && info.IsDir() {
		return config, nil, usagef("--out: %s is a folder, must be a file", r.out)
	}
	if ext := strings.ToLower(filepath.Ext(out)); ext != ".csv" && ext != ".jsonl" {
		return config, nil, usagef("--out: given %s, allowed a name that ends in .csv or .jsonl: so the results are written", r.out)
	}
	if in == out {
		return config, nil, usagef("--out %s is the file --in itself: the results would replace the checks", r.out)
	}
	if err := readable(in); err != nil {
		return config, nil, usagef("--in: %w", err)
	}
	config.Source, config.Destination, r.out = filepath.Dir(in), filepath.Dir(out), out
	if within(config.State, config.Source) && config.State == config.Source {
		return config, nil, usagef("--state %s is the folder of --in: name another", r.state)
	}
	input, err = r.runInput(config, filepath.Base(in), filepath.Base(out))
	return config, input, err
}

// readable says what is wrong with a file that no line of can be read.
func readable(path string) error {
	info, err := os.Stat(path)
	switch {
	case err != nil:
		return err
	case info.IsDir():
		return fmt.Errorf("%s is a folder, must be a file", path)
	case info.Size() == 0:
		return fmt.Errorf("%s is empty", path)
	}
	format, known := checks.FormatOf(path)
	if !known {
		return fmt.Errorf("%s is named as no file of checks: allowed are .csv, .json and .jsonl, and .gz behind them", path)
	}
	file, err := os.Open(path)
	if err != nil {
		return err
	}
	defer file.Close()
	text, err := manifest.Unpack(file, path)
	if err != nil {
		return err
	}
	for _, err := range checks.Read(text, format) {
		if damaged, ok := errors.AsType[*manifest.Bad](err); ok {
			return damaged // it names the file itself
		}
		if err != nil {
			return fmt.Errorf("%s: %w", path, err)
		}
		return nil
	}
	return fmt.Errorf("%s holds no check", path)
}

// runInput returns the run input with the files of the flags in it.
func (r *localChecks) runInput(config engine.Config, in, out string) (json.RawMessage, error) {
	given, err := (&localResize{input: r.input}).readInput()
	if err != nil {
		return nil, err
	}
	var members map[string]any
	if err := json.Unmarshal(given, &members); err != nil || members == nil {
		return nil, usagef("--input: %s is no JSON object", strings.TrimSpace(string(given[:min(len(given), 80)])))
	}
	for member, flag := range map[string]string{"file": "--in", "output": "--out"} {
		if members[member] != nil {
			return nil, usagef("--input: %s is what %s says", member, flag)
		}
	}
	members["file"], members["output"] = "s3://"+storage.Source+"/"+in, "s3://"+storage.Destination+"/"+out
	input, err := json.Marshal(members)
	if err != nil {
		return nil, err
	}
	deployment, err := config.ChecksDeployment()
	if err != nil {
		return nil, err
	}
	if _, err := checks.ParseInput(input, deployment); err != nil {
		return nil, usagef("%s", strings.NewReplacer("file:", "--in:", "output:", "--out:").Replace("--input: "+err.Error()))
	}
	return input, nil
}
