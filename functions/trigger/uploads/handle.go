package uploads

import (
	"context"
	"errors"
	"log/slog"
	"maps"
	"net/url"
	"slices"
	"time"

	"github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/sfn"
	"github.com/aws/aws-sdk-go-v2/service/sfn/types"

	"mapfleet/functions/fault"
)

// margin is how long before its deadline Handle starts nothing more.
const margin = 5 * time.Second

// Handle starts what a batch of messages asks for. Messages whose run could not be started, and those
// that are no events at all, are handed back as failures: the queue delivers them again, and after its
// last try puts them into the dead-letter queue. All others are done with. The error is always nil.
// https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html
func (t *Trigger) Handle(ctx context.Context, batch events.SQSEvent) (events.SQSEventResponse, error) {
	var failed []string
	dropped := map[string]int{}
	pictures, manifests, files := map[string]upload{}, map[string]upload{}, map[string]upload{}
	for _, message := range batch.Records {
		e, err := parse(message.Body)
		if err != nil {
			slog.Error("not an event", "message", message.MessageId, "error", err.Error())
			failed = append(failed, message.MessageId)
			continue
		}
		switch kind, why := t.sort(e); kind {
		case nothing:
			dropped[why]++
		case manifest:
			fold(manifests, e, message.MessageId)
		case picture:
			fold(pictures, e, message.MessageId)
		case checksFile:
			fold(files, e, message.MessageId)
		}
	}
	starts := group(slices.Collect(maps.Values(t.asTheyAre(ctx, pictures))))
	for _, key := range slices.Sorted(maps.Keys(manifests)) {
		starts = append(starts, overFile("manifest", "manifest", manifests[key]))
	}
	for i := range starts {
		starts[i].machine = t.StateMachine
	}
	for _, key := range slices.Sorted(maps.Keys(files)) {
		s := overFile("checks", "file", files[key])
		s.machine = t.Checks
		starts = append(starts, s)
	}
	started := 0
	for _, s := range starts {
		if err := t.start(ctx, s); err != nil {
			slog.Error("run not started", "run", s.name, "events", len(s.messages), "error", err.Error())
			failed = append(failed, s.messages...)
			continue
		}
		slog.Info("run started", "run", s.name, "events", len(s.messages))
		started++
	}
	slog.Info("uploads", "messages", len(batch.Records), "pictures", len(pictures), "manifests", len(manifests), "checks", len(files),
		"runs", started, "failed", len(failed), "dropped", dropped)
	response := events.SQSEventResponse{BatchItemFailures: []events.SQSBatchItemFailure{}}
	for _, id := range failed {
		response.BatchItemFailures = append(response.BatchItemFailures, events.SQSBatchItemFailure{ItemIdentifier: id})
	}
	return response, nil
}

// start starts one run. That it has been started before is as good: its name says that it is the same.
func (t *Trigger) start(ctx context.Context, s start) error {
	if deadline, ok := ctx.Deadline(); ok && time.Until(deadline) < margin {
		return context.DeadlineExceeded
	}
	_, err := t.Machines.StartExecution(ctx, &sfn.StartExecutionInput{
		StateMachineArn: &s.machine, Name: &s.name, Input: &s.input,
	})
	if _, exists := errors.AsType[*types.ExecutionAlreadyExists](err); exists {
		return nil
	}
	return err
}

// asTheyAre returns uploads under the keys that their objects have. An event tells a key as it is, by
// all that is known; where it could also be read as a URL-encoded one, and no such object exists but
// the decoded one does, the decoded one is meant.
func (t *Trigger) asTheyAre(ctx context.Context, given map[string]upload) map[string]upload {
	uploads := maps.Clone(given)
	for key, u := range given {
		decoded, err := url.QueryUnescape(key)
		if err != nil || decoded == key || t.exists(ctx, key) || !t.exists(ctx, decoded) {
			continue
		}
		delete(uploads, key)
		if known, ok := given[decoded]; ok {
			u.messages = append(u.messages, known.messages...)
		}
		u.Detail.Object.Key = decoded
		uploads[decoded] = u
	}
	return uploads
}

// exists says whether the source has an object of this key, as far as can be told: in doubt it has.
func (t *Trigger) exists(ctx context.Context, key string) bool {
	_, err := t.Objects.HeadObject(ctx, &s3.HeadObjectInput{Bucket: &t.Source.Bucket, Key: &key})
	_, gone := fault.Of("HeadObject", t.Source.Bucket, key, err).(fault.Gone)
	return !gone
}
