package engine_test

import (
	"strings"
	"testing"

	"mapfleet/scripts/mapfleet/engine/storage"
	"mapfleet/scripts/mapfleet/engine/storage/faulty"
)

// behind puts a faulty proxy before the engine's S3. It is there once the engine has started.
func behind(t *testing.T, rule faulty.Rule) (proxy **faulty.Proxy, change func(*trial)) {
	proxy = new(*faulty.Proxy)
	return proxy, func(c *trial) {
		c.Endpoint = func(url string) (_ string, err error) {
			if *proxy, err = faulty.Start(url, rule); err != nil {
				return "", err
			}
			return (*proxy).URL, nil
		}
		c.ended = func() {
			if err := (*proxy).Close(); err != nil {
				t.Error(err)
			}
		}
	}
}

// TestRun_loses_nothing_while_S3_fails lets a fifth of all calls of all functions fail, in every way in
// which S3 and a network do. (Bytes that change on their way under no checksum at all are not among them:
// nobody could tell.)
func TestRun_loses_nothing_while_S3_fails(t *testing.T) {
	const pictures = 2000
	in, calm, rough := album(t, pictures), t.TempDir(), t.TempDir()
	run(t, in, calm, w8, nil)
	want := contents(t, calm)
	if len(want) != pictures {
		t.Fatalf("%d files after an undisturbed run, want %d", len(want), pictures)
	}

	faults := []faulty.Fault{faulty.SlowDown, faulty.InternalError, faulty.Reset, faulty.Lost, faulty.Truncated, faulty.Corrupted, faulty.Slow}
	proxy, change := behind(t, faulty.Randomly(2026, 0.2, faults...))
	o := run(t, in, rough, w8, change)
	// An output whose answer was lost is found current by the next try.
	if s := o.Summary; o.Status != "SUCCEEDED" || s.Listed != pictures || s.Written+s.Current != pictures || s.Written < pictures*9/10 {
		t.Errorf("%s %s %s: %d listed, %d written, %d current, failed %v", o.Status, o.Error, o.Cause, s.Listed, s.Written, s.Current, s.FailedBy)
	}
	wantSame(t, want, contents(t, rough))
	happened := (*proxy).Faults()
	for _, fault := range faults {
		if happened[fault] < 50 {
			t.Errorf("%s happened %d times: it tested little", fault, happened[fault])
		}
	}
	t.Logf("%d calls, faults %v, %.1f s", (*proxy).Count(nil), happened, o.Summary.Seconds)
}

// TestRun_ends_early_where_nothing_may_be_written: the bill of a missing permission is small, and the
// report names it.
func TestRun_ends_early_where_nothing_may_be_written(t *testing.T) {
	const pictures = 2000
	proxy, change := behind(t, faulty.Where(faulty.AccessDenied, func(c faulty.Call) bool { return c.Method == "PUT" && c.Bucket == storage.Destination }))
	o := run(t, album(t, pictures), t.TempDir(), w8, change)
	if o.Status != "FAILED" || o.Summary.FailedBy["AccessDenied"] != o.Summary.Failed || o.Summary.Failed == 0 {
		t.Errorf("%s, failed by code %v, want FAILED by AccessDenied alone", o.Status, o.Summary.FailedBy)
	}
	gets := (*proxy).Count(func(c faulty.Call) bool { return c.Method == "GET" && c.Bucket == storage.Source })
	if gets == 0 || gets >= pictures/20 {
		t.Errorf("%d of %d pictures were fetched, want some, and less than 5 %%", gets, pictures)
	}
	for key, f := range failures(t, o) {
		if !strings.Contains(f.Message, "s3:PutObject") || !strings.Contains(f.Message, "s3://"+storage.Destination+"/w8/") {
			t.Errorf("%s: %q does not name s3:PutObject and the bucket", key, f.Message)
		}
	}
	t.Logf("%d GETs, %d listed, %.1f s", gets, o.Summary.Listed, o.Summary.Seconds)
}
