package main

import (
	"slices"
	"strconv"
	"time"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsiam"

	"mapfleet/functions/job/checks"
	"mapfleet/infra/config"
	"mapfleet/infra/function"
	"mapfleet/infra/storage"
)

// What runs of checks take at a time, unless their input says otherwise. Most of a request is waiting.
const (
	checkBatchSize    = checks.StackBatchSize
	maxCheckBatchSize = 10000
)

// checkTimeout is enough for the longest check that a line can ask for, is below the 145 seconds that the
// state waits, and leaves a child execution, which ends after five minutes, a second round.
const checkTimeout = 140 * time.Second

// checkMemory is one CPU, in MB.
const checkMemory = checks.StackMemory

// fileOfChecks is the file that runs take which name none.
type fileOfChecks struct {
	url     string          // s3://BUCKET/KEY; empty: there is none
	bucket  string          // of another bucket than the work bucket, its name; or empty
	outside []storage.Place // where file and results lie in that bucket; none, or one
}

func checksFile(stack awscdk.Stack, c config.Config, p places) fileOfChecks {
	bucket, key := c.FileOfChecks()
	switch bucket {
	case "":
		if key == "" {
			return fileOfChecks{}
		}
		return fileOfChecks{url: "s3://" + *p.work.Bucket.BucketName() + "/" + key}
	case c.SourceBucket:
		return outside(c, storage.Place{Bucket: p.source.Bucket, Key: p.source.Key})
	case c.DestinationBucket:
		return outside(c, storage.Place{Bucket: p.destination.Bucket, Key: p.destination.Key})
	case c.ManifestBucket:
		return outside(c, storage.Place{Bucket: p.manifests.Bucket, Key: p.manifests.Key})
	}
	return outside(c, storage.Place{Bucket: storage.Bucket(stack, "CheckFiles", storage.Props{Name: bucket}), Key: c.ChecksKey})
}

func outside(c config.Config, whole storage.Place) fileOfChecks {
	bucket, _ := c.FileOfChecks()
	return fileOfChecks{url: c.ChecksFile, bucket: bucket, outside: []storage.Place{whole.Under(c.StemOfChecks())}}
}

func checkPlanProps(c config.Config, p places, file fileOfChecks, binaries string) function.Props {
	files := append([]storage.Place{p.work.Under(filesPrefix)}, file.outside...)
	allow := []awsiam.PolicyStatement{
		// 404 for a file, or a lock, that is not there
		storage.AllowFind("FindWork", p.work),
		// GetObject of the file and of the lock; a conditional PutObject and DeleteObject takes it, too
		storage.Allow("ReadFiles", []string{"s3:GetObject"}, append(files, p.work.Under(checkLocksPrefix))...),
		// PutObject of items, in parts where they are long, of the plan, and of the lock
		storage.Allow("WriteWork", []string{"s3:PutObject"},
			p.work.Under(checkWorkPrefix), p.work.Under(checkReportsPrefix), p.work.Under(checkLocksPrefix)),
		// AbortMultipartUpload of items of a file that turned out wrong when a part of them was up already
		storage.Allow("AbortUploads", []string{"s3:AbortMultipartUpload"}, p.work.Under(checkWorkPrefix)),
		// DeleteObject of the lock of a run that came to nothing
		storage.Allow("Unlock", []string{"s3:DeleteObject"}, p.work.Under(checkLocksPrefix)),
	}
	for _, place := range file.outside {
		allow = append(allow, storage.AllowFind("FindFile", place)) // 404, too
	}
	f := clerk(c, binaries, "checkplan", "checks the input of a run of checks, and makes items of the file")
	f.Environment = map[string]string{
		"WORK_BUCKET":             *p.work.Bucket.BucketName(),
		"FILE_BUCKETS":            file.bucket,
		"FILE":                    file.url,
		"DEFAULT_BATCH_SIZE":      strconv.Itoa(checkBatchSize),
		"MAX_BATCH_SIZE":          strconv.Itoa(maxCheckBatchSize),
		"DEFAULT_MAX_CONCURRENCY": strconv.Itoa(c.MaxConcurrency),
		"MAX_CONCURRENCY":         strconv.Itoa(c.MaxConcurrencyCeiling),
	}
	f.Allow = slices.Concat(allow,
		// KMS, for the above
		storage.AllowDecrypt("DecryptFiles", file.outside...),
		storage.AllowEncrypt("EncryptWork", p.work))
	return f
}

func checkProps(c config.Config, p places, binaries string) function.Props {
	environment := map[string]string{
		"ALLOWED_NETWORKS": c.ChecksAllowedNetworks,
		// The dimension of its metrics: the state machine's name, by which the dashboard asks for them.
		"JOB": c.StackName + "-checks",
	}
	if c.ChecksConnections > 0 {
		environment["CONNECTIONS"] = strconv.Itoa(c.ChecksConnections)
	}
	f := deployed(c, binaries, "check", "makes one batch of HTTP requests")
	f.Memory = checkMemory
	f.Timeout = checkTimeout
	f.Environment = environment
	f.Allow = slices.Concat([]awsiam.PolicyStatement{
		// PutObject of a batch's findings; GetObject of those of an earlier try; 404 for none
		storage.Allow("ReadAndWriteWork", []string{"s3:GetObject", "s3:PutObject"}, p.work.Under(checkWorkPrefix)),
		storage.AllowFind("FindWork", p.work.Under(checkWorkPrefix)),
	},
		// KMS, for the above
		storage.AllowEncrypt("EncryptWork", p.work))
	return f
}

func checkReportProps(c config.Config, p places, file fileOfChecks, binaries string) function.Props {
	outputs := append([]storage.Place{p.work.Under(checkReportsPrefix), p.work.Under(checkMemoryPrefix), p.work.Under(filesPrefix)}, file.outside...)
	f := clerk(c, binaries, "checkreport", "merges the findings of a run of checks, and writes its report")
	f.Environment = map[string]string{"WORK_BUCKET": *p.work.Bucket.BucketName()}
	f.Allow = slices.Concat([]awsiam.PolicyStatement{
		// ListObjectsV2 of findings and result files; 404 for a first run's memory and a lock that is gone
		storage.AllowFind("FindWork", p.work),
		// GetObject of plan, items, findings and results of the Map Run, of the last run's report, of the lock
		storage.Allow("ReadWork", []string{"s3:GetObject"},
			p.work.Under(checkWorkPrefix), p.work.Under(checkReportsPrefix), p.work.Under(checkMemoryPrefix), p.work.Under(checkLocksPrefix)),
		// PutObject of the report and of the results, in parts where they are long
		storage.Allow("WriteResults", []string{"s3:PutObject", "s3:AbortMultipartUpload"}, outputs...),
		// DeleteObjects of working files, DeleteObject of the lock
		storage.Allow("TidyUp", []string{"s3:DeleteObject"}, p.work.Under(checkWorkPrefix), p.work.Under(checkLocksPrefix)),
	},
		// KMS, for the above
		storage.AllowEncrypt("EncryptResults", append([]storage.Place{p.work}, file.outside...)...))
	return f
}
