package fault

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/smithy-go"
	smithyhttp "github.com/aws/smithy-go/transport/http"

	"mapfleet/functions/job"
)

// wire answers the SDK's HTTP requests.
type wire func(*http.Request) (*http.Response, error)

func (w wire) Do(r *http.Request) (*http.Response, error) { return w(r) }

// client is a real S3 client over w, which tries once.
func client(w wire) *s3.Client {
	return s3.New(s3.Options{
		Region: "eu-west-1", Credentials: aws.AnonymousCredentials{}, Retryer: aws.NopRetryer{}, HTTPClient: w,
		RequestChecksumCalculation: aws.RequestChecksumCalculationWhenRequired,
	})
}

// answer is S3's own: an XML document with a code, or nothing where code is empty, as for HEAD.
func answer(status int, code string) wire {
	return func(r *http.Request) (*http.Response, error) {
		body := ""
		if code != "" {
			body = fmt.Sprintf("<Error><Code>%s</Code><Message>what S3 says</Message></Error>", code)
		}
		return &http.Response{StatusCode: status, Header: http.Header{"Content-Type": {"application/xml"}}, Body: io.NopCloser(strings.NewReader(body)), Request: r}, nil
	}
}

// headerTimeout is net/http's error for an answer that does not come, which claims to be a context's.
type headerTimeout struct{}

func (headerTimeout) Error() string        { return "net/http: timeout awaiting response headers" }
func (headerTimeout) Is(target error) bool { return target == context.DeadlineExceeded }

func broken(err error) wire { return func(*http.Request) (*http.Response, error) { return nil, err } }

// call makes one call by its name on s3://photos/in/cat.jpg and returns what Of makes of its error.
func call(ctx context.Context, t *testing.T, name string, w wire) error {
	t.Helper()
	c, bucket, key := client(w), aws.String("photos"), aws.String("in/cat.jpg")
	var err error
	switch name {
	case "GetObject":
		_, err = c.GetObject(ctx, &s3.GetObjectInput{Bucket: bucket, Key: key})
	case "HeadObject":
		_, err = c.HeadObject(ctx, &s3.HeadObjectInput{Bucket: bucket, Key: key})
	case "PutObject":
		_, err = c.PutObject(ctx, &s3.PutObjectInput{Bucket: bucket, Key: key, Body: strings.NewReader("x")})
	case "ListObjectsV2":
		_, err = c.ListObjectsV2(ctx, &s3.ListObjectsV2Input{Bucket: bucket})
	case "DeleteObject":
		_, err = c.DeleteObject(ctx, &s3.DeleteObjectInput{Bucket: bucket, Key: key})
	}
	if err == nil {
		t.Fatalf("%s: no error", name)
	}
	return Of(name, *bucket, *key, err)
}

func TestOf(t *testing.T) {
	timeout := &net.OpError{Op: "dial", Net: "tcp", Err: context.DeadlineExceeded} // as net reports its own timeouts
	for _, c := range []struct {
		name, call string
		wire       wire
		want       error // of this type
		says       string
	}{
		{"slow down", "PutObject", answer(503, "SlowDown"), job.Throttled{}, "throttled (SlowDown)"},
		{"service unavailable", "GetObject", answer(503, "ServiceUnavailable"), job.Throttled{}, "throttled (ServiceUnavailable)"},
		{"slow down to a HEAD", "HeadObject", answer(503, ""), job.Throttled{}, "throttled"},
		{"too many requests", "GetObject", answer(429, "TooManyRequests"), job.Throttled{}, "throttled (TooManyRequests)"},
		{"KMS throttles", "GetObject", answer(400, "ThrottlingException"), job.Throttled{}, "throttled (ThrottlingException)"},
		{"a rate is exceeded", "GetObject", answer(400, "RequestLimitExceeded"), job.Throttled{}, "throttled"},

		{"denied to read", "GetObject", answer(403, "AccessDenied"), job.AccessDenied{}, "denied (AccessDenied): the function's role needs s3:GetObject on it, and kms:Decrypt on its KMS key"},
		{"denied to write", "PutObject", answer(403, "AccessDenied"), job.AccessDenied{}, "needs s3:PutObject on it, and kms:GenerateDataKey and kms:Decrypt"},
		{"denied to list", "ListObjectsV2", answer(403, "AccessDenied"), job.AccessDenied{}, "needs s3:ListBucket on the bucket; S3 says: what S3 says"},
		{"denied to look", "HeadObject", answer(403, ""), job.AccessDenied{}, "needs s3:GetObject on it, and s3:ListBucket on its bucket"},
		{"denied something else", "DeleteObject", answer(403, "AccessDenied"), job.AccessDenied{}, "needs s3:DeleteObject on it"},
		{"a wrong signature", "GetObject", answer(403, "SignatureDoesNotMatch"), job.AccessDenied{}, "denied (SignatureDoesNotMatch)"},

		{"no such bucket", "GetObject", answer(404, "NoSuchBucket"), NoBucket{}, "there is no bucket photos"},
		{"no such bucket to list", "ListObjectsV2", answer(404, "NoSuchBucket"), NoBucket{}, "there is no bucket photos"},
		{"no such key", "GetObject", answer(404, "NoSuchKey"), Gone{}, "there is no such object"},
		{"no such key to a HEAD", "HeadObject", answer(404, ""), Gone{}, "there is no such object"},
		{"archived", "GetObject", answer(403, "InvalidObjectState"), Archived{}, "must be restored first"},
		{"another state", "PutObject", answer(412, "PreconditionFailed"), Changed{}, "the object changed meanwhile"},
		{"two writers at once", "PutObject", answer(409, "ConditionalRequestConflict"), Changed{}, "the object changed meanwhile"},

		{"a full disk", "PutObject", answer(507, "InsufficientStorage"), job.DestinationFull{}, "no room left (InsufficientStorage)"},
		{"a full quota", "PutObject", answer(403, "QuotaExceeded"), job.DestinationFull{}, "no room left (QuotaExceeded)"},
		{"S3's own error", "GetObject", answer(500, "InternalError"), job.Unavailable{}, "InternalError (HTTP 500): what S3 says"},
		{"a bad request", "PutObject", answer(400, "InvalidRequest"), job.Unavailable{}, "InvalidRequest (HTTP 400): what S3 says"},
		{"another conflict", "PutObject", answer(409, "OperationAborted"), job.Unavailable{}, "OperationAborted (HTTP 409)"},
		{"an error without a word", "HeadObject", answer(500, ""), job.Unavailable{}, "500"},
		{"a connection that broke", "GetObject", broken(&net.OpError{Op: "read", Err: errors.New("connection reset by peer")}), job.Unavailable{}, "connection reset by peer"},
		{"a connection that took too long", "GetObject", broken(timeout), job.Unavailable{}, "deadline exceeded"},
		{"an answer that took too long", "PutObject", broken(&url.Error{Op: "Put", Err: headerTimeout{}}), job.Unavailable{}, "timeout awaiting response headers"},
	} {
		t.Run(c.name, func(t *testing.T) {
			err := call(t.Context(), t, c.call, c.wire)
			if reflect.TypeOf(err) != reflect.TypeOf(c.want) {
				t.Fatalf("%s: %T %v, want a bare %T", c.call, err, err, c.want)
			}
			if where := c.call + " s3://photos/in/cat.jpg: "; !strings.HasPrefix(err.Error(), where) || !strings.Contains(err.Error(), c.says) {
				t.Errorf("message = %q, want it to start with %q and to say %q", err, where, c.says)
			}
			if strings.Count(err.Error(), "HTTP") > 1 {
				t.Errorf("message = %q says the status twice", err)
			}
		})
	}
}

func TestOfErrorsThatTheSDKNeverFinished(t *testing.T) {
	response := func(status int, err error) error {
		return &awshttp.ResponseError{ResponseError: &smithyhttp.ResponseError{Response: &smithyhttp.Response{Response: &http.Response{StatusCode: status}}, Err: err}}
	}
	for _, c := range []struct {
		name string
		err  error
		want string
	}{
		{"an answer that cannot be read", response(200, &smithy.DeserializationError{Err: io.ErrUnexpectedEOF}), "unexpected EOF"},
		{"a status alone", response(502, errors.New("bad gateway")), "HTTP 502"},
		{"a code alone", &smithy.GenericAPIError{Code: "Odd"}, "Odd"},
		{"a body that broke", fmt.Errorf("read: %w", io.ErrUnexpectedEOF), "unexpected EOF"},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := Of("GetObject", "b", "k", c.err)
			if want := (job.Unavailable{Message: "GetObject s3://b/k: " + c.want}); got != want {
				t.Errorf("Of = %#v, want %#v", got, want)
			}
		})
	}
	if got := Of("GetObject", "b", "k", response(403, errors.New("no body"))); !strings.Contains(got.Error(), "denied (HTTP 403)") {
		t.Errorf("Of a denial without a code = %v", got)
	}
}

func TestContextsPassThrough(t *testing.T) {
	if err := Of("GetObject", "b", "k", nil); err != nil {
		t.Errorf("Of(nil) = %v", err)
	}
	cancelled, cancel := context.WithCancel(t.Context())
	cancel()
	late, cancel := context.WithDeadline(t.Context(), time.Unix(0, 0))
	defer cancel()
	for want, ctx := range map[error]context.Context{context.Canceled: cancelled, context.DeadlineExceeded: late} {
		dialling := wire(func(r *http.Request) (*http.Response, error) {
			return nil, &net.OpError{Op: "dial", Net: "tcp", Err: r.Context().Err()}
		})
		if got := call(ctx, t, "GetObject", dialling); !errors.Is(got, want) {
			t.Errorf("Of after %v = %T %v", want, got, got)
		}
		for _, err := range []error{fmt.Errorf("read: %w", want), errors.Join(errors.New("retry"), want)} {
			if got := Of("GetObject", "b", "k", err); !errors.Is(got, want) {
				t.Errorf("Of(%v while reading) = %T %v", err, got, got)
			}
		}
	}
}

func TestOwnErrorsSpeakTheirMessage(t *testing.T) {
	for _, err := range []error{Gone{"m"}, Changed{"m"}, NoBucket{"m"}, Archived{"m"}} {
		if err.Error() != "m" {
			t.Errorf("%T says %q, want %q", err, err, "m")
		}
	}
}

func TestOfObject(t *testing.T) {
	for _, c := range []struct {
		name string
		wire wire
		want error
	}{
		{"a bad request", answer(400, "InvalidRequest"), Refused{}},
		{"a folder in its place", answer(409, "ExistingObjectIsDirectory"), Refused{}},
		{"a body that did not come over whole", answer(400, "IncompleteBody"), job.Unavailable{}},
		{"credentials that are too old", answer(400, "ExpiredToken"), job.Unavailable{}},
		{"throttled", answer(503, "SlowDown"), job.Throttled{}},
		{"gone", answer(404, "NoSuchKey"), Gone{}},
	} {
		bucket, key := "photos", "in/cat.jpg"
		_, err := client(c.wire).GetObject(t.Context(), &s3.GetObjectInput{Bucket: &bucket, Key: &key})
		if got := OfObject("GetObject", bucket, key, err); reflect.TypeOf(got) != reflect.TypeOf(c.want) {
			t.Errorf("%s: %T %v, want a bare %T", c.name, got, got, c.want)
		}
	}
}
