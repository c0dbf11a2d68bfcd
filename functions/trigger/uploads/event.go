package uploads

import (
	"cmp"
	"encoding/json"
	"fmt"
	"strings"

	"mapfleet/functions/job"
	"mapfleet/functions/job/checks"
)

// event is the part that matters here of what S3 tells EventBridge, and EventBridge puts into the
// queue. https://docs.aws.amazon.com/AmazonS3/latest/userguide/ev-events.html
type event struct {
	Source     string `json:"source"`
	DetailType string `json:"detail-type"`
	Detail     struct {
		Bucket struct {
			Name string `json:"name"`
		} `json:"bucket"`
		Object struct {
			Key       string `json:"key"` // not URL-encoded, as far as is known
			Size      *int64 `json:"size"`
			ETag      string `json:"etag"`
			Version   string `json:"version-id"`
			Sequencer string `json:"sequencer"` // hexadecimal; of one key, a later event has a greater one
		} `json:"object"`
	} `json:"detail"`
}

// The reasons why an event starts nothing. They are counted in the log.
const (
	droppedOther      = "not an object-created event"
	droppedOutput     = "lies in the destination"
	droppedElsewhere  = "lies neither in the source nor among the manifests"
	droppedResults    = "results of checks"
	droppedNoChecks   = "not named as a file of checks"
	droppedEmpty      = "empty, or a folder"
	droppedNoPicture  = "not named as a picture"
	droppedNoManifest = "not named as a manifest"
)

// parse reads the body of a message. An error says that it is no event at all.
func parse(body string) (event, error) {
	var e event
	if err := json.Unmarshal([]byte(body), &e); err != nil {
		return e, fmt.Errorf("read the event: %w", err)
	}
	if e.DetailType == "" {
		return e, fmt.Errorf("read the event: it has no detail-type")
	}
	if e.created() && (e.Detail.Bucket.Name == "" || e.Detail.Object.Key == "") {
		return e, fmt.Errorf("read the event: an object-created event without bucket or key")
	}
	return e, nil
}

func (e event) created() bool { return e.Source == "aws.s3" && e.DetailType == "Object Created" }

// kind is what an upload starts.
type kind int

const (
	nothing kind = iota
	picture
	manifest
	checksFile
)

// sort says what an event starts, or why it starts nothing.
func (t *Trigger) sort(e event) (kind, string) {
	bucket, object := e.Detail.Bucket.Name, e.Detail.Object
	switch {
	case !e.created():
		return nothing, droppedOther
	case t.Checks != "" && within(bucket, object.Key, t.ChecksFiles):
		return sortChecks(object.Key, object.Size)
	case within(bucket, object.Key, t.Manifests):
		if object.Size != nil && *object.Size == 0 {
			return nothing, droppedEmpty
		}
		if !namedAsManifest(strings.TrimPrefix(object.Key, t.Manifests.Prefix)) {
			return nothing, droppedNoManifest
		}
		return manifest, ""
	case within(bucket, object.Key, t.Destination):
		return nothing, droppedOutput
	case !within(bucket, object.Key, t.Source):
		return nothing, droppedElsewhere
	case strings.HasSuffix(object.Key, "/") || object.Size != nil && *object.Size == 0:
		return nothing, droppedEmpty
	case !job.NamedAsPicture(object.Key):
		return nothing, droppedNoPicture
	}
	return picture, ""
}

// sortChecks says whether a file among the checks is one. Results lie beside them, and no pattern of
// EventBridge can tell by a key both where it lies and what it does not end in: this is where a run's own
// results are kept from starting the next one.
func sortChecks(key string, size *int64) (kind, string) {
	switch _, known := checks.FormatOf(key); {
	case checks.IsResults(key):
		return nothing, droppedResults
	case size != nil && *size == 0:
		return nothing, droppedEmpty
	case !known:
		return nothing, droppedNoChecks
	}
	return checksFile, ""
}

// namedAsManifest says whether a key below the manifests' prefix is a list to run over. S3 Inventory
// delivers data files and a checksum beside its manifest.json: those are not.
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/storage-inventory-location.html
func namedAsManifest(key string) bool {
	name := strings.ToLower(key)
	name = strings.TrimSuffix(name, ".gz")
	if strings.Contains(key, "/data/") || strings.Contains(key, "/hive/") {
		return false
	}
	return strings.HasSuffix(name, ".csv") || strings.HasSuffix(name, ".json") || strings.HasSuffix(name, ".jsonl")
}

// later compares two events of one key. Sequencers are hexadecimal numbers of any length.
func later(a, b event) bool {
	x := strings.TrimLeft(a.Detail.Object.Sequencer, "0")
	y := strings.TrimLeft(b.Detail.Object.Sequencer, "0")
	return cmp.Or(cmp.Compare(len(x), len(y)), cmp.Compare(strings.ToUpper(x), strings.ToUpper(y))) > 0
}
