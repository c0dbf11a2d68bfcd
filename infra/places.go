package main

import (
	"github.com/aws/aws-cdk-go/awscdk/v2/awss3"

	"mapfleet/infra/storage"
)

// Where things lie in the work bucket. The functions and the ASL file write there by the same names.
const (
	workPrefix      = "work/"      // plans, manifests, results and previews of runs; they expire
	reportsPrefix   = "reports/"   // one report a run; they stay
	manifestsPrefix = "manifests/" // lists of items that people put there
)

// places are where the functions read and write.
type places struct {
	source, destination storage.Place
	work                awss3.IBucket
}

// under is the part of the work bucket under prefix.
func (p places) under(prefix string) storage.Place {
	return storage.Place{Bucket: p.work, Prefix: prefix}
}
