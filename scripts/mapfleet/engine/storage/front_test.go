package storage

import (
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
)

func TestFront_answers_to_this_machine_only(t *testing.T) {
	s, _ := serve(t, tree(t))
	for host, want := range map[string]int{
		"": http.StatusForbidden, "localhost": http.StatusForbidden, "LOCALHOST:80": http.StatusForbidden, "127.0.0.1": http.StatusForbidden, "[::1]:9": http.StatusForbidden,
		"evil.example": http.StatusForbidden, "127.0.0.1.evil.example": http.StatusForbidden, "10.0.0.1:80": http.StatusForbidden,
	} {
		request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, s.URL+"/source", nil)
		if err != nil {
			t.Fatal(err)
		}
		request.Host = host
		response, err := http.DefaultClient.Do(request)
		if err != nil {
			t.Fatal(err)
		}
		said, _ := io.ReadAll(response.Body)
		response.Body.Close()
		refused := strings.Contains(string(said), "localhost only")
		ours := !strings.Contains(host, "evil") && !strings.HasPrefix(host, "10.")
		// Without a signature S3 denies access too, in its own words.
		if response.StatusCode != want || refused == ours {
			t.Errorf("Host %q: %d %s", host, response.StatusCode, said)
		}
	}
}

func TestBuckets_are_three(t *testing.T) {
	_, c := serve(t, tree(t))
	list, err := c.ListBuckets(t.Context(), &s3.ListBucketsInput{})
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, b := range list.Buckets {
		names = append(names, *b.Name)
	}
	if want := []string{Destination, Source, Work}; !slices.Equal(names, want) {
		t.Errorf("buckets %q, want %q", names, want)
	}
	for _, folder := range []string{"logs", "executions", "other"} { // the first two lie beside them
		if _, err := c.PutObject(t.Context(), &s3.PutObjectInput{Bucket: &folder, Key: aws.String("x"), Body: strings.NewReader("x")}); code(err) != "NoSuchBucket" {
			t.Errorf("PutObject into %s: %v, want NoSuchBucket", folder, err)
		}
		if _, err := c.CreateBucket(t.Context(), &s3.CreateBucketInput{Bucket: &folder}); code(err) != "AccessDenied" {
			t.Errorf("CreateBucket %s: %v, want AccessDenied", folder, err)
		}
	}
	if _, err := c.CreateBucket(t.Context(), &s3.CreateBucketInput{Bucket: aws.String(Work)}); code(err) != "BucketAlreadyOwnedByYou" {
		t.Errorf("CreateBucket %s: %v, want BucketAlreadyOwnedByYou", Work, err)
	}
}
