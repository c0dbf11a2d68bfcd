package storage

import (
	"bytes"
	"fmt"
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
