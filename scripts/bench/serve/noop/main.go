// Command noop is a worker that does nothing, and says that every picture was there already.
package main

import (
	"context"

	"github.com/aws/aws-lambda-go/lambda"

	"mapfleet/functions/job"
)

func main() {
	lambda.Start(func(_ context.Context, batch struct{ Items []struct{} }) (job.Result, error) {
		n := len(batch.Items)
		return job.Result{Done: job.Tally{Listed: n, Current: n, Rounds: 1}, Remaining: []job.Item{}}, nil
	})
}
