package audit

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/aws/aws-sdk-go-v2/service/s3"
)

// spooling is a store for Prepare whose written objects become files of dir, by key: a plan is made, and
// nothing is left in the work bucket.
type spooling struct {
	Store
	dir   string
	files map[string]string
}

func (s *spooling) PutObject(_ context.Context, in *s3.PutObjectInput, _ ...func(*s3.Options)) (*s3.PutObjectOutput, error) {
	return &s3.PutObjectOutput{}, errors.Join(s.create(*in.Key), s.add(*in.Key, in.Body))
}

// CreateMultipartUpload begins a file. There is one upload of a key at a time, and its parts come in
// their order: that is how Prepare uploads.
func (s *spooling) CreateMultipartUpload(_ context.Context, in *s3.CreateMultipartUploadInput, _ ...func(*s3.Options)) (*s3.CreateMultipartUploadOutput, error) {
	return &s3.CreateMultipartUploadOutput{UploadId: in.Key}, s.create(*in.Key)
}

func (s *spooling) UploadPart(_ context.Context, in *s3.UploadPartInput, _ ...func(*s3.Options)) (*s3.UploadPartOutput, error) {
	return &s3.UploadPartOutput{}, s.add(*in.Key, in.Body)
}

func (s *spooling) CompleteMultipartUpload(context.Context, *s3.CompleteMultipartUploadInput, ...func(*s3.Options)) (*s3.CompleteMultipartUploadOutput, error) {
	return &s3.CompleteMultipartUploadOutput{}, nil
}

// AbortMultipartUpload leaves the file to those who remove dir.
func (s *spooling) AbortMultipartUpload(_ context.Context, in *s3.AbortMultipartUploadInput, _ ...func(*s3.Options)) (*s3.AbortMultipartUploadOutput, error) {
	delete(s.files, *in.Key)
	return &s3.AbortMultipartUploadOutput{}, nil
}

func (s *spooling) create(key string) error {
	f, err := os.CreateTemp(s.dir, "put-*")
	if err != nil {
		return err
	}
	s.files[key] = f.Name()
	return f.Close()
}

func (s *spooling) add(key string, body io.Reader) error {
	name, ok := s.files[key]
	if !ok {
		return fmt.Errorf("spool %s: it was not begun", key)
	}
	f, err := os.OpenFile(name, os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	_, err = io.Copy(f, body)
	return errors.Join(err, f.Close())
}
