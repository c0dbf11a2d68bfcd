package main

import (
	"testing"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/jsii-runtime-go"

	"mapfleet/infra/config"
)

// TestTagsAreOnTheStack: CloudFormation hands a stack's tags on to all that is in it.
func TestTagsAreOnTheStack(t *testing.T) {
	needNode(t)
	c := config.Default()
	c.Tags = `{"cost centre":"4711","team":"photos"}`
	binaries, out := t.TempDir(), t.TempDir()
	writeBinaries(t, binaries, c.Architecture)
	context := cdkContext(t)
	app := awscdk.NewApp(&awscdk.AppProps{Context: &context, Outdir: &out, AnalyticsReporting: jsii.Bool(false)})
	if err := newStack(app, c, binaries); err != nil {
		t.Fatal(err)
	}
	tags := *app.Synth(nil).GetStackByName(&c.StackName).Tags()
	if len(tags) != 2 || *tags["team"] != "photos" || *tags["cost centre"] != "4711" {
		t.Errorf("tags of the stack: %v", tags)
	}
}
