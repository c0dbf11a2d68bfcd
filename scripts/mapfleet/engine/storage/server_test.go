package storage

import (
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/smithy-go"
)

// serve starts a server over a source that holds tree, and a client for it.
func serve(tb testing.TB, source string) (*Server, *s3.Client) {
	tb.Helper()
	dir := tb.TempDir()
	s, err := Start(context.Background(), Config{Source: source, Destination: filepath.Join(dir, "out"), State: filepath.Join(dir, "out", ".mapfleet")})
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() {
		if err := s.Close(); err != nil {
			tb.Error(err)
		}
	})
	return s, s3.New(s3.Options{
		Region: Region, BaseEndpoint: &s.URL, UsePathStyle: true,
		Credentials: credentials.NewStaticCredentialsProvider(s.AccessKey, s.SecretKey, ""),
	})
}

func code(err error) string {
	if api, ok := errors.AsType[smithy.APIError](err); ok {
		return api.ErrorCode()
	}
	return ""
}

func read(t *testing.T, c *s3.Client, bucket, key string) (string, *s3.GetObjectOutput) {
	t.Helper()
	out, err := c.GetObject(t.Context(), &s3.GetObjectInput{Bucket: &bucket, Key: &key})
	if err != nil {
		t.Fatalf("GetObject %s %q: %v", bucket, key, err)
	}
	defer out.Body.Close()
	data, err := io.ReadAll(out.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(data), out
}

func TestSource_is_the_folder_as_it_stands(t *testing.T) {
	dir := tree(t)
	_, c := serve(t, dir)
	for _, key := range treeKeys {
		data, out := read(t, c, Source, key)
		if data != key || aws.ToString(out.ETag) == "" {
			t.Errorf("%q reads %q with ETag %q", key, data, aws.ToString(out.ETag))
		}
	}
	list, err := c.ListObjectsV2(t.Context(), &s3.ListObjectsV2Input{Bucket: aws.String(Source), Prefix: aws.String("a/")})
	if err != nil {
		t.Fatal(err)
	}
	if len(list.Contents) != 3 || *list.Contents[0].Key != "a/b.jpg" {
		t.Errorf("listing of a/ has %d objects", len(list.Contents))
	}
}

func TestSource_ETag_follows_the_file(t *testing.T) {
	dir := tree(t)
	_, c := serve(t, dir)
	etag := func() string {
		out, err := c.HeadObject(t.Context(), &s3.HeadObjectInput{Bucket: aws.String(Source), Key: aws.String("a.jpg")})
		if err != nil {
			t.Fatal(err)
		}
		return *out.ETag
	}
	before := etag()
	if again := etag(); again != before {
		t.Errorf("ETag %s, then %s, of the same file", before, again)
	}
	later := time.Now().Add(time.Minute)
	if err := os.Chtimes(filepath.Join(dir, "a.jpg"), later, later); err != nil {
		t.Fatal(err)
	}
	if after := etag(); after == before {
		t.Errorf("ETag %s stays after a touch", after)
	}
}

func TestSource_cannot_be_written(t *testing.T) {
	dir := tree(t)
	_, c := serve(t, dir)
	_, err := c.PutObject(t.Context(), &s3.PutObjectInput{Bucket: aws.String(Source), Key: aws.String("new.jpg"), Body: strings.NewReader("x")})
	if err == nil {
		t.Error("PutObject into the source succeeds")
	}
	if _, err := c.DeleteObject(t.Context(), &s3.DeleteObjectInput{Bucket: aws.String(Source), Key: aws.String("a.jpg")}); err == nil {
		t.Error("DeleteObject in the source succeeds")
	}
	if _, err := os.Stat(filepath.Join(dir, "a.jpg")); err != nil {
		t.Errorf("after the DeleteObject: %v", err)
	}
	if _, err := os.Stat(filepath.Join(dir, "new.jpg")); err == nil {
		t.Error("it wrote into the source")
	}
}

func TestSource_what_is_not_there(t *testing.T) {
	_, c := serve(t, tree(t))
	for _, key := range []string{"none.jpg", "a", "a/", "a/b/none", "../x"} {
		_, err := c.GetObject(t.Context(), &s3.GetObjectInput{Bucket: aws.String(Source), Key: &key})
		if err == nil {
			t.Errorf("GetObject %q succeeds", key)
		}
	}
	if _, err := c.GetObject(t.Context(), &s3.GetObjectInput{Bucket: aws.String("other"), Key: aws.String("x")}); code(err) != "NoSuchBucket" {
		t.Errorf("GetObject in another bucket: %v, want NoSuchBucket", err)
	}
}

func TestDestination_keeps_content_and_metadata(t *testing.T) {
	s, c := serve(t, tree(t))
	key := "w256/Été/a b+c%20 😀.jpg"
	_, err := c.PutObject(t.Context(), &s3.PutObjectInput{
		Bucket: aws.String(Destination), Key: &key, Body: strings.NewReader("picture"),
		ContentType: aws.String("image/jpeg"), CacheControl: aws.String("max-age=60"), Metadata: map[string]string{"mapfleet-recipe": "1234"},
		IfNoneMatch: aws.String("*"),
	})
	if err != nil {
		t.Fatal(err)
	}
	data, out := read(t, c, Destination, key)
	if data != "picture" || *out.ContentType != "image/jpeg" || *out.CacheControl != "max-age=60" || out.Metadata["mapfleet-recipe"] != "1234" {
		t.Errorf("read back %q, %q, %q, %v", data, *out.ContentType, *out.CacheControl, out.Metadata)
	}
	file, err := os.ReadFile(filepath.Join(s.state, Destination, filepath.FromSlash(key)))
	if err != nil || string(file) != "picture" {
		t.Errorf("the file holds %q, %v", file, err)
	}
}

func TestDestination_conditional_puts(t *testing.T) {
	_, c := serve(t, tree(t))
	put := func(body string, change func(*s3.PutObjectInput)) (string, error) {
		in := &s3.PutObjectInput{Bucket: aws.String(Destination), Key: aws.String("k"), Body: strings.NewReader(body)}
		change(in)
		out, err := c.PutObject(t.Context(), in)
		if err != nil {
			return "", err
		}
		return *out.ETag, nil
	}
	ifNew := func(in *s3.PutObjectInput) { in.IfNoneMatch = aws.String("*") }
	etag, err := put("one", ifNew)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := put("two", ifNew); code(err) != "PreconditionFailed" {
		t.Errorf("a second If-None-Match: %v, want PreconditionFailed", err)
	}
	if _, err := put("two", func(in *s3.PutObjectInput) { in.IfMatch = aws.String(`"00000000000000000000000000000000"`) }); code(err) != "PreconditionFailed" {
		t.Errorf("If-Match of another ETag: %v, want PreconditionFailed", err)
	}
	if _, err := put("two", func(in *s3.PutObjectInput) { in.IfMatch = &etag }); err != nil {
		t.Errorf("If-Match of its ETag: %v", err)
	}
	if data, _ := read(t, c, Destination, "k"); data != "two" {
		t.Errorf("holds %q, want two", data)
	}
}

func TestDestination_does_not_list_the_state(t *testing.T) {
	s, c := serve(t, tree(t))
	if err := s.Put(t.Context(), Work, "reports/x/plan.json", "application/json", strings.NewReader("{}")); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(s.Path("reports/x/plan.json")); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		list, err := c.ListObjectsV2(t.Context(), &s3.ListObjectsV2Input{Bucket: aws.String(Destination)})
		if err != nil {
			t.Fatal(err)
		}
		if len(list.Contents) != 0 {
			t.Errorf("the empty destination lists %s", *list.Contents[0].Key)
		}
	}
}

func TestServer_closed_as_soon_as_started(t *testing.T) {
	for range 30 {
		dir := t.TempDir()
		s, err := Start(t.Context(), Config{Source: t.TempDir(), Destination: filepath.Join(dir, "out"), State: filepath.Join(dir, "state")})
		if err != nil {
			t.Fatal(err)
		}
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	}
}

func TestServer_checks_signatures(t *testing.T) {
	s, _ := serve(t, tree(t))
	stranger := s3.New(s3.Options{Region: Region, BaseEndpoint: &s.URL, UsePathStyle: true, Credentials: credentials.NewStaticCredentialsProvider(s.AccessKey, "wrong", "")})
	_, err := stranger.GetObject(t.Context(), &s3.GetObjectInput{Bucket: aws.String(Source), Key: aws.String("a.jpg")})
	if code(err) != "SignatureDoesNotMatch" {
		t.Errorf("a wrong secret: %v, want SignatureDoesNotMatch", err)
	}
}

func TestList_gives_items_as_Step_Functions_does(t *testing.T) {
	s, _ := serve(t, tree(t))
	items, next, err := s.List(t.Context(), Source, "c", "")
	if err != nil || next != "" || len(items) != 1 {
		t.Fatalf("List = %d items, next %q, %v", len(items), next, err)
	}
	item := items[0].(map[string]any)
	for _, name := range []string{"Key", "Etag", "Size", "LastModified", "StorageClass"} {
		if item[name] == nil {
			t.Errorf("item has no %s: %v", name, item)
		}
	}
	if etag := item["Etag"].(string); !strings.HasPrefix(etag, `"`) {
		t.Errorf("Etag %s has lost its quotes", etag)
	}
}

func TestPut_replaces_a_whole_object(t *testing.T) {
	s, _ := serve(t, tree(t))
	for _, body := range []string{"first and long", "second"} {
		if err := s.Put(t.Context(), Work, "w/file", "text/plain", bytes.NewReader([]byte(body))); err != nil {
			t.Fatal(err)
		}
		r, err := s.Open(t.Context(), Work, "w/file")
		if err != nil {
			t.Fatal(err)
		}
		data, err := io.ReadAll(r)
		r.Close()
		if err != nil || string(data) != body {
			t.Errorf("read back %q, %v, want %q", data, err, body)
		}
	}
}
