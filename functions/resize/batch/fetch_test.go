package batch

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"net/http"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"testing/iotest"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"

	"mapfleet/functions/job"
	"mapfleet/functions/resize/picture"
)

// downloads makes the first n GETs of every object bring what spoil makes of its bytes.
func (w *world) downloads(n int, spoil func(body []byte) io.Reader) {
	count := map[string]int{}
	w.body = func(_ context.Context, key string, body []byte) io.Reader { // under the fake's lock
		if count[key]++; count[key] <= n {
			return spoil(body)
		}
		return bytes.NewReader(body)
	}
}

var spoils = map[string]func([]byte) io.Reader{
	"breaks off": func(body []byte) io.Reader {
		return io.MultiReader(bytes.NewReader(body[:len(body)/2]), iotest.ErrReader(io.ErrUnexpectedEOF))
	},
	"ends early":  func(body []byte) io.Reader { return bytes.NewReader(body[:len(body)/2]) },
	"brings none": func([]byte) io.Reader { return bytes.NewReader(nil) },
	"goes on":     func(body []byte) io.Reader { return bytes.NewReader(slices.Concat(body, body)) },
	"is not itself": func(body []byte) io.Reader {
		return io.MultiReader(bytes.NewReader(body), iotest.ErrReader(errors.New("checksum did not match")))
	},
	"is garbled": func(body []byte) io.Reader { // at its end: neither a JPEG nor anything else
		garbled := slices.Clone(body)
		clear(garbled[:20])
		return bytes.NewReader(garbled)
	},
}

// TestDownloadsThatAreDamaged: a picture is never blamed for what happened to it on the way.
func TestDownloadsThatAreDamaged(t *testing.T) {
	for name, spoil := range spoils {
		t.Run(name+", once", func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w := newWorld()
				w.pictures(t, 3)
				w.listed("in/plain.txt", object{body: []byte("no picture, but one that is read whole")})
				w.downloads(1, spoil)
				if got, want := summarise(w.done(t)), (summary{Written: 3, Ignored: 1, Outputs: 3, Codes: IgnoredNoImage}); got != want {
					t.Errorf("got %+v, want %+v", got, want)
				}
			})
		})
		t.Run(name+", for ever", func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w := newWorld()
				w.pictures(t, 3)
				n := byte(0)
				w.downloads(1000, func(body []byte) io.Reader {
					body, n = slices.Clone(body), n+1
					body[len(body)-1] = n // other bytes every time
					return spoil(body)
				})
				_, err := w.run(t, t.Context())
				if _, ok := err.(job.Unavailable); !ok || !strings.Contains(err.Error(), "GetObject s3://photos/in/000.jpg: ") {
					t.Errorf("Run: %T %v, want Unavailable", err, err)
				}
			})
		})
	}
}

// TestBrokenPicturesAreProven: how often a source is fetched before it is blamed.
func TestBrokenPicturesAreProven(t *testing.T) {
	broken := jpegOf(t, 40, 30, 1)[:300]
	for _, c := range []struct {
		name string
		o    object
		gets int
	}{
		{"an ETag that is its MD5 proves it", object{body: broken}, 1},
		{"that of a multipart upload does not", object{body: broken, etag: `"9b2cf535f27731c974343645a3985328-2"`}, 2},
		{"nor does that of an object under a KMS key", object{body: broken, etag: `"9b2cf535f27731c974343645a3985328"`}, 2},
	} {
		t.Run(c.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w := newWorld()
				w.pictures(t, 1)
				w.listed("in/a.jpg", c.o)
				if got, want := summarise(w.done(t)), (summary{Written: 1, Failed: 1, Outputs: 1, Codes: picture.DecodeFailed}); got != want {
					t.Errorf("got %+v, want %+v", got, want)
				}
				if got := w.count("GET photos/in/a.jpg"); got != c.gets {
					t.Errorf("%d GETs, want %d", got, c.gets)
				}
			})
		})
	}
	t.Run("a good one needs no proof", func(t *testing.T) {
		w := newWorld()
		w.listed("in/a.jpg", object{body: jpegOf(t, 40, 30, 1), etag: `"9b2cf535f27731c974343645a3985328-2"`})
		w.done(t)
		if got := w.count("GET photos/in/a.jpg"); got != 1 {
			t.Errorf("%d GETs, want 1", got)
		}
	})
}

// TestChecksums: with the real client, the checksum that S3 keeps is compared, and proves what it fits.
func TestChecksums(t *testing.T) {
	good, broken := jpegOf(t, 40, 30, 1), jpegOf(t, 40, 30, 1)[:300]
	for _, c := range []struct {
		name    string
		body    []byte
		damaged int // the first so many
		gets    int
		code    string
	}{
		{"a good picture", good, 0, 1, ""},
		{"a good picture, damaged on its way", good, 2, 3, ""},
		{"a broken picture", broken, 0, 1, picture.DecodeFailed},
		{"a broken picture, damaged on its way", broken, 1, 2, picture.DecodeFailed},
	} {
		t.Run(c.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				gets := 0
				client := s3.New(s3.Options{
					Region: "eu-west-1", Credentials: aws.AnonymousCredentials{}, Retryer: aws.NopRetryer{}, UsePathStyle: true,
					ResponseChecksumValidation: aws.ResponseChecksumValidationWhenSupported,
					HTTPClient: wire(func(r *http.Request) (*http.Response, error) {
						gets++
						sum := base64.StdEncoding.EncodeToString(binary.BigEndian.AppendUint32(nil, crc32.ChecksumIEEE(c.body)))
						body := slices.Clone(c.body)
						if gets <= c.damaged {
							body[200] ^= 1
						}
						return &http.Response{
							StatusCode: 200, ContentLength: int64(len(body)), Body: io.NopCloser(bytes.NewReader(body)), Request: r,
							Header: http.Header{"Etag": {`"multipart-2"`}, "Content-Length": {fmt.Sprint(len(body))}, "X-Amz-Checksum-Crc32": {sum}},
						}, nil
					}),
				})
				w := newWorld()
				w.pictures(t, 1)
				w.listed("in/a.jpg", object{body: c.body, etag: `"multipart-2"`})
				w.worker.Store = reads{w.fakeS3, client}
				tally := w.done(t)
				if want := map[bool]int{true: 2, false: 1}[c.code == ""]; tally.Written != want || tally.FailedBy[c.code] != 2-want || gets != c.gets {
					t.Errorf("%d written, failed by code %v, %d GETs; want %d, %q and %d", tally.Written, tally.FailedBy, gets, want, c.code, c.gets)
				}
			})
		})
	}
}

// wire answers the SDK's HTTP requests.
type wire func(*http.Request) (*http.Response, error)

func (w wire) Do(r *http.Request) (*http.Response, error) { return w(r) }

// reads is a fake S3 of which in/a.jpg is read through a client.
type reads struct {
	*fakeS3
	client *s3.Client
}

func (r reads) GetObject(ctx context.Context, in *s3.GetObjectInput, options ...func(*s3.Options)) (*s3.GetObjectOutput, error) {
	if *in.Key == "in/a.jpg" {
		return r.client.GetObject(ctx, in, options...)
	}
	return r.fakeS3.GetObject(ctx, in, options...)
}

// TestStalledDownload: a connection that brings nothing more is given up, not waited for.
func TestStalledDownload(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld()
		w.pictures(t, 2)
		seen := map[string]bool{}
		w.body = func(ctx context.Context, key string, body []byte) io.Reader {
			if seen[key] {
				return bytes.NewReader(body)
			}
			seen[key] = true
			return &trickle{ctx: ctx, rest: body, pauses: []time.Duration{9 * time.Second, 9 * time.Second, time.Hour}}
		}
		began := time.Now()
		if got, want := summarise(w.done(t)), (summary{Written: 2, Outputs: 2}); got != want {
			t.Errorf("got %+v, want %+v", got, want)
		}
		// Twice, one after the other: the first picture of a worker goes alone.
		if took := time.Since(began); took < 56*time.Second || took > 60*time.Second {
			t.Errorf("took %v, want twice two slow reads and the %v of a stall", took, DefaultStall)
		}
	})
}

// trickle reads a byte after each pause, and then the rest.
type trickle struct {
	ctx    context.Context
	rest   []byte
	pauses []time.Duration
}

func (r *trickle) Read(b []byte) (int, error) {
	if len(r.rest) == 0 {
		return 0, io.EOF
	}
	n := len(r.rest)
	if len(r.pauses) > 0 {
		select {
		case <-time.After(r.pauses[0]):
		case <-r.ctx.Done():
			return 0, r.ctx.Err()
		}
		r.pauses, n = r.pauses[1:], 1
	}
	n = copy(b, r.rest[:n])
	r.rest = r.rest[n:]
	return n, nil
}

// TestSourceThatGrew: what is larger than it was listed waits for its memory, and is read all the same.
func TestSourceThatGrew(t *testing.T) {
	large := append(jpegOf(t, 40, 30, 1), make([]byte, 3<<20)...)
	w := newWorld()
	w.worker.Memory = 8 << 20 // less than four of it: it goes alone
	w.pictures(t, 3)
	w.put("photos", "in/001.jpg", object{body: large})
	w.batch.Items = append(w.batch.Items, job.Item{Key: "in/unlisted.jpg", Size: -1})
	w.put("photos", "in/unlisted.jpg", object{body: large})
	if got, want := summarise(w.done(t)), (summary{Written: 4, Outputs: 4}); got != want {
		t.Errorf("got %+v, want %+v", got, want)
	}
}

// TestOwnOutputsAreNotDownloaded: where a listing has millions of them, their headers are all that is paid for.
func TestOwnOutputsAreNotDownloaded(t *testing.T) {
	w := newWorld()
	var body *bytes.Reader
	w.body = func(_ context.Context, _ string, b []byte) io.Reader { body = bytes.NewReader(b); return body }
	w.listed("in/a.jpg", object{body: jpegOf(t, 40, 30, 1), metadata: map[string]string{markRecipe: "r"}})
	tally := w.done(t)
	if got, want := summarise(tally), (summary{Ignored: 1, Codes: IgnoredOwn}); got != want || tally.BytesIn != 0 {
		t.Errorf("got %+v and %d bytes in, want %+v and none", got, tally.BytesIn, want)
	}
	if body.Len() != int(body.Size()) {
		t.Errorf("%d bytes of an own output were read, want none", int(body.Size())-body.Len())
	}
}

// TestDeniedWritesTouchLittle: where nothing may be written, a batch costs one picture.
func TestDeniedWritesTouchLittle(t *testing.T) {
	w := newWorld()
	w.job().Fresh = true
	w.pictures(t, 100)
	w.before = denies("PUT thumbs/")
	for range 3 {
		if _, err := w.run(t, t.Context()); !strings.Contains(fmt.Sprint(err), "s3:PutObject") {
			t.Fatalf("Run: %T %v, want AccessDenied that names s3:PutObject", err, err)
		}
	}
	gets := 0
	for call, n := range w.calls {
		if strings.HasPrefix(call, "GET ") {
			gets += n
		}
	}
	if gets != 3 {
		t.Errorf("%d GETs in 3 batches, want 3", gets)
	}
}

// TestScoutsEnd: a worker that finds nothing to write does not go one at a time for ever.
func TestScoutsEnd(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld()
		for i := range scouts + 5*inFlight() {
			w.listed(fmt.Sprintf("in/%d.txt", i), object{body: []byte("text")})
		}
		w.takes(time.Second)
		began := time.Now()
		w.done(t)
		if took := time.Since(began); took != (scouts+5)*time.Second {
			t.Errorf("took %v, want %d s", took, scouts+5)
		}
	})
}

func TestBuffers(t *testing.T) {
	for n := range 5_000_000 {
		if n > 10_000 && n%997 != 0 {
			continue
		}
		size := rounded(n)
		if size < n || size > n+n/4+512 || rounded(size) != size {
			t.Fatalf("rounded(%d) = %d, then %d", n, size, rounded(size))
		}
	}
	var b buffers
	var made atomic.Int32
	for range 100 {
		body := b.take(1000)
		if len(body) != 1000 {
			t.Fatalf("take(1000) has %d bytes", len(body))
		}
		if body[0] == 0 {
			made.Add(1)
		}
		body[0] = 1
		b.give(body)
	}
	b.give(nil)
	b.give(make([]byte, 3, 5)) // of another maker
	if got := len(b.take(4)); got != 4 {
		t.Errorf("take(4) has %d bytes", got)
	}
}

func TestEventThatIsNone(t *testing.T) {
	if _, err := (&Worker{}).Run(t.Context(), job.Batch{}); fmt.Sprintf("%T", err) != "job.InvalidInput" {
		t.Errorf("Run of an event without a job: %T %v, want a bare InvalidInput", err, err)
	}
}
