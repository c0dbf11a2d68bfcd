package distributed

import (
	"cmp"
	"time"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsiam"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsscheduler"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsstepfunctions"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"

	"mapfleet/infra/queue"
)

// schedule starts runs by the clock. What could not be started goes to undelivered.
func schedule(scope constructs.Construct, props Props, machine awsstepfunctions.StateMachine, undelivered *queue.Queue) {
	scope = constructs.NewConstruct(scope, jsii.String("Schedule"))
	role := awsiam.NewRole(scope, jsii.String("Role"), &awsiam.RoleProps{
		AssumedBy: awsiam.NewServicePrincipal(jsii.String("scheduler.amazonaws.com"), &awsiam.ServicePrincipalOpts{
			// No schedule of another account may make the service use this role.
			// https://docs.aws.amazon.com/scheduler/latest/UserGuide/cross-service-confused-deputy-prevention.html
			Conditions: &map[string]any{"StringEquals": map[string]any{"aws:SourceAccount": *awscdk.Stack_Of(scope).Account()}},
		}),
	})
	// Target, a state machine: StartExecution
	role.AddToPolicy(allow("StartRuns", []string{"states:StartExecution"}, machine.StateMachineArn()))
	// Target, DeadLetterConfig
	role.AddToPolicy(allow("KeepUndelivered", []string{"sqs:SendMessage"}, &undelivered.ARN))
	s := awsscheduler.NewCfnSchedule(scope, jsii.String("Schedule"), &awsscheduler.CfnScheduleProps{
		Name:                       &props.Name,
		Description:                jsii.String("Starts runs of " + props.Name),
		ScheduleExpression:         &props.Schedule.Expression,
		ScheduleExpressionTimezone: &props.Schedule.Timezone,
		FlexibleTimeWindow:         &awsscheduler.CfnSchedule_FlexibleTimeWindowProperty{Mode: jsii.String("OFF")},
		Target: &awsscheduler.CfnSchedule_TargetProperty{
			Arn:              machine.StateMachineArn(),
			RoleArn:          role.RoleArn(),
			Input:            &props.Schedule.Input,
			DeadLetterConfig: &awsscheduler.CfnSchedule_DeadLetterConfigProperty{Arn: &undelivered.ARN},
			// In time, or not at all: a run that is too late would meet the next one.
			RetryPolicy: &awsscheduler.CfnSchedule_RetryPolicyProperty{
				MaximumEventAgeInSeconds: jsii.Number(cmp.Or(props.Schedule.Within, time.Hour).Seconds()), MaximumRetryAttempts: jsii.Number(60),
			},
		},
	})
	s.Node().AddDependency(role)
}
