package lock

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	smithyhttp "github.com/aws/smithy-go/transport/http"

	"mapfleet/functions/job"
)

// shelf is a bucket with one object, which heeds conditions.
type shelf struct {
	mu      sync.Mutex
	body    []byte // nil: no object
	version int
	fault   int // a status that every call fails with

	meanwhile []func() // each, in turn, happens right before a call
}

// next lets happen what happens before a call.
func (s *shelf) next() {
	if len(s.meanwhile) > 0 {
		happens := s.meanwhile[0]
		s.meanwhile = s.meanwhile[1:]
		happens()
	}
}

func status(code int) error {
	return &awshttp.ResponseError{ResponseError: &smithyhttp.ResponseError{
		Response: &smithyhttp.Response{Response: &http.Response{StatusCode: code}}, Err: fmt.Errorf("status %d", code),
	}}
}

func (s *shelf) etag() string { return fmt.Sprint(s.version) }

func (s *shelf) GetObject(context.Context, *s3.GetObjectInput, ...func(*s3.Options)) (*s3.GetObjectOutput, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.next()
	switch {
	case s.fault != 0:
		return nil, status(s.fault)
	case s.body == nil:
		return nil, status(http.StatusNotFound)
	}
	return &s3.GetObjectOutput{Body: io.NopCloser(bytes.NewReader(s.body)), ETag: aws.String(s.etag())}, nil
}

func (s *shelf) PutObject(_ context.Context, in *s3.PutObjectInput, _ ...func(*s3.Options)) (*s3.PutObjectOutput, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.next()
	switch {
	case s.fault != 0:
		return nil, status(s.fault)
	case in.IfNoneMatch != nil && s.body != nil, in.IfMatch != nil && (s.body == nil || *in.IfMatch != s.etag()):
		return nil, status(http.StatusPreconditionFailed)
	}
	s.version++
	s.body, _ = io.ReadAll(in.Body)
	return &s3.PutObjectOutput{}, nil
}

func (s *shelf) DeleteObject(_ context.Context, in *s3.DeleteObjectInput, _ ...func(*s3.Options)) (*s3.DeleteObjectOutput, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.next()
	switch {
	case s.fault != 0:
		return nil, status(s.fault)
	case in.IfMatch != nil && *in.IfMatch != s.etag():
		return nil, status(http.StatusPreconditionFailed)
	}
	s.body = nil
	return &s3.DeleteObjectOutput{}, nil
}

var noon = time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC)

// by is a run that takes the lock so many minutes after noon, for ten minutes.
func by(run string, minute int) Holder {
	since := noon.Add(time.Duration(minute) * time.Minute)
	return Holder{Run: run, Since: since, Until: since.Add(10 * time.Minute)}
}

func take(t *testing.T, l Lock, h Holder, want bool, wantOther string) {
	t.Helper()
	taken, other, err := l.Take(t.Context(), h)
	if taken != want || other.Run != wantOther || err != nil {
		t.Errorf("Take by %s = %v, %q, %v, want %v, %q", h.Run, taken, other.Run, err, want, wantOther)
	}
}

func TestLock(t *testing.T) {
	s := &shelf{}
	l := Lock{S3: s, Bucket: "work", Key: "locks/x.json"}
	take(t, l, by("first", 0), true, "")
	take(t, l, by("second", 1), false, "first")
	take(t, l, by("first", 2), true, "") // tried again
	take(t, l, by("third", 11), false, "first")

	if err := l.Release(t.Context(), "second"); err != nil {
		t.Error(err)
	}
	take(t, l, by("third", 11), false, "first") // who does not have it cannot give it up
	if err := l.Release(t.Context(), "first"); err != nil {
		t.Error(err)
	}
	take(t, l, by("third", 11), true, "")
	take(t, l, by("fourth", 21), true, "") // the third one is stale
	if err := l.Release(t.Context(), "third"); err != nil {
		t.Error(err)
	}
	take(t, l, by("fifth", 22), false, "fourth")
	if err := l.Release(t.Context(), "fourth"); err != nil {
		t.Error(err)
	}
	if err := l.Release(t.Context(), "fourth"); err != nil {
		t.Errorf("a lock that is given up: %v", err)
	}
}

// TestLock_of_a_holder_that_is_going: its time is over, and it is not.
func TestLock_of_a_holder_that_is_going(t *testing.T) {
	asked := 0
	going, fault := true, error(nil)
	l := Lock{S3: &shelf{}, Going: func(_ context.Context, h Holder) (bool, error) {
		if asked++; h.Run != "first" || h.Execution != "arn:first" {
			t.Errorf("asked about %+v", h)
		}
		return going, fault
	}}
	first := by("first", 0)
	first.Execution = "arn:first"
	take(t, l, first, true, "")
	take(t, l, by("second", 9), false, "first")
	take(t, l, first, true, "")
	if asked != 0 {
		t.Errorf("asked %d times about a holder whose time is not over, or by itself", asked)
	}
	take(t, l, by("third", 10), false, "first")
	take(t, l, by("fourth", 9999), false, "first")
	fault = job.Throttled{}
	if taken, _, err := l.Take(t.Context(), by("fifth", 60)); taken || err != fault {
		t.Errorf("Take = %v, %v, want the error of the question", taken, err)
	}
	going, fault = false, nil
	take(t, l, by("sixth", 60), true, "")
	if asked != 4 {
		t.Errorf("asked %d times, want 4", asked)
	}
}

func TestLock_that_cannot_be_read_is_nobodys(t *testing.T) {
	for _, body := range []string{"no JSON", "", `{"until":"2100-01-01T00:00:00Z","run":5}`} {
		l := Lock{S3: &shelf{body: []byte(body), version: 1}}
		take(t, l, by("run", 0), true, "")
	}
}

func TestLock_faults_are_named(t *testing.T) {
	l := Lock{S3: &shelf{fault: http.StatusForbidden}, Bucket: "work", Key: "locks/x.json"}
	_, _, err := l.Take(t.Context(), by("run", 0))
	if _, ok := err.(job.AccessDenied); !ok {
		t.Errorf("Take = %T, want job.AccessDenied", err)
	}
	if err := l.Release(t.Context(), "run"); err == nil {
		t.Error("Release says nothing of a denied call")
	}
}

// TestLock_of_many_one_takes_it, whether it is free or stale.
func TestLock_of_many_one_takes_it(t *testing.T) {
	for _, minute := range []int{0, 60} {
		s := &shelf{}
		l := Lock{S3: s, Bucket: "work", Key: "locks/x.json"}
		if minute > 0 {
			take(t, l, by("old", 0), true, "")
		}
		var taken atomic.Int32
		var group sync.WaitGroup
		for i := range 20 {
			group.Go(func() {
				ok, _, err := l.Take(t.Context(), by(fmt.Sprint("run", i), minute))
				if err != nil {
					t.Error(err)
				}
				if ok {
					taken.Add(1)
				}
			})
		}
		group.Wait()
		if n := taken.Load(); n != 1 {
			t.Errorf("%d minutes after noon %d of 20 took the lock, want 1", minute, n)
		}
	}
}
