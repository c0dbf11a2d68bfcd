package workflow

import (
	"maps"
	"slices"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsiam"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"

	"mapfleet/infra/storage"
)

// statements are what a Distributed Map needs, and no more.
// https://docs.aws.amazon.com/step-functions/latest/dg/iam-policies-eg-dist-map.html
func statements(scope constructs.Construct, props Props) []awsiam.PolicyStatement {
	var functions, mapRuns []*string
	for _, placeholder := range slices.Sorted(maps.Keys(props.Functions)) {
		functions = append(functions, props.Functions[placeholder].FunctionArn())
	}
	for _, label := range props.Labels {
		mapRuns = append(mapRuns, arn(scope, "execution", props.Name+"/"+label+":*"))
	}
	return []awsiam.PolicyStatement{
		// Task, "Resource": "arn:aws:states:::lambda:invoke"
		allow("InvokeFunctions", []string{"lambda:InvokeFunction"}, functions...),
		// ItemReader, "Resource": "arn:aws:states:::s3:listObjectsV2"
		storage.AllowList("ListSource", props.Source),
		// ItemReader, "Resource": "arn:aws:states:::s3:getObject"
		storage.Allow("ReadManifests", []string{"s3:GetObject"}, props.Work),
		// ResultWriter, "Resource": "arn:aws:states:::s3:putObject": large results go up in parts
		storage.Allow("WriteResults", []string{
			"s3:PutObject", "s3:GetObject", "s3:ListMultipartUploadParts", "s3:AbortMultipartUpload",
		}, props.Work),
		// ProcessorConfig, "Mode": "DISTRIBUTED": children are executions of this very machine
		allow("StartChildren", []string{"states:StartExecution"}, arn(scope, "stateMachine", props.Name)),
		allow("WatchChildren", []string{"states:DescribeExecution", "states:StopExecution"},
			arn(scope, "execution", props.Name+":*")),
		// "Label": a redrive of a failed execution redrives its Map Runs, which bear the label
		allow("RedriveChildren", []string{"states:RedriveExecution"}, mapRuns...),
	}
}

func allow(sid string, actions []string, resources ...*string) awsiam.PolicyStatement {
	return awsiam.NewPolicyStatement(&awsiam.PolicyStatementProps{
		Sid:       &sid,
		Actions:   jsii.Strings(actions...),
		Resources: &resources,
	})
}

func arn(scope constructs.Construct, resource, name string) *string {
	return awscdk.Stack_Of(scope).FormatArn(&awscdk.ArnComponents{
		Service:      jsii.String("states"),
		Resource:     &resource,
		ResourceName: &name,
		ArnFormat:    awscdk.ArnFormat_COLON_RESOURCE_NAME,
	})
}
