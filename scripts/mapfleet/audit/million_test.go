package audit

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
)

// endless is a store of n sources and their outputs that exist only as numbers. Every thousandth output
// is missing, every thousandth stale, and every thousandth has no source.
type endless struct {
	Store
	n      int64
	recipe string
	weigh  func()
	pages  atomic.Int64
}

const (
	missingOnes = 7
	staleOnes   = 8
	orphanOnes  = 9
)

func sourceKey(i int64) string {
	digits := strconv.FormatInt(1_000_000_000+i, 10)[1:]
	return "in/" + digits[6:] + "/" + digits + ".jpg"
}

func sourceETag(i int64) string {
	hash := strconv.FormatUint(uint64(i)*0x9E3779B97F4A7C15|1<<63, 16)
	return hash + hash
}

func (e *endless) ListObjectsV2(_ context.Context, in *s3.ListObjectsV2Input, _ ...func(*s3.Options)) (*s3.ListObjectsV2Output, error) {
	if e.pages.Add(1)%50 == 0 {
		e.weigh()
	}
	i, _ := strconv.ParseInt(aws.ToString(in.ContinuationToken), 10, 64)
	outputs := *in.Bucket == "thumbs"
	out := &s3.ListObjectsV2Output{IsTruncated: aws.Bool(false)}
	for ; i < e.n; i++ {
		if len(out.Contents) == 1000 {
			out.IsTruncated, out.NextContinuationToken = aws.Bool(true), aws.String(strconv.FormatInt(i, 10))
			break
		}
		o := types.Object{Key: aws.String(sourceKey(i)), ETag: aws.String(`"` + sourceETag(i) + `"`), Size: aws.Int64(1000 + i), LastModified: aws.Time(time.Unix(1789180622+i, 0))}
		if outputs {
			o.Key = aws.String(e.output(i))
		}
		if outputs && i%1000 == missingOnes || !outputs && i%1000 == orphanOnes {
			continue
		}
		out.Contents = append(out.Contents, o)
	}
	return out, nil
}

func (e *endless) output(i int64) string { return "out/s/" + strings.TrimPrefix(sourceKey(i), "in/") }

func (e *endless) HeadObject(_ context.Context, in *s3.HeadObjectInput, _ ...func(*s3.Options)) (*s3.HeadObjectOutput, error) {
	name := (*in.Key)[strings.LastIndexByte(*in.Key, '/')+1:]
	i, err := strconv.ParseInt(strings.TrimSuffix(name, ".jpg"), 10, 64)
	if err != nil || i%1000 == missingOnes {
		return nil, answer(404, "NotFound")
	}
	etag := sourceETag(i)
	if i%1000 == staleOnes {
		etag = "another"
	}
	return &s3.HeadObjectOutput{Metadata: marks(sourceKey(i), etag, e.recipe)}, nil
}

// GetObject reads the beginning of a picture, or a manifest of all sources.
func (e *endless) GetObject(_ context.Context, in *s3.GetObjectInput, _ ...func(*s3.Options)) (*s3.GetObjectOutput, error) {
	if *in.Bucket != "work" {
		return &s3.GetObjectOutput{Body: io.NopCloser(strings.NewReader("\xff\xd8\xff and so on"))}, nil
	}
	var lines bytes.Buffer
	for i := range e.n {
		fmt.Fprintf(&lines, `{"Key":"%s","Etag":"%s","Size":%d}`+"\n", sourceKey(i), sourceETag(i), 1000+i)
	}
	return &s3.GetObjectOutput{Body: io.NopCloser(&lines)}, nil
}

// TestAMillion: memory does not grow with the number of objects.
func TestAMillion(t *testing.T) {
	if testing.Short() {
		t.Skip("looks at a million objects")
	}
	const n, most = 500_000, 24 << 20 // half of them are sources, half outputs
	for _, quick := range []bool{false, true} {
		t.Run(fmt.Sprintf("quick is %v", quick), func(t *testing.T) {
			w := newWorld(t)
			spool := t.TempDir()
			var mu sync.Mutex
			var start, stop runtime.MemStats
			var heap uint64
			var disk int64
			weigh := func() {
				mu.Lock()
				defer mu.Unlock()
				var now runtime.MemStats
				runtime.GC()
				runtime.ReadMemStats(&now)
				heap, disk = max(heap, now.HeapAlloc), max(disk, bytesBelow(t, spool))
			}
			store := &endless{n: n, recipe: w.deployment.Recipe[0].Recipe(), weigh: weigh}
			runtime.GC()
			runtime.ReadMemStats(&start)
			counted := new(lines)
			c := Config{Store: store, Deployment: w.deployment, Input: json.RawMessage(`{}`), Spool: spool, Quick: quick, Manifest: counted, Concurrency: 8, chunk: 1 << 16}
			r, err := Run(t.Context(), c)
			if err != nil {
				t.Fatal(err)
			}
			runtime.ReadMemStats(&stop)
			t.Logf("%.1f MB of heap at the most, %.1f MB on disk, %d collections, %+v", float64(heap-start.HeapAlloc)/1e6, float64(disk)/1e6, stop.NumGC-start.NumGC, r.Requests)
			if grown := heap - start.HeapAlloc; grown > most {
				t.Errorf("%d bytes of heap, want at most %d", grown, most)
			}
			want := Sources{Listed: n * 999 / 1000, Current: n * 997 / 1000, Again: n * 2 / 1000}
			if quick {
				want.Current, want.Again = n*998/1000, n*1/1000
			}
			want.IgnoredBy = r.Sources.IgnoredBy
			if fmt.Sprint(r.Sources) != fmt.Sprint(want) || int64(*counted) != want.Again {
				t.Errorf("sources %+v and %d lines, want %+v", r.Sources, *counted, want)
			}
			if d := r.Destination; d.Objects != n*999/1000 || d.Unexplained != n/1000 || !quick && d.Orphaned != n/1000 {
				t.Errorf("destination %+v", *d)
			}
		})
	}
}

// lines counts what is written to it, and forgets it.
type lines int64

func (l *lines) Write(p []byte) (int, error) {
	*l += lines(strings.Count(string(p), "\n"))
	return len(p), nil
}

func bytesBelow(t *testing.T, dir string) (n int64) {
	err := filepath.WalkDir(dir, func(_ string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		info, err := d.Info()
		if os.IsNotExist(err) {
			return nil
		}
		n += info.Size()
		return err
	})
	if err != nil && !os.IsNotExist(err) {
		t.Error(err)
	}
	return n
}

// TestAManifestOfParts is of one that Prepare would upload in several parts.
func TestAManifestOfParts(t *testing.T) {
	w := newWorld(t)
	store := &endless{n: 120_000, recipe: w.deployment.Recipe[0].Recipe(), weigh: func() {}}
	r, err := Run(t.Context(), Config{Store: store, Deployment: w.deployment, Input: json.RawMessage(`{"manifest":"s3://work/all.jsonl"}`), Spool: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	if s := r.Sources; s.Listed != store.n || s.Again != store.n*2/1000 || s.Current != store.n-s.Again {
		t.Errorf("sources %+v, want %d listed", s, store.n)
	}
}

func TestAFakeOfAMillionIsOneOfTen(t *testing.T) {
	w := newWorld(t)
	store := &endless{n: 10, recipe: w.deployment.Recipe[0].Recipe(), weigh: func() {}}
	r, err := Run(t.Context(), Config{Store: store, Deployment: w.deployment, Input: json.RawMessage(`{}`), Spool: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	if got := fmt.Sprint(kinds(r)); got != "[missing "+sourceKey(7)+" s orphaned "+store.output(9)+" stale "+sourceKey(8)+" s]" {
		t.Errorf("findings: %s", got)
	}
}
