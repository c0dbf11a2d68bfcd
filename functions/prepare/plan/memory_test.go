package plan

import (
	"context"
	"fmt"
	"io"
	"runtime"
	"strconv"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"mapfleet/functions/job"
)

// made is a list of n lines that are made while they are read. It notes the largest heap on the way.
type made struct {
	head, foot string
	line       func(i int) string
	n, i       int
	rest       string
	most       uint64
}

func (m *made) Read(p []byte) (int, error) {
	for m.rest == "" {
		switch {
		case m.i == 0:
			m.rest = m.head + m.line(0)
		case m.i < m.n:
			m.rest = m.line(m.i)
		case m.i == m.n:
			m.rest = m.foot
		default:
			return 0, io.EOF
		}
		if m.i++; m.i%20_000 == 0 {
			var now runtime.MemStats
			runtime.ReadMemStats(&now)
			m.most = max(m.most, now.HeapAlloc)
		}
	}
	n := copy(p, m.rest)
	m.rest = m.rest[n:]
	return n, nil
}

// TestMillionLinesTakeNoMoreMemory lays out a manifest of a million lines, and others of some parts each,
// into a store that throws them away.
func TestMillionLinesTakeNoMoreMemory(t *testing.T) {
	for key, list := range map[string]*made{
		"m.csv":   {n: 1_000_000, head: "key,size,etag,lastModified\n", line: func(i int) string { return fmt.Sprintf("in/%08d.jpg,1234,\"05704f\",2026-11-02T15:04:05Z\n", i) }},
		"m.json":  {n: 300_000, head: "[", line: func(i int) string { return fmt.Sprintf("{\"Key\":\"in/%08d.jpg\",\"Size\":1234},", i) }, foot: `"in/last.jpg"]`},
		"m.jsonl": {n: 300_000, line: func(i int) string { return fmt.Sprintf("{\"Key\":\"in/%08d.jpg\",\"Size\":1234}\n", i) }},
	} {
		t.Run(key, func(t *testing.T) {
			p, store := planner()
			store.stream = list
			runtime.GC()
			got, err := p.Plan(t.Context(), start(`{"manifest":"s3://work/`+key+`"}`))
			if err != nil {
				t.Fatal(err)
			}
			if items := got.Shards[0].Items; items != list.n+strings.Count(list.foot, "in/") {
				t.Errorf("%d items of %d lines", items, list.n)
			}
			if store.objects["work/work/nightly/items.jsonl"] != "in parts" || store.uploads != 0 || list.most == 0 {
				t.Errorf("%d bytes in parts, %d uploads open, heap %d", store.parts, store.uploads, list.most)
			}
			if list.most > 64<<20 {
				t.Errorf("the heap grew to %d MB, want at most 64", list.most>>20)
			}
			t.Logf("%d MB of items, heap up to %d MB", store.parts>>20, list.most>>20)
		})
	}
}

// endless is a store whose source holds n objects at one level, and parts folders of n objects beside them.
type endless struct {
	*fakeS3
	n, parts int
	most     uint64
	pages    int
}

func (e *endless) ListObjectsV2(ctx context.Context, in *s3.ListObjectsV2Input, more ...func(*s3.Options)) (*s3.ListObjectsV2Output, error) {
	if *in.Bucket != "photos" {
		return e.fakeS3.ListObjectsV2(ctx, in, more...)
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.pages++; e.pages%50 == 0 {
		var now runtime.MemStats
		runtime.ReadMemStats(&now)
		e.most = max(e.most, now.HeapAlloc)
	}
	from, _ := strconv.Atoi(aws.ToString(in.ContinuationToken))
	to := min(from+1000, e.n)
	out := &s3.ListObjectsV2Output{IsTruncated: aws.Bool(to < e.n), NextContinuationToken: aws.String(strconv.Itoa(to))}
	for i := from; i < to; i++ {
		out.Contents = append(out.Contents, types.Object{Key: aws.String(fmt.Sprintf("%s%08d.jpg", *in.Prefix, i)), ETag: aws.String("\"05704f\""), Size: aws.Int64(1234), StorageClass: types.ObjectStorageClassStandard})
	}
	for i := 0; in.Delimiter != nil && to == e.n && i < e.parts; i++ {
		out.CommonPrefixes = append(out.CommonPrefixes, types.CommonPrefix{Prefix: aws.String(fmt.Sprintf("%s%03d/", *in.Prefix, i))})
	}
	return out, nil
}

// TestShardsTakeNoMoreMemory splits a listing with 199 parts and, beside them, 200,000 objects, which
// become a list of several parts; and counts a listing of a million.
func TestShardsTakeNoMoreMemory(t *testing.T) {
	for _, c := range []struct {
		input            string
		n, parts, shards int
	}{
		{`{"shardBy":"/"}`, 200_000, 199, 200},
		{`{"shardBy":"/","dryRun":true}`, 5_000, 199, 200},
		{`{"dryRun":true}`, 1_000_000, 0, 1},
	} {
		t.Run(c.input, func(t *testing.T) {
			p, store := planner()
			source := &endless{fakeS3: store, n: c.n, parts: c.parts}
			p.Store = source
			runtime.GC()
			got, err := p.Plan(t.Context(), start(c.input))
			if err != nil || len(got.Shards) != c.shards {
				t.Fatalf("%d shards, %v, want %d", len(got.Shards), err, c.shards)
			}
			if e := got.Estimate; e != nil && (e.Items != c.n*(c.parts+1) || !e.Complete) {
				t.Errorf("%d items were counted, want %d", e.Items, c.n*(c.parts+1))
			}
			if source.most == 0 || source.most > 64<<20 {
				t.Errorf("the heap grew to %d MB, want at most 64", source.most>>20)
			}
			t.Logf("%d MB of items, heap up to %d MB", store.parts>>20, source.most>>20)
		})
	}
}

// TestLongManifestThatGoesWrong leaves nothing of what was sent on the way.
func TestLongManifestThatGoesWrong(t *testing.T) {
	const n = 250_000 // 50 bytes each make more than one part
	for name, c := range map[string]struct {
		foot  string
		fault error
		is    func(error) bool
	}{
		"a wrong line at the end": {"out/last.jpg\n", nil, func(err error) bool { _, ok := err.(job.InvalidInput); return ok }},
		"a part that fails":       {"", answer(503, "SlowDown"), func(err error) bool { _, ok := err.(job.Throttled); return ok }},
	} {
		t.Run(name, func(t *testing.T) {
			p, store := planner()
			store.faults["PART work/work/nightly/items.jsonl"] = c.fault
			store.stream = &made{n: n, line: func(i int) string { return fmt.Sprintf("in/%034d.jpg\n", i) }, foot: c.foot}
			_, err := p.Plan(t.Context(), start(`{"manifest":"s3://work/m.csv"}`))
			if !c.is(err) {
				t.Errorf("%T %.200v", err, err)
			}
			if store.parts == 0 || store.uploads != 0 || len(store.objects) != 0 {
				t.Errorf("%d bytes were sent, %d uploads are open, %d objects there", store.parts, store.uploads, len(store.objects))
			}
		})
	}
}
