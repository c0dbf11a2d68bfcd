package audit

import (
	"bytes"
	"errors"
	"path/filepath"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/google/go-cmp/cmp"

	"mapfleet/scripts/mapfleet/engine/storage"
)

// overFolders calls do with a client of an S3 over these folders.
func overFolders(t *testing.T, source, destination string, do func(*s3.Client) error) {
	t.Helper()
	server, err := storage.Start(t.Context(), storage.Config{Source: source, Destination: destination, State: filepath.Join(t.TempDir(), "state")})
	if err != nil {
		t.Fatal(err)
	}
	err = do(s3.New(s3.Options{
		Region: storage.Region, BaseEndpoint: &server.URL, UsePathStyle: true,
		Credentials: credentials.NewStaticCredentialsProvider(server.AccessKey, server.SecretKey, ""),
	}))
	if err := errors.Join(err, server.Close()); err != nil {
		t.Fatal(err)
	}
}

// TestFolderOfOutputs: of what a run has written into a folder, an audit expects no outputs, for another run makes none.
func TestFolderOfOutputs(t *testing.T) {
	first := t.TempDir()
	overFolders(t, t.TempDir(), first, func(c *s3.Client) error {
		_, err := c.PutObject(t.Context(), &s3.PutObjectInput{
			Bucket: aws.String(storage.Destination), Key: aws.String("s/a.jpg"), Body: bytes.NewReader(photo(t, 1)), Metadata: marks("a.jpg", "e", "r"),
		})
		return err
	})
	overFolders(t, first, t.TempDir(), func(c *s3.Client) error {
		d := newWorld(t).deployment
		d.SourceBucket, d.SourcePrefix, d.DestinationBucket, d.DestinationPrefix = storage.Source, "", storage.Destination, ""
		r, err := Run(t.Context(), Config{Store: c, Deployment: d, Input: []byte(`{}`)})
		if diff := cmp.Diff(Sources{Listed: 1, Ignored: 1, IgnoredBy: map[string]int{"OwnOutput": 1}}, r.Sources); diff != "" || !r.Clean {
			t.Errorf("clean %v, sources (-want +got):\n%s", r.Clean, diff)
		}
		return err
	})
}
