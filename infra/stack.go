package main

import (
	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awslambda"
	"github.com/aws/jsii-runtime-go"

	"mapfleet/infra/config"
	"mapfleet/infra/function"
	"mapfleet/infra/storage"
	"mapfleet/infra/workflow"
	"mapfleet/statemachine"
)

// newStack adds the stack of one deployment to app. c must be valid. It is an error if a function has
// not been built below binaries. The construct ids in it are part of what is deployed: another id is
// another bucket.
func newStack(app awscdk.App, c config.Config, binaries string) error {
	if err := function.Built(binaries, "prepare", "resize", "report"); err != nil {
		return err
	}
	stack := awscdk.NewStack(app, &c.StackName, &awscdk.StackProps{
		Description: jsii.String("mapfleet: resizes every picture of a bucket with a fleet of Lambdas"),
	})
	removal := removalPolicy(c.RemovalPolicy)

	p := places{
		source: storage.Place{
			Bucket: storage.Named(stack, "Source", c.SourceBucket, removal),
			Prefix: c.SourcePrefix,
		},
		destination: storage.Place{
			Bucket: storage.Named(stack, "Destination", c.DestinationBucket, removal),
			Prefix: c.DestinationPrefix,
		},
		work: storage.Own(stack, "Work", removal,
			storage.Expire("ExpireWork", workPrefix, c.WorkExpirationDays)),
	}

	prepare := function.New(stack, "Prepare", prepareProps(c, p, binaries))
	resize := function.New(stack, "Resize", resizeProps(c, p, binaries))
	report := function.New(stack, "Report", reportProps(c, p, binaries))

	machine := workflow.New(stack, "Workflow", workflow.Props{
		Name:       c.StackName + "-resize",
		Definition: statemachine.Resize(),
		Functions: map[string]awslambda.IFunction{
			"PrepareFunction": prepare,
			"ResizeFunction":  resize,
			"ReportFunction":  report,
		},
		Labels:  []string{"ResizeListing", "ResizeManifest"},
		Source:  p.source,
		Work:    p.under(workPrefix),
		LogDays: c.LogRetentionDays,
	})
	addOutputs(stack, machine, p)
	return nil
}

func removalPolicy(policy config.RemovalPolicy) awscdk.RemovalPolicy {
	if policy == config.Destroy {
		return awscdk.RemovalPolicy_DESTROY
	}
	return awscdk.RemovalPolicy_RETAIN
}
