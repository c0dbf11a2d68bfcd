package telemetry

import (
	"context"
	"io"
	"log/slog"

	"github.com/aws/aws-lambda-go/lambdacontext"
)

// Log is what a function logs of each invocation: events of type E, with results of type R.
type Log[E, R any] struct {
	W    io.Writer
	Name string         // of the line at an invocation's end
	Run  func(E) string // the run that an event belongs to; nil: to none, or several
	// Given and Done are attributes of the line: of an event that ended with an error, and of a result. Where
	// Done is nil, there is no line of a result: it is told by other means.
	Given func(E) []any
	Done  func(R) []any
}

// Handler returns handle with its log: while it is at work, slog's default names the request and the run, and
// at its end one line says what came of it, or its error. A Lambda has one invocation at a time in a process, so
// that all that is logged belongs to it; where there are several (AWS_LAMBDA_MAX_CONCURRENCY), the default
// names the one that began last, and only the line at the end is sure to name its own.
func (l Log[E, R]) Handler(handle func(context.Context, E) (R, error)) func(context.Context, E) (R, error) {
	return func(ctx context.Context, event E) (R, error) {
		run := ""
		if l.Run != nil {
			run = l.Run(event)
		}
		logger := Logger(ctx, l.W, run)
		slog.SetDefault(logger)
		result, err := handle(ctx, event)
		switch {
		case err != nil:
			attributes := []any{"error", err.Error()}
			if l.Given != nil {
				attributes = append(l.Given(event), attributes...)
			}
			logger.Error(l.Name, attributes...)
		case l.Done != nil:
			logger.Info(l.Name, l.Done(result)...)
		}
		return result, err
	}
}

// Logger returns a logger of JSON lines to w that names the request which ctx belongs to, and the run;
// what is unknown is left out.
func Logger(ctx context.Context, w io.Writer, run string) *slog.Logger {
	logger := slog.New(slog.NewJSONHandler(w, nil))
	if lc, ok := lambdacontext.FromContext(ctx); ok {
		logger = logger.With("requestId", lc.AwsRequestID)
	}
	if run != "" {
		logger = logger.With("run", run)
	}
	return logger
}
