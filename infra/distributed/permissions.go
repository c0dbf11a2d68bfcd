package distributed

import (
	"maps"
	"slices"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsiam"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"

	"mapfleet/infra/storage"
)

// statements are what the states of a definition need, and no more.
// https://docs.aws.amazon.com/step-functions/latest/dg/iam-policies-eg-dist-map.html
func statements(scope constructs.Construct, props Props, d definition) []awsiam.PolicyStatement {
	var all []awsiam.PolicyStatement
	if d.uses(invoke) {
		// Task, "Resource": "arn:aws:states:::lambda:invoke". Every version, not only the current one: an
		// execution that started before a deployment goes on with the versions of that time.
		var versions []*string
		for _, placeholder := range slices.Sorted(maps.Keys(props.Functions)) {
			versions = append(versions, jsii.String(*props.Functions[placeholder].FunctionArn()+":*"))
		}
		all = append(all, allow("InvokeFunctions", []string{"lambda:InvokeFunction"}, versions...))
	}
	if d.uses(list) {
		// ItemReader, "Resource": "arn:aws:states:::s3:listObjectsV2"
		all = append(all, storage.AllowList("ListSource", props.Source))
	}
	if d.uses(read) {
		// ItemReader, "Resource": "arn:aws:states:::s3:getObject"
		all = append(all, storage.Allow("ReadManifests", []string{"s3:GetObject"}, props.Work))
		all = append(all, storage.AllowDecrypt("DecryptManifests", props.Work)...)
	}
	if d.uses(write) {
		// ResultWriter, "Resource": "arn:aws:states:::s3:putObject": large results go up in parts
		all = append(all, storage.Allow("WriteResults", []string{
			"s3:PutObject", "s3:GetObject", "s3:ListMultipartUploadParts", "s3:AbortMultipartUpload",
		}, props.Work))
		// kms:Encrypt is not what S3 asks for, but what the page above says
		all = append(all, storage.AllowKeys("EncryptResults", []string{"kms:Decrypt", "kms:Encrypt", "kms:GenerateDataKey"}, props.Work)...)
	}
	if d.labels != nil {
		all = append(all, mapRuns(scope, props.Name, d.labels)...)
	}
	for _, resource := range slices.Sorted(maps.Keys(props.Allow)) {
		all = append(all, props.Allow[resource]...)
	}
	return append(all, observed()...)
}

func mapRuns(scope constructs.Construct, name string, labels []string) []awsiam.PolicyStatement {
	var runs []*string
	for _, label := range labels {
		runs = append(runs, arn(scope, "execution", name+"/"+label+":*"))
	}
	return []awsiam.PolicyStatement{
		// ProcessorConfig, "Mode": "DISTRIBUTED": children are executions of this very machine
		allow("StartChildren", []string{"states:StartExecution"}, arn(scope, "stateMachine", name)),
		allow("WatchChildren", []string{"states:DescribeExecution", "states:StopExecution"}, arn(scope, "execution", name+":*")),
		// "Label": a redrive of a failed execution redrives its Map Runs, which bear the label
		allow("RedriveChildren", []string{"states:RedriveExecution"}, runs...),
	}
}

// observed are what LoggingConfiguration and TracingConfiguration need. Neither service has resources to
// name for these actions.
func observed() []awsiam.PolicyStatement {
	return []awsiam.PolicyStatement{
		// LoggingConfiguration. https://docs.aws.amazon.com/step-functions/latest/dg/cw-logs.html
		allow("DeliverLogs", []string{
			"logs:CreateLogDelivery", "logs:GetLogDelivery", "logs:UpdateLogDelivery", "logs:DeleteLogDelivery",
			"logs:ListLogDeliveries", "logs:PutResourcePolicy", "logs:DescribeResourcePolicies", "logs:DescribeLogGroups",
		}, jsii.String("*")),
		// TracingConfiguration. https://docs.aws.amazon.com/step-functions/latest/dg/concepts-xray-tracing.html
		allow("WriteTraces", []string{
			"xray:PutTraceSegments", "xray:PutTelemetryRecords", "xray:GetSamplingRules", "xray:GetSamplingTargets",
		}, jsii.String("*")),
	}
}

// Permission returns a statement for Props.Allow, or for a function. The sid names it in the template, as
// all have to be named.
func Permission(sid string, actions []string, resources ...string) awsiam.PolicyStatement {
	return allow(sid, actions, *jsii.Strings(resources...)...)
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
