package asl

import (
	"bytes"
	"context"
	"fmt"
	"sync"
)

// exported keeps the outcomes in result files for the object store.
type exported struct {
	writer      *resultWriter
	destination destination
	arns        mapRunARNs
	objects     Objects

	mu                         sync.Mutex
	succeeded, failed, pending spool
}

func (x *exported) add(o outcome) error {
	rows, err := o.rows(x.writer.transformation, x.arns)
	if err != nil {
		return err
	}
	encoded := make([][]byte, len(rows))
	for i, row := range rows {
		if encoded[i], err = encode(row); err != nil {
			return err
		}
	}
	x.mu.Lock()
	defer x.mu.Unlock()
	to := &x.failed // with what timed out or was aborted (A29)
	switch o.status {
	case statusSucceeded:
		to = &x.succeeded
		to.lines = x.writer.lines
	case statusPending:
		to = &x.pending
	}
	for _, row := range encoded {
		if err := to.write(row); err != nil {
			return err
		}
	}
	return nil
}

// manifest is manifest.json beside the result files (A27).
type manifest struct {
	DestinationBucket string
	MapRunArn         string
	ResultFiles       resultFiles
}

type resultFiles struct{ FAILED, PENDING, SUCCEEDED []resultFile }

type resultFile struct {
	Key  string
	Size int64
}

// publish writes all files; the manifest, which says which of them count, comes last. A redriven Map
// Run writes those of its earlier attempts over (A41).
func (x *exported) publish(ctx context.Context) (any, error) {
	x.mu.Lock()
	defer x.mu.Unlock()
	folder := x.destination.prefix + x.arns.id + "/"
	m := manifest{DestinationBucket: x.destination.bucket, MapRunArn: x.arns.run}
	for _, group := range []struct {
		status string
		spool  *spool
		files  *[]resultFile
	}{
		{statusSucceeded, &x.succeeded, &m.ResultFiles.SUCCEEDED},
		{statusFailed, &x.failed, &m.ResultFiles.FAILED},
		{statusPending, &x.pending, &m.ResultFiles.PENDING},
	} {
		files, err := x.put(ctx, folder+group.status, group.spool)
		if err != nil {
			return nil, failure(errorResultWriter, "write s3://%s/%s: %v", x.destination.bucket, folder+group.status, err)
		}
		*group.files = files
	}
	key := folder + "manifest.json"
	if err := putJSON(ctx, x.objects, x.destination.bucket, key, m); err != nil {
		return nil, failure(errorResultWriter, "write s3://%s/%s: %v", x.destination.bucket, key, err)
	}
	return map[string]any{
		"MapRunArn":           x.arns.run,
		"ResultWriterDetails": map[string]any{"Bucket": x.destination.bucket, "Key": key},
	}, nil
}

func (x *exported) put(ctx context.Context, name string, s *spool) ([]resultFile, error) {
	files := []resultFile{}
	for i, part := range s.parts {
		extension, contentType := ".json", "application/json"
		if s.lines {
			extension, contentType = ".jsonl", "application/x-ndjson"
		}
		key := fmt.Sprintf("%s_%d%s", name, i, extension)
		body, bytes, err := part.finish(s.lines)
		if err != nil {
			return nil, err
		}
		if err := x.objects.Put(ctx, x.destination.bucket, key, contentType, body); err != nil {
			return nil, err
		}
		files = append(files, resultFile{key, bytes})
	}
	return files, nil
}

func (x *exported) close() {
	for _, s := range []*spool{&x.succeeded, &x.failed, &x.pending} {
		s.close()
	}
}

func putJSON(ctx context.Context, objects Objects, bucket, key string, v any) error {
	data, err := encode(v)
	if err != nil {
		return err
	}
	return objects.Put(ctx, bucket, key, "application/json", bytes.NewReader(data))
}
