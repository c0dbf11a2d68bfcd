package telemetry

import (
	"context"
	"io"
	"log/slog"

	"github.com/aws/aws-lambda-go/lambdacontext"
)

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
