package distributed

import (
	"github.com/aws/aws-cdk-go/awscdk/v2/awsevents"
	"github.com/aws/aws-cdk-go/awscdk/v2/awslambda"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"

	"mapfleet/infra/queue"
)

// ended hands every execution of the machine that failed, timed out or was aborted to the report function,
// and returns the ARN of the rule. The event goes as it is: an input transformer would put a cause, which
// holds quotes, into JSON as text, and an aborted execution has no cause at all. Children of a Distributed
// Map are executions of other names (MACHINE/LABEL), and, being EXPRESS, tell nothing.
// https://docs.aws.amazon.com/step-functions/latest/dg/eventbridge-integration.html
func ended(scope constructs.Construct, props Props, undelivered *queue.Queue) string {
	scope = constructs.NewConstruct(scope, jsii.String("Ended"))
	report := props.Report
	rule := awsevents.NewCfnRule(scope, jsii.String("Rule"), &awsevents.CfnRuleProps{
		Description: jsii.String("A run of " + props.Name + " ended unhappily, without a report of its own"),
		EventPattern: map[string]any{
			"source":      []any{"aws.states"},
			"detail-type": []any{"Step Functions Execution Status Change"},
			"detail": map[string]any{
				"status":          []any{"FAILED", "TIMED_OUT", "ABORTED"},
				"stateMachineArn": []any{*arn(scope, "stateMachine", props.Name)},
			},
		},
		Targets: []any{&awsevents.CfnRule_TargetProperty{
			Id: jsii.String("Report"), Arn: report.FunctionArn(),
			DeadLetterConfig: &awsevents.CfnRule_DeadLetterConfigProperty{Arn: &undelivered.ARN},
		}},
	})
	awslambda.NewCfnPermission(scope, jsii.String("Permission"), &awslambda.CfnPermissionProps{
		Action: jsii.String("lambda:InvokeFunction"), FunctionName: report.FunctionArn(),
		Principal: jsii.String("events.amazonaws.com"), SourceArn: rule.AttrArn(),
	})
	// EventBridge only hands the event over; whether the function then succeeds is between it and Lambda,
	// which tries three times. EventInvokeConfig, OnFailure: Lambda sends with the function's role.
	report.AddToRolePolicy(allow("KeepUndelivered", []string{"sqs:SendMessage"}, &undelivered.ARN))
	awslambda.NewCfnEventInvokeConfig(scope, jsii.String("Invocations"), &awslambda.CfnEventInvokeConfigProps{
		FunctionName: report.FunctionName(), Qualifier: jsii.String("$LATEST"),
		MaximumRetryAttempts: jsii.Number(2),
		DestinationConfig: &awslambda.CfnEventInvokeConfig_DestinationConfigProperty{
			OnFailure: &awslambda.CfnEventInvokeConfig_OnFailureProperty{Destination: &undelivered.ARN},
		},
	}).Node().AddDependency(report)
	return *rule.AttrArn()
}
