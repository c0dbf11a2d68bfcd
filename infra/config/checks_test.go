package config

import (
	"testing"

	"mapfleet/functions/job"
	"mapfleet/functions/job/checks"
)

// TestFileOfChecks holds the files that a deployment may name to those that a run takes, and the stem to
// the results that it writes.
func TestFileOfChecks(t *testing.T) {
	for _, test := range []struct {
		file, bucket, key, stem string
		refused                 bool
	}{
		{"checks/sites.csv", "", "checks/sites.csv", "checks/sites", false},
		{"checks/a/b.JSON.GZ", "", "checks/a/b.JSON.GZ", "checks/a/b", false},
		{"s3://my-lists/sites.v2.jsonl", "my-lists", "sites.v2.jsonl", "sites.v2", false},
		{"s3://my-lists/up/sites.csv.gz", "my-lists", "up/sites.csv.gz", "up/sites", false},
		{"s3://my-lists/up/.csv", "my-lists", "up/.csv", "up/", true},
		{"s3://my-lists/sites.txt", "my-lists", "sites.txt", "sites", true},
		{"s3://my-lists/sites.results.csv", "my-lists", "sites.results.csv", "sites.results", true},
		{"s3://my-lists/*.csv", "my-lists", "*.csv", "*", true},
		{"s3://my-lists", "my-lists", "", "", true},
		{"work/sites.csv", "", "work/sites.csv", "work/sites", true},
	} {
		t.Run(test.file, func(t *testing.T) {
			c := Default()
			c.Checks, c.ChecksFile = true, test.file
			if bucket, key := c.FileOfChecks(); bucket != test.bucket || key != test.key {
				t.Errorf("FileOfChecks = %q, %q, want %q, %q", bucket, key, test.bucket, test.key)
			}
			if got := c.StemOfChecks(); got != test.stem {
				t.Errorf("StemOfChecks = %q, want %q", got, test.stem)
			}
			if err := c.Validate(); (err != nil) != test.refused {
				t.Errorf("Validate = %v, want refused: %v", err, test.refused)
			}
			if test.refused {
				return
			}
			bucket, d := test.bucket, checks.Deployment{WorkBucket: "work", Files: []string{"my-lists"}, DefaultBatchSize: 1, MaxBatchSize: 1, DefaultMaxConcurrency: 1, MaxMaxConcurrency: 1}
			if bucket == "" {
				bucket = d.WorkBucket
			}
			d.File = "s3://" + bucket + "/" + test.key
			in, err := checks.ParseInput([]byte("{}"), d)
			if err != nil {
				t.Fatalf("a run does not take the file: %v", err)
			}
			if _, key, _ := job.SplitURL(in.Output); key[:len(test.stem)] != test.stem {
				t.Errorf("results go to %s, which does not begin with %s", key, test.stem)
			}
		})
	}
}
