package stack

import (
	"cmp"
	"context"
	"errors"
	"net"
	"net/http"
	"strings"
	"syscall"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/arn"
	"github.com/aws/aws-sdk-go-v2/aws/retry"
	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/feature/ec2/imds"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/sfn"
	"github.com/aws/smithy-go/logging"

	"mapfleet/scripts/mapfleet/engine/storage"
)

// The jobs of a mapfleet.
const (
	Resize = "resize"
	Checks = "checks"
)

// DefaultStack is the name that a stack has unless it is configured otherwise.
const DefaultStack = "mapfleet"

// Address says which mapfleet is meant. The zero value is the stack DefaultStack on AWS, unless the
// environment names an endpoint.
type Address struct {
	Stack        string // CloudFormation's name of it
	Job          string // Resize or Checks; empty: Resize
	StateMachine string // ARN; the stack is then not asked, and its name says which job it is
	WorkBucket   string // instead of the one that the stack's outputs name

	// Endpoint is the URL of a server that speaks for all services, such as that of "mapfleet serve";
	// default: AWS_ENDPOINT_URL. Without Stack and StateMachine its only state machine is taken.
	Endpoint string

	Region, Profile string // default: those of the environment and of the AWS configuration files
}

// Stack is a mapfleet that can be reached. Many goroutines may use it.
type Stack struct {
	Name         string // of the stack; of the state machine where no stack was asked for
	Region       string
	StateMachine string // ARN

	Source, Destination string // buckets; empty where unknown
	Work                string // bucket of manifests and reports; empty where unknown
	Worker              Worker // of pictures; zero where unknown

	Machines *sfn.Client
	Objects  *s3.Client

	stacks            *cloudformation.Client
	endpoint, profile string
	otherJob          bool // there is a state machine of the other job beside this one
}

// Local says whether the stack is one behind an endpoint, where AWS charges nothing.
func (s *Stack) Local() bool { return s.endpoint != "" }

// The bounds of one call. A server that holds an answer back for longer is asked again.
const (
	dialTime   = 5 * time.Second
	answerTime = 20 * time.Second
)

// Open finds the mapfleet at an address, with the credentials that the AWS command line would take.
// The error is a Fault, or a NoStack that names those there are.
func Open(ctx context.Context, a Address) (*Stack, error) {
	s := &Stack{Name: a.Stack, StateMachine: a.StateMachine, Work: a.WorkBucket, endpoint: a.Endpoint, profile: a.Profile}
	cfg, err := s.configure(ctx, a)
	if err != nil {
		return nil, err
	}
	s.connect(cfg, a.Endpoint)
	switch {
	case a.StateMachine != "":
		s.Name = machineName(a.StateMachine)
	case a.Stack == "" && s.Local():
		err = s.onlyMachine(ctx, cmp.Or(a.Job, Resize))
	default:
		s.Name = cmp.Or(s.Name, DefaultStack)
		err = s.outputs(ctx, a.Job)
	}
	if err != nil {
		return nil, err
	}
	if s.Local() && a.Stack == "" && s.Work == "" {
		s.Source, s.Destination, s.Work = storage.Source, storage.Destination, storage.Work
	}
	return s, nil
}

// configure loads the configuration of all clients, and looks whether there are credentials.
func (s *Stack) configure(ctx context.Context, a Address) (aws.Config, error) {
	if machine, err := arn.Parse(a.StateMachine); err == nil && a.Region == "" {
		a.Region = machine.Region
	}
	instance := imds.ClientDefaultEnableState
	if s.Local() {
		instance = imds.ClientDisabled // the keys of another server are not those of an EC2 instance
	}
	cfg, err := config.LoadDefaultConfig(ctx,
		config.WithRegion(a.Region), config.WithSharedConfigProfile(a.Profile),
		config.WithEC2IMDSClientEnableState(instance), config.WithLogger(logging.Nop{}),
		config.WithHTTPClient(awshttp.NewBuildableClient().
			WithDialerOptions(func(d *net.Dialer) { d.Timeout = dialTime }).
			WithTransportOptions(func(t *http.Transport) { t.ResponseHeaderTimeout = answerTime })))
	if err != nil {
		return cfg, Fault{err.Error(), "look into ~/.aws/config, --profile and AWS_PROFILE"}
	}
	if s.endpoint == "" {
		s.endpoint = aws.ToString(cfg.BaseEndpoint) // that of the environment
	}
	if s.Local() {
		cfg.BaseEndpoint = &s.endpoint
		cfg.Region = cmp.Or(cfg.Region, storage.Region)
		cfg.Retryer = impatient
	}
	if s.Region = cfg.Region; s.Region == "" {
		return cfg, Fault{"no Region is named", "name the stack's by --region or AWS_REGION"}
	}
	if _, err := cfg.Credentials.Retrieve(ctx); err != nil {
		return cfg, s.noCredentials(err)
	}
	return cfg, nil
}

// impatient retries as the SDK does, but for a server on this machine that is not there: it would come by nobody's doing
// but the user's, who waits to be told.
func impatient() aws.Retryer {
	return retry.NewStandard(func(o *retry.StandardOptions) {
		refused := retry.IsErrorRetryableFunc(func(err error) aws.Ternary {
			if errors.Is(err, syscall.ECONNREFUSED) {
				return aws.FalseTernary
			}
			return aws.UnknownTernary
		})
		o.Retryables = append([]retry.IsErrorRetryable{refused}, o.Retryables...)
	})
}

// connect makes the clients. An endpoint that is given goes before those that the environment has for each
// service.
func (s *Stack) connect(cfg aws.Config, given string) {
	set := func(endpoint **string) {
		if given != "" {
			*endpoint = &given
		}
	}
	s.Machines = sfn.NewFromConfig(cfg, func(o *sfn.Options) { set(&o.BaseEndpoint) })
	s.stacks = cloudformation.NewFromConfig(cfg, func(o *cloudformation.Options) { set(&o.BaseEndpoint) })
	s.Objects = s3.NewFromConfig(cfg, func(o *s3.Options) {
		set(&o.BaseEndpoint)
		o.UsePathStyle = s.Local()
		o.DisableLogOutputChecksumValidationSkipped = true
	})
}

// machineName is the name at the end of a state machine's ARN.
func machineName(arn string) string { return arn[strings.LastIndexByte(arn, ':')+1:] }

// Console returns the page of an execution in the console, or "" for a stack that is Local. The pages are
// where the partitions of AWS have them.
func (s *Stack) Console(execution string) string {
	a, err := arn.Parse(execution)
	if err != nil || s.Local() {
		return ""
	}
	domain := "console.aws.amazon.com"
	switch a.Partition {
	case "aws-cn":
		domain = "console.amazonaws.cn"
	case "aws-us-gov":
		domain = "console.amazonaws-us-gov.com"
	}
	return "https://" + a.Region + "." + domain + "/states/home?region=" + a.Region + "#/v2/executions/details/" + execution
}
