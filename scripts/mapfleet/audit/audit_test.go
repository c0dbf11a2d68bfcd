package audit

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"reflect"
	"strings"
	"testing"
	"testing/synctest"

	smithyhttp "github.com/aws/smithy-go/transport/http"
	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"mapfleet/functions/job"
	"mapfleet/functions/prepare/plan"
)

// album has five sources, run by a worker, and something beside them.
func album(t testing.TB) *world {
	t.Helper()
	w := newWorld(t)
	for i, key := range []string{"a.jpg", "b.jpg", "2026/c.jpg", "2026/d.jpg", "2026/e.png"} {
		w.source(key, photo(t, uint8(i)))
	}
	w.source("notes.txt", []byte("milk, bread"))
	w.source("2026/", nil)
	w.run(t, job.OverwriteStale, w.listed(t))
	return w
}

func TestAfterARun_all_is_clean(t *testing.T) {
	r := album(t).audit(t, `{}`)
	want := Report{
		Clean:       true,
		Sources:     Sources{Listed: 7, Current: 5, Ignored: 2, IgnoredBy: map[string]int{"Empty": 1, "NotAnImage": 1}},
		Outputs:     Outputs{Current: 5},
		Destination: &Destination{Objects: 5, Outsiders: &Outsiders{}},
		First:       map[Kind][]Finding{},
		Requests:    Requests{List: 2 + 2 + 3, Head: 6, Get: 1}, // each output; the text looked into
	}
	if diff := cmp.Diff(want, r, cmp.AllowUnexported(Finding{}), cmpopts.IgnoreFields(Report{}, "Input")); diff != "" {
		t.Errorf("report (-want +got):\n%s", diff)
	}
}

func TestWhatHappensToAnAlbum(t *testing.T) {
	for _, c := range []struct {
		name  string
		set   func(w *world)
		input string
		want  []string // of a full audit
		quick []string // of a quick one
	}{
		{"nothing", func(*world) {}, `{}`, nil, nil},
		{"an output is deleted", func(w *world) { delete(w.buckets["thumbs"], "out/s/a.jpg") }, `{}`,
			[]string{"missing in/a.jpg s"}, []string{"missing in/a.jpg s"}},
		{"a source is added", func(w *world) { w.source("f.jpg", photo(t, 9)) }, `{}`,
			[]string{"missing in/f.jpg s"}, []string{"missing in/f.jpg s"}},
		{"a source has failed", func(w *world) { w.source("f.jpg", []byte("no picture")) }, `{}`,
			[]string{"missing in/f.jpg s"}, []string{"missing in/f.jpg s"}},
		{"a source is replaced", func(w *world) { w.source("a.jpg", photo(t, 9)) }, `{}`,
			[]string{"stale in/a.jpg s"}, nil},
		{"a source is deleted", func(w *world) { delete(w.buckets["photos"], "in/a.jpg") }, `{}`,
			[]string{"orphaned out/s/a.jpg"}, []string{"unexplained out/s/a.jpg"}},
		{"a foreign object is put beside the outputs", func(w *world) { w.thumb("index.html", nil) }, `{}`,
			nil, []string{"unexplained out/index.html"}},
		{"a foreign object is put elsewhere", func(w *world) { w.buckets["thumbs"]["else/x.jpg"] = object{} }, `{}`, nil, nil},
		{"an output is taken by another source", func(w *world) { w.thumb("s/a.jpg", marks("in/z.jpg", "e", "r")) }, `{}`,
			[]string{"collision in/a.jpg s"}, nil},
		{"the recipe asks for more pixels", func(*world) {}, `{"prefix":"in/2026/c","variants":[{"name":"s","width":21}]}`,
			[]string{"stale in/2026/c.jpg s"}, nil},
		{"the recipe has another variant", func(*world) {}, `{"filter":{"suffixes":["a.jpg"]},"variants":[{"name":"s","width":20},{"name":"l","width":30}]}`,
			[]string{"missing in/a.jpg l"}, []string{"missing in/a.jpg l"}},
		{"the recipe has lost the variant", func(w *world) { clear(w.buckets["photos"]); w.source("a.jpg", photo(t, 0)) }, `{"variants":[{"name":"l","width":30}]}`,
			[]string{"missing in/a.jpg l", "orphaned out/s/2026/c.jpg", "orphaned out/s/2026/d.jpg", "orphaned out/s/2026/e.png", "orphaned out/s/a.jpg", "orphaned out/s/b.jpg"},
			[]string{"missing in/a.jpg l", "unexplained out/s/2026/c.jpg", "unexplained out/s/2026/d.jpg", "unexplained out/s/2026/e.png", "unexplained out/s/a.jpg", "unexplained out/s/b.jpg"}},
		{"outputs that the filter leaves out are explained", func(*world) {}, `{"filter":{"suffixes":[".png"]}}`, nil, nil},
		{"a part of the source says nothing of the others' outputs", func(w *world) { delete(w.buckets["photos"], "in/a.jpg") }, `{"prefix":"in/2026/"}`, nil, nil},
		{"of keys only those", func(w *world) { clear(w.buckets["thumbs"]) }, `{"keys":["in/a.jpg","in/2026/c.jpg"]}`,
			[]string{"missing in/2026/c.jpg s", "missing in/a.jpg s"}, []string{"missing in/2026/c.jpg s", "missing in/a.jpg s"}},
		{"a key twice is no collision", func(w *world) { clear(w.buckets["thumbs"]) }, `{"keys":["in/a.jpg","in/b.jpg","in/a.jpg"]}`,
			[]string{"missing in/a.jpg s", "missing in/a.jpg s", "missing in/b.jpg s"}, []string{"missing in/a.jpg s", "missing in/a.jpg s", "missing in/b.jpg s"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := album(t)
			c.set(w)
			r := w.audit(t, c.input)
			if diff := cmp.Diff(c.want, kinds(r)); diff != "" {
				t.Errorf("findings (-want +got):\n%s", diff)
			}
			if r.Clean != (c.want == nil) {
				t.Errorf("clean is %v with %v", r.Clean, c.want)
			}
			for _, chunk := range []int{0, 2} { // in memory, and spilled to disk
				r = w.audit(t, c.input, func(c *Config) { c.Quick, c.chunk = true, chunk })
				got := kinds(r)
				for _, key := range r.Unexplained {
					got = append(got, "unexplained "+key)
				}
				if diff := cmp.Diff(c.quick, got); diff != "" {
					t.Errorf("findings of a quick audit (-want +got):\n%s", diff)
				}
				if r.Requests.Head != 0 {
					t.Errorf("a quick audit made %d HEAD requests", r.Requests.Head)
				}
			}
		})
	}
}

// TestTwoSourcesOfOneKey: before a run none has its output; after it, one has.
func TestTwoSourcesOfOneKey(t *testing.T) {
	w := newWorld(t)
	var err error
	if w.deployment.Recipe, err = job.ParseVariants([]byte(`[{"name":"s","width":20,"key":"{stem}{ext}"}]`)); err != nil {
		t.Fatal(err)
	}
	w.source("x/a.jpg", photo(t, 1))
	w.source("y/a.jpg", photo(t, 2))
	quick := func(c *Config) { c.Quick = true }
	if diff := cmp.Diff([]string{"collision in/y/a.jpg s", "missing in/x/a.jpg s"}, kinds(w.audit(t, `{}`, quick))); diff != "" {
		t.Errorf("a quick audit before the run (-want +got):\n%s", diff)
	}
	w.run(t, job.OverwriteStale, w.listed(t)[:1])
	r := w.audit(t, `{}`)
	if diff := cmp.Diff([]string{"collision in/y/a.jpg s"}, kinds(r)); diff != "" || r.Sources.Again != 0 {
		t.Errorf("after it, %d to run again (-want +got):\n%s", r.Sources.Again, diff)
	}
	if diff := cmp.Diff([]string{"collision in/y/a.jpg s"}, kinds(w.audit(t, `{}`, quick))); diff != "" {
		t.Errorf("a quick audit after it (-want +got):\n%s", diff)
	}
}

// TestManifest is the road from an audit over a run to a clean audit.
func TestManifest(t *testing.T) {
	for _, quick := range []bool{false, true} {
		t.Run(fmt.Sprintf("quick is %v", quick), func(t *testing.T) {
			w := album(t)
			delete(w.buckets["thumbs"], "out/s/a.jpg")
			delete(w.buckets["thumbs"], "out/s/2026/c.jpg")
			w.source("new \"quoted\" 😀.jpg", photo(t, 9))
			w.source("more.txt", []byte("eggs"))
			if !quick {
				w.source("b.jpg", photo(t, 8))
			}
			var manifest bytes.Buffer
			r := w.audit(t, `{}`, func(c *Config) { c.Manifest, c.Quick = &manifest, quick })
			if lines := int64(strings.Count(manifest.String(), "\n")); lines != r.Sources.Again || lines == 0 {
				t.Errorf("%d lines for %d sources:\n%s", lines, r.Sources.Again, manifest.String())
			}

			w.buckets["work"]["audits/again.jsonl"] = object{body: manifest.Bytes()}
			planner := plan.Planner{Store: w.fakeS3, Deployment: w.deployment}
			planned, err := planner.Plan(t.Context(), job.Start{Run: "again", Input: json.RawMessage(`{"manifest":"s3://work/audits/again.jsonl"}`)})
			if err != nil {
				t.Fatal(err)
			}
			var items []job.Item
			for line := range bytes.SplitSeq(bytes.TrimSpace(w.buckets["work"][planned.Shards[0].Key].body), []byte("\n")) {
				var item job.Item
				if err := json.Unmarshal(line, &item); err != nil {
					t.Fatal(err)
				}
				items = append(items, item)
			}
			if tally := w.run(t, job.OverwriteStale, items); int64(tally.Written) != r.Sources.Again {
				t.Errorf("the run over the manifest: %+v, want %d written", tally, r.Sources.Again)
			}
			if r := w.audit(t, `{}`); !r.Clean {
				t.Errorf("the audit after it finds %v", kinds(r))
			}
			var empty bytes.Buffer
			w.audit(t, `{}`, func(c *Config) { c.Manifest = &empty })
			if empty.Len() != 0 {
				t.Errorf("a clean audit wrote %s", empty.String())
			}
		})
	}
}

// TestManifestOfAManifest: what a run input names by a manifest is read as Prepare reads it.
func TestManifestOfAManifest(t *testing.T) {
	w := album(t)
	clear(w.buckets["thumbs"])
	w.thumb("beside", nil)
	w.buckets["work"]["reports/nightly/failures.jsonl"] = object{body: []byte(`{"key":"in/a.jpg","variant":"s","code":"DecodeFailed","message":"m"}` + "\n" + `{"key":"in/a.jpg","variant":"l","code":"DecodeFailed","message":"m"}` + "\n")}
	w.buckets["work"]["some.jsonl"] = object{body: []byte(`{"Key":"in/b.jpg"}` + "\n\n" + `{"Key":"in/2026/c.jpg","Size":"12"}`)}
	w.buckets["work"]["reports/nightly/plan.json"] = object{body: []byte(`{"job":{"source":{"bucket":"photos","prefix":"in/"},"destination":{"bucket":"thumbs","prefix":"out/"},"overwrite":"never",
		"variants":[{"name":"l","width":30,"key":"{variant}/{dir}{stem}{ext}"}]}}`)}
	w.buckets["work"]["reports/old/failures.jsonl"] = w.buckets["work"]["reports/nightly/failures.jsonl"]
	for input, want := range map[string][]string{
		`{"retryFailuresOf":"nightly"}`: {"missing in/a.jpg l"}, // which that run was to make, and not the deployment's s
		`{"retryFailuresOf":"old","overwrite":"stale","filter":{},"variants":[{"name":"x","width":9}]}`: {"missing in/a.jpg x"}, // its plan is gone
		`{"manifest":"s3://work/some.jsonl"}`:     {"missing in/2026/c.jpg s", "missing in/b.jpg s"},
		`{"keys":["in/a.jpg"],"batchSize":7}`:     {"missing in/a.jpg s"},
		`{"keys":["in/gone.jpg","in/notes.txt"]}`: {"gone in/gone.jpg"},
	} {
		if diff := cmp.Diff(want, kinds(w.audit(t, input))); diff != "" {
			t.Errorf("audit of %s (-want +got):\n%s", input, diff)
		}
	}
}

func TestOrphans(t *testing.T) {
	w := album(t)
	delete(w.buckets["photos"], "in/a.jpg")
	delete(w.buckets["photos"], "in/2026/d.jpg")
	w.thumb("index.html", nil)
	for _, input := range []string{`{}`, `{"prefix":"in/2026/c"}`, `{"keys":["in/b.jpg"]}`, `{"filter":{"suffixes":[".gif"]}}`} {
		for _, chunk := range []int{0, 2} {
			var orphans bytes.Buffer
			r := w.audit(t, input, func(c *Config) { c.Orphans, c.chunk = &orphans, chunk })
			if diff := cmp.Diff([]string{"orphaned out/s/2026/d.jpg", "orphaned out/s/a.jpg"}, kinds(r)); diff != "" {
				t.Errorf("audit of %s (-want +got):\n%s", input, diff)
			}
			if want := `{"Key":"out/s/2026/d.jpg"}` + "\n" + `{"Key":"out/s/a.jpg"}` + "\n"; orphans.String() != want {
				t.Errorf("audit of %s: the orphans are\n%swant\n%s", input, orphans.String(), want)
			}
			if diff := cmp.Diff(&Destination{Objects: 6, Unexplained: 3, Outsiders: &Outsiders{Orphaned: 2, Foreign: 1}}, r.Destination); diff != "" {
				t.Errorf("audit of %s, destination (-want +got):\n%s", input, diff)
			}
		}
	}
}

// TestWhatIsMadeMeanwhileIsNoOrphan: a source and its output that appear during an audit.
func TestWhatIsMadeMeanwhileIsNoOrphan(t *testing.T) {
	w := album(t)
	lists := 0
	w.fails = func(call string) error {
		if call != "LIST photos/in/" {
			return nil
		}
		if lists++; lists == 3 { // behind the first page
			w.source("0.jpg", photo(t, 77))
			w.thumb("s/0.jpg", marks("in/0.jpg", w.etagOf("0.jpg"), w.deployment.Recipe[0].Recipe()))
		}
		return nil
	}
	c := Config{Store: w.fakeS3, Deployment: w.deployment, Input: json.RawMessage(`{}`), Spool: t.TempDir()}
	r, err := Run(t.Context(), c)
	if err != nil || !r.Clean || w.buckets["thumbs"]["out/s/0.jpg"].body == nil {
		t.Errorf("%v, %v, want a clean audit", kinds(r), err)
	}
}

func TestAnEmptyDestinationIsNotAskedForEachOutput(t *testing.T) {
	w := album(t)
	clear(w.buckets["thumbs"])
	r := w.audit(t, `{}`)
	if r.Sources.Again != 5 || r.Outputs.Missing != 5 || r.Requests.Head != 0 {
		t.Errorf("%d to run again, %d missing, %d HEAD, want 5, 5, 0", r.Sources.Again, r.Outputs.Missing, r.Requests.Head)
	}
}

// failing makes calls fail that contain a text, so often; -1 is for ever.
func (w *world) failing(text string, times int, err error) {
	w.fails = func(call string) error {
		if times == 0 || !strings.Contains(call, text) {
			return nil
		}
		times--
		return err
	}
}

func TestThrottledCallsAreMadeAgain(t *testing.T) {
	for _, c := range []struct {
		name, call string
		err        error
	}{
		{"a HEAD", "HEAD thumbs", answer(503, "SlowDown")},
		{"a HEAD without a word", "HEAD thumbs", answer(429, "")},
		{"a GET", "GET photos", answer(503, "SlowDown")},
		{"a listing", "LIST thumbs", answer(503, "SlowDown")},
		{"a listing of the source that fails inside S3", "LIST photos", answer(500, "InternalError")},
		{"a connection that breaks", "HEAD thumbs", &smithyhttp.RequestSendError{Err: errors.New("connection reset by peer")}},
	} {
		t.Run(c.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w := album(t)
				w.failing(c.call, 5, c.err)
				if r := w.audit(t, `{}`); !r.Clean {
					t.Errorf("findings: %v", kinds(r))
				}
			})
		})
	}
}

func TestWhatEndsAnAudit(t *testing.T) {
	for _, c := range []struct {
		name, call string
		err        error
		want       error // of this type
		says       []string
	}{
		{"throttled for minutes", "HEAD thumbs/out/s/a.jpg", answer(503, "SlowDown"), job.Throttled{}, []string{"HeadObject", "s3://thumbs/out/s/a.jpg"}},
		{"down for minutes", "LIST photos", answer(500, "InternalError"), job.Unavailable{}, []string{"ListObjectsV2", "InternalError"}},
		{"another Region's bucket", "LIST thumbs", answer(301, "PermanentRedirect"), job.Unavailable{}, []string{"PermanentRedirect"}},
		{"outputs may not be looked at", "HEAD thumbs", answer(403, "Forbidden"), job.AccessDenied{}, []string{"your credentials need s3:GetObject", "s3:ListBucket", "s3://thumbs/out/"}},
		{"the source may not be listed", "LIST photos", answer(403, "AccessDenied"), job.AccessDenied{}, []string{"your credentials need s3:ListBucket", "s3://photos/in/"}},
		{"the destination may not be listed", "LIST thumbs", answer(403, "AccessDenied"), job.AccessDenied{}, []string{"your credentials need s3:ListBucket", "s3://thumbs/out/"}},
		{"there is no source bucket", "LIST photos", answer(404, "NoSuchBucket"), job.SourceMissing{}, []string{"there is no bucket photos"}},
		{"there is no destination bucket", "LIST thumbs", answer(404, "NoSuchBucket"), job.DestinationMissing{}, []string{"there is no bucket thumbs"}},
		{"the wrong key", "HEAD thumbs", answer(400, "ExpiredToken"), job.Unavailable{}, []string{"ExpiredToken"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w := album(t)
				w.failing(c.call, -1, c.err)
				spool := t.TempDir()
				r, err := Run(t.Context(), Config{Store: w.fakeS3, Deployment: w.deployment, Input: json.RawMessage(`{}`), Spool: spool})
				if reflect.TypeOf(err) != reflect.TypeOf(c.want) {
					t.Fatalf("Run = %T %v, want a %T", err, err, c.want)
				}
				for _, want := range c.says {
					if !strings.Contains(err.Error(), want) {
						t.Errorf("%q does not say %q", err, want)
					}
				}
				if diff := cmp.Diff(Report{}, r, cmp.AllowUnexported(Finding{})); diff != "" {
					t.Errorf("a report beside the error:\n%s", diff)
				}
				if left, _ := os.ReadDir(spool); len(left) > 0 {
					t.Errorf("left in the spool folder: %v", left)
				}
			})
		})
	}
}

// TestOneLockedObject does not end an audit of millions.
func TestOneLockedObject(t *testing.T) {
	for _, c := range []struct {
		name, call, input string
		want              []string
	}{
		{"a source whose output is missing", "GET photos/in/a.jpg", `{}`, []string{"missing in/a.jpg s"}},
		{"a source that is named", "HEAD photos/in/a.jpg", `{"keys":["in/a.jpg","in/b.jpg"]}`, []string{"denied in/a.jpg"}},
		{"an object that nobody wants", "HEAD thumbs/out/index.html", `{}`, []string{"denied out/index.html", "missing in/a.jpg s"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := album(t)
			delete(w.buckets["thumbs"], "out/s/a.jpg")
			w.thumb("index.html", nil)
			w.failing(c.call, -1, answer(403, "AccessDenied"))
			r := w.audit(t, c.input)
			if diff := cmp.Diff(c.want, kinds(r)); diff != "" {
				t.Errorf("findings (-want +got):\n%s", diff)
			}
			finding := append(r.First[Denied], r.First[Missing]...)[0]
			if !strings.Contains(finding.Reason, "your credentials need s3:GetObject") {
				t.Errorf("the reason %q names no permission", finding.Reason)
			}
		})
	}
}

func TestAnInputThatARunWouldRefuse(t *testing.T) {
	w := album(t)
	_, err := Run(t.Context(), Config{Store: w.fakeS3, Deployment: w.deployment, Input: json.RawMessage(`{"prefix":"out/"}`)})
	if _, ok := err.(job.InvalidInput); !ok {
		t.Errorf("Run = %T %v, want an InvalidInput", err, err)
	}
}

func TestInterrupted(t *testing.T) {
	for _, quick := range []bool{false, true} {
		w := album(t)
		ctx, cancel := context.WithCancel(t.Context())
		calls := 0
		w.fails = func(string) error {
			if calls++; calls == 6 {
				cancel()
			}
			return ctx.Err()
		}
		spool := t.TempDir()
		_, err := Run(ctx, Config{Store: w.fakeS3, Deployment: w.deployment, Input: json.RawMessage(`{}`), Spool: spool, Quick: quick})
		if !errors.Is(err, context.Canceled) {
			t.Errorf("quick %v: Run = %v, want the context's error", quick, err)
		}
		if left, _ := os.ReadDir(spool); len(left) > 0 {
			t.Errorf("quick %v: left in the spool folder: %v", quick, left)
		}
	}
}

func TestFirstFindingsAreTheFirstOfTheListing(t *testing.T) {
	w := newWorld(t)
	w.thumb("beside", nil)
	for i := range 25 {
		w.source(fmt.Sprintf("%02d.jpg", i), photo(t, uint8(i)))
	}
	for _, quick := range []bool{false, true} {
		r := w.audit(t, `{}`, func(c *Config) { c.Quick = quick })
		if r.Outputs.Missing != 25 || len(r.First[Missing]) != Shown {
			t.Fatalf("%d missing, %d shown, want 25 and %d", r.Outputs.Missing, len(r.First[Missing]), Shown)
		}
		for i, f := range r.First[Missing] {
			if want := fmt.Sprintf("in/%02d.jpg", i); f.Source != want {
				t.Errorf("quick %v: finding %d is of %s, want %s", quick, i, f.Source, want)
			}
		}
	}
}
