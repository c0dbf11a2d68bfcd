package batch

import (
	"context"
	"crypto/md5"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"
	"time"

	"mapfleet/functions/job"
	"mapfleet/functions/resize/picture"
)

// proofs is how often a source is fetched that cannot be read and comes with other bytes every time.
const proofs = 4

// open fetches the source and renders it. A picture is never blamed for what happened to it on the way:
// before one is found broken, or no picture at all, its bytes are proven to be those that S3 keeps. The
// result is ignored, a code, if there is nothing to render.
//
// A checksum that S3 keeps proves them as they come, at no cost. Many objects have none, and then the MD5
// that most ETags are would cost more than decoding a JPEG does: it is taken of those alone that could
// not be read. An ETag that is no MD5 leaves a second download, which has to bring the same bytes.
func (r *round) open(ctx context.Context, s *source, variants []picture.Variant) (rendered picture.Result, ignored string, err error) {
	var before [sha256.Size]byte
	for try := range proofs {
		begun := time.Now()
		err = r.fetch(ctx, s)
		s.fetching += time.Since(begun)
		if err != nil {
			return picture.Result{}, "", err
		}
		rendered, err = picture.Result{}, nil
		if ignored = content(s); ignored == "" {
			rendered, err = r.compute(ctx, s, variants)
		}
		if ignored != IgnoredNoImage && !unreadable(rendered, err) || s.genuine() {
			return rendered, ignored, err
		}
		sum := sha256.Sum256(s.body)
		if try > 0 && sum == before {
			return rendered, ignored, err
		}
		before = sum
		s.hold.rendered(0)
		s.drop()
	}
	return picture.Result{}, "", job.Unavailable{Message: fmt.Sprintf("GetObject s3://%s/%s: each of %d downloads brought other bytes", r.job.Source.Bucket, s.key, proofs)}
}

// content returns the code under which a source is ignored for what is in it.
func content(s *source) string {
	switch {
	case s.own:
		return IgnoredOwn
	case len(s.body) == 0:
		return IgnoredEmpty
	}
	if _, ok := picture.Sniff(s.body); !ok && !job.NamedAsPicture(s.key) {
		return IgnoredNoImage
	}
	return ""
}

// unreadable says whether the source, or a frame of it, could not be read.
func unreadable(rendered picture.Result, err error) bool {
	if e, ok := errors.AsType[*picture.Error](err); ok && e.Code != picture.InvalidVariant {
		return true
	}
	for _, output := range rendered.Outputs {
		if e, ok := errors.AsType[*picture.Error](output.Err); ok && e.Code == picture.DecodeFailed {
			return true
		}
	}
	return false
}

// genuine says whether the body is known to be what S3 keeps. The ETag of an object that came in one part
// and is not encrypted under a key of KMS or of the client is the MD5 of its bytes.
// https://docs.aws.amazon.com/AmazonS3/latest/API/API_Object.html
func (s *source) genuine() bool {
	if s.verified {
		return true
	}
	sum := md5.Sum(s.body)
	return strings.EqualFold(hex.EncodeToString(sum[:]), s.etag)
}
