package storage

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"mime"
	"os"
	"path"
	"path/filepath"
	"strings"
	"sync"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
	"github.com/versity/versitygw/backend"
	"github.com/versity/versitygw/s3err"
	"github.com/versity/versitygw/s3response"
)

// folder serves a folder of ordinary files as a bucket that can only be read.
type folder struct {
	root string
	skip func(key string) bool // keys of files and folders (with a final slash) that are no objects
	etag func(f file) string

	mu    sync.Mutex
	walks map[string]*walk // by the key they stopped at: what a continuation token leads to
}

// openWalks is how many listings may be interleaved before one has to find its place again.
const openWalks = 8

func newFolder(root string, skip func(key string) bool, etag func(f file) string) *folder {
	return &folder{root: root, skip: skip, etag: etag, walks: map[string]*walk{}}
}

// modifiedETag makes an ETag of a file's size and modification time, which is cheap at any size. Like
// the ETag of a multipart upload it is not an MD5, and has a hyphen to say so.
func modifiedETag(f file) string {
	return fmt.Sprintf(`"%016x%016x-1"`, f.info.ModTime().UnixNano(), f.info.Size())
}

// list returns a page of at most limit objects behind the key after.
func (f *folder) list(ctx context.Context, prefix, after string, limit int) (objects []s3response.Object, more bool, err error) {
	w, err := f.resume(prefix, after)
	if err != nil {
		return nil, false, err
	}
	for len(objects) < limit {
		if err := ctx.Err(); err != nil {
			return nil, false, err
		}
		found, ok, err := w.next()
		if err != nil || !ok {
			return objects, false, err
		}
		objects = append(objects, s3response.Object{
			Key: &found.key, ETag: aws.String(f.etag(found)), Size: aws.Int64(found.info.Size()),
			LastModified: aws.Time(found.info.ModTime().UTC()), StorageClass: types.ObjectStorageClassStandard,
		})
	}
	if len(objects) > 0 {
		f.park(prefix, *objects[len(objects)-1].Key, w)
	}
	return objects, len(objects) > 0 && w.unfinished(), nil
}

func (f *folder) resume(prefix, after string) (*walk, error) {
	f.mu.Lock()
	place := prefix + "\x00" + after
	w, ok := f.walks[place]
	delete(f.walks, place)
	f.mu.Unlock()
	if ok {
		return w, nil
	}
	return newWalk(f.root, prefix, after, f.skip)
}

func (f *folder) park(prefix, last string, w *walk) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if len(f.walks) >= openWalks {
		clear(f.walks)
	}
	f.walks[prefix+"\x00"+last] = w
}

// stat finds the file of a key. What is not there, no regular file, or skipped is NoSuchKey.
func (f *folder) stat(key string) (file, error) {
	noKey := s3err.GetAPIError(s3err.ErrNoSuchKey)
	if !fs.ValidPath(key) || f.skips(key) {
		return file{}, noKey
	}
	info, err := os.Stat(filepath.Join(f.root, filepath.FromSlash(key)))
	switch {
	case errors.Is(err, fs.ErrPermission):
		return file{}, s3err.GetAPIError(s3err.ErrAccessDenied)
	case err != nil || !info.Mode().IsRegular():
		return file{}, noKey
	}
	return file{key, info}, nil
}

// skips says whether key, or a folder on the way to it, is skipped.
func (f *folder) skips(key string) bool {
	for i := range len(key) {
		if key[i] == '/' && f.skip(key[:i+1]) {
			return true
		}
	}
	return f.skip(key)
}

func (f *folder) head(in *s3.HeadObjectInput) (*s3.HeadObjectOutput, error) {
	found, err := f.stat(*in.Key)
	if err != nil {
		return nil, err
	}
	etag, modified := f.etag(found), found.info.ModTime().UTC()
	err = backend.EvaluatePreconditions(etag, modified, backend.PreConditions{
		IfMatch: in.IfMatch, IfNoneMatch: in.IfNoneMatch, IfModSince: in.IfModifiedSince, IfUnmodeSince: in.IfUnmodifiedSince,
	})
	if err != nil {
		return nil, err
	}
	return &s3.HeadObjectOutput{
		ContentLength: aws.Int64(found.info.Size()), ContentType: contentType(found.key), ETag: &etag,
		LastModified: &modified, AcceptRanges: aws.String("bytes"), StorageClass: types.StorageClassStandard,
	}, nil
}

func (f *folder) get(in *s3.GetObjectInput) (*s3.GetObjectOutput, error) {
	found, err := f.stat(*in.Key)
	if err != nil {
		return nil, err
	}
	etag, modified := f.etag(found), found.info.ModTime().UTC()
	err = backend.EvaluatePreconditions(etag, modified, backend.PreConditions{
		IfMatch: in.IfMatch, IfNoneMatch: in.IfNoneMatch, IfModSince: in.IfModifiedSince, IfUnmodeSince: in.IfUnmodifiedSince,
	})
	if err != nil {
		return nil, err
	}
	start, length, ranged, err := backend.ParseObjectRange(found.info.Size(), aws.ToString(in.Range))
	if err != nil {
		return nil, err
	}
	data, err := os.Open(filepath.Join(f.root, filepath.FromSlash(found.key)))
	if errors.Is(err, fs.ErrPermission) {
		return nil, s3err.GetAPIError(s3err.ErrAccessDenied)
	}
	if err != nil {
		return nil, s3err.GetAPIError(s3err.ErrNoSuchKey)
	}
	out := &s3.GetObjectOutput{
		Body:          data, // a whole file as it is, which the kernel then sends by itself
		ContentLength: &length, ContentType: contentType(found.key), ETag: &etag,
		LastModified: &modified, AcceptRanges: aws.String("bytes"), StorageClass: types.StorageClassStandard,
	}
	if ranged {
		out.Body = section{io.NewSectionReader(data, start, length), data}
		out.ContentRange = aws.String(fmt.Sprintf("bytes %d-%d/%d", start, start+length-1, found.info.Size()))
	}
	return out, nil
}

// section reads a part of a file and closes the file.
type section struct {
	io.Reader
	io.Closer
}

func contentType(key string) *string {
	if t := mime.TypeByExtension(strings.ToLower(path.Ext(key))); t != "" {
		return &t
	}
	return aws.String("binary/octet-stream")
}
