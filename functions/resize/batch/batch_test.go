package batch

import (
	"context"
	"encoding/json"
	"fmt"
	"reflect"
	"strings"
	"testing"
	"time"

	"mapfleet/functions/job"
)

// pictures lists n pictures: in/000.jpg and so on.
func (w *world) pictures(t testing.TB, n int) {
	body := jpegOf(t, 40, 30, 1)
	for i := range n {
		w.listed(fmt.Sprintf("in/%03d.jpg", i), object{body: body})
	}
}

func TestWorldsFaultsEndTheBatch(t *testing.T) {
	for _, c := range []struct {
		name string
		set  func(w *world)
		want error // of this type
		says string
	}{
		{"denied to write", func(w *world) { w.fails("PUT thumbs/out/s/001.jpg", answer(403, "AccessDenied")) }, job.AccessDenied{}, "PutObject s3://thumbs/out/s/001.jpg: denied"},
		{"denied to look", func(w *world) { w.fails("HEAD thumbs/out/s/001.jpg", answer(403, "Forbidden")) }, job.AccessDenied{}, "HeadObject s3://thumbs/out/s/001.jpg: denied"},
		{"no destination bucket", func(w *world) { delete(w.buckets, "thumbs") }, job.DestinationMissing{}, "there is no bucket thumbs"},
		{"no room at the destination", func(w *world) { w.fails("PUT thumbs/out/s/001.jpg", answer(507, "QuotaExceeded")) }, job.DestinationFull{}, "no room left"},
		{"no source bucket", func(w *world) { delete(w.buckets, "photos") }, job.SourceMissing{}, "there is no bucket photos"},
		{"denied to read them all", func(w *world) { w.before = denies("GET photos/") }, job.AccessDenied{}, "GetObject s3://photos/in/000.jpg: denied"},
		{"denied to read them all, beside a folder", func(w *world) {
			w.before = denies("GET photos/")
			w.listed("in/folder/", object{})
		}, job.AccessDenied{}, "s3:GetObject"},
		{"throttled from the start", func(w *world) { w.before = throttles("GET photos/") }, job.Throttled{}, "GetObject s3://photos/in/"},
		{"S3 is down", func(w *world) {
			w.before = func(context.Context, string) error { return errReset }
		}, job.Unavailable{}, "connection reset by peer"},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := newWorld()
			w.pictures(t, 3)
			c.set(w)
			_, err := w.run(t, t.Context())
			if reflect.TypeOf(err) != reflect.TypeOf(c.want) || !strings.Contains(err.Error(), c.says) {
				t.Errorf("Run: %T %v, want a bare %T that says %q", err, err, c.want, c.says)
			}
		})
	}
}

func throttles(call string) func(context.Context, string) error {
	return answers(call, answer(503, "SlowDown"))
}

func denies(call string) func(context.Context, string) error {
	return answers(call, answer(403, "AccessDenied"))
}

func answers(start string, err error) func(context.Context, string) error {
	return func(_ context.Context, call string) error {
		if strings.HasPrefix(call, start) {
			return err
		}
		return nil
	}
}

func TestHeaviestFaultWins(t *testing.T) {
	throttled, denied := job.Throttled{Message: "t"}, job.AccessDenied{Message: "d"}
	late := fmt.Errorf("get: %w", context.DeadlineExceeded)
	for _, c := range []struct {
		name     string
		outcomes []outcome
		want     error
	}{
		{"denied after throttled", []outcome{{world: throttled}, {world: denied}}, denied},
		{"denied before throttled", []outcome{{world: denied}, {world: throttled}}, denied},
		{"throttled before late", []outcome{{world: throttled}, {world: late}}, throttled},
		{"late before throttled", []outcome{{world: late}, {world: throttled}}, throttled},
		{"late alone", []outcome{{world: late}, {left: true}}, context.DeadlineExceeded},
		{"denied though another was written", []outcome{{world: denied}, {outputs: 1}}, denied},
	} {
		t.Run(c.name, func(t *testing.T) {
			b := job.Batch{Items: make([]job.Item, len(c.outcomes))}
			if _, err := settle(b, c.outcomes, tally(c.outcomes, time.Now())); err != c.want {
				t.Errorf("settle: %T %v, want %T", err, err, c.want)
			}
		})
	}
}

// TestThrottledWithProgress: what is done stays done, the rest is handed back.
func TestThrottledWithProgress(t *testing.T) {
	w := newWorld()
	w.pictures(t, 3)
	w.before = throttles("PUT thumbs/out/s/002.jpg")
	result, err := w.run(t, t.Context())
	if err != nil {
		t.Fatalf("Run: %v", err)
	}
	if result.Done.Written == 0 || len(result.Remaining) == 0 || result.Remaining[len(result.Remaining)-1].Key != "in/002.jpg" {
		t.Errorf("%d written, left %v, want the last one left", result.Done.Written, result.Remaining)
	}
	w.before = nil
	w.batch.Items, w.batch.Earlier = result.Remaining, &result.Done
	if got, want := summarise(w.done(t)), (summary{Written: 3, Outputs: 3}); got != want {
		t.Errorf("after the second round: %+v, want %+v", got, want)
	}
}

func TestPutsOfAnItemThatIsHandedBackCount(t *testing.T) {
	w := newWorld()
	w.job().Variants = append(w.job().Variants, job.Variant{Name: "t", Width: 10, Fit: job.FitInside, Format: job.FormatSame, Key: job.DefaultKey})
	w.pictures(t, 2)
	w.before = throttles("PUT thumbs/out/t/001.jpg")
	result, err := w.run(t, t.Context())
	if err != nil {
		t.Fatalf("Run: %v", err)
	}
	if got := w.count("put"); result.Done.Outputs != got || len(result.Remaining) != 1 {
		t.Errorf("%d outputs are counted and %d items left, want %d and 1", result.Done.Outputs, len(result.Remaining), got)
	}
	w.before = nil
	w.batch.Items, w.batch.Earlier = result.Remaining, &result.Done
	if got, want := summarise(w.done(t)), (summary{Written: 2, Outputs: 4}); got != want {
		t.Errorf("after the second round: %+v, want %+v", got, want)
	}
}

func TestBatchFailedTellsOfEveryItem(t *testing.T) {
	w := newWorld()
	w.listed("in/a.jpg", object{body: []byte("text")})
	w.batch.Items = append(w.batch.Items, job.Item{Key: "in/b.jpg", ETag: "e", Size: 5})
	result, err := w.run(t, t.Context())
	failed, ok := err.(job.BatchFailed)
	if !ok || result.Done.Listed != 0 {
		t.Fatalf("Run = %+v, %T %v, want a bare BatchFailed alone", result, err, err)
	}
	tally, err := failed.Tally()
	if err != nil {
		t.Fatal(err)
	}
	if got, want := summarise(tally), (summary{Failed: 2, Codes: "UnknownFormat Gone"}); got != want {
		t.Errorf("the tally in it is %+v, want %+v", got, want)
	}
}

// TestBatchIsNotFailedWhileItemsAreLeft: a first round of failures alone is no verdict.
func TestBatchIsNotFailedWhileItemsAreLeft(t *testing.T) {
	w := newWorld()
	w.listed("in/a.jpg", object{body: []byte("text")})
	w.pictures(t, 1)
	w.worker.Margin = time.Minute
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute-time.Second)
	defer cancel()
	result, err := w.run(t, ctx)
	if err != nil || result.Done.Failed != 1 || len(result.Remaining) != 1 {
		t.Fatalf("Run = %+v, %v, want one failed and one left", result, err)
	}
	w.batch.Items, w.batch.Earlier = result.Remaining, &result.Done
	if got, want := summarise(w.done(t)), (summary{Written: 1, Failed: 1, Outputs: 1, Codes: "UnknownFormat"}); got != want {
		t.Errorf("after the second round: %+v, want %+v", got, want)
	}
}

func TestEarlierRoundsAreAddedUp(t *testing.T) {
	earlier := func() *job.Tally {
		return &job.Tally{
			Listed: 3, Written: 1, Current: 1, Failed: 1, Outputs: 1, BytesIn: 100, FailedBy: map[string]int{"Gone": 1},
			Failures: job.Failures{{Key: "in/x", Code: "Gone", Message: "gone"}}, Started: time.Unix(1, 0), Finished: time.Unix(2, 0), Rounds: 1,
			Milliseconds: map[string]int64{"put": 1000},
		}
	}
	t.Run("to a good one", func(t *testing.T) {
		w := newWorld()
		w.pictures(t, 2)
		w.batch.Earlier = earlier()
		tally := w.done(t)
		if got, want := summarise(tally), (summary{Written: 3, Current: 1, Failed: 1, Outputs: 3, Codes: "Gone"}); got != want {
			t.Errorf("got %+v, want %+v", got, want)
		}
		if !tally.Started.Equal(time.Unix(1, 0)) || tally.Rounds != 2 || tally.Milliseconds["put"] < 1000 || tally.BytesIn <= 100 {
			t.Errorf("started %v, %d rounds, %v", tally.Started, tally.Rounds, tally.Milliseconds)
		}
	})
	t.Run("a round of failures does not undo them", func(t *testing.T) {
		w := newWorld()
		w.listed("in/a.jpg", object{body: []byte("text")})
		w.batch.Earlier = earlier()
		if got, want := summarise(w.done(t)), (summary{Written: 1, Current: 1, Failed: 2, Outputs: 1, Codes: "Gone UnknownFormat"}); got != want {
			t.Errorf("got %+v, want %+v", got, want)
		}
	})
	t.Run("nor does a round of locked sources", func(t *testing.T) {
		w := newWorld()
		w.pictures(t, 1)
		w.before = denies("GET")
		w.batch.Earlier = earlier()
		if got, want := summarise(w.done(t)), (summary{Written: 1, Current: 1, Failed: 2, Outputs: 1, Codes: "Gone AccessDenied"}); got != want {
			t.Errorf("got %+v, want %+v", got, want)
		}
	})
	t.Run("failures in all rounds fail the batch", func(t *testing.T) {
		w := newWorld()
		w.listed("in/a.jpg", object{body: []byte("text")})
		w.batch.Earlier = &job.Tally{Listed: 1, Failed: 1, FailedBy: map[string]int{"Gone": 1}, Failures: job.Failures{{Key: "in/x", Code: "Gone", Message: "gone"}}}
		result, err := w.run(t, t.Context())
		if _, ok := err.(job.BatchFailed); !ok {
			t.Fatalf("Run: %T %v, want BatchFailed", err, err)
		}
		if got, want := summarise(tallyOf(t, result, err)), (summary{Failed: 2, Codes: "Gone UnknownFormat"}); got != want {
			t.Errorf("got %+v, want %+v", got, want)
		}
	})
}

func TestDeniedWithoutOneThatCouldBeRead(t *testing.T) {
	t.Run("an archived one beside it says nothing of the role, but fails too", func(t *testing.T) {
		w := newWorld()
		w.pictures(t, 2)
		w.batch.Items[1].StorageClass = "GLACIER"
		w.before = denies("GET")
		result, err := w.run(t, t.Context())
		if got, want := summarise(tallyOf(t, result, err)), (summary{Failed: 2, Codes: "AccessDenied Archived"}); got != want {
			t.Errorf("got %+v, want %+v", got, want)
		}
	})
	t.Run("an empty and a filtered one beside them say nothing: nothing was asked for them", func(t *testing.T) {
		w := newWorld()
		w.pictures(t, 3)
		w.batch.Items[0].Size = 0
		w.job().Filter.MinBytes, w.batch.Items[1].Size = 2, 1
		w.before = denies("GET")
		if _, err := w.run(t, t.Context()); err == nil || !strings.Contains(err.Error(), "s3:GetObject") {
			t.Errorf("Run: %T %v, want AccessDenied of the role", err, err)
		}
	})
	t.Run("a current one beside it", func(t *testing.T) {
		w := newWorld()
		w.pictures(t, 1)
		w.done(t)
		w.listed("in/locked.jpg", object{body: jpegOf(t, 40, 30, 9)})
		w.before = denies("GET")
		if got, want := summarise(w.done(t)), (summary{Current: 1, Failed: 1, Codes: "AccessDenied"}); got != want {
			t.Errorf("got %+v, want %+v", got, want)
		}
	})
}

func TestEmptyBatch(t *testing.T) {
	w := newWorld()
	if got := summarise(w.done(t)); got != (summary{}) {
		t.Errorf("of nothing comes %+v", got)
	}
}

func TestResultsStayBelowTheirLimit(t *testing.T) {
	w := newWorld()
	w.pictures(t, 1)
	for i := range 900 {
		w.batch.Items = append(w.batch.Items, job.Item{Key: fmt.Sprintf("in/%s%03d.jpg", strings.Repeat("x", 60), i), StorageClass: "GLACIER", Size: 1})
	}
	result, err := w.run(t, t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if data, err := json.Marshal(result); err != nil || len(data) > job.MaxResultBytes {
		t.Errorf("the result has %d bytes (%v), want at most %d", len(data), err, job.MaxResultBytes)
	}
	if len(result.Done.Failures) != 900 {
		t.Errorf("%d failures are named, want 900", len(result.Done.Failures))
	}
}

func TestObserveIsToldOfEachRound(t *testing.T) {
	w := newWorld()
	var told []job.Tally
	w.worker.Observe = func(t job.Tally) { told = append(told, t) }
	w.listed("in/a.jpg", object{body: jpegOf(t, 40, 30, 1)})
	w.listed("in/broken.jpg", object{body: []byte("no picture")})
	w.done(t)
	if len(told) != 1 || told[0].Listed != 2 || told[0].Written != 1 || told[0].Failed != 1 || told[0].BytesOut == 0 {
		t.Errorf("told %+v, want one round with one picture written and one failed", told)
	}
	w.batch.Items = w.batch.Items[1:] // all fail: told, too
	if _, err := w.worker.Run(t.Context(), w.batch); err == nil || len(told) != 2 || told[1].Failed != 1 {
		t.Errorf("Run = %v, told %+v; want BatchFailed and the round that it is of", err, told)
	}
}
