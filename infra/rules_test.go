package main

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awssqs"
	"github.com/aws/jsii-runtime-go"

	"mapfleet/infra/config"
	"mapfleet/infra/rules"
)

func TestTemplatesKeepToTheRules(t *testing.T) {
	for name, c := range map[string]config.Config{"default": config.Default(), "imported": imported(), "everything": everything(), "checks": checking()} {
		if err := rules.Check(synth(t, c).raw); err != nil {
			t.Errorf("%s:\n%v", name, err)
		}
	}
}

func TestSynthFailsOnABrokenRule(t *testing.T) {
	needNode(t)
	out := filepath.Join(t.TempDir(), "cdk.out")
	app := awscdk.NewApp(&awscdk.AppProps{Outdir: &out, AnalyticsReporting: jsii.Bool(false)})
	awssqs.NewCfnQueue(awscdk.NewStack(app, jsii.String("lax"), nil), jsii.String("Queue"), &awssqs.CfnQueueProps{SqsManagedSseEnabled: jsii.Bool(false)})
	err := check(app.Synth(nil))
	for _, want := range []string{"stack lax", "Queue: a queue encrypts", "Queue: a queue is over TLS only"} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("check = %v, want in it: %s", err, want)
		}
	}
}
