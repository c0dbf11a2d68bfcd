package storage

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
)

// BenchmarkPut measures one call of a client on this machine, both sides together.
func BenchmarkPut(b *testing.B) {
	_, client := serve(b, b.TempDir())
	body := bytes.Repeat([]byte("mapfleet"), 1500)
	n := 0
	for b.Loop() {
		n++
		_, err := client.PutObject(b.Context(), &s3.PutObjectInput{
			Bucket: aws.String(Destination), Key: aws.String(fmt.Sprintf("w/%06d.jpg", n)), Body: bytes.NewReader(body),
			ContentType: aws.String("image/jpeg"), IfNoneMatch: aws.String("*"),
			Metadata: map[string]string{"mapfleet-source": "0123456789abcdef", "mapfleet-source-etag": "0123456789abcdef-1", "mapfleet-recipe": "0123456789abcdef"},
		})
		if err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkGet measures what the source folder itself takes of a GET, without the network: of a photograph
// as it lies on most disks, and of an output of mapfleet, which is read once to see that it is unchanged.
func BenchmarkGet(b *testing.B) {
	plain := b.TempDir()
	for _, step := range []error{os.Mkdir(filepath.Join(plain, "w"), 0o755), os.WriteFile(filepath.Join(plain, "w", "a.jpg"), []byte("picture"), 0o644)} {
		if step != nil {
			b.Fatal(step)
		}
	}
	for _, c := range []struct{ name, dir string }{{"plain", plain}, {"uploaded", outputs(b, map[string]string{"who": "me"})}, {"output", outputs(b, ownMarks)}} {
		b.Run(c.name, func(b *testing.B) {
			f := newFolder(c.dir, stateIn(c.dir), modifiedETag)
			for b.Loop() {
				out, err := f.get(&s3.GetObjectInput{Bucket: aws.String(Source), Key: aws.String("w/a.jpg")})
				if err != nil {
					b.Fatal(err)
				}
				out.Body.Close()
			}
		})
	}
}
