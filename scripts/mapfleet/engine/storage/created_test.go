package storage

import (
	"bytes"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
)

// uploads starts a server whose source can be written, and keeps what it tells of.
func uploads(t *testing.T, source string) (c *s3.Client, told func() []Created) {
	t.Helper()
	var mu sync.Mutex
	var all []Created
	dir := t.TempDir()
	s, err := Start(t.Context(), Config{
		Source: source, Destination: filepath.Join(dir, "out"), State: filepath.Join(dir, "state"), Writable: true,
		Created: func(c Created) { mu.Lock(); defer mu.Unlock(); all = append(all, c) },
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	c = s3.New(s3.Options{
		Region: Region, BaseEndpoint: &s.URL, UsePathStyle: true,
		Credentials: credentials.NewStaticCredentialsProvider(s.AccessKey, s.SecretKey, ""),
	})
	return c, func() []Created { mu.Lock(); defer mu.Unlock(); return slices.Clone(all) }
}

func TestWritable_source_tells_of_every_way_to_make_an_object(t *testing.T) {
	dir := tree(t)
	c, told := uploads(t, dir)
	bucket := aws.String(Source)
	if _, err := c.PutObject(t.Context(), &s3.PutObjectInput{Bucket: bucket, Key: aws.String("new/p ü+.jpg"), Body: strings.NewReader("put"), ContentType: aws.String("image/x-mine"), Metadata: map[string]string{"who": "me"}}); err != nil {
		t.Fatal(err)
	}
	if _, err := c.CopyObject(t.Context(), &s3.CopyObjectInput{Bucket: bucket, Key: aws.String("copy.jpg"), CopySource: aws.String(Source + "/a.jpg")}); err != nil {
		t.Fatal(err)
	}
	upload, err := c.CreateMultipartUpload(t.Context(), &s3.CreateMultipartUploadInput{Bucket: bucket, Key: aws.String("parts.jpg")})
	if err != nil {
		t.Fatal(err)
	}
	part, err := c.UploadPart(t.Context(), &s3.UploadPartInput{Bucket: bucket, Key: aws.String("parts.jpg"), UploadId: upload.UploadId, PartNumber: aws.Int32(1), Body: bytes.NewReader(make([]byte, 6<<20))})
	if err != nil {
		t.Fatal(err)
	}
	if n := len(told()); n != 2 {
		t.Errorf("%d objects told of before the parts are one, want 2", n)
	}
	_, err = c.CompleteMultipartUpload(t.Context(), &s3.CompleteMultipartUploadInput{
		Bucket: bucket, Key: aws.String("parts.jpg"), UploadId: upload.UploadId,
		MultipartUpload: &types.CompletedMultipartUpload{Parts: []types.CompletedPart{{ETag: part.ETag, PartNumber: aws.Int32(1), ChecksumCRC32: part.ChecksumCRC32}}},
	})
	if err != nil {
		t.Fatal(err)
	}
	want := []struct {
		key, reason string
		size        int64
	}{{"new/p ü+.jpg", "PutObject", 3}, {"copy.jpg", "CopyObject", int64(len("a.jpg"))}, {"parts.jpg", "CompleteMultipartUpload", 6 << 20}}
	all := told()
	if len(all) != len(want) {
		t.Fatalf("told of %+v, want %+v", all, want)
	}
	for i, w := range want {
		head, err := c.HeadObject(t.Context(), &s3.HeadObjectInput{Bucket: bucket, Key: &w.key})
		if err != nil {
			t.Fatal(err)
		}
		got := all[i]
		if got.Key != w.key || got.Bucket != Source || got.Reason != w.reason || got.Size != w.size || `"`+got.ETag+`"` != *head.ETag || got.Time.IsZero() {
			t.Errorf("told of %+v, want %+v with the ETag %s", got, w, *head.ETag)
		}
	}
	data, out := read(t, c, Source, "new/p ü+.jpg")
	if data != "put" || *out.ContentType != "image/x-mine" || out.Metadata["who"] != "me" {
		t.Errorf("reads %q as %s of %v", data, *out.ContentType, out.Metadata)
	}
	if data, err := os.ReadFile(filepath.Join(dir, "new", "p ü+.jpg")); err != nil || string(data) != "put" {
		t.Errorf("the file holds %q, %v", data, err)
	}
}

// TestWritable_source_has_dropped_files_too: a file that is put, and then changed by hand, is another object.
func TestWritable_source_has_dropped_files_too(t *testing.T) {
	dir := tree(t)
	c, _ := uploads(t, dir)
	data, out := read(t, c, Source, "a.jpg")
	if data != "a.jpg" || *out.ETag == "" || *out.ContentType != "image/jpeg" {
		t.Errorf("a dropped file reads %q, %s of %s", data, *out.ETag, *out.ContentType)
	}
	put, err := c.PutObject(t.Context(), &s3.PutObjectInput{Bucket: aws.String(Source), Key: aws.String("x.jpg"), Body: strings.NewReader("one")})
	if err != nil {
		t.Fatal(err)
	}
	file, err := os.OpenFile(filepath.Join(dir, "x.jpg"), os.O_WRONLY|os.O_APPEND, 0)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := file.WriteString(" and more"); err != nil {
		t.Fatal(err)
	}
	file.Close()
	data, out = read(t, c, Source, "x.jpg")
	if data != "one and more" || *out.ETag == *put.ETag {
		t.Errorf("reads %q with the ETag %s, want another than that of the put", data, *out.ETag)
	}
	_, err = c.GetObject(t.Context(), &s3.GetObjectInput{Bucket: aws.String(Source), Key: aws.String("x.jpg"), IfMatch: put.ETag})
	if code(err) != "PreconditionFailed" {
		t.Errorf("If-Match of the ETag before: %v, want PreconditionFailed", err)
	}
	list, err := c.ListObjectsV2(t.Context(), &s3.ListObjectsV2Input{Bucket: aws.String(Source), Prefix: aws.String("x.jpg")})
	if err != nil || len(list.Contents) != 1 || *list.Contents[0].ETag != *out.ETag {
		t.Errorf("the listing tells %+v, %v, want the ETag %s", list, err, *out.ETag)
	}
	if _, err := c.DeleteObject(t.Context(), &s3.DeleteObjectInput{Bucket: aws.String(Source), Key: aws.String("x.jpg")}); err != nil {
		t.Error(err)
	}
	if _, err := os.Stat(filepath.Join(dir, "x.jpg")); !os.IsNotExist(err) {
		t.Errorf("deleted, but Stat: %v", err)
	}
}
