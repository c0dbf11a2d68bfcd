package plan

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/s3"

	"mapfleet/functions/fault"
	"mapfleet/functions/job"
)

// maxManifestProblems is how many wrong lines one refusal names.
const maxManifestProblems = 10

// stored normalises the manifest at s3://bucket/key.
func (p *Planner) stored(ctx context.Context, run, bucket, key string) (job.Shard, int, error) {
	out, err := p.Store.GetObject(ctx, &s3.GetObjectInput{Bucket: &bucket, Key: &key})
	switch err := fault.Of("GetObject", bucket, key, err).(type) {
	case nil:
	case fault.NoBucket:
		return job.Shard{}, 0, job.SourceMissing{Message: err.Message}
	case fault.Gone:
		return job.Shard{}, 0, job.SourceMissing{Message: err.Message}
	case fault.Archived:
		return job.Shard{}, 0, job.SourceMissing{Message: err.Message}
	default:
		return job.Shard{}, 0, err
	}
	defer out.Body.Close()
	return p.manifest(ctx, run, out.Body, "s3://"+bucket+"/"+key)
}

// maxLineBytes bounds a line, and with it the memory that a manifest takes.
const maxLineBytes = 64 << 10

// manifest writes the items that lines holds, one JSON object a line, to the work bucket in the shape
// that workers read: each key once where its lines follow each other, as failures of several variants
// do. It spools to a temporary file, so that memory stays the same at any length. Nothing is written
// if there are no items.
func (p *Planner) manifest(ctx context.Context, run string, lines io.Reader, name string) (job.Shard, int, error) {
	spool, err := os.CreateTemp("", "manifest-*.jsonl")
	if err != nil {
		return job.Shard{}, 0, spoolFault(err)
	}
	defer os.Remove(spool.Name())
	defer spool.Close()
	items, err := p.normalise(lines, spool, name)
	if err != nil || items == 0 {
		return job.Shard{}, 0, err
	}
	if _, err := spool.Seek(0, io.SeekStart); err != nil {
		return job.Shard{}, 0, spoolFault(err)
	}
	key := job.WorkKey(run, "items.jsonl")
	if err := p.put(ctx, key, "application/jsonl", spool); err != nil {
		return job.Shard{}, 0, err
	}
	return job.Shard{Kind: job.ShardManifest, Bucket: p.Deployment.WorkBucket, Key: key, Items: items}, items, nil
}

func spoolFault(err error) error {
	return job.Unavailable{Message: fmt.Sprintf("spool the manifest: %v", err)}
}

func (p *Planner) normalise(lines io.Reader, spool io.Writer, name string) (items int, err error) {
	in, out := bufio.NewReaderSize(lines, maxLineBytes), bufio.NewWriter(spool)
	encoder := json.NewEncoder(out)
	encoder.SetEscapeHTML(false)
	var problems []job.Problem
	var last string
	for number := 1; ; number++ {
		line, err := in.ReadSlice('\n')
		if err == bufio.ErrBufferFull {
			return 0, job.InvalidInput{Problems: append(problems, problem(name, number, line, fmt.Sprintf("at most %d bytes a line", maxLineBytes)))}
		}
		if err != nil && err != io.EOF {
			return 0, job.Unavailable{Message: fmt.Sprintf("read %s: %v", name, err)}
		}
		if len(bytes.TrimSpace(line)) > 0 {
			item, refused := p.parseLine(line)
			switch {
			case refused != "":
				problems = append(problems, problem(name, number, line, refused))
			case item.Key != last:
				items++
				last = item.Key
				if err := encoder.Encode(item); err != nil {
					return 0, spoolFault(err)
				}
			}
		}
		if len(problems) == maxManifestProblems || err != nil {
			break
		}
	}
	if problems != nil {
		return 0, job.InvalidInput{Problems: problems}
	}
	if err := out.Flush(); err != nil {
		return 0, spoolFault(err)
	}
	return items, nil
}

func problem(name string, number int, line []byte, allowed string) job.Problem {
	return job.Problem{Field: fmt.Sprintf("%s, line %d", name, number), Given: clip(line), Allowed: allowed}
}

func (p *Planner) parseLine(line []byte) (item job.Item, refused string) {
	if err := json.Unmarshal(line, &item); err != nil {
		return item, `one JSON object a line with at least a "Key"; "Size", if there, a number of bytes, and "LastModified" a date`
	}
	if !strings.HasPrefix(item.Key, p.Deployment.SourcePrefix) || len(item.Key) > job.MaxKeyBytes {
		return item, fmt.Sprintf("a key of at most %d bytes that starts with the deployment's prefix %q", job.MaxKeyBytes, p.Deployment.SourcePrefix)
	}
	return item, ""
}

func clip(line []byte) string {
	line = bytes.TrimSpace(line)
	if len(line) > 120 {
		return strings.ToValidUTF8(string(line[:120]), "") + "…"
	}
	return string(line)
}

func keysReader(keys []string) io.Reader {
	var lines bytes.Buffer
	for _, key := range keys {
		data, _ := json.Marshal(job.Item{Key: key, Size: -1})
		lines.Write(data)
		lines.WriteByte('\n')
	}
	return &lines
}
