package cli

import (
	"context"
	"encoding/json"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/s3"

	"mapfleet/functions/job"
	"mapfleet/scripts/mapfleet/engine"
)

// auditPlace is where the compared buckets are.
type auditPlace struct {
	deployment job.Deployment
	input      json.RawMessage
	folders    engine.Config // of a local audit
	local, aws bool
	work       string // work bucket; empty if unknown

	open func(context.Context) (*s3.Client, func() error, error)
}

// place checks the flags and the run input before anything starts.
func (r *auditCommand) place() (auditPlace, error) {
	folders, buckets := r.in != "" || r.out != "" || r.state != "", r.source != "" || r.destination != "" || r.work != "" || r.endpoint != ""
	switch {
	case folders && buckets:
		return auditPlace{}, usagef("--in, --out and --state are folders of this machine, --source, --destination, --work and --endpoint-url are S3's: name the ones or the others")
	case r.concurrency < 1 || r.concurrency > 5000:
		return auditPlace{}, usagef("--concurrency: given %d, allowed 1 to 5000", r.concurrency)
	case r.quick && r.orphans != "":
		return auditPlace{}, usagef("--orphans needs a look at each object, which --quick leaves out: give one of the two")
	case !buckets && (r.in == "" || r.out == ""):
		return auditPlace{}, usagef("name two folders, --in DIR and --out DIR, or two buckets, --source s3://BUCKET/PREFIX and --destination s3://BUCKET/PREFIX\nRun 'mapfleet audit -h' for the flags.")
	}
	place, err := auditPlace{}, error(nil)
	if buckets {
		place, err = r.bucketPlace()
	} else {
		place, err = r.folderPlace()
	}
	if err != nil {
		return place, err
	}
	return place, r.checkManifest(place)
}

// checkManifest refuses a manifest that a run would not take, or that would be put among the sources.
func (r *auditCommand) checkManifest(place auditPlace) error {
	if !r.manifestURL() {
		return nil
	}
	if _, err := job.ParseInput([]byte(againInput(nil, job.Input{}, r.manifest)), place.deployment); err != nil {
		return usagef("--manifest: %w", err)
	}
	bucket, key, _ := job.SplitURL(r.manifest)
	if bucket != place.work || !strings.HasSuffix(key, ".jsonl") {
		return usagef("--manifest: given %s, allowed a file, or s3://%s/KEY.jsonl in the work bucket", r.manifest, workName(place))
	}
	if strings.HasPrefix(key, job.ManifestsPrefix) {
		return usagef("--manifest: given %s, but what is put under %s starts a run: name another key", r.manifest, job.ManifestsPrefix)
	}
	return nil
}
