package cli

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"math"
	"path/filepath"
	"testing"
	"time"

	"mapfleet/functions/cost"
	"mapfleet/scripts/mapfleet/engine"
	"mapfleet/scripts/mapfleet/engine/storage/faulty"
	"mapfleet/scripts/mapfleet/estimate"
	"mapfleet/scripts/mapfleet/functions"
)

// TestEstimateChecks_counts_what_S3_is_asked: the functions make as many requests in a run as the estimate says, but
// for those that Step Functions makes itself: it reads the items, and writes manifest.json and the result file.
func TestEstimateChecks_counts_what_S3_is_asked(t *testing.T) {
	const lines, batchSize = 60, 7
	s := newSite(t, func(n int) bool { return n == 9 })
	var file bytes.Buffer
	file.WriteString("url\n")
	for n := range lines {
		fmt.Fprintf(&file, "%s/%d\n", s.URL, n)
	}
	dir := t.TempDir()
	t.Chdir(dir) // and back at the end: the S3 server leaves this process in a folder of its own
	write(t, filepath.Join(dir, "in", "sites.csv"), file.Bytes())
	write(t, filepath.Join(dir, "out", "earlier.csv"), nil)
	built, err := functions.Find(t.Context(), filepath.Join(filepath.Dir(executable), "functions"), io.Discard)
	if err != nil {
		t.Fatal(err)
	}
	var proxy *faulty.Proxy
	e, err := engine.Start(t.Context(), engine.Config{
		Job: engine.Checks, Source: filepath.Join(dir, "in"), Destination: filepath.Join(dir, "out"), State: filepath.Join(dir, "state"),
		Functions: built, Networks: "127.0.0.0/8", Concurrency: 2,
		Endpoint: func(url string) (_ string, err error) {
			proxy, err = faulty.Start(url, nil)
			return proxy.URL, err
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	counts := func() (puts, lists, gets int) {
		return proxy.Count(func(c faulty.Call) bool { return c.Method == "PUT" }),
			proxy.Count(func(c faulty.Call) bool { return c.Method == "GET" && c.Key == "" }),
			proxy.Count(func(c faulty.Call) bool { return c.Method == "GET" && c.Key != "" })
	}
	input := json.RawMessage(fmt.Sprintf(`{"file":"s3://source/sites.csv","output":"s3://destination/results.csv","batchSize":%d}`, batchSize))
	var puts, lists, gets int
	for _, run := range []string{"first", "second"} { // the second one has a run to compare with, as nearly all have
		beforePuts, beforeLists, beforeGets := counts()
		outcome, err := e.Run(t.Context(), run, input, nil)
		if err != nil || outcome.Status != "SUCCEEDED" {
			t.Fatalf("Run: %v %s %s", err, outcome.Error, outcome.Cause)
		}
		puts, lists, gets = counts()
		puts, lists, gets = puts-beforePuts, lists-beforeLists, gets-beforeGets
	}
	if err := e.Close(); err != nil {
		t.Error(err)
	}
	if err := proxy.Close(); err != nil {
		t.Error(err)
	}

	k := estimate.StackChecks()
	k.Count, k.BatchSize, k.Every = lines, batchSize, time.Hour
	month, err := k.Month(cost.USEast1())
	if err != nil {
		t.Fatal(err)
	}
	for what, counted := range map[string]int{"S3, PUT": puts + 2, "S3, LIST": lists, "S3, GET": gets + 1} {
		for _, line := range month.Lines {
			if said := int(math.Round(line.Quantity / month.Runs)); line.What == what && said != counted {
				t.Errorf("%s: the estimate has %d requests a run, counted were %d", what, said, counted)
			}
		}
	}
}
