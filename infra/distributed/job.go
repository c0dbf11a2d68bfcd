// Package distributed makes a job of a state machine that runs Distributed Maps: the definition as it
// stands in the ASL file, a role with a statement for each thing that the definition does, and, as far as
// they are asked for, what starts it by itself (uploads, a schedule), what is told of its unhappy ends, and
// what watches it (alarms, a dashboard). A further job is a further definition with its functions.
package distributed

import (
	"time"

	"github.com/aws/aws-cdk-go/awscdk/v2/awsiam"
	"github.com/aws/aws-cdk-go/awscdk/v2/awslambda"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsstepfunctions"
	"github.com/aws/constructs-go/constructs/v10"

	"mapfleet/infra/queue"
	"mapfleet/infra/storage"
)

// Props describe one job. Name, Definition and Functions are required, and the places and permissions that the
// definition makes use of.
type Props struct {
	// Name is the state machine's, physical, unique in account and Region. It is fixed here so that the
	// role can speak of the machine's executions without a reference to the machine, which refers to the
	// role. 1 to 50 letters, digits and hyphens.
	Name string
	// Definition is ASL; its ${Placeholder}s are the keys of Functions and Values.
	Definition string
	// Functions are invoked in their current version, so that an execution ends with the code that it
	// started with.
	Functions map[string]awslambda.Function
	Values    map[string]string
	// Worker is the key of the function that does the work of the Distributed Maps: it is watched. Empty: the
	// only one.
	Worker string

	// Source is what Distributed Maps list, Work where they read manifests and write results.
	Source, Work storage.Place
	// Allow holds, for each "Resource" of a state beyond lambda:invoke and the S3 readers and writers of
	// Distributed Maps, the statements that it needs.
	Allow map[string][]awsiam.PolicyStatement

	LogDays int // one that CloudWatch Logs knows; 0: 30

	// Uploads start runs; nil: none do.
	Uploads *Uploads
	// Schedule starts runs; nil: none does.
	Schedule *Schedule
	// Report is invoked with the event of every execution that failed, timed out or was aborted; nil: nothing is.
	Report awslambda.Function

	Alarms Alarms
	// Tells is what the worker tells of in its log: the dashboard shows it.
	Tells Tells
	// Secret says that items may hold secrets: no data of executions is logged.
	Secret bool
}

// Tells is what a worker tells of in its log, by metrics of its own.
type Tells int

// What there is to tell of.
const (
	TellsPictures Tells = 1 << iota
	TellsRequests
)

// Uploads are objects that start a run as they are created.
type Uploads struct {
	// Trigger is invoked with batches of S3 events. It gets the variable STATE_MACHINE_ARN, and the
	// permission to start the machine.
	Trigger awslambda.Function
	// Window is how long events are gathered for one batch: 1 to 300 whole seconds.
	Window time.Duration
	// Places are where uploads count, by the name of the rule that waits for them.
	Places map[string]storage.Place
}

// Schedule is when a run starts by itself.
type Schedule struct {
	Expression string // rate(…) or cron(…) of EventBridge Scheduler
	Timezone   string // a name such as Europe/Berlin; empty: UTC
	Input      string // JSON, the same each time; empty: {}
	// Within is how late a run may start, a minute to a day in whole seconds: what could not be started by
	// then is not, and told. 0: an hour.
	Within time.Duration
}

// Alarms say who is told, and from when on. The zero value tells a new topic.
type Alarms struct {
	Topic           string  // ARN of a topic that CloudWatch may publish to; empty: a new one
	Email           string  // of a new topic; empty: nobody; the topic is there for others
	Key             string  // ARN of the KMS key of a new topic, which CloudWatch may use; empty: none
	Throttles       int     // of the worker in five minutes; 0: 100
	DurationPercent int     // of the worker's timeout; 0: no alarm, for a worker that uses its time up
	SpendPerHour    float64 // US dollars; 0: 10
}

// Job is what was made.
type Job struct {
	Machine   awsstepfunctions.StateMachine
	Topic     string // ARN of the topic of alarms
	Dashboard string // name
}

// New makes the job below scope/id. The error joins all in which props do not fit together; nothing is made
// then.
func New(scope constructs.Construct, id string, props Props) (*Job, error) {
	props = props.withDefaults()
	d, err := props.check()
	if err != nil {
		return nil, err
	}
	scope = constructs.NewConstruct(scope, &id)
	job := &Job{Machine: machine(scope, props, d)}
	w := watched{props: props, scope: scope, machine: *job.Machine.StateMachineArn()}
	if props.Uploads != nil {
		w.uploads, w.lostUploads = uploads(scope, props, job.Machine)
	}
	if props.Schedule != nil || props.Report != nil {
		w.undelivered = queue.New(scope, "Undelivered", queue.Props{})
		var rules []string
		if props.Report != nil {
			rules = append(rules, ended(scope, props, w.undelivered))
		}
		if props.Schedule != nil {
			schedule(scope, props, job.Machine, w.undelivered)
		}
		w.undelivered.AllowRules(rules...)
	}
	job.Topic = props.Alarms.Topic
	if job.Topic == "" {
		job.Topic = topic(scope, props.Alarms)
	}
	w.alarms(job.Topic)
	job.Dashboard = w.dashboard()
	return job, nil
}
