// Package workflow makes a state machine that runs Distributed Maps: the definition as it stands in
// the ASL file, the functions that it invokes, and a role with a statement for each thing that the
// definition does. A further job is a further definition with its functions and its labels.
package workflow

import (
	"github.com/aws/aws-cdk-go/awscdk/v2/awsiam"
	"github.com/aws/aws-cdk-go/awscdk/v2/awslambda"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsstepfunctions"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"

	"mapfleet/infra/function"
	"mapfleet/infra/storage"
)

// Props describe one state machine. All fields are required.
type Props struct {
	// Name is physical, unique in account and Region. It is fixed here so that the role can speak of
	// the machine's executions without a reference to the machine, which refers to the role.
	Name string
	// Definition is ASL; its ${Placeholder}s are the keys of Functions.
	Definition string
	Functions  map[string]awslambda.IFunction
	// Labels are those of the Distributed Maps in Definition.
	Labels []string
	// Source is what the Distributed Maps list.
	Source storage.Place
	// Work is where they read manifests and write results.
	Work    storage.Place
	LogDays int
}

// New makes the state machine with its role and log group below scope/id.
func New(scope constructs.Construct, id string, props Props) awsstepfunctions.StateMachine {
	scope = constructs.NewConstruct(scope, &id)
	role := awsiam.NewRole(scope, jsii.String("Role"), &awsiam.RoleProps{
		AssumedBy: awsiam.NewServicePrincipal(jsii.String("states.amazonaws.com"), nil),
	})
	for _, statement := range statements(scope, props) {
		role.AddToPolicy(statement)
	}
	return awsstepfunctions.NewStateMachine(scope, jsii.String("Machine"), &awsstepfunctions.StateMachineProps{
		StateMachineName:        &props.Name,
		StateMachineType:        awsstepfunctions.StateMachineType_STANDARD,
		DefinitionBody:          awsstepfunctions.DefinitionBody_FromString(&props.Definition),
		DefinitionSubstitutions: arns(props.Functions),
		Role:                    role,
		TracingEnabled:          jsii.Bool(true),
		Logs: &awsstepfunctions.LogOptions{
			// Names under this path share one resource policy, which else grows with every log group
			// until it is too long. https://docs.aws.amazon.com/step-functions/latest/dg/cw-logs.html
			Destination: function.Logs(scope, "/aws/vendedlogs/states/"+props.Name, props.LogDays),
			// The history of an EXPRESS child is nowhere but here: log what failed, with its data.
			Level:                awsstepfunctions.LogLevel_ERROR,
			IncludeExecutionData: jsii.Bool(true),
		},
	})
}

func arns(functions map[string]awslambda.IFunction) *map[string]*string {
	substitutions := map[string]*string{}
	for placeholder, f := range functions {
		substitutions[placeholder] = f.FunctionArn()
	}
	return &substitutions
}
