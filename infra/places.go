package main

import (
	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awss3"

	"mapfleet/infra/config"
	"mapfleet/infra/storage"
)

// Where things lie in the work bucket. The functions and the ASL file write there by the same names.
const (
	workPrefix      = "work/"      // plans, manifests, results and previews of runs; they expire
	reportsPrefix   = "reports/"   // one report a run; they stay, but for those of checks
	manifestsPrefix = "manifests/" // lists of items that people put there

	filesPrefix      = "checks/"       // files of checks that people put there, and their results
	checkLocksPrefix = "locks/checks/" // what keeps two runs from one file of checks

	checkWorkPrefix    = "work/checks."    // of every run of checks; they expire, or are removed at its end
	checkReportsPrefix = "reports/checks." // one report a run of checks; they expire
	checkMemoryPrefix  = "reports/checks/" // which run over a file was the last
)

// places are where the functions read and write.
type places struct {
	source, destination storage.Place
	work                storage.Place  // the whole bucket
	manifests           *storage.Place // the owner's lists, beside the other two; nil for none
}

// newPlaces makes the buckets that are not there yet.
func newPlaces(stack awscdk.Stack, c config.Config) places {
	removal := removalPolicy(c.RemovalPolicy)
	rules := []*awss3.LifecycleRule{storage.Expire("ExpireWork", workPrefix, c.WorkExpirationDays)}
	if c.Checks {
		rules = append(rules, storage.Expire("ExpireCheckReports", checkReportsPrefix, c.ChecksReportDays))
	}
	p := places{
		source: storage.Place{
			Bucket: storage.Bucket(stack, "Source", storage.Props{Name: c.SourceBucket, Key: c.SourceKey, Removal: removal}),
			Prefix: c.SourcePrefix, Key: c.SourceKey,
		},
		destination: storage.Place{
			Bucket: storage.Bucket(stack, "Destination", storage.Props{Name: c.DestinationBucket, Key: c.DestinationKey, Removal: removal}),
			Prefix: c.DestinationPrefix, Key: c.DestinationKey,
		},
		work: storage.Place{
			Bucket: storage.Bucket(stack, "Work", storage.Props{Key: c.WorkKey, Removal: removal, Rules: rules}),
			Key:    c.WorkKey,
		},
	}
	if c.ManifestBucket != "" {
		p.manifests = &storage.Place{
			Bucket: storage.Bucket(stack, "Manifests", storage.Props{Name: c.ManifestBucket}),
			Key:    c.ManifestKey,
		}
	}
	return p
}
