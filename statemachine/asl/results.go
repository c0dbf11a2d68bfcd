package asl

import (
	"context"
	"time"
)

// outcome is how a child ended, or that it never began.
type outcome struct {
	child   *child
	status  string
	output  any    // of a success
	failure *Error // of a failure
}

// results keeps the outcomes of a Map Run; many goroutines add to it.
type results interface {
	add(o outcome) error
	// publish ends the keeping and returns the output of the Map state.
	publish(ctx context.Context) (any, error)
	// close gives back what is held; it may follow publish or not.
	close()
}

// record is an outcome as AWS writes it when nothing is transformed (A28).
type record struct {
	Cause               string `json:",omitempty"`
	Error               string `json:",omitempty"`
	ExecutionArn        string // of the child
	Input               string // JSON
	InputDetails        includedDetails
	Name                string
	Output              string           `json:",omitempty"` // JSON
	OutputDetails       *includedDetails `json:",omitempty"`
	RedriveCount        int
	RedriveStatus       string
	RedriveStatusReason string `json:",omitempty"`
	StartDate           string `json:",omitempty"`
	StateMachineArn     string
	Status              string
	StopDate            string `json:",omitempty"`
}

type includedDetails struct{ Included bool }

func (o outcome) record(arns mapRunARNs) (record, error) {
	k := o.child
	input, err := encode(k.input)
	if err != nil {
		return record{}, err
	}
	r := record{
		ExecutionArn: k.arn, Input: string(input), InputDetails: includedDetails{true}, Name: k.name,
		RedriveStatus: "REDRIVABLE_BY_MAP_RUN", StateMachineArn: arns.machine, Status: o.status,
		StartDate: date(k.start), StopDate: date(k.stop), RedriveCount: k.redrives,
	}
	if o.failure != nil {
		r.Error, r.Cause = o.failure.Name, o.failure.Cause
	}
	if o.status == statusSucceeded {
		output, err := encode(o.output)
		if err != nil {
			return record{}, err
		}
		r.Output, r.OutputDetails = string(output), &includedDetails{true}
		r.RedriveStatus, r.RedriveStatusReason = "NOT_REDRIVABLE", "Execution is SUCCEEDED and cannot be redriven"
	}
	return r, nil
}

func date(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(timeLayout)
}

// rows are what an outcome adds to a result file: what failed is never transformed.
func (o outcome) rows(transformation string, arns mapRunARNs) ([]any, error) {
	if o.status != statusSucceeded || transformation == "NONE" {
		r, err := o.record(arns)
		return []any{r}, err
	}
	if list, ok := o.output.([]any); ok && transformation == "FLATTEN" {
		return list, nil
	}
	return []any{o.output}, nil
}
