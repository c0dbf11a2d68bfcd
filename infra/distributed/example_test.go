package distributed_test

import (
	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsiam"
	"github.com/aws/aws-cdk-go/awscdk/v2/awslambda"
	"github.com/aws/jsii-runtime-go"

	"mapfleet/infra/distributed"
	"mapfleet/infra/function"
	"mapfleet/infra/storage"
)

// checks is a whole job: every line of a file goes to one function, in batches, and somebody is told.
const checks = `{
  "StartAt": "Each",
  "States": {
    "Each": {
      "Type": "Map",
      "Label": "Each",
      "ItemReader": {
        "Resource": "arn:aws:states:::s3:getObject",
        "ReaderConfig": {"InputType": "JSONL"},
        "Parameters": {"Bucket.$": "$.bucket", "Key.$": "$.key"}
      },
      "ItemBatcher": {"MaxItemsPerBatch": 100},
      "ItemProcessor": {
        "ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "EXPRESS"},
        "StartAt": "Check",
        "States": {
          "Check": {
            "Type": "Task",
            "Resource": "arn:aws:states:::lambda:invoke",
            "Parameters": {"FunctionName": "${CheckFunction}", "Payload.$": "$"},
            "End": true
          }
        }
      },
      "ResultWriter": {
        "Resource": "arn:aws:states:::s3:putObject",
        "Parameters": {"Bucket.$": "$.bucket", "Prefix": "work/checks"}
      },
      "Next": "Tell"
    },
    "Tell": {
      "Type": "Task",
      "Resource": "arn:aws:states:::sns:publish",
      "Parameters": {"TopicArn": "${Topic}", "Message": "checked"},
      "End": true
    }
  }
}`

// secondJob adds a job of another definition to a stack: its functions, its bucket, and a few lines.
func secondJob(stack awscdk.Stack, binaries string) (*distributed.Job, error) {
	const topic = "arn:aws:sns:us-east-1:123456789012:team"
	work := storage.Place{Bucket: storage.Bucket(stack, "Work", storage.Props{Removal: awscdk.RemovalPolicy_RETAIN}), Prefix: "work/"}
	return distributed.New(stack, "Checks", distributed.Props{
		Name:       "checks",
		Definition: checks,
		Functions: map[string]awslambda.Function{
			"CheckFunction": function.New(stack, "Check", function.Props{
				Name: "checks-check", Asset: binaries + "/check", Memory: 512,
			}),
		},
		Values: map[string]string{"Topic": topic},
		Allow: map[string][]awsiam.PolicyStatement{
			"arn:aws:states:::sns:publish": {distributed.Permission("Tell", []string{"sns:Publish"}, topic)},
		},
		Work:     work,
		Schedule: &distributed.Schedule{Expression: "rate(5 minutes)", Input: `{"bucket":"lists","key":"work/sites.jsonl"}`},
	})
}

func Example() {
	app := awscdk.NewApp(nil)
	if _, err := secondJob(awscdk.NewStack(app, jsii.String("checks"), nil), "bin/lambda"); err != nil {
		panic(err)
	}
	app.Synth(nil)
}
