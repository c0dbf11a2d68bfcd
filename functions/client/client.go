// Package client makes the S3 client that all functions use.
package client

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/service/s3"
)

// The bounds of one S3 call.
const (
	// connections is how many are kept open for the next calls. A worker has more calls under way than the
	// ten that the SDK keeps, and a new connection costs a handshake.
	connections = 128
	// dialTime and answerTime are how long a connection, or an answer's first byte once the request is sent,
	// may take before another connection is tried.
	dialTime   = 5 * time.Second
	answerTime = 20 * time.Second
)

// S3 returns a client by the environment's configuration. It tries each call several times before the
// state machine's own retries take over, and checks what it reads and writes by S3's checksums where an
// object has one.
func S3(ctx context.Context) (*s3.Client, error) {
	cfg, err := config.LoadDefaultConfig(ctx,
		config.WithRetryer(func() aws.Retryer { return newRetryer() }),
		config.WithHTTPClient(awshttp.NewBuildableClient().
			WithDialerOptions(func(d *net.Dialer) { d.Timeout = dialTime }).
			WithTransportOptions(func(t *http.Transport) {
				t.MaxIdleConns, t.MaxIdleConnsPerHost = connections, connections
				t.ResponseHeaderTimeout = answerTime
			})))
	if err != nil {
		return nil, fmt.Errorf("load the AWS configuration: %w", err)
	}
	return s3.NewFromConfig(cfg, func(o *s3.Options) {
		// An object without a checksum is common, and a log line for each of a million is a bill.
		o.DisableLogOutputChecksumValidationSkipped = true
	}), nil
}
