package faulty

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/smithy-go"
	"github.com/google/go-cmp/cmp"

	"mapfleet/scripts/mapfleet/engine/storage"
)

// content is longer than any buffer on the way.
var content = bytes.Repeat([]byte("mapfleet "), 100_000)

const odd = "Été 2026/a b+c%20d 100% 😀.jpg"

// before starts a server whose source holds a.jpg and odd, a proxy before it, and a client that tries once.
func before(t *testing.T, rule Rule) (*Proxy, *s3.Client) {
	t.Helper()
	source, dir := t.TempDir(), t.TempDir()
	for _, key := range []string{"a.jpg", odd} {
		path := filepath.Join(source, filepath.FromSlash(key))
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, content, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	server, err := storage.Start(t.Context(), storage.Config{Source: source, Destination: filepath.Join(dir, "out"), State: filepath.Join(dir, "state")})
	if err != nil {
		t.Fatal(err)
	}
	proxy, err := Start(server.URL, rule)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := errors.Join(proxy.Close(), server.Close()); err != nil {
			t.Error(err)
		}
	})
	return proxy, s3.New(s3.Options{
		Region: storage.Region, BaseEndpoint: &proxy.URL, UsePathStyle: true, Retryer: aws.NopRetryer{},
		Credentials:                credentials.NewStaticCredentialsProvider(server.AccessKey, server.SecretKey, ""),
		ResponseChecksumValidation: aws.ResponseChecksumValidationWhenSupported,
	})
}

// get returns what a GET brings, and the error of the call or of its body.
func get(t *testing.T, c *s3.Client, bucket, key string) ([]byte, error) {
	t.Helper()
	out, err := c.GetObject(t.Context(), &s3.GetObjectInput{Bucket: &bucket, Key: &key})
	if err != nil {
		return nil, err
	}
	defer out.Body.Close()
	return io.ReadAll(out.Body)
}

func put(t *testing.T, c *s3.Client, key string) error {
	t.Helper()
	_, err := c.PutObject(t.Context(), &s3.PutObjectInput{Bucket: aws.String(storage.Destination), Key: &key, Body: bytes.NewReader(content)})
	return err
}

func TestProxy_passes_calls_on_with_their_signatures(t *testing.T) {
	proxy, c := before(t, nil)
	for _, key := range []string{"a.jpg", odd} {
		if body, err := get(t, c, storage.Source, key); err != nil || !bytes.Equal(body, content) {
			t.Errorf("GET %q: %d bytes, %v, want %d", key, len(body), err, len(content))
		}
		if err := put(t, c, "w/"+key); err != nil {
			t.Errorf("PUT %q: %v", key, err)
		}
		if body, err := get(t, c, storage.Destination, "w/"+key); err != nil || !bytes.Equal(body, content) {
			t.Errorf("GET of what was put at %q: %d bytes, %v, want %d", key, len(body), err, len(content))
		}
	}
	list, err := c.ListObjectsV2(t.Context(), &s3.ListObjectsV2Input{Bucket: aws.String(storage.Source), Prefix: aws.String("Été")})
	if err != nil || len(list.Contents) != 1 {
		t.Errorf("list: %v, want one object", err)
	}
	got := []int{proxy.Count(nil), proxy.Count(func(c Call) bool { return c.Method == "PUT" && c.Key == "w/"+odd }), len(proxy.Faults())}
	if want := []int{7, 1, 0}; !slices.Equal(got, want) {
		t.Errorf("calls, puts of one key, faults = %v, want %v", got, want)
	}
}

// TestProxy_faults looks at each fault with a client's eyes.
func TestProxy_faults(t *testing.T) {
	for _, c := range []struct {
		fault Fault
		get   string // what the error of a GET says; empty: none
		put   string
		done  bool // the PUT's object is there all the same
	}{
		{SlowDown, "SlowDown", "SlowDown", false},
		{InternalError, "InternalError", "InternalError", false},
		{AccessDenied, "AccessDenied", "AccessDenied", false},
		{Reset, "reset", "", false},
		{Lost, "reset", "", true},
		{Truncated, "unexpected EOF", "-", true},
		{Corrupted, "checksum did not match", "-", true},
		{Garbled, "", "-", true},
		{Slow, "", "-", true},
	} {
		t.Run(string(c.fault), func(t *testing.T) {
			// Only the first call of a kind fails.
			proxy, client := before(t, func(call Call) Fault {
				if call.Number == 1 && call.Key != "" {
					return c.fault
				}
				return None
			})
			body, err := get(t, client, storage.Source, "a.jpg")
			if c.get == "" && (err != nil || len(body) != len(content)) || c.get != "" && (err == nil || !strings.Contains(err.Error(), c.get)) {
				t.Errorf("GET: %d bytes, %v, want an error that says %q", len(body), err, c.get)
			}
			if same := bytes.Equal(body, content); same == (c.fault != Slow) {
				t.Errorf("GET: the body is the right one: %v", same)
			}
			if code := code(err); err != nil && c.fault == AccessDenied && code != "AccessDenied" {
				t.Errorf("code %q, want AccessDenied", code)
			}
			if err := put(t, client, "k"); c.put == "-" && err != nil || c.put != "-" && (err == nil || !strings.Contains(err.Error(), c.put)) {
				t.Errorf("PUT: %v, want an error that says %q", err, c.put)
			}
			_, _ = get(t, client, storage.Destination, "k") // the first GET of this key fails too
			if body, err := get(t, client, storage.Destination, "k"); (err == nil) != c.done || c.done && !bytes.Equal(body, content) {
				t.Errorf("afterwards: %v, want the object there: %v", err, c.done)
			}
			if diff := cmp.Diff(map[Fault]int{c.fault: 3}, proxy.Faults()); diff != "" {
				t.Errorf("faults differ (-want +got):\n%s", diff)
			}
		})
	}
}

func TestProxy_stalls_until_the_client_goes(t *testing.T) {
	_, c := before(t, func(Call) Fault { return Stalled })
	out, err := c.GetObject(t.Context(), &s3.GetObjectInput{Bucket: aws.String(storage.Source), Key: aws.String("a.jpg")})
	if err != nil {
		t.Fatal(err)
	}
	if n, err := io.ReadFull(out.Body, make([]byte, len(content)/2)); err != nil {
		t.Errorf("%d bytes, %v, want the first half", n, err)
	}
	if err := out.Body.Close(); err != nil { // and the proxy's own Close, at the end, does not wait for ever
		t.Error(err)
	}
}

func TestRandomly(t *testing.T) {
	rule := Randomly(7, 0.2, SlowDown, Reset)
	count := map[Fault]int{}
	for i := range 10_000 {
		call := Call{Method: "GET", Bucket: "source", Key: fmt.Sprintf("%d.jpg", i/5), Number: i%5 + 1}
		count[rule(call)]++
		if first, again := rule(call), Randomly(7, 0.2, SlowDown, Reset)(call); first != again {
			t.Fatalf("%v is %q and then %q under the same seed", call, first, again)
		}
	}
	for fault, want := range map[Fault]int{None: 8000, SlowDown: 1000, Reset: 1000} {
		if got := count[fault]; got < want-150 || got > want+150 {
			t.Errorf("%q happens %d times in 10,000, want about %d", fault, got, want)
		}
	}
	same := 0
	for i := range 1000 {
		if call := (Call{Number: i}); Randomly(8, 0.5, Reset)(call) == Randomly(9, 0.5, Reset)(call) {
			same++
		}
	}
	if same < 400 || same > 600 {
		t.Errorf("%d of 1,000 calls fare alike under two seeds, want about half", same)
	}
}

func TestWhere(t *testing.T) {
	rule := Where(AccessDenied, func(c Call) bool { return c.Method == "PUT" })
	if got := rule(Call{Method: "PUT"}); got != AccessDenied {
		t.Errorf("a PUT is %q, want AccessDenied", got)
	}
	if got := rule(Call{Method: "GET"}); got != None {
		t.Errorf("a GET is %q, want none", got)
	}
}

func TestStart_refuses_a_target_that_is_none(t *testing.T) {
	if p, err := Start("http://a b", nil); err == nil {
		p.Close()
		t.Error("no error")
	}
}

func code(err error) string {
	if api, ok := errors.AsType[smithy.APIError](err); ok {
		return api.ErrorCode()
	}
	return ""
}
