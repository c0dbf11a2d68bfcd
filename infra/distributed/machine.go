package distributed

import (
	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsiam"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsstepfunctions"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"

	"mapfleet/infra/function"
)

// machine makes the state machine with its role and log group below scope.
func machine(scope constructs.Construct, props Props, d definition) awsstepfunctions.StateMachine {
	role := awsiam.NewRole(scope, jsii.String("Role"), &awsiam.RoleProps{
		AssumedBy: awsiam.NewServicePrincipal(jsii.String("states.amazonaws.com"), &awsiam.ServicePrincipalOpts{
			// No machine of another account may make the service use this role.
			// https://docs.aws.amazon.com/step-functions/latest/dg/procedure-create-iam-role.html
			Conditions: &map[string]any{"StringEquals": map[string]any{"aws:SourceAccount": *awscdk.Stack_Of(scope).Account()}},
		}),
	})
	for _, statement := range statements(scope, props, d) {
		role.AddToPolicy(statement)
	}
	m := awsstepfunctions.NewStateMachine(scope, jsii.String("Machine"), &awsstepfunctions.StateMachineProps{
		StateMachineName:        &props.Name,
		StateMachineType:        awsstepfunctions.StateMachineType_STANDARD,
		DefinitionBody:          awsstepfunctions.DefinitionBody_FromString(&props.Definition),
		DefinitionSubstitutions: substitutions(props),
		Role:                    role,
	})
	cfn := m.Node().DefaultChild().(awsstepfunctions.CfnStateMachine)
	// The construct's own TracingEnabled and Logs would add statements without a name.
	cfn.SetTracingConfiguration(&awsstepfunctions.CfnStateMachine_TracingConfigurationProperty{Enabled: jsii.Bool(true)})
	// Names under this path share one resource policy, which else grows with every log group until it is
	// too long. https://docs.aws.amazon.com/step-functions/latest/dg/cw-logs.html
	logs := function.Logs(scope, "/aws/vendedlogs/states/"+props.Name, props.LogDays)
	cfn.SetLoggingConfiguration(&awsstepfunctions.CfnStateMachine_LoggingConfigurationProperty{
		// The history of an EXPRESS child is nowhere but here: log what failed, with its data unless that is
		// nobody's business.
		Level:                jsii.String("ERROR"),
		IncludeExecutionData: jsii.Bool(!props.Secret),
		Destinations: []any{&awsstepfunctions.CfnStateMachine_LogDestinationProperty{
			CloudWatchLogsLogGroup: &awsstepfunctions.CfnStateMachine_CloudWatchLogsLogGroupProperty{LogGroupArn: logs.LogGroupArn()},
		}},
	})
	return m
}

// substitutions are the ARNs of the functions' versions, and the other values.
func substitutions(props Props) *map[string]*string {
	values := map[string]*string{}
	for placeholder, f := range props.Functions {
		values[placeholder] = f.CurrentVersion().FunctionArn()
	}
	for placeholder, value := range props.Values {
		values[placeholder] = &value
	}
	return &values
}
