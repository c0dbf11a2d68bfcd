package main

import (
	"fmt"

	"github.com/aws/aws-cdk-go/awscdk/v2"

	"mapfleet/infra/distributed"
)

// addOutputs prints what one needs next after a deployment: the page with the "Start execution" button,
// the same as a command, and the buckets. The page is where the commercial Regions have it.
func addOutputs(stack awscdk.Stack, job *distributed.Job, p places) {
	region, arn := *stack.Region(), *job.Machine.StateMachineArn()
	for _, output := range []struct{ id, value, description string }{
		{"Console", fmt.Sprintf("https://%s.console.aws.amazon.com/states/home?region=%s#/statemachines/view/%s", region, region, arn),
			"The state machine in the console: press Start execution, and leave the input {}"},
		{"Start", fmt.Sprintf("aws stepfunctions start-execution --region %s --state-machine-arn %s --input '{}'", region, arn),
			"The same as a command"},
		{"StateMachineArn", arn, "The state machine"},
		{"SourceBucket", *p.source.Bucket.BucketName(), "Put pictures here"},
		{"DestinationBucket", *p.destination.Bucket.BucketName(), "Find resized pictures here"},
		{"WorkBucket", *p.work.Bucket.BucketName(), "Find reports here, under " + reportsPrefix},
		{"Dashboard", fmt.Sprintf("https://%s.console.aws.amazon.com/cloudwatch/home?region=%s#dashboards/dashboard/%s", region, region, job.Dashboard),
			"Is it healthy, how fast is it, what does it cost"},
		{"AlarmTopic", job.Topic, "Subscribe to it to be told of alarms"},
	} {
		awscdk.NewCfnOutput(stack, &output.id, &awscdk.CfnOutputProps{Value: &output.value, Description: &output.description})
	}
}
