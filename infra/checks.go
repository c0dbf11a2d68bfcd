package main

import (
	"encoding/json"
	"time"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsiam"
	"github.com/aws/aws-cdk-go/awscdk/v2/awslambda"
	"github.com/aws/jsii-runtime-go"

	"mapfleet/infra/config"
	"mapfleet/infra/distributed"
	"mapfleet/infra/function"
	"mapfleet/statemachine"
)

// publish is the integration by which a run tells what changed.
const publish = "arn:aws:states:::sns:publish"

// addChecks adds the second job, one HTTP request for every line of a file. Its alarms, and what its runs
// tell, go to topic, an ARN.
func addChecks(stack awscdk.Stack, c config.Config, p places, topic, binaries string) (*distributed.Job, error) {
	file := checksFile(stack, c, p)
	report := function.New(stack, "CheckReport", checkReportProps(c, p, file, binaries))
	props := distributed.Props{
		Name:       c.StackName + "-checks",
		Definition: statemachine.Checks(),
		Functions: map[string]awslambda.Function{
			"PlanFunction":   function.New(stack, "CheckPlan", checkPlanProps(c, p, file, binaries)),
			"CheckFunction":  function.New(stack, "CheckWorker", checkProps(c, p, binaries)),
			"ReportFunction": report,
		},
		Values: map[string]string{"AlertTopic": topic},
		Worker: "CheckFunction",
		Work:   p.work.Under(workPrefix),
		Allow: map[string][]awsiam.PolicyStatement{
			// Notify, "Resource": "arn:aws:states:::sns:publish"
			publish: {awsiam.NewPolicyStatement(&awsiam.PolicyStatementProps{
				Sid: jsii.String("TellChanges"), Actions: jsii.Strings("sns:Publish"), Resources: jsii.Strings(topic),
			})},
		},
		LogDays: c.LogRetentionDays,
		Report:  report,
		Alarms: distributed.Alarms{
			Topic:           topic,
			Throttles:       c.AlarmThrottles,
			DurationPercent: c.AlarmDurationPercent,
			SpendPerHour:    c.AlarmSpendPerHour,
		},
	}
	if c.Uploads {
		uploads := p.work.Under(filesPrefix)
		props.Files = &uploads
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
