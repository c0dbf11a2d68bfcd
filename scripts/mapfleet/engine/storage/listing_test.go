package storage

import (
	"context"
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
)

// grouped is what a listing of treeKeys with a delimiter holds, by S3's rule: objects and common prefixes
// in one order.
func grouped(prefix, delimiter, after string) (want []string) {
	for _, key := range slices.Sorted(slices.Values(treeKeys)) {
		if !strings.HasPrefix(key, prefix) || key <= after {
			continue
		}
		if i := strings.Index(key[len(prefix):], delimiter); delimiter != "" && i >= 0 {
			key = key[:len(prefix)+i+len(delimiter)]
		}
		if len(want) == 0 || want[len(want)-1] != key {
			want = append(want, key)
		}
	}
	return want
}

func TestFolder_groups_by_any_delimiter(t *testing.T) {
	root := tree(t)
	for _, prefix := range []string{"", "a", "a/", "a/b", "b/", "b/deep/", "z", "none"} {
		for _, delimiter := range []string{"", "/", "-", ".", "e", "/b", "é", "b/"} {
			want := grouped(prefix, delimiter, "")
			for limit := 1; limit <= len(treeKeys)+1; limit++ {
				for _, forgets := range []bool{false, true} {
					f := newFolder(root, nothing, modifiedETag)
					var got []string
					for next, more := "", true; more; more = next != "" {
						if forgets { // as after many other listings, or in another process
							clear(f.walks)
						}
						p, err := f.list(context.Background(), listing{prefix: prefix, delimiter: delimiter, next: next, limit: limit})
						if err != nil {
							t.Fatal(err)
						}
						var keys []string
						for _, o := range p.objects {
							keys = append(keys, *o.Key)
						}
						for _, c := range p.prefixes {
							keys = append(keys, *c.Prefix)
						}
						got = append(got, slices.Sorted(slices.Values(keys))...)
						next = p.next
					}
					if !slices.Equal(got, want) {
						t.Errorf("prefix %q, delimiter %q, pages of %d: %q, want %q", prefix, delimiter, limit, got, want)
					}
				}
			}
		}
	}
}

func TestListObjectsV2_of_every_bucket_with_a_delimiter(t *testing.T) {
	_, c := serve(t, tree(t))
	for _, key := range treeKeys {
		if key == "a/b.jpg" { // beside a/b/c.jpg
			continue
		}
		if _, err := c.PutObject(t.Context(), &s3.PutObjectInput{Bucket: aws.String(Destination), Key: &key, Body: strings.NewReader(key)}); err != nil {
			t.Fatal(err)
		}
	}
	for _, bucket := range []string{Source, Destination} {
		var got []string
		pages := s3.NewListObjectsV2Paginator(c, &s3.ListObjectsV2Input{Bucket: &bucket, Delimiter: aws.String("/"), MaxKeys: aws.Int32(2)})
		for pages.HasMorePages() {
			page, err := pages.NextPage(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			if n := len(page.Contents) + len(page.CommonPrefixes); int(*page.KeyCount) != n || n > 2 {
				t.Errorf("%s: a page of %d says %d", bucket, n, *page.KeyCount)
			}
			for _, o := range page.Contents {
				got = append(got, *o.Key)
			}
			for _, p := range page.CommonPrefixes {
				got = append(got, *p.Prefix)
			}
		}
		slices.Sort(got)
		if want := grouped("", "/", ""); !slices.Equal(got, want) {
			t.Errorf("%s lists %q, want %q", bucket, got, want)
		}
	}
	v1, err := c.ListObjects(t.Context(), &s3.ListObjectsInput{Bucket: aws.String(Source), Delimiter: aws.String("/"), Prefix: aws.String("a/")})
	if err != nil || len(v1.Contents) != 2 || len(v1.CommonPrefixes) != 1 || *v1.CommonPrefixes[0].Prefix != "a/b/" {
		t.Errorf("ListObjects of a/: %+v, %v, want two objects and a/b/", v1, err)
	}
}
