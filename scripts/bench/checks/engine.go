package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"mapfleet/functions/job/checks"
	"mapfleet/scripts/mapfleet/engine"
)

// measureEngine runs a part from a file to a file of results through the local engine, prints its figures,
// and returns what is wrong with them.
func (p part) measureEngine(ctx context.Context, w io.Writer, server string, functions map[string]string) (err error) {
	items, err := p.items(server)
	if err != nil {
		return err
	}
	folder, err := os.MkdirTemp("", "mapfleet-checks-*")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(folder)) }()
	source, destination := filepath.Join(folder, "source"), filepath.Join(folder, "destination")
	if err := writeItems(source, items); err != nil {
		return err
	}

	before, begun := spent(), time.Now()
	e, err := engine.Start(ctx, engine.Config{
		Job: engine.Checks, Source: source, Destination: destination, State: filepath.Join(folder, "state"),
		Functions: functions, Concurrency: p.workers, Networks: "127.0.0.1/32",
	})
	if err != nil {
		return err
	}
	input := fmt.Sprintf(`{"file":"s3://source/checks.jsonl","output":"s3://destination/results.jsonl","batchSize":%d}`, p.size)
	outcome, err := e.Run(ctx, "bench", json.RawMessage(input), nil)
	took := time.Since(begun)
	if err := errors.Join(err, e.Close()); err != nil {
		return err
	}
	cpu := spent() - before
	if s := outcome.Checks; outcome.Status != "SUCCEEDED" || s == nil || !s.Balanced {
		return fmt.Errorf("%s: the run is %s with %s: %s", p.name, outcome.Status, outcome.Error, outcome.Cause)
	}
	findings, err := readResults(filepath.Join(destination, "results.jsonl"))
	if err != nil {
		return err
	}
	var total checks.Tally
	for _, f := range findings {
		total.Count(f)
	}
	fmt.Fprintf(w, "%d %s of %d through the engine, %d workers\n", len(items), p.name, p.size, p.workers)
	return p.print(w, items, findings, total, took, cpu, p.engineMost)
}

func writeItems(folder string, items []checks.Item) error {
	var lines bytes.Buffer
	encoder := json.NewEncoder(&lines)
	for _, item := range items {
		item.Check.ID = fmt.Sprint(item.Line)
		data, err := json.Marshal(item)
		if err != nil {
			return err
		}
		var members map[string]any
		if err := json.Unmarshal(data, &members); err != nil {
			return err
		}
		delete(members, "line") // it is the file that numbers them
		if err := encoder.Encode(members); err != nil {
			return err
		}
	}
	if err := os.Mkdir(folder, 0o755); err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(folder, "checks.jsonl"), lines.Bytes(), 0o644)
}

func readResults(path string) ([]checks.Finding, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	findings, err := decode(bufio.NewReader(file))
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", path, err)
	}
	return findings, nil
}
