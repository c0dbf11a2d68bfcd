package main

import (
	"fmt"
	"path/filepath"
	"slices"
	"strconv"
	"time"

	"github.com/aws/aws-cdk-go/awscdk/v2/awsiam"

	"mapfleet/infra/config"
	"mapfleet/infra/function"
	"mapfleet/infra/storage"
)

// clerkTimeout is that of Prepare and Report: below the 900 seconds that the states wait for them,
// which are also the most that Lambda allows.
const clerkTimeout = 890 * time.Second

// clerkMemory is one CPU, in MB: Prepare rewrites manifests, and Report reads results, of millions of
// items.
const clerkMemory = 1769

// deployed is what all functions of a deployment have: name is that of the binary, too.
func deployed(c config.Config, binaries, name, description string) function.Props {
	return function.Props{
		Name:         c.StackName + "-" + name,
		Description:  "mapfleet: " + description,
		Asset:        filepath.Join(binaries, name),
		Architecture: string(c.Architecture),
		LogDays:      c.LogRetentionDays,
	}
}

// clerk is what those have that begin and end runs.
func clerk(c config.Config, binaries, name, description string) function.Props {
	f := deployed(c, binaries, name, description)
	f.Memory, f.Timeout = clerkMemory, clerkTimeout
	return f
}

func prepareProps(c config.Config, p places, binaries string) function.Props {
	f := clerk(c, binaries, "prepare", "checks the input of a run, and plans it")
	f.Environment = map[string]string{
		"SOURCE_BUCKET":                *p.source.Bucket.BucketName(),
		"SOURCE_PREFIX":                p.source.Prefix,
		"DESTINATION_BUCKET":           *p.destination.Bucket.BucketName(),
		"DESTINATION_PREFIX":           p.destination.Prefix,
		"WORK_BUCKET":                  *p.work.Bucket.BucketName(),
		"MANIFEST_BUCKET":              c.ManifestBucket,
		"RECIPE":                       c.Recipe,
		"AVIF":                         strconv.FormatBool(c.Avif),
		"DEFAULT_BATCH_SIZE":           strconv.Itoa(c.BatchSize),
		"MAX_BATCH_SIZE":               strconv.Itoa(c.MaxBatchSize),
		"DEFAULT_MAX_CONCURRENCY":      strconv.Itoa(c.MaxConcurrency),
		"MAX_CONCURRENCY":              strconv.Itoa(c.MaxConcurrencyCeiling),
		"TOLERATED_FAILURE_PERCENTAGE": strconv.FormatFloat(c.ToleratedFailurePercentage, 'f', -1, 64),
		"WORKER_MEMORY":                strconv.Itoa(c.Memory),
		"WORKER_ARCHITECTURE":          string(c.Architecture),
	}
	f.Allow = slices.Concat([]awsiam.PolicyStatement{
		// ListObjectsV2 and HeadBucket, to guard and to plan; 404 for a manifest that is not there
		storage.AllowFind("FindSource", p.source),
		storage.AllowFind("FindDestination", p.destination),
		storage.AllowFind("FindWork", p.work),
	}, readLists(p), []awsiam.PolicyStatement{
		// PutObject of normalised manifests, in parts where they are long, and of the plan; GetObject of an
		// earlier failures.jsonl and plan.json
		storage.Allow("ReadAndWriteWork", []string{"s3:GetObject", "s3:PutObject"},
			p.work.Under(workPrefix), p.work.Under(reportsPrefix)),
		// AbortMultipartUpload of a manifest that turned out wrong when a part of it was up already
		storage.Allow("AbortUploads", []string{"s3:AbortMultipartUpload"}, p.work.Under(workPrefix)),
	},
		// KMS, for the above
		storage.AllowEncrypt("EncryptWork", p.work))
	return f
}

// readLists allows GetObject of a manifest, which may lie anywhere in the source bucket (an Inventory
// does), and anywhere in the bucket that is there for them.
func readLists(p places) []awsiam.PolicyStatement {
	lists := []storage.Place{{Bucket: p.source.Bucket, Key: p.source.Key}, p.work.Under(manifestsPrefix)}
	var statements []awsiam.PolicyStatement
	if p.manifests != nil {
		lists = append(lists, *p.manifests)
		statements = append(statements, storage.AllowFind("FindManifests", *p.manifests))
	}
	statements = append(statements, storage.Allow("ReadManifests", []string{"s3:GetObject"}, lists...))
	return append(statements, storage.AllowDecrypt("DecryptManifests", lists...)...)
}

// heapMB is how far the worker's heap may grow before it is collected. Writing AVIF takes more beside it: the
// encoder's machine code, and memory that grows by copies; in 512 MB, 57 were measured.
func heapMB(c config.Config) int {
	heap := c.Memory * 9 / 10
	if c.Avif {
		heap -= 48
	}
	return heap
}

// worker is the binary that resizes: resizeavif is the same with an encoder of AVIF in it.
func worker(c config.Config) string {
	if c.Avif {
		return "resizeavif"
	}
	return "resize"
}

func resizeProps(c config.Config, p places, binaries string) function.Props {
	f := deployed(c, binaries, "resize", "resizes one batch of pictures")
	f.Asset = filepath.Join(binaries, worker(c))
	f.Memory = c.Memory
	f.Reserved = c.ReservedConcurrency
	f.Timeout = c.Timeout
	// Buckets and recipe come with every batch. A tenth of the memory is left to what the garbage
	// collector does not see, so that it works harder before Lambda kills the process.
	f.Environment = map[string]string{
		// Garbage is collected seldom while memory is plenty, and in time when it is not.
		"GOGC":       "400",
		"GOMEMLIMIT": fmt.Sprintf("%dMiB", heapMB(c)),
		// The dimension of its metrics: the state machine's name, by which the dashboard asks for them.
		"JOB": c.StackName + "-resize",
	}
	f.Allow = slices.Concat([]awsiam.PolicyStatement{
		// GetObject of each picture; 404, a line in the report, for one deleted since it was listed
		storage.Allow("ReadSource", []string{"s3:GetObject"}, p.source),
		storage.AllowFind("FindSource", p.source),
		// HeadObject (it takes s3:GetObject) to see whether an output is current, 404 for none yet;
		// PutObject
		storage.Allow("ReadAndWriteDestination", []string{"s3:GetObject", "s3:PutObject"}, p.destination),
		storage.AllowFind("FindDestination", p.destination),
		// PutObject of previews for the report; PutObject and GetObject of the marker that a worker
		// leaves, in case it crashes, for the one that goes on with its batch; 404 for none
		storage.Allow("ReadAndWriteWork", []string{"s3:GetObject", "s3:PutObject"}, p.work.Under(workPrefix)),
		storage.AllowFind("FindWork", p.work.Under(workPrefix)),
	},
		// KMS, for the above
		storage.AllowDecrypt("DecryptSource", p.source),
		storage.AllowEncrypt("EncryptOutputs", p.destination, p.work))
	return f
}

func reportProps(c config.Config, p places, binaries string) function.Props {
	f := clerk(c, binaries, "report", "adds up a run, and writes its report")
	f.Environment = map[string]string{"WORK_BUCKET": *p.work.Bucket.BucketName()}
	f.Allow = slices.Concat([]awsiam.PolicyStatement{
		// ListObjectsV2 of result files; 404 for the manifest of a Map Run that wrote none
		storage.AllowFind("FindWork", p.work),
		// GetObject of the plan, of manifest.json and the result files, and of an earlier report
		storage.Allow("ReadWork", []string{"s3:GetObject"}, p.work.Under(workPrefix), p.work.Under(reportsPrefix)),
		// GetObject of outputs that report.html shows
		storage.Allow("ReadDestination", []string{"s3:GetObject"}, p.destination),
		// PutObject of summary.json, failures.jsonl and report.html
		storage.Allow("WriteReports", []string{"s3:PutObject"}, p.work.Under(reportsPrefix)),
	},
		// KMS, for the above
		storage.AllowDecrypt("DecryptOutputs", p.destination),
		storage.AllowEncrypt("EncryptReports", p.work))
	return f
}

// triggerTimeout is that of Trigger, which tries to start a run six times before it gives its messages back.
const triggerTimeout = 60 * time.Second

func triggerProps(c config.Config, p places, binaries string) function.Props {
	f := deployed(c, binaries, "trigger", "starts a run for each batch of uploads")
	f.Memory = 256
	f.Timeout = triggerTimeout
	// STATE_MACHINE_ARN, what it is invoked by and may start: the job's to add
	f.Environment = map[string]string{
		"SOURCE_BUCKET":      *p.source.Bucket.BucketName(),
		"SOURCE_PREFIX":      p.source.Prefix,
		"DESTINATION_BUCKET": *p.destination.Bucket.BucketName(),
		"DESTINATION_PREFIX": p.destination.Prefix,
		"WORK_BUCKET":        *p.work.Bucket.BucketName(),
	}
	f.Allow = []awsiam.PolicyStatement{
		// HeadObject (it takes s3:GetObject) of keys that could be read in two ways; 404 for the wrong one.
		// It asks for no checksum, and so needs no key.
		storage.Allow("ReadSource", []string{"s3:GetObject"}, p.source),
		storage.AllowFind("FindSource", p.source),
	}
	return f
}
