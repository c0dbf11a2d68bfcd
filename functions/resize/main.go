// Command resize is the worker Lambda: one batch of pictures in, their account out.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"

	"github.com/aws/aws-lambda-go/lambda"

	"mapfleet/functions/client"
	"mapfleet/functions/resize/batch"
)

func main() {
	if err := run(context.Background()); err != nil {
		fmt.Fprintln(os.Stderr, "resize:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context) error {
	store, err := client.S3(ctx)
	if err != nil {
		return err
	}
	worker := &batch.Worker{Store: store}
	lambda.StartWithOptions(worker.Run, lambda.WithContext(ctx))
	return errors.New("the Lambda runtime ended")
}
