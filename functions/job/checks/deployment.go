package checks

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Deployment is what the owner of a stack has decided, and no run input can change. The first function of
// a run reads it from its environment.
type Deployment struct {
	WorkBucket string   // WORK_BUCKET: uploads, working files and reports
	Files      []string // FILE_BUCKETS, with commas between them: further buckets with checks and results; may be empty
	File       string   // FILE: the checks of runs that name none; may be empty

	DefaultBatchSize, MaxBatchSize           int           // DEFAULT_BATCH_SIZE, MAX_BATCH_SIZE: lines, 1 to 10,000
	DefaultMaxConcurrency, MaxMaxConcurrency int           // DEFAULT_MAX_CONCURRENCY, MAX_CONCURRENCY: child executions, 1 to 10,000
	StaleAfter                               time.Duration // STALE_AFTER, see Input: a minute to a day, an hour by default
}

// Buckets are those that checks and results may lie in.
func (d Deployment) Buckets() []string {
	return slices.Compact(slices.Sorted(slices.Values(append([]string{d.WorkBucket}, d.Files...))))
}

// DeploymentFromEnv reads a Deployment by getenv, os.Getenv in a function. The error names every variable
// that is missing or wrong.
func DeploymentFromEnv(getenv func(string) string) (Deployment, error) {
	d := Deployment{
		WorkBucket: getenv("WORK_BUCKET"), File: getenv("FILE"), StaleAfter: time.Hour,
		Files: strings.FieldsFunc(getenv("FILE_BUCKETS"), func(r rune) bool { return r == ',' || r == ' ' }),
	}
	var errs []error
	if d.WorkBucket == "" {
		errs = append(errs, errors.New("WORK_BUCKET is not set"))
	}
	whole := func(name string, target *int) {
		n, err := strconv.Atoi(getenv(name))
		if err != nil || n < 1 || n > 10000 {
			errs = append(errs, fmt.Errorf("%s is %q, must be a whole number from 1 to 10000", name, getenv(name)))
		}
		*target = n
	}
	whole("DEFAULT_BATCH_SIZE", &d.DefaultBatchSize)
	whole("MAX_BATCH_SIZE", &d.MaxBatchSize)
	whole("DEFAULT_MAX_CONCURRENCY", &d.DefaultMaxConcurrency)
	whole("MAX_CONCURRENCY", &d.MaxMaxConcurrency)
	if text := getenv("STALE_AFTER"); text != "" {
		var err error
		if d.StaleAfter, err = time.ParseDuration(text); err != nil || d.StaleAfter < time.Minute || d.StaleAfter > 24*time.Hour {
			errs = append(errs, fmt.Errorf("STALE_AFTER is %q, must be a duration from 1m to 24h", text))
		}
	}
	return d, errors.Join(errs...)
}
