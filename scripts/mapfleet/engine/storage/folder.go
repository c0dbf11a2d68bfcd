package storage

import (
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
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
	"github.com/versity/versitygw/backend"
	"github.com/versity/versitygw/s3err"
)

// folder serves a folder of ordinary files as a bucket that can only be read.
type folder struct {
	root string
	skip func(key string) bool // keys of files and folders (with a final slash) that are no objects
	etag func(f file) string

	mu    sync.Mutex
	walks map[string]*walk // by the place they stopped at: what a continuation token leads to
}

func newFolder(root string, skip func(key string) bool, etag func(f file) string) *folder {
	return &folder{root: root, skip: skip, etag: etag, walks: map[string]*walk{}}
}

// modifiedETag makes an ETag of a file's size and modification time, which is cheap at any size. Like
// the ETag of a multipart upload it is not an MD5, and has a hyphen to say so.
func modifiedETag(f file) string {
	return fmt.Sprintf(`"%016x%016x-1"`, f.info.ModTime().UnixNano(), f.info.Size())
}

// path is where the file of a key lies.
func (f *folder) path(key string) string { return filepath.Join(f.root, filepath.FromSlash(key)) }

// stat finds the file of a key. What is not there, no regular file, or skipped is NoSuchKey.
func (f *folder) stat(key string) (file, error) {
	noKey := s3err.GetAPIError(s3err.ErrNoSuchKey)
	if !fs.ValidPath(key) || f.skips(key) {
		return file{}, noKey
	}
	info, err := os.Stat(f.path(key))
	switch {
	case errors.Is(err, fs.ErrPermission):
		return file{}, s3err.GetAPIError(s3err.ErrAccessDenied)
	case err != nil || !info.Mode().IsRegular():
		return file{}, noKey
	}
	return file{key, info}, nil
}

// modified is when the folder itself was changed last.
func (f *folder) modified() (time.Time, error) {
	info, err := os.Stat(f.root)
	if err != nil {
		return time.Time{}, err
	}
	return info.ModTime(), nil
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
	put, err := describe(f.path(found.key))
	if err != nil {
		return nil, refusal(err)
	}
	return &s3.HeadObjectOutput{
		ContentLength: aws.Int64(found.info.Size()), ContentType: contentType(found.key), ETag: &etag,
		LastModified: &modified, AcceptRanges: aws.String("bytes"), StorageClass: types.StorageClassStandard,
		CacheControl: put.cacheControl, ContentDisposition: put.contentDisposition, ContentLanguage: put.contentLanguage,
		Metadata: put.metadata,
	}, nil
}

func (f *folder) get(in *s3.GetObjectInput) (*s3.GetObjectOutput, error) {
	whole, err := f.head(headOf(in))
	if err != nil {
		return nil, err
	}
	start, length, ranged, err := backend.ParseObjectRange(*whole.ContentLength, aws.ToString(in.Range))
	if err != nil {
		return nil, err
	}
	data, err := os.Open(f.path(*in.Key))
	if errors.Is(err, fs.ErrPermission) {
		return nil, s3err.GetAPIError(s3err.ErrAccessDenied)
	}
	if err != nil {
		return nil, s3err.GetAPIError(s3err.ErrNoSuchKey)
	}
	out := &s3.GetObjectOutput{
		Body:          data, // a whole file as it is, which the kernel then sends by itself
		ContentLength: &length, ContentType: whole.ContentType, ETag: whole.ETag,
		LastModified: whole.LastModified, AcceptRanges: whole.AcceptRanges, StorageClass: whole.StorageClass,
		CacheControl: whole.CacheControl, ContentDisposition: whole.ContentDisposition, ContentLanguage: whole.ContentLanguage,
		Metadata: whole.Metadata,
	}
	if ranged {
		out.Body = section{io.NewSectionReader(data, start, length), data}
		out.ContentRange = aws.String(fmt.Sprintf("bytes %d-%d/%d", start, start+length-1, *whole.ContentLength))
	}
	return out, nil
}

// headOf asks under the same conditions.
func headOf(in *s3.GetObjectInput) *s3.HeadObjectInput {
	return &s3.HeadObjectInput{
		Bucket: in.Bucket, Key: in.Key,
		IfMatch: in.IfMatch, IfNoneMatch: in.IfNoneMatch, IfModifiedSince: in.IfModifiedSince, IfUnmodifiedSince: in.IfUnmodifiedSince,
	}
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
