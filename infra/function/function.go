// Package function makes a Lambda function of a prebuilt Go binary, with a role and a log group of its
// own, and no permission but to write there and to trace. What more it may do is added by Allow.
package function

import (
	"cmp"
	"time"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsiam"
	"github.com/aws/aws-cdk-go/awscdk/v2/awslambda"
	"github.com/aws/aws-cdk-go/awscdk/v2/awslogs"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"
)

// Props describe one function. Name and Asset are required.
type Props struct {
	Name        string // physical, unique in account and Region
	Description string
	Asset       string // a directory that holds the binary as "bootstrap"; see Built
	// Architecture is that of the binary, by Lambda's name for it: arm64, which is the default, or x86_64.
	Architecture string
	Memory       int           // MB; 0 is 1,769, one CPU
	Disk         int           // MB of /tmp; 0 is the 512 that cost nothing
	Timeout      time.Duration // 0 is a minute
	Reserved     int           // concurrent invocations that are kept for it, and all that it gets; 0 is neither
	Environment  map[string]string
	Allow        []awsiam.PolicyStatement
	LogDays      int // one that CloudWatch Logs knows; 0 is 30
}

// New makes the function with its role and log group below scope/id.
func New(scope constructs.Construct, id string, props Props) awslambda.Function {
	scope = constructs.NewConstruct(scope, &id)
	props.Architecture = cmp.Or(props.Architecture, "arm64")
	props.Memory = cmp.Or(props.Memory, 1769)
	props.Timeout = cmp.Or(props.Timeout, time.Minute)
	props.LogDays = cmp.Or(props.LogDays, 30)
	logs := Logs(scope, "/aws/lambda/"+props.Name, props.LogDays)
	role := awsiam.NewRole(scope, jsii.String("Role"), &awsiam.RoleProps{
		AssumedBy: awsiam.NewServicePrincipal(jsii.String("lambda.amazonaws.com"), nil),
	})
	// In place of AWSLambdaBasicExecutionRole, which lets a function write to every log group.
	role.AddToPolicy(awsiam.NewPolicyStatement(&awsiam.PolicyStatementProps{
		Sid:       jsii.String("WriteLogs"),
		Actions:   jsii.Strings("logs:CreateLogStream", "logs:PutLogEvents"),
		Resources: &[]*string{logs.LogGroupArn()},
	}))
	// Tracing, on. X-Ray has no resources to speak of.
	// https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsx-ray.html
	role.AddToPolicy(awsiam.NewPolicyStatement(&awsiam.PolicyStatementProps{
		Sid:       jsii.String("WriteTraces"),
		Actions:   jsii.Strings("xray:PutTraceSegments", "xray:PutTelemetryRecords"),
		Resources: jsii.Strings("*"),
	}))
	for _, statement := range props.Allow {
		role.AddToPolicy(statement)
	}
	f := awslambda.NewFunction(scope, jsii.String("Function"), &awslambda.FunctionProps{
		FunctionName:         &props.Name,
		Description:          &props.Description,
		Runtime:              awslambda.Runtime_PROVIDED_AL2023(),
		Architecture:         awslambda.Architecture_Custom(&props.Architecture, nil),
		Handler:              jsii.String("bootstrap"),
		Code:                 awslambda.Code_FromAsset(&props.Asset, nil),
		MemorySize:           jsii.Number(props.Memory),
		EphemeralStorageSize: awscdk.Size_Mebibytes(jsii.Number(max(props.Disk, 512))),
		Timeout:              awscdk.Duration_Seconds(jsii.Number(props.Timeout.Seconds())),
		Environment:          variables(props.Environment),
		Role:                 role,
		LogGroup:             logs,
		// A version that is no longer the current one stays: executions that started with it go on with it.
		CurrentVersionOptions: &awslambda.VersionOptions{RemovalPolicy: awscdk.RemovalPolicy_RETAIN},
	})
	cfn := f.Node().DefaultChild().(awslambda.CfnFunction)
	// The construct's own Tracing would add a statement without a name.
	cfn.SetTracingConfig(&awslambda.CfnFunction_TracingConfigProperty{Mode: jsii.String("Active")})
	if props.Reserved > 0 {
		cfn.SetReservedConcurrentExecutions(jsii.Number(props.Reserved))
	}
	return f
}

// Logs makes a log group that goes with the stack: its name is fixed, and one left behind would keep
// the next stack of that name from being made.
func Logs(scope constructs.Construct, name string, days int) awslogs.LogGroup {
	logs := awslogs.NewLogGroup(scope, jsii.String("Logs"), &awslogs.LogGroupProps{
		LogGroupName:  &name,
		RemovalPolicy: awscdk.RemovalPolicy_DESTROY,
	})
	// The construct knows days by name only (ONE_MONTH); CloudFormation knows the number.
	logs.Node().DefaultChild().(awslogs.CfnLogGroup).SetRetentionInDays(jsii.Number(days))
	return logs
}

func variables(values map[string]string) *map[string]*string {
	pointers := map[string]*string{}
	for name, value := range values {
		pointers[name] = &value
	}
	return &pointers
}
