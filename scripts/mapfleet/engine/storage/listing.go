package storage

import (
	"context"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
	"github.com/versity/versitygw/s3response"
)

// openWalks is how many listings may be interleaved before one has to find its place again.
const openWalks = 8

// listing is a request for one page of keys.
type listing struct {
	prefix    string
	delimiter string // keys that have it behind the prefix come as one common prefix; "": none do
	after     string // keys behind it
	next      string // instead of after: where the page before ended, its last key or common prefix
	limit     int    // keys and common prefixes together
}

// page is a part of a listing, in the order of keys.
type page struct {
	objects  []s3response.Object
	prefixes []types.CommonPrefix
	next     string // for the page behind it; "" at the end
}

// list returns a page. Files that appear or go meanwhile may be in it or not.
func (f *folder) list(ctx context.Context, l listing) (p page, err error) {
	w, err := f.resume(l)
	if err != nil || l.limit <= 0 {
		return p, err
	}
	last := ""
	for range l.limit {
		if err := ctx.Err(); err != nil {
			return page{}, err
		}
		found, ok, err := w.next()
		if err != nil {
			return page{}, err
		}
		if !ok {
			return p, nil
		}
		if common := l.common(found.key); common != "" {
			w.pass(common)
			p.prefixes = append(p.prefixes, types.CommonPrefix{Prefix: &common})
			last = common
			continue
		}
		p.objects = append(p.objects, s3response.Object{
			Key: &found.key, ETag: aws.String(f.etag(found)), Size: aws.Int64(found.info.Size()),
			LastModified: aws.Time(found.info.ModTime().UTC()), StorageClass: types.ObjectStorageClassStandard,
		})
		last = found.key
	}
	if w.unfinished() {
		p.next = last
		f.park(l.place(last), w)
	}
	return p, nil
}

// common returns the common prefix that key is in, or "" (A54 of package asl).
func (l listing) common(key string) string {
	if l.delimiter == "" {
		return ""
	}
	_, behind, found := strings.Cut(key[len(l.prefix):], l.delimiter)
	if !found {
		return ""
	}
	return key[:len(key)-len(behind)]
}

// place names the place behind a key or common prefix in listings of this kind.
func (l listing) place(last string) string { return l.prefix + "\x00" + l.delimiter + "\x00" + last }

func (f *folder) resume(l listing) (*walk, error) {
	if l.next == "" {
		return newWalk(f.root, l.prefix, l.after, f.skip)
	}
	f.mu.Lock()
	w, ok := f.walks[l.place(l.next)]
	delete(f.walks, l.place(l.next))
	f.mu.Unlock()
	if ok {
		return w, nil
	}
	w, err := newWalk(f.root, l.prefix, l.next, f.skip)
	if err == nil && strings.HasPrefix(l.next, l.prefix) && l.common(l.next) == l.next {
		w.pass(l.next)
	}
	return w, err
}

func (f *folder) park(place string, w *walk) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if len(f.walks) >= openWalks {
		clear(f.walks)
	}
	f.walks[place] = w
}
