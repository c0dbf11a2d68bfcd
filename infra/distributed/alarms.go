package distributed

import (
	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awscloudwatch"
	"github.com/aws/aws-cdk-go/awscdk/v2/awssns"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"
)

// longestWait is how long an upload may wait for its run, in seconds: its queue's whole visibility, after a
// first try that failed, and then some.
const longestWait = 3600

// alarm is what somebody has to look at.
type alarm struct {
	id, says   string
	metrics    map[string]metric
	expression string // over metrics by their keys; empty: the only one
	above      float64
	periods    int // on end
}

// alarms makes all alarms of a job. Where nothing is measured nothing is wrong: between runs a job is still.
func (w watched) alarms(topic string) {
	limits := w.props.Alarms
	timeout := *w.function().Timeout().ToMilliseconds(nil)
	all := []alarm{
		{"FailedRuns", "A run failed, timed out or was aborted. Its report says why; Redrive in the console goes on with it.",
			map[string]metric{"f": w.runs("ExecutionsFailed"), "t": w.runs("ExecutionsTimedOut"), "a": w.runs("ExecutionsAborted")},
			"FILL(f,0)+FILL(t,0)+FILL(a,0)", 0, 1},
		{"Throttles", "The worker is throttled: lower maxConcurrency, or ask for a higher quota of concurrent Lambdas.",
			map[string]metric{"m": w.worker("Throttles", "Sum")}, "", float64(limits.Throttles), 3},
		{"Spending", "The worker costs more US dollars an hour than was planned. Stop the run if it should not.",
			map[string]metric{"d": w.worker("Duration", "Sum"), "i": w.worker("Invocations", "Sum")}, w.spending(), limits.SpendPerHour, 3},
	}
	if limits.DurationPercent > 0 {
		all = append(all, alarm{"SlowBatches", "Batches take nearly as long as the worker may: lower batchSize, or raise memory or timeout.",
			map[string]metric{"m": w.worker("Duration", "p99")}, "", timeout * float64(limits.DurationPercent) / 100, 3})
	}
	if w.uploads != nil {
		all = append(all,
			alarm{"LateUploads", "Uploads wait for their run for an hour. The log of the trigger says why.",
				map[string]metric{"m": ofQueue(w.uploads, "ApproximateAgeOfOldestMessage")}, "", longestWait, 1},
			alarm{"LostUploads", "Uploads have no run after all tries: see the queue's messages, then redrive them in the console.",
				map[string]metric{"m": ofQueue(w.lostUploads, "ApproximateNumberOfMessagesVisible")}, "", 0, 1})
	}
	if w.undelivered != nil {
		all = append(all, alarm{"Undelivered", "A schedule could not start its run, or the report of a failed run could not be written: see the queue's messages.",
			map[string]metric{"m": ofQueue(w.undelivered, "ApproximateNumberOfMessagesVisible")}, "", 0, 1})
	}
	scope := constructs.NewConstruct(w.scope, jsii.String("Alarms"))
	for _, a := range all {
		a.make(scope, w.props.Name, topic)
	}
}

func (a alarm) make(scope constructs.Construct, job, topic string) {
	var queries []any
	for _, id := range keys(a.metrics) {
		queries = append(queries, a.metrics[id].query(id, a.expression == ""))
	}
	if a.expression != "" {
		queries = append(queries, &awscloudwatch.CfnAlarm_MetricDataQueryProperty{
			Id: jsii.String("e"), Expression: &a.expression, Label: &a.id, ReturnData: jsii.Bool(true),
		})
	}
	awscloudwatch.NewCfnAlarm(scope, &a.id, &awscloudwatch.CfnAlarmProps{
		AlarmName:          jsii.String(job + "-" + a.id),
		AlarmDescription:   &a.says,
		Metrics:            queries,
		ComparisonOperator: jsii.String("GreaterThanThreshold"),
		Threshold:          &a.above,
		EvaluationPeriods:  jsii.Number(a.periods),
		TreatMissingData:   jsii.String("notBreaching"),
		AlarmActions:       &[]any{topic},
	})
}

// topic makes the topic of alarms, and returns its ARN. Without a key it is not encrypted: CloudWatch may not
// use the key that SNS has of its own. Alarms hold names and numbers only; what a job itself tells is its own
// to keep free of secrets.
// https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html
func topic(scope constructs.Construct, alarms Alarms) string {
	scope = constructs.NewConstruct(scope, jsii.String("Topic"))
	settings := &awssns.CfnTopicProps{}
	if alarms.Key != "" {
		settings.KmsMasterKeyId = &alarms.Key
	}
	t := awssns.NewCfnTopic(scope, jsii.String("Topic"), settings)
	arn := *t.Ref()
	awssns.NewCfnTopicPolicy(scope, jsii.String("Policy"), &awssns.CfnTopicPolicyProps{
		Topics: jsii.Strings(arn),
		PolicyDocument: map[string]any{"Version": "2012-10-17", "Statement": []any{
			map[string]any{
				"Sid": "TLSOnly", "Effect": "Deny", "Principal": map[string]any{"AWS": "*"}, "Action": "sns:Publish", "Resource": arn,
				"Condition": map[string]any{"Bool": map[string]any{"aws:SecureTransport": "false"}},
			},
			// AlarmActions
			map[string]any{
				"Sid": "AlarmsPublish", "Effect": "Allow", "Principal": map[string]any{"Service": "cloudwatch.amazonaws.com"},
				"Action": "sns:Publish", "Resource": arn,
				"Condition": map[string]any{"StringEquals": map[string]any{"aws:SourceAccount": *awscdk.Stack_Of(scope).Account()}},
			},
		}},
	})
	if alarms.Email != "" {
		awssns.NewCfnSubscription(scope, jsii.String("Mail"), &awssns.CfnSubscriptionProps{
			TopicArn: arn, Protocol: jsii.String("email"), Endpoint: &alarms.Email,
		})
	}
	return arn
}
