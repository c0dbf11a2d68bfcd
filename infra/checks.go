package main

import (
	"encoding/json"
	"fmt"
	"time"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsiam"
	"github.com/aws/aws-cdk-go/awscdk/v2/awslambda"

	"mapfleet/infra/config"
	"mapfleet/infra/distributed"
	"mapfleet/infra/function"
	"mapfleet/infra/storage"
	"mapfleet/statemachine"
)

// publish is the integration by which a run tells what changed.
const publish = "arn:aws:states:::sns:publish"

// addChecks adds the second job, one HTTP request for every line of a file. Its alarms, and what its runs
// tell, go to topic, an ARN.
func addChecks(stack awscdk.Stack, c config.Config, p places, topic, binaries string) (*distributed.Job, error) {
	file := checksFile(stack, c, p)
	name := c.StackName + "-checks"
	plan := checkPlanProps(c, p, file, binaries)
	// DescribeExecution of the run that holds the lock of a file for long
	plan.Allow = append(plan.Allow, distributed.Permission("LookUpRuns", []string{"states:DescribeExecution"},
		fmt.Sprintf("arn:%s:states:%s:%s:execution:%s:*", *stack.Partition(), *stack.Region(), *stack.Account(), name)))
	report := function.New(stack, "CheckReport", checkReportProps(c, p, file, binaries))
	props := distributed.Props{
		Name:       name,
		Definition: statemachine.Checks(),
		Functions: map[string]awslambda.Function{
			"PlanFunction":   function.New(stack, "CheckPlan", plan),
			"CheckFunction":  function.New(stack, "CheckWorker", checkProps(c, p, binaries)),
			"ReportFunction": report,
		},
		Values: map[string]string{"AlertTopic": topic},
		Worker: "CheckFunction",
		Tells:  distributed.TellsRequests,
		Secret: true, // lines hold the headers and bodies of requests
		Work:   p.work.Under(checkWorkPrefix),
		Allow: map[string][]awsiam.PolicyStatement{
			// Notify, "Resource": "arn:aws:states:::sns:publish"
			publish: append([]awsiam.PolicyStatement{distributed.Permission("TellChanges", []string{"sns:Publish"}, topic)},
				storage.AllowService("EncryptChanges", "sns", []string{"kms:Decrypt", "kms:GenerateDataKey"}, c.TopicKey)...),
		},
		LogDays: c.LogRetentionDays,
		Report:  report,
		Alarms: distributed.Alarms{
			Topic:     topic,
			Throttles: c.AlarmThrottles,
			// A batch takes as long as its slowest host may, up to the worker's whole time, and hands back what it
			// could not begin: that is no sign of anything. What no round has time for is told as NoTime.
			DurationPercent: 0,
			SpendPerHour:    c.AlarmSpendPerHour,
		},
	}
	if c.ChecksSchedule != "" {
		input, err := json.Marshal(map[string]string{"file": file.url})
		if err != nil {
			return nil, err
		}
		props.Schedule = &distributed.Schedule{
			Expression: c.ChecksSchedule, Timezone: c.ScheduleTimezone, Input: string(input),
			Within: time.Minute, // the next one looks again
		}
	}
	return distributed.New(stack, "Checks", props)
}
