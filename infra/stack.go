package main

import (
	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awslambda"
	"github.com/aws/jsii-runtime-go"

	"mapfleet/infra/config"
	"mapfleet/infra/distributed"
	"mapfleet/infra/function"
	"mapfleet/infra/storage"
	"mapfleet/statemachine"
)

// newStack adds the stack of one deployment to app. c must be valid. It is an error if a function has
// not been built below binaries, for the right processor. The construct ids in it are part of what is
// deployed: another id is another bucket.
func newStack(app awscdk.App, c config.Config, binaries string) error {
	if err := function.Built(binaries, string(c.Architecture), needed(c)...); err != nil {
		return err
	}
	stack := awscdk.NewStack(app, &c.StackName, &awscdk.StackProps{
		Description: jsii.String("mapfleet: resizes every picture of a bucket with a fleet of Lambdas"),
		Tags:        tags(c),
	})
	p := newPlaces(stack, c)
	prepare := function.New(stack, "Prepare", prepareProps(c, p, binaries))
	resize := function.New(stack, "Resize", resizeProps(c, p, binaries))
	report := function.New(stack, "Report", reportProps(c, p, binaries))

	props := distributed.Props{
		Name:       c.StackName + "-resize",
		Definition: statemachine.Resize(),
		Functions: map[string]awslambda.Function{
			"PrepareFunction": prepare,
			"ResizeFunction":  resize,
			"ReportFunction":  report,
		},
		Worker:  "ResizeFunction",
		Tells:   distributed.TellsPictures,
		Source:  p.source,
		Work:    p.work.Under(workPrefix),
		LogDays: c.LogRetentionDays,
		Report:  report,
		Alarms: distributed.Alarms{
			Email:           c.NotificationEmail,
			Key:             c.TopicKey,
			Throttles:       c.AlarmThrottles,
			DurationPercent: c.AlarmDurationPercent,
			SpendPerHour:    c.AlarmSpendPerHour,
		},
	}
	var trigger awslambda.Function
	if c.Uploads {
		trigger = function.New(stack, "Trigger", triggerProps(c, p, binaries))
		props.Uploads = &distributed.Uploads{
			Trigger: trigger,
			Window:  c.UploadWindow,
			Places:  map[string]storage.Place{"Pictures": p.source, "Lists": p.work.Under(manifestsPrefix)},
		}
		if c.Checks {
			props.Uploads.Places["Checks"] = p.work.Under(filesPrefix)
		}
	}
	if c.Schedule != "" {
		props.Schedule = &distributed.Schedule{Expression: c.Schedule, Timezone: c.ScheduleTimezone, Input: c.ScheduleInput}
	}
	job, err := distributed.New(stack, "Workflow", props)
	if err != nil {
		return err
	}
	addOutputs(stack, c, job, p)
	if !c.Checks {
		return nil
	}
	checks, err := addChecks(stack, c, p, job.Topic, binaries)
	if err != nil {
		return err
	}
	if trigger != nil {
		checks.StartedBy(trigger, "StartChecks", "CHECKS_STATE_MACHINE_ARN")
	}
	addChecksOutputs(stack, checks)
	return nil
}

// needed names the functions that a deployment has.
func needed(c config.Config) []string {
	names := []string{"prepare", worker(c), "report"}
	if c.Uploads {
		names = append(names, "trigger")
	}
	if c.Checks {
		names = append(names, "checkplan", "check", "checkreport")
	}
	return names
}

func tags(c config.Config) *map[string]*string {
	pointers := map[string]*string{}
	for name, value := range c.AllTags() {
		pointers[name] = &value
	}
	return &pointers
}

func removalPolicy(policy config.RemovalPolicy) awscdk.RemovalPolicy {
	if policy == config.Destroy {
		return awscdk.RemovalPolicy_DESTROY
	}
	return awscdk.RemovalPolicy_RETAIN
}
