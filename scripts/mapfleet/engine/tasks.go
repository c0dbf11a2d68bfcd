package engine

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"sync"
	"time"

	"mapfleet/scripts/mapfleet/engine/executions"
	"mapfleet/scripts/mapfleet/engine/fleet"
	"mapfleet/statemachine/asl"
)

// tasks performs the Task states: Lambda invocations by the fleet, and messages into a file of the state
// folder.
type tasks struct {
	fleet *fleet.Fleet
	state string
}

// Invoke is asl.Tasks. The result has the members of Lambda's answer that a state machine sees.
// https://docs.aws.amazon.com/step-functions/latest/dg/connect-lambda.html
func (t tasks) Invoke(ctx context.Context, resource string, parameters any) (any, error) {
	switch resource {
	case "arn:aws:states:::lambda:invoke":
	case "arn:aws:states:::sns:publish":
		return t.publish(parameters)
	default:
		return nil, &asl.Error{Name: "States.Runtime", Cause: "no such resource here: " + resource}
	}
	given, _ := parameters.(map[string]any)
	arn, _ := given["FunctionName"].(string)
	name := arn[strings.LastIndexByte(arn, ':')+1:]
	event, err := json.Marshal(given["Payload"])
	if err != nil {
		return nil, &asl.Error{Name: "States.Runtime", Cause: err.Error()}
	}
	answer, err := t.fleet.Invoke(ctx, name, event)
	if failed, ok := errors.AsType[*fleet.Error](err); ok {
		return nil, &asl.Error{Name: failed.Type, Cause: failed.Cause}
	}
	if err != nil {
		return nil, err
	}
	var payload any
	decoder := json.NewDecoder(bytes.NewReader(answer))
	decoder.UseNumber() // as the interpreter does
	if err := decoder.Decode(&payload); err != nil {
		return nil, &asl.Error{Name: "Lambda.Unknown", Cause: fmt.Sprintf("function %s answered no JSON: %v", name, err)}
	}
	return map[string]any{"ExecutedVersion": "$LATEST", "StatusCode": json.Number("200"), "Payload": payload}, nil
}

// publish is SNS's Publish for whoever reads the file. The result is as of sns:publish.
// https://docs.aws.amazon.com/step-functions/latest/dg/connect-sns.html
func (t tasks) publish(parameters any) (any, error) {
	given, _ := parameters.(map[string]any)
	topic, _ := given["TopicArn"].(string)
	subject, _ := given["Subject"].(string)
	message, _ := given["Message"].(string)
	if message == "" || len(subject) > 100 {
		return nil, &asl.Error{Name: "SNS.InvalidParameterException", Cause: "a message has a text, and a subject of at most 100 characters"}
	}
	a := alert{MessageID: rand.Text(), Topic: topic, Subject: subject, Message: message, Timestamp: time.Now().UTC()}
	if err := publish(t.state, a); err != nil {
		return nil, err
	}
	return map[string]any{"MessageId": a.MessageID}, nil
}

// itemCount adds up the items of all Map Runs of an execution.
type itemCount struct {
	mu   sync.Mutex
	runs map[string]int64
}

// newItemCount begins with the Map Runs of earlier attempts that are done. The others are redriven, or
// others take their places.
func newItemCount(earlier []asl.MapRun) *itemCount {
	c := &itemCount{runs: map[string]int64{}}
	for _, run := range earlier {
		if run.Status == executions.Succeeded {
			c.runs[run.ARN] = run.Items.Total
		}
	}
	return c
}

func (c *itemCount) observe(e asl.Event) {
	if e.Kind == asl.MapRunFinished && e.MapRun != nil {
		c.mu.Lock()
		c.runs[e.MapRunARN] = e.MapRun.Items.Total
		c.mu.Unlock()
	}
}

func (c *itemCount) total() (n int64) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, items := range c.runs {
		n += items
	}
	return n
}
