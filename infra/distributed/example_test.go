package distributed_test

import (
	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsiam"
	"github.com/aws/aws-cdk-go/awscdk/v2/awslambda"
	"github.com/aws/aws-cdk-go/awscdk/v2/awssns"
	"github.com/aws/jsii-runtime-go"

	"mapfleet/infra/distributed"
	"mapfleet/infra/function"
	"mapfleet/infra/storage"
)

// visits is a whole job: every line of a file goes to one function, in batches, and somebody is told. Who starts
// it chooses the file, and never the bucket.
const visits = `{
  "StartAt": "Each",
  "States": {
    "Each": {
      "Type": "Map",
      "Label": "Each",
      "ItemReader": {
        "Resource": "arn:aws:states:::s3:getObject",
        "ReaderConfig": {"InputType": "JSONL"},
        "Parameters": {"Bucket": "${WorkBucket}", "Key.$": "$.key"}
      },
      "ItemBatcher": {"MaxItemsPerBatch": 100},
      "ItemProcessor": {
        "ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "EXPRESS"},
        "StartAt": "Visit",
        "States": {
          "Visit": {
            "Type": "Task",
            "Resource": "arn:aws:states:::lambda:invoke",
            "Parameters": {"FunctionName": "${VisitFunction}", "Payload.$": "$"},
            "End": true
          }
        }
      },
      "ResultWriter": {
        "Resource": "arn:aws:states:::s3:putObject",
        "Parameters": {"Bucket": "${WorkBucket}", "Prefix": "visits/results"}
      },
      "Next": "Tell"
    },
    "Tell": {
      "Type": "Task",
      "Resource": "arn:aws:states:::sns:publish",
      "Parameters": {"TopicArn": "${Topic}", "Message": "visited"},
      "End": true
    }
  }
}`

// secondJob adds a job of another definition to a stack: its function, its bucket, its topic, and a few lines. The
// function takes {"Items":[…]}, and may touch nothing: what it shall, Allow says in function.Props. Its file lies
// where the role may read, under the prefix of Work.
func secondJob(stack awscdk.Stack, binaries string) (*distributed.Job, error) {
	work := storage.Place{Bucket: storage.Bucket(stack, "Work", storage.Props{Removal: awscdk.RemovalPolicy_RETAIN}), Prefix: "visits/"}
	topic := *awssns.NewTopic(stack, jsii.String("Team"), &awssns.TopicProps{EnforceSSL: jsii.Bool(true)}).TopicArn()
	return distributed.New(stack, "Visits", distributed.Props{
		Name:       "visits",
		Definition: visits,
		Functions: map[string]awslambda.Function{
			"VisitFunction": function.New(stack, "Visit", function.Props{
				Name: "visits-visit", Asset: binaries + "/visit", Memory: 512,
			}),
		},
		Values: map[string]string{"WorkBucket": *work.Bucket.BucketName(), "Topic": topic},
		Allow: map[string][]awsiam.PolicyStatement{
			"arn:aws:states:::sns:publish": {distributed.Permission("Tell", []string{"sns:Publish"}, topic)},
		},
		Work:     work,
		Schedule: &distributed.Schedule{Expression: "rate(5 minutes)", Input: `{"key":"visits/sites.jsonl"}`},
	})
}

func Example() {
	app := awscdk.NewApp(nil)
	if _, err := secondJob(awscdk.NewStack(app, jsii.String("visits"), nil), "bin/lambda"); err != nil {
		panic(err)
	}
	app.Synth(nil)
}
