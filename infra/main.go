// Infra is the CDK app: it turns the context that the CDK command line hands it into the CloudFormation
// template of one deployment. What may be configured is in mapfleet/infra/config; what is deployed reads
// from top to bottom in stack.go.
package main

import (
	"fmt"
	"log"
	"os"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/cxapi"
	"github.com/aws/jsii-runtime-go"

	"mapfleet/infra/config"
	"mapfleet/infra/rules"
)

func main() {
	log.SetFlags(0)
	if err := run("bin/lambda"); err != nil {
		log.Fatal(err)
	}
}

// run synthesises the stack to where the CDK command line wants it. The functions' binaries lie below
// binaries, a path in the directory of cdk.json.
func run(binaries string) error {
	defer jsii.Close()
	err := synthesise(awscdk.NewApp(nil), binaries)
	hush()
	return err
}

func synthesise(app awscdk.App, binaries string) error {
	context, _ := app.Node().GetAllContext(nil).(map[string]any)
	c, err := config.Load(context, ".")
	if err != nil {
		return fmt.Errorf("nothing was built, for the configuration is wrong:\n%w", err)
	}
	if err := newStack(app, c, binaries); err != nil {
		return err
	}
	return check(app.Synth(nil))
}

// check holds the templates that were made to the rules.
func check(assembly cxapi.CloudAssembly) error {
	for _, stack := range *assembly.Stacks() {
		template, err := os.ReadFile(*stack.TemplateFullPath())
		if err != nil {
			return err
		}
		if err := rules.Check(template); err != nil {
			return fmt.Errorf("stack %s breaks rules of its own:\n%w", *stack.StackName(), err)
		}
	}
	return nil
}

// hush turns standard error off for the end of the process, except for the log package, which keeps the
// real one. jsii.Close waits twice at once for the Node.js process behind the constructs, and the wait
// that loses prints "exited abnormally: no child processes", which would look like a failed synth.
func hush() {
	if null, err := os.OpenFile(os.DevNull, os.O_WRONLY, 0); err == nil {
		os.Stderr = null
	}
}
