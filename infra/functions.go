package main

import (
	"fmt"
	"path/filepath"
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

func prepareProps(c config.Config, p places, binaries string) function.Props {
	return function.Props{
		Name:        c.StackName + "-prepare",
		Description: "mapfleet: checks the input of a run, and plans it",
		Asset:       filepath.Join(binaries, "prepare"),
		Memory:      clerkMemory,
		Disk:        5 << 10, // it spools a manifest there, and one PUT takes no more than 5 GiB
		Timeout:     clerkTimeout,
		LogDays:     c.LogRetentionDays,
		Environment: map[string]string{
			"SOURCE_BUCKET":                *p.source.Bucket.BucketName(),
			"SOURCE_PREFIX":                p.source.Prefix,
			"DESTINATION_BUCKET":           *p.destination.Bucket.BucketName(),
			"DESTINATION_PREFIX":           p.destination.Prefix,
			"WORK_BUCKET":                  *p.work.BucketName(),
			"RECIPE":                       c.Recipe,
			"DEFAULT_BATCH_SIZE":           strconv.Itoa(c.BatchSize),
			"MAX_BATCH_SIZE":               strconv.Itoa(c.MaxBatchSize),
			"DEFAULT_MAX_CONCURRENCY":      strconv.Itoa(c.MaxConcurrency),
			"MAX_CONCURRENCY":              strconv.Itoa(c.MaxConcurrencyCeiling),
			"TOLERATED_FAILURE_PERCENTAGE": strconv.FormatFloat(c.ToleratedFailurePercentage, 'f', -1, 64),
		},
		Allow: []awsiam.PolicyStatement{
			// ListObjectsV2 and HeadBucket, to guard and to plan; 404 for a manifest that is not there
			storage.AllowFind("FindSource", p.source),
			storage.AllowFind("FindDestination", p.destination),
			storage.AllowFind("FindWork", p.under("")),
			// GetObject of a manifest, which may lie anywhere in the source bucket (an inventory does)
			storage.Allow("ReadManifests", []string{"s3:GetObject"},
				storage.Place{Bucket: p.source.Bucket}, p.under(manifestsPrefix)),
			// PutObject of normalised manifests and of the plan; GetObject of an earlier failures.jsonl
			storage.Allow("ReadAndWriteWork", []string{"s3:GetObject", "s3:PutObject"},
				p.under(workPrefix), p.under(reportsPrefix)),
		},
	}
}

func resizeProps(c config.Config, p places, binaries string) function.Props {
	return function.Props{
		Name:        c.StackName + "-resize",
		Description: "mapfleet: resizes one batch of pictures",
		Asset:       filepath.Join(binaries, "resize"),
		Memory:      c.Memory,
		Timeout:     c.Timeout,
		LogDays:     c.LogRetentionDays,
		// Buckets and recipe come with every batch. A tenth of the memory is left to what the garbage
		// collector does not see, so that it works harder before Lambda kills the process.
		Environment: map[string]string{
			// Garbage is collected seldom while memory is plenty, and in time when it is not.
			"GOGC":       "400",
			"GOMEMLIMIT": fmt.Sprintf("%dMiB", c.Memory*9/10),
		},
		Allow: []awsiam.PolicyStatement{
			// GetObject of each picture; 404, a line in the report, for one deleted since it was listed
			storage.Allow("ReadSource", []string{"s3:GetObject"}, p.source),
			storage.AllowFind("FindSource", p.source),
			// HeadObject (it takes s3:GetObject) to see whether an output is current, 404 for none yet;
			// PutObject
			storage.Allow("ReadAndWriteDestination", []string{"s3:GetObject", "s3:PutObject"}, p.destination),
			storage.AllowFind("FindDestination", p.destination),
			// PutObject of previews for the report
			storage.Allow("WritePreviews", []string{"s3:PutObject"}, p.under(workPrefix)),
		},
	}
}

func reportProps(c config.Config, p places, binaries string) function.Props {
	return function.Props{
		Name:        c.StackName + "-report",
		Description: "mapfleet: adds up a run, and writes its report",
		Asset:       filepath.Join(binaries, "report"),
		Memory:      clerkMemory,
		Timeout:     clerkTimeout,
		LogDays:     c.LogRetentionDays,
		Environment: map[string]string{"WORK_BUCKET": *p.work.BucketName()},
		Allow: []awsiam.PolicyStatement{
			// ListObjectsV2 of result files; 404 for the manifest of a Map Run that wrote none
			storage.AllowFind("FindWork", p.under("")),
			// GetObject of the plan, of manifest.json and the result files, and of an earlier report
			storage.Allow("ReadWork", []string{"s3:GetObject"}, p.under(workPrefix), p.under(reportsPrefix)),
			// GetObject of outputs that report.html shows
			storage.Allow("ReadDestination", []string{"s3:GetObject"}, p.destination),
			// PutObject of summary.json, failures.jsonl and report.html
			storage.Allow("WriteReports", []string{"s3:PutObject"}, p.under(reportsPrefix)),
		},
	}
}
