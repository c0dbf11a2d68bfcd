package job

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// Deployment is what the owner of a stack has decided, and no run input can change: the buckets, the
// default recipe, and the ceilings. Prepare reads it from its environment.
type Deployment struct {
	SourceBucket, SourcePrefix           string // SOURCE_BUCKET, SOURCE_PREFIX (may be empty)
	DestinationBucket, DestinationPrefix string // DESTINATION_BUCKET, DESTINATION_PREFIX (may be empty)
	WorkBucket                           string // WORK_BUCKET: manifests, results and reports
	ManifestBucket                       string // MANIFEST_BUCKET: a further bucket with manifests, such as S3 Inventory's; may be empty

	Recipe []Variant // RECIPE: JSON list of variants for runs that name none

	AVIF bool // AVIF: true if its workers can write that format; empty is false

	DefaultBatchSize, MaxBatchSize           int     // DEFAULT_BATCH_SIZE, MAX_BATCH_SIZE: items, 1 to 10,000
	DefaultMaxConcurrency, MaxMaxConcurrency int     // DEFAULT_MAX_CONCURRENCY, MAX_CONCURRENCY: child executions, 1 to 10,000
	ToleratedFailurePercentage               float64 // TOLERATED_FAILURE_PERCENTAGE: 0 to 100

	// What a worker is, for the estimate of a run's cost.
	WorkerMemory       int          // WORKER_MEMORY: MB, 128 to 10,240
	WorkerArchitecture Architecture // WORKER_ARCHITECTURE
}

// Architecture is the kind of processor that a Lambda runs on.
type Architecture string

// The architectures, by Lambda's own names.
const (
	ARM64 Architecture = "arm64"
	X86   Architecture = "x86_64"
)

// Manifests are the buckets that a manifest may lie in.
func (d Deployment) Manifests() []string {
	buckets := []string{d.SourceBucket}
	for _, bucket := range []string{d.WorkBucket, d.ManifestBucket} {
		if bucket != "" && !slices.Contains(buckets, bucket) {
			buckets = append(buckets, bucket)
		}
	}
	return buckets
}

// DeploymentVariables are the names of the environment variables that DeploymentFromEnv reads.
var DeploymentVariables = []string{
	"SOURCE_BUCKET", "SOURCE_PREFIX", "DESTINATION_BUCKET", "DESTINATION_PREFIX", "WORK_BUCKET", "MANIFEST_BUCKET", "RECIPE",
	"DEFAULT_BATCH_SIZE", "MAX_BATCH_SIZE", "DEFAULT_MAX_CONCURRENCY", "MAX_CONCURRENCY", "TOLERATED_FAILURE_PERCENTAGE",
	"AVIF", "WORKER_MEMORY", "WORKER_ARCHITECTURE",
}

// DeploymentFromEnv reads a Deployment by getenv, os.Getenv in a function. The error names every
// variable that is missing or wrong.
func DeploymentFromEnv(getenv func(string) string) (Deployment, error) {
	d := Deployment{
		SourceBucket: getenv("SOURCE_BUCKET"), SourcePrefix: getenv("SOURCE_PREFIX"),
		DestinationBucket: getenv("DESTINATION_BUCKET"), DestinationPrefix: getenv("DESTINATION_PREFIX"),
		WorkBucket: getenv("WORK_BUCKET"), ManifestBucket: getenv("MANIFEST_BUCKET"),
		WorkerArchitecture: Architecture(getenv("WORKER_ARCHITECTURE")),
	}
	var errs []error
	switch avif := getenv("AVIF"); avif {
	case "", "false":
	case "true":
		d.AVIF = true
	default:
		errs = append(errs, fmt.Errorf("AVIF is %q, must be true or false", avif))
	}
	for _, name := range []string{"SOURCE_BUCKET", "DESTINATION_BUCKET", "WORK_BUCKET"} {
		if getenv(name) == "" {
			errs = append(errs, fmt.Errorf("%s is not set", name))
		}
	}
	whole := func(name string, target *int, low, high int) {
		n, err := strconv.Atoi(getenv(name))
		if err != nil || n < low || n > high {
			errs = append(errs, fmt.Errorf("%s is %q, must be a whole number from %d to %d", name, getenv(name), low, high))
		}
		*target = n
	}
	whole("DEFAULT_BATCH_SIZE", &d.DefaultBatchSize, 1, 10000)
	whole("MAX_BATCH_SIZE", &d.MaxBatchSize, 1, 10000)
	whole("DEFAULT_MAX_CONCURRENCY", &d.DefaultMaxConcurrency, 1, 10000)
	whole("MAX_CONCURRENCY", &d.MaxMaxConcurrency, 1, 10000)
	whole("WORKER_MEMORY", &d.WorkerMemory, 128, 10240)
	if d.WorkerArchitecture != ARM64 && d.WorkerArchitecture != X86 {
		errs = append(errs, fmt.Errorf("WORKER_ARCHITECTURE is %q, must be %s or %s", d.WorkerArchitecture, ARM64, X86))
	}
	within := func(what string, standard, most int) {
		if standard > most {
			errs = append(errs, fmt.Errorf("DEFAULT_%s is %d, more than the %d that a run may ask for", what, standard, most))
		}
	}
	within("BATCH_SIZE", d.DefaultBatchSize, d.MaxBatchSize)
	within("MAX_CONCURRENCY", d.DefaultMaxConcurrency, d.MaxMaxConcurrency)
	var err error
	if d.ToleratedFailurePercentage, err = strconv.ParseFloat(getenv("TOLERATED_FAILURE_PERCENTAGE"), 64); err != nil || !(d.ToleratedFailurePercentage >= 0 && d.ToleratedFailurePercentage <= 100) {
		errs = append(errs, fmt.Errorf("TOLERATED_FAILURE_PERCENTAGE is %q, must be a number from 0 to 100", getenv("TOLERATED_FAILURE_PERCENTAGE")))
	}
	if d.Recipe, err = ParseVariants([]byte(getenv("RECIPE"))); err != nil {
		errs = append(errs, fmt.Errorf("RECIPE: %w", err))
	} else if refused := d.refuseFormats("variants", d.Recipe); refused != nil {
		errs = append(errs, fmt.Errorf("RECIPE: %w", InvalidInput{refused}))
	}
	if err := d.guardLoop(); err != nil {
		errs = append(errs, err)
	}
	return d, errors.Join(errs...)
}

// refuseFormats returns a problem for each variant of a format that the deployment does not write.
func (d Deployment) refuseFormats(path string, variants []Variant) (problems []Problem) {
	for i, v := range variants {
		if v.Format == FormatAVIF && !d.AVIF {
			problems = append(problems, Problem{Field: fmt.Sprintf("%s[%d].format", path, i), Given: `"avif"`,
				Allowed: "avif only where the deployment has its option avif set to true"})
		}
	}
	return problems
}

// guardLoop refuses a destination that the source listing would list again: a run would take its own
// outputs as inputs, without end. So it would with the previews in the work bucket. Outputs among the
// files that mapfleet itself keeps in the work bucket would expire with them, or start runs. Since
// source and destination never overlap, a key that starts with the source's prefix is never an output.
func (d Deployment) guardLoop() error {
	for _, own := range []string{WorkPrefix, ReportsPrefix, ManifestsPrefix} {
		if d.WorkBucket == "" {
			break
		}
		if d.SourceBucket == d.WorkBucket && overlap(own, d.SourcePrefix) {
			return fmt.Errorf("the working files s3://%s/%s overlap the source s3://%s/%s: previews would be taken as inputs; use another bucket",
				d.WorkBucket, own, d.SourceBucket, d.SourcePrefix)
		}
		if d.DestinationBucket == d.WorkBucket && overlap(own, d.DestinationPrefix) {
			return fmt.Errorf("the working files s3://%s/%s overlap the destination s3://%s/%s: outputs would expire with them, or be taken for them; use another bucket",
				d.WorkBucket, own, d.DestinationBucket, d.DestinationPrefix)
		}
	}
	if d.SourceBucket != d.DestinationBucket || d.SourceBucket == "" {
		return nil
	}
	if overlap(d.DestinationPrefix, d.SourcePrefix) {
		return fmt.Errorf("the destination s3://%s/%s overlaps the source s3://%s/%s: outputs would be taken as inputs; use another bucket, or prefixes of which neither starts with the other",
			d.DestinationBucket, d.DestinationPrefix, d.SourceBucket, d.SourcePrefix)
	}
	return nil
}

// overlap says whether a key can start with both prefixes.
func overlap(a, b string) bool { return strings.HasPrefix(a, b) || strings.HasPrefix(b, a) }
