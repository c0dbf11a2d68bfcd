package checks

import (
	"maps"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func environment() map[string]string {
	return map[string]string{
		"WORK_BUCKET": "work", "FILE": "s3://files/sites.csv", "FILE_BUCKETS": "files, more",
		"DEFAULT_BATCH_SIZE": "250", "MAX_BATCH_SIZE": "10000", "DEFAULT_MAX_CONCURRENCY": "8", "MAX_CONCURRENCY": "100",
	}
}

func TestDeploymentFromEnv(t *testing.T) {
	env := environment()
	got, err := DeploymentFromEnv(func(name string) string { return env[name] })
	want := Deployment{
		WorkBucket: "work", File: "s3://files/sites.csv", Files: []string{"files", "more"},
		DefaultBatchSize: 250, MaxBatchSize: 10000, DefaultMaxConcurrency: 8, MaxMaxConcurrency: 100, StaleAfter: time.Hour,
	}
	if diff := cmp.Diff(want, got); err != nil || diff != "" {
		t.Errorf("DeploymentFromEnv: %v (-want +got)\n%s", err, diff)
	}
	env["STALE_AFTER"] = "10m"
	if got, err := DeploymentFromEnv(func(name string) string { return env[name] }); err != nil || got.StaleAfter != 10*time.Minute {
		t.Errorf("a STALE_AFTER of 10m gives %v, %v", got.StaleAfter, err)
	}
	if diff := cmp.Diff([]string{"files", "more", "work"}, got.Buckets()); diff != "" {
		t.Errorf("Buckets (-want +got)\n%s", diff)
	}
}

func TestDeploymentFromEnvRefuses(t *testing.T) {
	for _, c := range []struct {
		name    string
		changes map[string]string
		want    []string
	}{
		{"no work bucket", map[string]string{"WORK_BUCKET": ""}, []string{"WORK_BUCKET is not set"}},
		{"numbers out of range", map[string]string{"DEFAULT_BATCH_SIZE": "0", "MAX_BATCH_SIZE": "10001", "DEFAULT_MAX_CONCURRENCY": "", "MAX_CONCURRENCY": "many"}, []string{
			`DEFAULT_BATCH_SIZE is "0", must be a whole number from 1 to 10000`, `MAX_BATCH_SIZE is "10001"`, `DEFAULT_MAX_CONCURRENCY is ""`, `MAX_CONCURRENCY is "many"`}},
		{"a short staleness", map[string]string{"STALE_AFTER": "59s"}, []string{`STALE_AFTER is "59s", must be a duration from 1m to 24h`}},
		{"a long staleness", map[string]string{"STALE_AFTER": "24h1s"}, []string{`STALE_AFTER is "24h1s"`}},
		{"a staleness without unit", map[string]string{"STALE_AFTER": "600"}, []string{`STALE_AFTER is "600"`}},
	} {
		t.Run(c.name, func(t *testing.T) {
			env := environment()
			maps.Copy(env, c.changes)
			_, err := DeploymentFromEnv(func(name string) string { return env[name] })
			if err == nil {
				t.Fatal("it was accepted")
			}
			for _, want := range c.want {
				if !strings.Contains(err.Error(), want) {
					t.Errorf("error\n%v\ndoes not say %q", err, want)
				}
			}
		})
	}
}

func TestResultsAreKnownByTheirNames(t *testing.T) {
	for key, want := range map[string]string{
		"checks/sites.csv": "checks/sites.results.csv", "checks/sites.csv.gz": "checks/sites.results.csv",
		"sites.json": "sites.results.jsonl", "a.b/sites.jsonl.GZ": "a.b/sites.results.jsonl",
	} {
		if got := ResultsKey(key); got != want || !IsResults(got) || IsResults(key) {
			t.Errorf("ResultsKey(%q) = %q, IsResults of them %v and %v; want %q, which alone is one", key, got, IsResults(got), IsResults(key), want)
		}
	}
	for key, want := range map[string]bool{
		"sites.RESULTS.csv": true, "x/sites.Results.JSONL": true,
		"sites.results.json": false, "sites.results.csv.gz": false, "sites.results/all.csv": false, "results.csv": false,
	} {
		if got := IsResults(key); got != want {
			t.Errorf("IsResults(%q) = %v, want %v", key, got, want)
		}
	}
}
