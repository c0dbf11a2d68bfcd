package distributed_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/jsii-runtime-go"

	"mapfleet/infra/rules"
)

func TestMain(m *testing.M) {
	_ = os.Setenv("JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION", "20") // it still works there
	_ = os.Setenv("CDK_VALIDATION", "false")                             // the tests of the app validate
	code := m.Run()
	if null, err := os.OpenFile(os.DevNull, os.O_WRONLY, 0); err == nil {
		os.Stderr = null // jsii.Close waits twice, and the wait that loses complains
	}
	jsii.Close()
	os.Exit(code)
}

// TestASecondJob synthesises the example: it keeps to the rules, and its role follows from its definition.
func TestASecondJob(t *testing.T) {
	if _, err := exec.LookPath("node"); err != nil {
		t.Skip("needs Node.js: there is no node in PATH")
	}
	binaries, out := t.TempDir(), t.TempDir()
	if err := os.Mkdir(filepath.Join(binaries, "check"), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(binaries, "check", "bootstrap"), []byte("check"), 0o755); err != nil {
		t.Fatal(err)
	}
	app := awscdk.NewApp(&awscdk.AppProps{Outdir: &out, AnalyticsReporting: jsii.Bool(false)})
	if _, err := secondJob(awscdk.NewStack(app, jsii.String("checks"), nil), binaries); err != nil {
		t.Fatal(err)
	}
	app.Synth(nil)
	template, err := os.ReadFile(filepath.Join(out, "checks.template.json"))
	if err != nil {
		t.Fatal(err)
	}
	if err := rules.Check(template); err != nil {
		t.Error(err)
	}
	for _, want := range []string{`"InvokeFunctions"`, `"ReadManifests"`, `"WriteResults"`, `"StartChildren"`, `"Tell"`, `:execution:checks/Each:*`, `"rate(5 minutes)"`, `"checks-Undelivered"`} {
		if !strings.Contains(string(template), want) {
			t.Errorf("the template has no %s", want)
		}
	}
	for _, not := range []string{`"ListSource"`, `EventSourceMapping`, `AWS::Events::Rule`} {
		if strings.Contains(string(template), not) {
			t.Errorf("the template has %s, which the job does not use", not)
		}
	}
}
