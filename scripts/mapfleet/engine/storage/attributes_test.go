package storage

import (
	"bytes"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/google/go-cmp/cmp"
	"github.com/pkg/xattr"

	"mapfleet/functions/resize/batch"
)

// ownMarks are those of an output that mapfleet made.
var ownMarks = map[string]string{batch.MarkSource: "0123456789abcdef", batch.MarkRecipe: "fedcba9876543210", "who": "me"}

// outputs puts a.jpg with metadata through a server, as its destination, and returns that folder.
func outputs(t testing.TB, metadata map[string]string) string {
	t.Helper()
	s, c := serve(t, t.TempDir())
	_, err := c.PutObject(t.Context(), &s3.PutObjectInput{
		Bucket: aws.String(Destination), Key: aws.String("w/a.jpg"), Body: bytes.NewReader([]byte("picture")), Metadata: metadata,
		CacheControl: aws.String("max-age=60"), ContentDisposition: aws.String("inline"), ContentLanguage: aws.String("de"),
	})
	if err != nil {
		t.Fatal(err)
	}
	return s.config.Destination
}

// metadataOf is what HEAD, GET and GET of a part say of w/a.jpg in the source, which must be the same.
func metadataOf(t *testing.T, c *s3.Client) map[string]string {
	t.Helper()
	head, err := c.HeadObject(t.Context(), &s3.HeadObjectInput{Bucket: aws.String(Source), Key: aws.String("w/a.jpg")})
	if err != nil {
		t.Fatal(err)
	}
	for _, part := range []*string{nil, aws.String("bytes=0-1")} {
		out, err := c.GetObject(t.Context(), &s3.GetObjectInput{Bucket: aws.String(Source), Key: aws.String("w/a.jpg"), Range: part})
		if err != nil {
			t.Fatal(err)
		}
		out.Body.Close()
		if diff := cmp.Diff(head.Metadata, out.Metadata); diff != "" {
			t.Errorf("GET of %q has other metadata than HEAD (-HEAD +GET):\n%s", aws.ToString(part), diff)
		}
	}
	return head.Metadata
}

func TestSource_has_what_was_put_with_its_files(t *testing.T) {
	for name, metadata := range map[string]map[string]string{"an output": ownMarks, "an upload": {"who": "me"}} {
		_, c := serve(t, outputs(t, metadata))
		if diff := cmp.Diff(metadata, metadataOf(t, c)); diff != "" {
			t.Errorf("metadata of %s (-want +got):\n%s", name, diff)
		}
		key := aws.String("w/a.jpg")
		out, err := c.GetObject(t.Context(), &s3.GetObjectInput{Bucket: aws.String(Source), Key: key})
		if err != nil {
			t.Fatal(err)
		}
		out.Body.Close()
		head, err := c.HeadObject(t.Context(), &s3.HeadObjectInput{Bucket: aws.String(Source), Key: key})
		if err != nil {
			t.Fatal(err)
		}
		want := []string{"max-age=60", "inline", "de"}
		for _, got := range [][]string{
			{aws.ToString(out.CacheControl), aws.ToString(out.ContentDisposition), aws.ToString(out.ContentLanguage)},
			{aws.ToString(head.CacheControl), aws.ToString(head.ContentDisposition), aws.ToString(head.ContentLanguage)},
		} {
			if !slices.Equal(got, want) {
				t.Errorf("%s has %q, want %q", name, got, want)
			}
		}
	}
}

// TestSource_output_that_was_changed_in_its_place is a picture of its owner's, whatever its file still says.
func TestSource_output_that_was_changed_in_its_place(t *testing.T) {
	dir := outputs(t, ownMarks)
	if err := os.WriteFile(filepath.Join(dir, "w", "a.jpg"), []byte("edited"), 0o644); err != nil {
		t.Fatal(err)
	}
	for name, open := range map[string]func() *s3.Client{
		"read only": func() *s3.Client { _, c := serve(t, dir); return c },
		"writable":  func() *s3.Client { c, _ := uploads(t, dir); return c },
	} {
		if got := metadataOf(t, open()); len(got) != 0 {
			t.Errorf("%s: metadata %v, want none", name, got)
		}
	}
}

func TestDescribe(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a.jpg")
	if err := os.WriteFile(path, []byte("x"), 0o644); err != nil {
		t.Fatal(err)
	}
	none := func(when string) {
		t.Helper()
		if d, err := describe(path); err != nil || d.metadata != nil || d.cacheControl != nil {
			t.Errorf("%s: describe = %+v, %v, want nothing", when, d, err)
		}
	}
	none("of a plain file")
	for name, value := range map[string]string{"user.comment": "hello", "user.metadata": "of another program", "user.etag": ""} {
		if err := xattr.Set(path, name, []byte(value)); err != nil {
			t.Fatal(err)
		}
	}
	none("with attributes of another program")
	if err := xattr.Set(path, "user.metadata", []byte(`{"`+batch.MarkRecipe+`":"r"}`)); err != nil {
		t.Fatal(err)
	}
	for _, etag := range []string{"", "0123456789abcdef-1", "no MD5"} {
		if err := xattr.Set(path, "user.etag", []byte(etag)); err != nil {
			t.Fatal(err)
		}
		if d, err := describe(path); err != nil || d.metadata[batch.MarkRecipe] != "r" {
			t.Errorf("describe with an ETag %q = %v, %v, want the mark: there is nothing to say that the file was changed", etag, d.metadata, err)
		}
	}
	for _, step := range []error{os.Chmod(filepath.Dir(filepath.Dir(path)), 0o755), os.Chmod(filepath.Dir(path), 0o755), os.Chmod(path, 0)} {
		if step != nil {
			t.Fatal(step)
		}
	}
	asNobody(t, func() {
		if d, err := describe(path); err == nil {
			t.Errorf("describe = %+v of a file whose attributes may not be read, want an error: it might be an output", d)
		}
	})
	if err := os.Remove(path); err != nil {
		t.Fatal(err)
	}
	none("where attributes cannot be listed")
}

func TestSource_does_not_list_the_state_of_runs(t *testing.T) {
	dir := t.TempDir()
	for _, path := range []string{
		".mapfleet/lock", ".mapfleet/work/previews/p.jpg", ".mapfleet/own.jpg", // where a run keeps its state
		"small/.mapfleet/lock", "small/.mapfleet/work/p.jpg", "small/w.jpg",
		"x.mapfleet/lock", "x.mapfleet/work/p.jpg", // of other names
		"a/.mapfleet/p.jpg", "b/.mapfleet/lock", "b/.mapfleet/p.jpg", "c/.mapfleet/work/p.jpg", "d/.mapfleet/lock/p.jpg", "d/.mapfleet/work/p.jpg", "e/.mapfleet", // by name only
	} {
		path = filepath.Join(dir, filepath.FromSlash(path))
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte("x"), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want := []string{
		"a/.mapfleet/p.jpg", "b/.mapfleet/lock", "b/.mapfleet/p.jpg", "c/.mapfleet/work/p.jpg", "d/.mapfleet/lock/p.jpg", "d/.mapfleet/work/p.jpg", "e/.mapfleet",
		"small/w.jpg", "x.mapfleet/lock", "x.mapfleet/work/p.jpg",
	}
	for name, open := range map[string]func() *s3.Client{
		"read only": func() *s3.Client { _, c := serve(t, dir); return c },
		"writable":  func() *s3.Client { c, _ := uploads(t, dir); return c },
	} {
		c := open()
		list, err := c.ListObjectsV2(t.Context(), &s3.ListObjectsV2Input{Bucket: aws.String(Source)})
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, o := range list.Contents {
			got = append(got, *o.Key)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s, listed (-want +got):\n%s", name, diff)
		}
		if _, err := c.GetObject(t.Context(), &s3.GetObjectInput{Bucket: aws.String(Source), Key: aws.String("small/.mapfleet/work/p.jpg")}); code(err) != "NoSuchKey" {
			t.Errorf("%s: GET of what is not listed: %v, want NoSuchKey", name, err)
		}
	}
}
