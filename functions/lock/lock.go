// Package lock keeps runs over the same thing apart: a Lock is an object in the work bucket that names its
// holder. It is taken by a conditional put, so that of many who try at once one has it, given up by its
// holder, and open to others once its time is over and its holder is not at work any more.
package lock

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"

	"mapfleet/functions/fault"
)

// S3 is the part of S3 that a Lock uses. *s3.Client is one.
type S3 interface {
	GetObject(context.Context, *s3.GetObjectInput, ...func(*s3.Options)) (*s3.GetObjectOutput, error)
	PutObject(context.Context, *s3.PutObjectInput, ...func(*s3.Options)) (*s3.PutObjectOutput, error)
	DeleteObject(context.Context, *s3.DeleteObjectInput, ...func(*s3.Options)) (*s3.DeleteObjectOutput, error)
}

// Lock is an object that one run at a time may hold.
type Lock struct {
	S3          S3
	Bucket, Key string
	// Going says whether a holder whose time is over is at work all the same; its errors, one of job's exported
	// types or the context's, are Take's. nil: none is.
	Going func(context.Context, Holder) (bool, error)
}

// Holder is who has a lock: the object's content.
type Holder struct {
	Run       string    `json:"run"`                // the name of its execution
	Execution string    `json:"execution,omitzero"` // its ARN
	Since     time.Time `json:"since"`              // when it was taken
	Until     time.Time `json:"until"`              // from then on others may take it, unless it is Going
}

// Take takes the lock for h, and says whether it did; if not, it returns who has it. A run that has the
// lock already takes it anew. The error is one of job's exported types, bare, or the context's.
func (l Lock) Take(ctx context.Context, h Holder) (taken bool, other Holder, err error) {
	for range 3 { // somebody else may take it, or give it up, between a look and a put
		err = l.put(ctx, h, &s3.PutObjectInput{IfNoneMatch: aws.String("*")})
		if _, there := err.(fault.Changed); !there {
			return err == nil, Holder{}, fault.AtEdge(err)
		}
		var etag *string
		other, etag, err = l.read(ctx)
		if _, gone := err.(fault.Gone); gone {
			continue
		}
		if err != nil {
			return false, Holder{}, fault.AtEdge(err)
		}
		if other.Run != h.Run {
			going := h.Since.Before(other.Until)
			if !going && l.Going != nil {
				going, err = l.Going(ctx, other)
			}
			if going || err != nil {
				return false, other, err
			}
		}
		err = l.put(ctx, h, &s3.PutObjectInput{IfMatch: etag})
		switch err.(type) {
		case fault.Changed, fault.Gone:
			continue
		}
		return err == nil, Holder{}, fault.AtEdge(err)
	}
	return false, other, nil
}

// Release gives the lock up if run has it. Errors are as of Take.
//
// Between the look and the end of a lock that was stale another run may have taken it; its lock is gone
// then, too, and a third run could be at work beside it. The condition on the delete rules that out where
// the storage heeds it, as S3 does (A71 of package asl).
func (l Lock) Release(ctx context.Context, run string) error {
	holder, etag, err := l.read(ctx)
	if _, gone := err.(fault.Gone); gone || err == nil && holder.Run != run {
		return nil
	}
	if err != nil {
		return fault.AtEdge(err)
	}
	_, err = l.S3.DeleteObject(ctx, &s3.DeleteObjectInput{Bucket: &l.Bucket, Key: &l.Key, IfMatch: etag})
	err = fault.Of("DeleteObject", l.Bucket, l.Key, err)
	switch err.(type) {
	case fault.Changed, fault.Gone:
		return nil
	}
	return fault.AtEdge(err)
}

func (l Lock) put(ctx context.Context, h Holder, in *s3.PutObjectInput) error {
	body, err := json.Marshal(h)
	if err != nil {
		return err
	}
	in.Bucket, in.Key, in.Body, in.ContentType = &l.Bucket, &l.Key, bytes.NewReader(body), aws.String("application/json")
	_, err = l.S3.PutObject(ctx, in)
	return fault.Of("PutObject", l.Bucket, l.Key, err)
}

// read returns who has the lock. A lock that cannot be read is nobody's: it can be taken.
func (l Lock) read(ctx context.Context) (h Holder, etag *string, err error) {
	out, err := l.S3.GetObject(ctx, &s3.GetObjectInput{Bucket: &l.Bucket, Key: &l.Key})
	if err != nil {
		return h, nil, fault.Of("GetObject", l.Bucket, l.Key, err)
	}
	defer out.Body.Close()
	body, err := io.ReadAll(out.Body)
	if err != nil {
		return h, nil, fault.Of("GetObject", l.Bucket, l.Key, err)
	}
	if json.Unmarshal(body, &h) != nil {
		h = Holder{}
	}
	return h, out.ETag, nil
}
