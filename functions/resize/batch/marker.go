package batch

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"

	"mapfleet/functions/fault"
	"mapfleet/functions/job"
)

// marker is what a worker that crashes leaves in the work bucket for the one that goes on with its batch.
type marker struct {
	Memory  int64             `json:"memory"`           // of the worker: what crashed one may not crash a larger one
	InHand  string            `json:"inHand,omitzero"`  // key of the only item that was being worked on
	Ends    map[string]int    `json:"ends,omitzero"`    // how many processes ended with an item in hand, by key
	Crashed map[string]string `json:"crashed,omitzero"` // items that are given up, by key: why
}

// endsToBlame is how many processes have to end with an item alone in hand before it is blamed: a process
// may end for reasons of its own, once.
const endsToBlame = 2

// recall reads what the workers before this one have left, and draws its conclusions.
func (r *round) recall(ctx context.Context) error {
	out, err := r.worker.Store.GetObject(ctx, &s3.GetObjectInput{Bucket: &r.job.Work.Bucket, Key: aws.String(r.markerKey())})
	err = r.workFault("GetObject", err)
	if _, none := err.(fault.Gone); none {
		return nil
	}
	if err != nil {
		return err
	}
	defer out.Body.Close()
	data, err := io.ReadAll(out.Body)
	if err != nil {
		return r.workFault("GetObject", err)
	}
	if err := json.Unmarshal(data, &r.marker); err != nil {
		return job.Unavailable{Message: fmt.Sprintf("GetObject s3://%s/%s: %v", r.job.Work.Bucket, r.markerKey(), err)}
	}
	if r.marker.Memory != r.worker.Memory {
		r.marker = marker{}
	}
	if key := r.marker.InHand; key != "" {
		r.marker.InHand = ""
		r.marker.ended(key, r.crash.Error)
	}
	return nil
}

// ended notes that a process ended with an item in hand.
func (m *marker) ended(key, crash string) {
	if m.Ends == nil {
		m.Ends = map[string]int{}
	}
	m.Ends[key]++
	if m.Ends[key] >= endsToBlame {
		m.giveUp(key, fmt.Sprintf("the worker's process ended %d times with this picture alone in hand; the first end of its batch was %s", m.Ends[key], crash))
	}
}

func (m *marker) giveUp(key, why string) {
	if m.Crashed == nil {
		m.Crashed = map[string]string{}
	}
	m.Crashed[key] = why
}

// takeInHand notes the item that is worked on next.
func (r *round) takeInHand(ctx context.Context, key string) error {
	r.marker.InHand = key
	return r.leave(ctx)
}

// putDown notes that the worker comes to an end by itself.
func (r *round) putDown(ctx context.Context) {
	if r.marker.InHand == "" {
		return
	}
	r.marker.InHand = ""
	if err := r.leave(ctx); err != nil {
		slog.Error("clear the marker", "key", r.markerKey(), "error", err)
	}
}

// accuse gives up the item that hangs, if it is one of this batch: the process may have it from another.
func (r *round) accuse(ctx context.Context, h hang) {
	slog.Error("stuck", "key", h.key, "patience", h.patience)
	if slices.ContainsFunc(r.items, func(item job.Item) bool { return item.Key == h.key }) {
		r.marker.giveUp(h.key, h.Error())
	} else if r.marker.InHand == "" {
		return
	}
	r.marker.InHand = ""
	if err := r.leave(ctx); err != nil {
		slog.Error("leave the marker", "key", r.markerKey(), "error", err)
	}
}

// leave writes the marker.
func (r *round) leave(ctx context.Context) error {
	r.marker.Memory = r.worker.Memory
	data, err := json.Marshal(r.marker)
	if err != nil {
		return err
	}
	_, err = r.worker.Store.PutObject(ctx, &s3.PutObjectInput{
		Bucket: &r.job.Work.Bucket, Key: aws.String(r.markerKey()),
		Body: bytes.NewReader(data), ContentType: aws.String("application/json"),
	})
	return r.workFault("PutObject", err)
}

// markerKey is the same for the same items of the same run.
func (r *round) markerKey() string {
	sum := sha256.New()
	for _, item := range r.items {
		fmt.Fprintf(sum, "%q %q\n", item.Key, item.ETag)
	}
	return r.job.Work.Prefix + "attempts/" + hex.EncodeToString(sum.Sum(nil)[:16]) + ".json"
}

func (r *round) workFault(call string, err error) error {
	err = fault.Of(call, r.job.Work.Bucket, r.markerKey(), err)
	if e, ok := err.(fault.NoBucket); ok {
		return job.DestinationMissing{Message: e.Message}
	}
	return err
}
