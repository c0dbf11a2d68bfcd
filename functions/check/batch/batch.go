// Package batch takes one batch of checks to its result: all requests at once within a budget of
// connections, their findings into one object of the work bucket. What a site does wrong is a finding; a
// fault of the world ends the batch with an error that the state machine knows; what the deadline leaves
// over is handed back.
package batch

import (
	"context"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/s3"

	"mapfleet/functions/job"
	"mapfleet/functions/job/checks"
)

// Store is the part of S3 that a worker uses. *s3.Client is one.
type Store interface {
	GetObject(context.Context, *s3.GetObjectInput, ...func(*s3.Options)) (*s3.GetObjectOutput, error)
	PutObject(context.Context, *s3.PutObjectInput, ...func(*s3.Options)) (*s3.PutObjectOutput, error)
}

// Session makes the requests of one batch, as *request.Session does.
type Session interface {
	Ask(context.Context, checks.Check) (checks.Finding, error)
	Close()
}

// Worker runs batches. Its fields are set once; Run may be called by many goroutines, each with a budget
// of its own: a Lambda runs one batch at a time.
type Worker struct {
	Store Store
	Open  func() Session
	// Connections is how many requests of a batch are under way at a time, PerHost how many to one host
	// and port; 0 is DefaultConnections and DefaultPerHost.
	Connections, PerHost int
	// Own says of a host, with its port if the line names one, whether it is the deployment's own; nil: none
	// is. PerOwnHost is how many requests to one of these are under way at a time; 0 is PerHost.
	Own        func(host string) bool
	PerOwnHost int
	// Pace is the least time between the starts of two requests of a batch; 0 is DefaultPace. Hundreds of
	// handshakes at one moment would wait for each other, and find every site slow.
	Pace time.Duration
	// Observe is told what each round came to whose requests were made, once its findings are saved; may be nil.
	Observe func(checks.Tally)
	// Margin is how long before the context's deadline all requests are over; 0 is DefaultMargin.
	Margin time.Duration
}

// The defaults of a Worker. A Lambda may have 1,024 files open, and a request may need four of them: two
// for a lookup, or two for IPv6 and IPv4 beside each other, and one it is redirected from.
// https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
const (
	DefaultConnections = 200
	DefaultPerHost     = 20
	DefaultPace        = 2 * time.Millisecond
	DefaultMargin      = 5 * time.Second // for the findings' way into the bucket
)

// Run makes the request of every item of b and returns their account. Their findings are in the object
// checks.FindingsKey before it returns. If that object is there already, an earlier try of this round had
// come so far: no request is made again. The error is one of job's exported error types, bare, or the
// context's.
//
// A request is started only if it can have all of its time before the margin; the others are Remaining,
// as are those that could not be made for want of this process's own means. At least one item of every
// round comes to a finding, so that rounds come to an end.
//
// The batch ends in time whatever its hosts do. What is left to ask of a host is HostSilent once as many
// requests in a row timed out without any answer as the host has places, and as many again (places are
// counted as DefaultPerHost at the least; the second half are the last lines of the batch to that host, and
// lines that would wait longer than those did are asked). What could not have its time in a further round
// within the five minutes of a child execution either is NoTime. Neither is asked; both are findings.
func (w *Worker) Run(ctx context.Context, b checks.Batch) (checks.Result, error) {
	if err := valid(b); err != nil {
		return checks.Result{}, err
	}
	o := object{store: w.Store, bucket: b.BatchInput.Job.Work.Bucket, key: checks.FindingsKey(b.BatchInput.Job.Work.Prefix, b.Items)}
	findings, there, err := o.load(ctx, b.Items)
	if err != nil {
		return checks.Result{}, err
	}
	if !there {
		if findings, err = w.ask(ctx, b); err != nil {
			return checks.Result{}, err
		}
		if findings, err = o.save(ctx, findings, b.Items); err != nil {
			return checks.Result{}, err
		}
	}
	round := checks.Tally{Rounds: 1}
	for _, f := range findings {
		round.Count(f)
	}
	if !there && w.Observe != nil {
		w.Observe(round)
	}
	return settle(b, findings, round), nil
}

func valid(b checks.Batch) error {
	var problems []job.Problem
	need := func(field, given string) {
		if given == "" {
			problems = append(problems, job.Problem{Field: field, Given: "nothing", Allowed: "a text"})
		}
	}
	need("BatchInput.job.run", b.BatchInput.Job.Run)
	need("BatchInput.job.work.bucket", b.BatchInput.Job.Work.Bucket)
	need("BatchInput.job.work.prefix", b.BatchInput.Job.Work.Prefix)
	if len(b.Items) == 0 {
		problems = append(problems, job.Problem{Field: "Items", Given: "none", Allowed: "one or more"})
	}
	if problems != nil {
		return job.InvalidInput{Problems: problems}
	}
	return nil
}

// settle adds up a round and those before it.
func settle(b checks.Batch, findings []checks.Finding, round checks.Tally) checks.Result {
	known := make(map[int]bool, len(findings))
	for _, f := range findings {
		known[f.Line] = true
	}
	result := checks.Result{Remaining: []checks.Item{}}
	for _, item := range b.Items {
		if !known[item.Line] {
			result.Remaining = append(result.Remaining, item)
		}
	}
	if b.Earlier != nil {
		result.Done = *b.Earlier
	}
	result.Done.Add(round)
	return result
}
