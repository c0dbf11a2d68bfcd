package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"slices"
	"sync"

	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/smithy-go"
	smithyhttp "github.com/aws/smithy-go/transport/http"

	"mapfleet/functions/job/checks"
)

// store keeps objects in memory, so that requests alone are measured.
type store struct {
	mu      sync.Mutex
	objects map[string][]byte
}

func (s *store) GetObject(_ context.Context, in *s3.GetObjectInput, _ ...func(*s3.Options)) (*s3.GetObjectOutput, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	body, ok := s.objects[*in.Key]
	if !ok {
		return nil, &awshttp.ResponseError{ResponseError: &smithyhttp.ResponseError{
			Response: &smithyhttp.Response{Response: &http.Response{StatusCode: http.StatusNotFound}}, Err: &smithy.GenericAPIError{Code: "NoSuchKey"},
		}}
	}
	return &s3.GetObjectOutput{Body: io.NopCloser(bytes.NewReader(body))}, nil
}

func (s *store) PutObject(_ context.Context, in *s3.PutObjectInput, _ ...func(*s3.Options)) (*s3.PutObjectOutput, error) {
	body, err := io.ReadAll(in.Body)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.objects[*in.Key] = body
	return &s3.PutObjectOutput{}, err
}

// findings reads all objects in the order of their keys, which is that of the lines.
func (s *store) findings() (all []checks.Finding, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, key := range slices.Sorted(maps.Keys(s.objects)) {
		some, err := decode(bytes.NewReader(s.objects[key]))
		if err != nil {
			return nil, fmt.Errorf("read %s: %w", key, err)
		}
		all = append(all, some...)
	}
	return all, nil
}

// decode reads findings to the end.
func decode(r io.Reader) (findings []checks.Finding, err error) {
	for lines := json.NewDecoder(r); ; {
		var f checks.Finding
		err := lines.Decode(&f)
		if errors.Is(err, io.EOF) {
			return findings, nil
		}
		if err != nil {
			return nil, err
		}
		findings = append(findings, f)
	}
}
