package distributed

import (
	"maps"
	"slices"
	"time"

	"github.com/aws/aws-cdk-go/awscdk/v2/awsevents"
	"github.com/aws/aws-cdk-go/awscdk/v2/awslambda"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsstepfunctions"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"

	"mapfleet/infra/queue"
	"mapfleet/infra/storage"
)

// What Lambda reads of the queue of uploads. Ten thousand messages an invocation are allowed, but a batch
// becomes one run, whose input holds a thousand keys. Two invocations at a time are the fewest that may be
// asked for. https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html
const (
	uploadBatch   = 1000
	uploadReaders = 2
	uploadTries   = 5
)

// uploads makes the road from S3 to the trigger: rules → queue → event source mapping. The second queue
// holds what could not be started after all tries, and what EventBridge could not put into the first.
func uploads(scope constructs.Construct, props Props, machine awsstepfunctions.StateMachine) (waiting, lost *queue.Queue) {
	scope = constructs.NewConstruct(scope, jsii.String("Uploads"))
	trigger := props.Uploads.Trigger
	lost = queue.New(scope, "Lost", queue.Props{})
	waiting = queue.New(scope, "Waiting", queue.Props{
		// Six times what an invocation may take, and the window, as Lambda's page (above) has it: a message
		// must not come back while it is being worked on.
		Visibility: 6*time.Duration(*trigger.Timeout().ToSeconds(nil))*time.Second + props.Uploads.Window,
		Tries:      uploadTries,
		Dead:       lost,
	})
	var rules []string
	for _, name := range slices.Sorted(maps.Keys(props.Uploads.Places)) {
		place := props.Uploads.Places[name]
		storage.TellEventBridge(place.Bucket)
		rule := awsevents.NewCfnRule(scope, &name, &awsevents.CfnRuleProps{
			Description:  jsii.String("An object was created where uploads start runs: " + name),
			EventPattern: created(place),
			Targets: []any{&awsevents.CfnRule_TargetProperty{
				Id: jsii.String("Queue"), Arn: &waiting.ARN,
				// EventBridge tries for a day, and then forgets what it has nowhere to put.
				DeadLetterConfig: &awsevents.CfnRule_DeadLetterConfigProperty{Arn: &lost.ARN},
			}},
		})
		rules = append(rules, *rule.AttrArn())
	}
	waiting.AllowRules(rules...)
	lost.AllowRules(rules...)

	letStart(trigger, "StartRuns", "STATE_MACHINE_ARN", machine)
	// The event source mapping receives with the function's role.
	trigger.AddToRolePolicy(allow("ReceiveUploads", []string{
		"sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes",
	}, &waiting.ARN))
	awslambda.NewCfnEventSourceMapping(scope, jsii.String("Mapping"), &awslambda.CfnEventSourceMappingProps{
		EventSourceArn:                 &waiting.ARN,
		FunctionName:                   trigger.FunctionName(),
		BatchSize:                      jsii.Number(uploadBatch),
		MaximumBatchingWindowInSeconds: jsii.Number(props.Uploads.Window.Seconds()),
		FunctionResponseTypes:          jsii.Strings("ReportBatchItemFailures"),
		ScalingConfig:                  &awslambda.CfnEventSourceMapping_ScalingConfigProperty{MaximumConcurrency: jsii.Number(uploadReaders)},
	}).Node().AddDependency(trigger) // whose role must be allowed to receive by then
	return waiting, lost
}

// StartedBy lets the trigger of another job's uploads start runs of this one, too. variable is where it finds
// the state machine; sid names the statement.
func (j *Job) StartedBy(trigger awslambda.Function, sid, variable string) {
	letStart(trigger, sid, variable, j.Machine)
}

// letStart is for the trigger's call of StartExecution.
func letStart(trigger awslambda.Function, sid, variable string, machine awsstepfunctions.StateMachine) {
	trigger.AddEnvironment(&variable, machine.StateMachineArn(), nil)
	trigger.AddToRolePolicy(allow(sid, []string{"states:StartExecution"}, machine.StateMachineArn()))
}

// created is the pattern of S3's events about new objects in a place. A key has to start with the place's
// prefix. What a run writes into the same bucket therefore matches only if its own prefix and this one
// overlap, which the configuration refuses, or where a trigger knows by their names what to drop, as results
// of checks; a second condition on the key, anything-but, would be an
// alternative to the first one and let more in.
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/ev-events.html
func created(place storage.Place) map[string]any {
	detail := map[string]any{"bucket": map[string]any{"name": []any{*place.Bucket.BucketName()}}}
	if place.Prefix != "" {
		detail["object"] = map[string]any{"key": []any{map[string]any{"prefix": place.Prefix}}}
	}
	return map[string]any{"source": []any{"aws.s3"}, "detail-type": []any{"Object Created"}, "detail": detail}
}
