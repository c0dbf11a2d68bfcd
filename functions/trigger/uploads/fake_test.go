package uploads

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"sync"
	"testing"

	"github.com/aws/aws-lambda-go/events"
	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/sfn"
	"github.com/aws/aws-sdk-go-v2/service/sfn/types"
	smithyhttp "github.com/aws/smithy-go/transport/http"

	"mapfleet/functions/job"
)

// machines keeps what was started, as Step Functions does: a name can be used once.
type machines struct {
	mu      sync.Mutex
	inputs  map[string]string
	of      map[string]string // state machines, by the names of their executions
	order   []string
	refuse  func(name string) error
	answers int
}

func (m *machines) StartExecution(_ context.Context, in *sfn.StartExecutionInput, _ ...func(*sfn.Options)) (*sfn.StartExecutionOutput, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.answers++
	if m.refuse != nil {
		if err := m.refuse(*in.Name); err != nil {
			return nil, err
		}
	}
	if _, exists := m.inputs[*in.Name]; exists {
		return nil, &types.ExecutionAlreadyExists{}
	}
	m.inputs[*in.Name], m.of[*in.Name] = *in.Input, *in.StateMachineArn
	m.order = append(m.order, *in.Name)
	return &sfn.StartExecutionOutput{}, nil
}

// objects knows the keys of the source bucket.
type objects map[string]bool

func (o objects) HeadObject(_ context.Context, in *s3.HeadObjectInput, _ ...func(*s3.Options)) (*s3.HeadObjectOutput, error) {
	if o[*in.Key] {
		return &s3.HeadObjectOutput{}, nil
	}
	return nil, &awshttp.ResponseError{ResponseError: &smithyhttp.ResponseError{
		Response: &smithyhttp.Response{Response: &http.Response{StatusCode: http.StatusNotFound}}, Err: errors.New("not found"),
	}}
}

func newTrigger(t *testing.T) (*Trigger, *machines) {
	t.Helper()
	environment := map[string]string{
		"STATE_MACHINE_ARN": "arn:aws:states:eu-central-1:123456789012:stateMachine:mapfleet-resize",
		"SOURCE_BUCKET":     "photos", "SOURCE_PREFIX": "in/", "DESTINATION_BUCKET": "photos", "DESTINATION_PREFIX": "out/",
		"WORK_BUCKET": "work", "CHECKS_STATE_MACHINE_ARN": "arn:aws:states:eu-central-1:123456789012:stateMachine:mapfleet-checks",
	}
	trigger, err := FromEnv(func(name string) string { return environment[name] })
	if err != nil {
		t.Fatal(err)
	}
	m := &machines{inputs: map[string]string{}, of: map[string]string{}}
	trigger.Machines, trigger.Objects = m, objects{}
	if want := (job.Location{Bucket: "work", Prefix: "manifests/"}); trigger.Manifests != want {
		t.Fatalf("Manifests = %v, want %v", trigger.Manifests, want)
	}
	return trigger, m
}

// body is an event as EventBridge puts it into a queue.
func body(bucket, key string, size, sequence int) string {
	return fmt.Sprintf(`{"version":"0","id":"17793124-05d4-b198-2fde-7ededc63b103","detail-type":"Object Created","source":"aws.s3",
"account":"123456789012","time":"2026-11-21T12:00:00Z","region":"eu-central-1","resources":["arn:aws:s3:::%s"],
"detail":{"version":"0","bucket":{"name":%q},"object":{"key":%q,"size":%d,"etag":"b1946ac92492d2347c6235b4d2611184","sequencer":"%016X"},
"request-id":"N4N7GDK58NMKJ12R","requester":"123456789012","source-ip-address":"1.2.3.4","reason":"PutObject"}}`, bucket, bucket, key, size, sequence)
}

func messages(bodies ...string) events.SQSEvent {
	var batch events.SQSEvent
	for i, b := range bodies {
		batch.Records = append(batch.Records, events.SQSMessage{MessageId: fmt.Sprint("m", i), Body: b})
	}
	return batch
}

func failures(t *testing.T, trigger *Trigger, batch events.SQSEvent) []string {
	t.Helper()
	response, err := trigger.Handle(t.Context(), batch)
	if err != nil {
		t.Fatalf("Handle: %v", err)
	}
	ids := []string{}
	for _, f := range response.BatchItemFailures {
		ids = append(ids, f.ItemIdentifier)
	}
	return ids
}
