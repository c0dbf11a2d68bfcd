// Package queue makes SQS queues: encrypted by SQS's own keys, over TLS only, and open to those alone that
// it is told of. A queue that nobody reads by itself, a dead-letter queue, keeps its messages as long as
// SQS does.
package queue

import (
	"time"

	"github.com/aws/aws-cdk-go/awscdk/v2/awssqs"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"
)

// keeps is the longest that SQS keeps a message.
// https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-messages.html
const keeps = 14 * 24 * time.Hour

// Props describe one queue. The zero value is a dead-letter queue.
type Props struct {
	// Visibility is how long a message that is being worked on is hidden from others; 0 is the 30
	// seconds of SQS.
	Visibility time.Duration
	// Tries is how often a message is received before it goes to Dead. With a Dead queue only.
	Tries int
	Dead  *Queue
}

// Queue is one queue.
type Queue struct {
	ARN, URL, Name string

	scope constructs.Construct
}

// New makes a queue below scope/id. Nobody may send to it until AllowRules has been called, but roles of
// this account that are allowed to.
func New(scope constructs.Construct, id string, props Props) *Queue {
	scope = constructs.NewConstruct(scope, &id)
	settings := &awssqs.CfnQueueProps{
		SqsManagedSseEnabled:   jsii.Bool(true),
		MessageRetentionPeriod: jsii.Number(keeps.Seconds()),
	}
	if props.Visibility > 0 {
		settings.VisibilityTimeout = jsii.Number(props.Visibility.Seconds())
	}
	if props.Dead != nil {
		settings.RedrivePolicy = map[string]any{"deadLetterTargetArn": props.Dead.ARN, "maxReceiveCount": props.Tries}
	}
	cfn := awssqs.NewCfnQueue(scope, jsii.String("Queue"), settings)
	return &Queue{ARN: *cfn.AttrArn(), URL: *cfn.Ref(), Name: *cfn.AttrQueueName(), scope: scope}
}

// AllowRules ends the making of a queue: EventBridge rules of these ARNs, and no other, may send to it;
// there may be none. It is to be called once for each queue.
func (q *Queue) AllowRules(rules ...string) {
	statements := []any{map[string]any{
		"Sid": "TLSOnly", "Effect": "Deny", "Principal": map[string]any{"AWS": "*"}, "Action": "sqs:*", "Resource": q.ARN,
		"Condition": map[string]any{"Bool": map[string]any{"aws:SecureTransport": "false"}},
	}}
	if len(rules) > 0 {
		// Targets of rules, and DeadLetterConfig of such targets: EventBridge sends with no role.
		// https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-use-resource-based.html#eb-sqs-permissions
		statements = append(statements, map[string]any{
			"Sid": "RulesSend", "Effect": "Allow", "Principal": map[string]any{"Service": "events.amazonaws.com"},
			"Action": "sqs:SendMessage", "Resource": q.ARN,
			"Condition": map[string]any{"ArnEquals": map[string]any{"aws:SourceArn": rules}},
		})
	}
	awssqs.NewCfnQueuePolicy(q.scope, jsii.String("Policy"), &awssqs.CfnQueuePolicyProps{
		Queues:         jsii.Strings(q.URL),
		PolicyDocument: map[string]any{"Version": "2012-10-17", "Statement": statements},
	})
}
