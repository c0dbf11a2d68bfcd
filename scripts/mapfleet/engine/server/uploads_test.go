package server_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/sfn"
	"github.com/aws/aws-sdk-go-v2/service/sfn/types"

	"mapfleet/functions/job"
)

// put puts a file into a bucket.
func (c clients) put(t *testing.T, bucket, key string, body []byte) {
	t.Helper()
	if _, err := c.s3.PutObject(t.Context(), &s3.PutObjectInput{Bucket: &bucket, Key: &key, Body: strings.NewReader(string(body))}); err != nil {
		t.Fatal(err)
	}
}

// runs returns the executions by their status.
func (c clients) runs(t *testing.T, status types.ExecutionStatus) []types.ExecutionListItem {
	t.Helper()
	list, err := c.sfn.ListExecutions(t.Context(), &sfn.ListExecutionsInput{StateMachineArn: c.machine, StatusFilter: status})
	if err != nil {
		t.Fatal(err)
	}
	return list.Executions
}

// picture returns the bytes of a photograph.
func picture(t *testing.T, seed int) []byte {
	t.Helper()
	path := filepath.Join(t.TempDir(), "p.jpg")
	photo(t, path, seed)
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func there(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}

// TestUploads_start_runs: pictures of one moment start one run, over them alone.
func TestUploads_start_runs(t *testing.T) {
	in, out := album(t, 2), t.TempDir()
	settings := config(in, out)
	settings.Writable = true
	c := serve(t, settings)
	c.put(t, "source", "new/ä +.jpg", picture(t, 3))
	c.put(t, "source", "new/notes.txt", []byte("no picture"))
	made := filepath.Join(out, "w1024", "new", "ä +.jpg")
	eventually(t, "the upload's variant is made, its run over", func() bool {
		return there(made) && len(c.runs(t, types.ExecutionStatusSucceeded)) > 0
	})
	if there(filepath.Join(out, "w1024", "00000.jpg")) {
		t.Error("a picture that was not uploaded was run over")
	}
	run := c.runs(t, "")[0]
	if !strings.HasPrefix(*run.Name, "upload-") {
		t.Errorf("the run is called %s", *run.Name)
	}
	x := c.end(t, run.ExecutionArn)
	if !strings.Contains(*x.Input, `"keys":["new/ä +.jpg"]`) || !strings.Contains(*x.Output, `"written":1`) {
		t.Errorf("the run of the upload: input %s, output %s", *x.Input, *x.Output)
	}
	if n := len(c.runs(t, "")); n != 1 {
		t.Errorf("%d runs, want 1", n)
	}
}

// TestUploads_of_a_manifest: it starts a run over what it names, and the source is only read.
func TestUploads_of_a_manifest(t *testing.T) {
	out := t.TempDir()
	c := serve(t, config(album(t, 3), out))
	_, err := c.s3.PutObject(t.Context(), &s3.PutObjectInput{Bucket: aws.String("source"), Key: aws.String("x.jpg"), Body: strings.NewReader("x")})
	if code(err) != "AccessDenied" {
		t.Errorf("an upload into a source that is only read: %v, want AccessDenied", err)
	}
	c.put(t, "work", job.ManifestsPrefix+"some.csv", []byte("key\n00001.jpg\n00002.jpg\n"))
	eventually(t, "the manifest's run has succeeded", func() bool { return len(c.runs(t, types.ExecutionStatusSucceeded)) == 1 })
	if run := c.runs(t, "")[0]; !strings.HasPrefix(*run.Name, "manifest-") {
		t.Errorf("the run is called %s", *run.Name)
	}
	for name, want := range map[string]bool{"00000.jpg": false, "00001.jpg": true, "00002.jpg": true} {
		if got := there(filepath.Join(out, "w1024", name)); got != want {
			t.Errorf("%s is made: %v, want %v", name, got, want)
		}
	}
}

// TestUploads_outlive_the_server: what has started no run when the server ends starts it when the folder is
// served again.
func TestUploads_outlive_the_server(t *testing.T) {
	in, out := album(t, 0), t.TempDir()
	settings := config(in, out)
	settings.Writable = true
	first := start(t, settings)
	first.put(t, "source", "late.jpg", picture(t, 1))
	if _, err := first.Close(); err != nil { // before the second in which uploads are gathered is over
		t.Fatal(err)
	}
	if there(filepath.Join(out, "w1024", "late.jpg")) {
		t.Skip("the run was faster than the end of the server")
	}
	c := serve(t, settings)
	eventually(t, "the upload's variant is made", func() bool { return there(filepath.Join(out, "w1024", "late.jpg")) })
	if n := len(c.runs(t, "")); n != 1 {
		t.Errorf("%d runs, want 1", n)
	}
}
