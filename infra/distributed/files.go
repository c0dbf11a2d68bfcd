package distributed

import (
	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsevents"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsiam"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsstepfunctions"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"

	"mapfleet/infra/queue"
	"mapfleet/infra/storage"
)

// files starts a run for every object that is created in a place, and returns the ARN of the rule. The
// event goes as it is: a key holds what would break a template's JSON. What could not be started within
// EventBridge's day of tries goes to undelivered.
func files(scope constructs.Construct, props Props, machine awsstepfunctions.StateMachine, undelivered *queue.Queue) string {
	scope = constructs.NewConstruct(scope, jsii.String("Files"))
	storage.TellEventBridge(props.Files.Bucket)
	role := awsiam.NewRole(scope, jsii.String("Role"), &awsiam.RoleProps{
		AssumedBy: awsiam.NewServicePrincipal(jsii.String("events.amazonaws.com"), &awsiam.ServicePrincipalOpts{
			// No rule of another account may make the service use this role.
			// https://docs.aws.amazon.com/eventbridge/latest/userguide/cross-service-confused-deputy-prevention.html
			Conditions: &map[string]any{"StringEquals": map[string]any{"aws:SourceAccount": *awscdk.Stack_Of(scope).Account()}},
		}),
	})
	// Target, a state machine: StartExecution
	role.AddToPolicy(allow("StartRuns", []string{"states:StartExecution"}, machine.StateMachineArn()))
	rule := awsevents.NewCfnRule(scope, jsii.String("Rule"), &awsevents.CfnRuleProps{
		Description:  jsii.String("An object was created where each starts a run of " + props.Name),
		EventPattern: created(*props.Files),
		Targets: []any{&awsevents.CfnRule_TargetProperty{
			Id: jsii.String("Machine"), Arn: machine.StateMachineArn(), RoleArn: role.RoleArn(),
			DeadLetterConfig: &awsevents.CfnRule_DeadLetterConfigProperty{Arn: &undelivered.ARN},
		}},
	})
	rule.Node().AddDependency(role)
	return *rule.AttrArn()
}
