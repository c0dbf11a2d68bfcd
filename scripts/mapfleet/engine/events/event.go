// Package events brings uploads to the trigger function as AWS does: S3 tells EventBridge of an object, its
// rule puts the event into a queue, and the queue hands messages to the function in batches. A Queue
// keeps messages until the function is done with them, over the end of its process too; what fails too
// often becomes a dead letter.
package events

import (
	"crypto/rand"
	"encoding/json"
	"fmt"
	"strconv"
	"time"

	"mapfleet/scripts/mapfleet/engine/storage"
)

// created is what EventBridge puts into a queue when an object was made (A84 of package asl).
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/ev-events.html
type created struct {
	Version    string    `json:"version"`
	ID         string    `json:"id"`
	DetailType string    `json:"detail-type"`
	Source     string    `json:"source"`
	Account    string    `json:"account"`
	Time       time.Time `json:"time"`
	Region     string    `json:"region"`
	Resources  []string  `json:"resources"`
	Detail     detail    `json:"detail"`
}

type detail struct {
	Version string `json:"version"`
	Bucket  struct {
		Name string `json:"name"`
	} `json:"bucket"`
	Object struct {
		Key       string `json:"key"`
		Size      int64  `json:"size"`
		ETag      string `json:"etag"`
		Sequencer string `json:"sequencer"`
	} `json:"object"`
	RequestID string `json:"request-id"`
	Requester string `json:"requester"`
	Address   string `json:"source-ip-address"`
	Reason    string `json:"reason"`
}

// account is the one of everything local.
const account = "000000000000"

// body returns the event of an object, as it is in a message.
func body(o storage.Created, id string) (string, error) {
	e := created{
		Version: "0", ID: id, DetailType: "Object Created", Source: "aws.s3", Account: account,
		Time: o.Time.UTC().Truncate(time.Second), Region: storage.Region, Resources: []string{"arn:aws:s3:::" + o.Bucket},
		Detail: detail{Version: "0", RequestID: id, Requester: account, Address: "127.0.0.1", Reason: o.Reason},
	}
	e.Detail.Bucket.Name = o.Bucket
	e.Detail.Object.Key, e.Detail.Object.Size, e.Detail.Object.ETag = o.Key, o.Size, o.ETag
	e.Detail.Object.Sequencer = fmt.Sprintf("%016X", o.Time.UnixNano())
	data, err := json.Marshal(e)
	return string(data), err
}

// record is a message as Lambda's event source mapping hands it to a function.
// https://docs.aws.amazon.com/lambda/latest/dg/with-sqs.html
func (m message) record() map[string]any {
	return map[string]any{
		"messageId": m.ID, "receiptHandle": m.ID, "body": m.Body, "messageAttributes": map[string]any{},
		"attributes": map[string]string{
			"ApproximateReceiveCount": strconv.Itoa(m.Tries), "SenderId": account,
			"SentTimestamp":                    strconv.FormatInt(m.Sent.UnixMilli(), 10),
			"ApproximateFirstReceiveTimestamp": strconv.FormatInt(m.Sent.UnixMilli(), 10),
		},
		"eventSource": "aws:sqs", "eventSourceARN": "arn:aws:sqs:" + storage.Region + ":" + account + ":mapfleet-uploads", "awsRegion": storage.Region,
	}
}

func uuid() string {
	var b [16]byte
	_, _ = rand.Read(b[:]) // never fails
	b[6], b[8] = b[6]&0x0f|0x40, b[8]&0x3f|0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", b[0:4], b[4:6], b[6:8], b[8:10], b[10:])
}
