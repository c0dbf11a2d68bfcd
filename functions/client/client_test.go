package client

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/retry"
	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/smithy-go"

	"mapfleet/functions/fault"
	"mapfleet/functions/job"
)

// open returns the client of the functions for a server that answers with handler.
func open(t *testing.T, handler http.HandlerFunc) *s3.Client {
	t.Helper()
	server := httptest.NewServer(handler)
	t.Cleanup(server.Close)
	for name, value := range map[string]string{
		"AWS_ENDPOINT_URL_S3": server.URL, "AWS_REGION": "eu-west-1", "AWS_EC2_METADATA_DISABLED": "true",
		"AWS_ACCESS_KEY_ID": "id", "AWS_SECRET_ACCESS_KEY": "secret", "AWS_CONFIG_FILE": "/none", "AWS_SHARED_CREDENTIALS_FILE": "/none",
	} {
		t.Setenv(name, value)
	}
	c, err := S3(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func get(t *testing.T, c *s3.Client) error {
	out, err := c.GetObject(t.Context(), &s3.GetObjectInput{Bucket: aws.String("photos"), Key: aws.String("a.jpg")})
	if err != nil {
		return err
	}
	_, err = io.Copy(io.Discard, out.Body)
	return errors.Join(err, out.Body.Close())
}

func TestS3_tries_again(t *testing.T) {
	failing := func(fail func(http.ResponseWriter)) (http.HandlerFunc, *atomic.Int32) {
		var calls atomic.Int32
		return func(w http.ResponseWriter, _ *http.Request) {
			if calls.Add(1) < 3 {
				fail(w)
				return
			}
			fmt.Fprint(w, "picture")
		}, &calls
	}
	answer := func(status int, document string) func(http.ResponseWriter) {
		return func(w http.ResponseWriter) {
			w.WriteHeader(status)
			fmt.Fprint(w, document)
		}
	}
	const failed = "<Error><Code>InternalError</Code></Error>"
	for _, c := range []struct {
		name string
		fail func(http.ResponseWriter)
		want int32 // calls
	}{
		{"after an error of S3's own", answer(500, failed), 3},
		{"after SlowDown", answer(503, "<Error><Code>SlowDown</Code></Error>"), 3},
		{"after a broken connection", func(http.ResponseWriter) { panic(http.ErrAbortHandler) }, 3},
		{"after half an error document", func(w http.ResponseWriter) {
			w.Header().Set("Content-Length", fmt.Sprint(len(failed)))
			answer(500, failed[:10])(w)
		}, 3},
		{"but not after a denial", answer(403, "<Error><Code>AccessDenied</Code></Error>"), 1},
	} {
		t.Run(c.name, func(t *testing.T) {
			handler, calls := failing(c.fail)
			client := open(t, handler)
			if err := get(t, client); (err == nil) != (c.want == 3) {
				t.Errorf("GetObject: %v", err)
			}
			if got := calls.Load(); got != c.want {
				t.Errorf("%d calls, want %d", got, c.want)
			}
		})
	}
}

// TestS3_reads_a_listing_again that breaks off: its status says that all is well, and half of it looks like less.
func TestS3_reads_a_listing_again(t *testing.T) {
	const listing = `<ListBucketResult><IsTruncated>false</IsTruncated><Contents><Key>a.jpg</Key></Contents><Contents><Key>b.jpg</Key></Contents></ListBucketResult>`
	for _, half := range []int{0, len(listing) / 2} {
		t.Run(fmt.Sprintf("after %d bytes", half), func(t *testing.T) {
			var calls atomic.Int32
			client := open(t, func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("Content-Length", fmt.Sprint(len(listing)))
				if calls.Add(1) < 3 {
					fmt.Fprint(w, listing[:half])
					return
				}
				fmt.Fprint(w, listing)
			})
			out, err := client.ListObjectsV2(t.Context(), &s3.ListObjectsV2Input{Bucket: aws.String("photos")})
			if err != nil {
				t.Fatal(err)
			}
			if got := calls.Load(); len(out.Contents) != 2 || got != 3 {
				t.Errorf("%d objects by %d calls, want 2 by 3", len(out.Contents), got)
			}
		})
	}
}

func TestS3_gives_up_a_server_that_is_gone(t *testing.T) {
	client := open(t, func(http.ResponseWriter, *http.Request) {})
	server := httptest.NewServer(nil)
	server.Close()
	_, err := client.GetObject(t.Context(), &s3.GetObjectInput{Bucket: aws.String("photos"), Key: aws.String("a.jpg")},
		func(o *s3.Options) { o.BaseEndpoint = &server.URL })
	if _, ok := fault.Of("GetObject", "photos", "a.jpg", err).(job.Unavailable); !ok || !strings.Contains(err.Error(), "connection refused") {
		t.Errorf("GetObject: %T %v, want Unavailable for a refused connection", err, err)
	}
	if _, ok := errors.AsType[*retry.MaxAttemptsError](err); ok {
		t.Errorf("GetObject: %v, want one attempt", err)
	}
}

func TestS3_keeps_its_connections(t *testing.T) {
	const together = 64
	var addresses sync.Map
	var arrived sync.WaitGroup
	client := open(t, func(w http.ResponseWriter, r *http.Request) {
		addresses.Store(r.RemoteAddr, true)
		arrived.Done()
		arrived.Wait() // all calls of a round are under way at once
		fmt.Fprint(w, "picture")
	})
	for range 3 {
		arrived.Add(together)
		var calls sync.WaitGroup
		for range together {
			calls.Go(func() {
				if err := get(t, client); err != nil {
					t.Error(err)
				}
			})
		}
		calls.Wait()
	}
	// A connection that is about to be idle again may be missed by the next call.
	got := 0
	addresses.Range(func(any, any) bool { got++; return true })
	if got > together*3/2 {
		t.Errorf("%d connections for 3 rounds of %d calls: they are not kept", got, together)
	}
}

func TestS3_waits_for_no_connection_for_ever(t *testing.T) {
	client := open(t, func(http.ResponseWriter, *http.Request) {})
	transport, ok := client.Options().HTTPClient.(*awshttp.BuildableClient)
	if !ok {
		t.Fatalf("the client's requests are made by a %T", client.Options().HTTPClient)
	}
	if got := transport.GetDialer().Timeout; got != dialTime {
		t.Errorf("a connection may take %v, want %v", got, dialTime)
	}
	if got := transport.GetTransport().ResponseHeaderTimeout; got != answerTime {
		t.Errorf("an answer may take %v, want %v", got, answerTime)
	}
	if !client.Options().DisableLogOutputChecksumValidationSkipped {
		t.Error("a line is logged for every object without a checksum")
	}
}

func TestRetryer_waits_no_longer_than_the_longest_wait(t *testing.T) {
	r := newRetryer()
	for range 100 {
		if got, err := r.RetryDelay(attempts-1, io.ErrUnexpectedEOF); err != nil || got >= longestWait {
			t.Fatalf("RetryDelay = %v, %v, want less than %v", got, err, longestWait)
		}
	}
}

func TestWait(t *testing.T) {
	internal := &smithy.GenericAPIError{Code: "InternalError"}
	slow := &smithy.GenericAPIError{Code: "SlowDown"}
	for _, c := range []struct {
		attempt int
		err     error
		most    time.Duration
	}{
		{1, internal, 100 * time.Millisecond},
		{4, internal, 800 * time.Millisecond},
		{7, internal, longestWait},
		{1000, internal, longestWait},
		{1, slow, 500 * time.Millisecond},
		{3, slow, 2 * time.Second},
		{7, slow, longestWait},
	} {
		longest := time.Duration(0)
		for range 1000 {
			d, err := wait(c.attempt, c.err)
			if err != nil || d < 0 || d >= c.most {
				t.Fatalf("wait(%d, %v) = %v, %v, want below %v", c.attempt, c.err, d, err, c.most)
			}
			longest = max(longest, d)
		}
		if longest < c.most*9/10 {
			t.Errorf("wait(%d, %v) is never above %v, want up to %v", c.attempt, c.err, longest, c.most)
		}
	}
}

// TestThrottlingThatLasts: what the client gives up on is Throttled, whatever the retries were wrapped in.
func TestThrottlingThatLasts(t *testing.T) {
	r := newRetryer()
	if r.MaxAttempts() != attempts {
		t.Errorf("%d attempts, want %d", r.MaxAttempts(), attempts)
	}
	err := error(&smithy.GenericAPIError{Code: "SlowDown"})
	for range 1000 { // of all calls together
		release, rationed := r.GetRetryToken(t.Context(), err)
		if rationed != nil {
			t.Fatalf("retries are rationed: %v", rationed)
		}
		_ = release(err)
	}
	got := fault.Of("GetObject", "photos", "a.jpg", fmt.Errorf("attempt 8: %w", err))
	if _, ok := got.(job.Throttled); !ok || !strings.Contains(got.Error(), "SlowDown") {
		t.Errorf("Of = %T %v, want Throttled", got, got)
	}
}
