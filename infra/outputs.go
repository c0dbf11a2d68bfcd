package main

import (
	"fmt"
	"strconv"

	"github.com/aws/aws-cdk-go/awscdk/v2"

	"mapfleet/infra/config"
	"mapfleet/infra/distributed"
)

// addOutputs prints what one needs next after a deployment: the page with the "Start execution" button,
// the same as a command, and the buckets. The page is where the commercial Regions have it.
func addOutputs(stack awscdk.Stack, c config.Config, job *distributed.Job, p places) {
	region, arn := *stack.Region(), *job.Machine.StateMachineArn()
	addEach(stack, []output{
		{"Console", machinePage(region, arn),
			"The state machine in the console: press Start execution, and leave the input {}"},
		{"Start", fmt.Sprintf("aws stepfunctions start-execution --region %s --state-machine-arn %s --input '{}'", region, arn),
			"The same as a command"},
		{"StateMachineArn", arn, "The state machine"},
		{"SourceBucket", *p.source.Bucket.BucketName(), "Put pictures here"},
		{"DestinationBucket", *p.destination.Bucket.BucketName(), "Find resized pictures here"},
		{"WorkBucket", *p.work.Bucket.BucketName(), "Find reports here, under " + reportsPrefix},
		{"Dashboard", dashboardPage(region, job.Dashboard),
			"Is it healthy, how fast is it, what does it cost"},
		{"AlarmTopic", job.Topic, "Subscribe to it to be told of alarms"},
		{"WorkerMemory", strconv.Itoa(c.Memory), "MB of the function that resizes; mapfleet watch prices its time by it"},
		{"WorkerArchitecture", string(c.Architecture), "Its processor"},
	})
}

// addChecksOutputs prints the same of the second job.
func addChecksOutputs(stack awscdk.Stack, job *distributed.Job) {
	region, arn := *stack.Region(), *job.Machine.StateMachineArn()
	addEach(stack, []output{
		{"ChecksConsole", machinePage(region, arn), "The state machine of checks in the console"},
		{"ChecksStateMachineArn", arn, "The state machine of checks; its files and results lie under " + filesPrefix + " of the work bucket"},
		{"ChecksDashboard", dashboardPage(region, job.Dashboard), "The dashboard of checks"},
	})
}

type output struct{ id, value, description string }

func addEach(stack awscdk.Stack, outputs []output) {
	for _, o := range outputs {
		awscdk.NewCfnOutput(stack, &o.id, &awscdk.CfnOutputProps{Value: &o.value, Description: &o.description})
	}
}

func machinePage(region, arn string) string {
	return fmt.Sprintf("https://%s.console.aws.amazon.com/states/home?region=%s#/statemachines/view/%s", region, region, arn)
}

func dashboardPage(region, name string) string {
	return fmt.Sprintf("https://%s.console.aws.amazon.com/cloudwatch/home?region=%s#dashboards/dashboard/%s", region, region, name)
}
