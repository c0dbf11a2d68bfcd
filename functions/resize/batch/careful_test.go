package batch

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"mapfleet/functions/job"
	"mapfleet/functions/resize/picture"
)

var errKilled = errors.New("the process is gone")

// life runs the batch in a process of its own, which ends at the first call that kills says yes to: no
// call of it is heard any more. It returns errKilled then.
func (w *world) life(t *testing.T, kills func(call string) bool) (job.Result, error) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	var dead atomic.Bool
	before := w.before
	defer func() { w.before = before }()
	w.before = func(ctx context.Context, call string) error {
		if dead.Load() || kills(call) {
			dead.Store(true)
			cancel()
			return context.Canceled
		}
		if before != nil {
			return before(ctx, call)
		}
		return nil
	}
	w.worker = &Worker{Store: w.fakeS3, render: w.worker.render}
	result, err := w.run(t, ctx)
	if dead.Load() {
		return job.Result{}, errKilled
	}
	return result, err
}

// lives is the state machine: the first end of a process makes the next ones careful. It returns how many
// there were.
func (w *world) lives(t *testing.T, kills func(call string) bool) (job.Result, int) {
	t.Helper()
	for n := 1; n < 100; n++ {
		result, err := w.life(t, kills)
		switch {
		case err == nil:
			return result, n
		case errors.Is(err, errKilled):
			w.batch.Crash = &job.Crash{Error: "Runtime.ExitError"}
		default:
			if _, stuck := err.(job.Stuck); !stuck {
				t.Fatalf("life %d: %T %v", n, err, err)
			}
			w.batch.Crash = &job.Crash{Error: "Stuck"}
		}
	}
	t.Fatal("no end after 100 processes")
	return job.Result{}, 0
}

func poison(keys ...string) func(string) bool {
	return func(call string) bool {
		key, ok := strings.CutPrefix(call, "GET photos/")
		return ok && slices.Contains(keys, key)
	}
}

func TestPicturesThatEndTheProcess(t *testing.T) {
	for _, c := range []struct {
		name    string
		poisons []string
		lives   int
	}{
		{"one", []string{"in/007.jpg"}, 1 + 2 + 1},
		{"the first", []string{"in/000.jpg"}, 1 + 2 + 1},
		{"several", []string{"in/003.jpg", "in/004.jpg", "in/019.jpg"}, 1 + 6 + 1},
		{"ten, as many as the state machine has retries for", []string{"in/000.jpg", "in/001.jpg", "in/002.jpg", "in/003.jpg", "in/004.jpg",
			"in/005.jpg", "in/006.jpg", "in/007.jpg", "in/008.jpg", "in/019.jpg"}, 1 + 20 + 1},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := newWorld()
			w.job().Fresh = true
			w.pictures(t, 20)
			result, lives := w.lives(t, poison(c.poisons...))
			good := 20 - len(c.poisons)
			if lives != c.lives {
				t.Errorf("%d processes, want %d: one, two for each picture that ends them, and the last", lives, c.lives)
			}
			tally := result.Done
			if tally.Written+tally.Current != good || tally.Failed != len(c.poisons) || tally.FailedBy[FailedCrashed] != len(c.poisons) {
				t.Errorf("%d written, %d current, failed by code %v; want %d and %d Crashed", tally.Written, tally.Current, tally.FailedBy, good, len(c.poisons))
			}
			var crashed []string
			for _, f := range tally.Failures {
				crashed = append(crashed, f.Key)
				if !strings.Contains(f.Message, "ended 2 times") || !strings.Contains(f.Message, "Runtime.ExitError") {
					t.Errorf("message %q does not say what happened", f.Message)
				}
			}
			slices.Sort(crashed)
			if !slices.Equal(crashed, c.poisons) {
				t.Errorf("Crashed are %v, want %v", crashed, c.poisons)
			}
			if got := w.count("put thumbs"); got != good {
				t.Errorf("%d puts, want each of %d pictures once", got, good)
			}
		})
	}
}

func TestAllPicturesEndTheProcess(t *testing.T) {
	w := newWorld()
	w.pictures(t, 2)
	w.batch.Crash = &job.Crash{Error: "Runtime.ExitError"}
	for range 4 {
		if _, err := w.life(t, poison("in/000.jpg", "in/001.jpg")); !errors.Is(err, errKilled) {
			t.Fatalf("Run: %v, want an end", err)
		}
	}
	result, err := w.life(t, poison("in/000.jpg", "in/001.jpg"))
	if _, ok := err.(job.BatchFailed); !ok {
		t.Fatalf("Run: %T %v, want BatchFailed", err, err)
	}
	if got, want := summarise(tallyOf(t, result, err)), (summary{Failed: 2, Codes: "Crashed Crashed"}); got != want {
		t.Errorf("got %+v, want %+v", got, want)
	}
}

// TestProcessesThatEndByThemselves: no picture is blamed for an end that it had no part in.
func TestProcessesThatEndByThemselves(t *testing.T) {
	t.Run("at calls of different pictures", func(t *testing.T) {
		w := newWorld()
		w.pictures(t, 20)
		var calls atomic.Int32
		result, _ := w.lives(t, func(call string) bool {
			if !strings.HasPrefix(call, "GET photos/") && !strings.HasPrefix(call, "PUT thumbs/") {
				return false
			}
			return slices.Contains([]int32{7, 14, 25}, calls.Add(1))
		})
		if tally := result.Done; tally.Written+tally.Current != 20 || tally.Failed != 0 {
			t.Errorf("%d written, %d current, %d failed, want all 20 made", tally.Written, tally.Current, tally.Failed)
		}
	})
	t.Run("right after its picture was put", func(t *testing.T) {
		w := newWorld()
		w.job().Variants = append(w.job().Variants, job.Variant{Name: "t", Width: 10, Fit: job.FitInside, Format: job.FormatSame, Key: job.DefaultKey})
		w.pictures(t, 3)
		w.batch.Crash = &job.Crash{Error: "Runtime.ExitError"}
		// The marker of the next picture never comes, twice; in between another process finds the picture current.
		for range 3 {
			if _, err := w.life(t, func(call string) bool {
				return strings.HasPrefix(call, "PUT work/") && w.count("PUT thumbs/out/t/000.jpg") == 1
			}); !errors.Is(err, errKilled) {
				t.Fatalf("Run: %v, want an end", err)
			}
		}
		if got, want := summarise(w.done(t)), (summary{Written: 2, Current: 1, Outputs: 4}); got != want {
			t.Errorf("got %+v, want %+v", got, want)
		}
	})
	t.Run("and throttling is no end", func(t *testing.T) {
		w := newWorld()
		w.pictures(t, 3)
		w.batch.Crash = &job.Crash{Error: "Sandbox.Timedout"}
		w.before = throttles("GET photos/")
		for range 3 {
			if _, err := w.run(t, t.Context()); err == nil {
				t.Fatal("no error")
			}
		}
		w.before = nil
		if got, want := summarise(w.done(t)), (summary{Written: 3, Outputs: 3}); got != want {
			t.Errorf("got %+v, want %+v", got, want)
		}
	})
	t.Run("with less memory than now", func(t *testing.T) {
		w := newWorld()
		w.pictures(t, 2)
		w.batch.Crash = &job.Crash{Error: "Runtime.ExitError"}
		for range 2 {
			_, _ = w.life(t, poison("in/001.jpg"))
		}
		w.worker = &Worker{Store: w.fakeS3, Memory: 2 * DefaultMemory}
		if got, want := summarise(w.done(t)), (summary{Written: 1, Current: 1, Outputs: 1}); got != want {
			t.Errorf("got %+v, want %+v", got, want)
		}
	})
}

func TestCarefulWorkersTakeOneAtATime(t *testing.T) {
	w := newWorld()
	w.pictures(t, 12)
	w.batch.Crash = &job.Crash{Error: "Runtime.ExitError"}
	var work atomic.Int32
	var inHand atomic.Value
	w.before = func(_ context.Context, call string) error {
		key, fetched := strings.CutPrefix(call, "GET photos/")
		_, written := strings.CutPrefix(call, "PUT thumbs/")
		switch {
		case fetched:
			if work.Add(1) != 1 {
				t.Errorf("%s is fetched beside another", key)
			}
			inHand.Store(key)
			var m marker
			w.mu.Lock()
			defer w.mu.Unlock()
			for name, o := range w.buckets["work"] {
				if err := json.Unmarshal(o.body, &m); err != nil || m.InHand != key {
					t.Errorf("the marker %s names %q, %v, want %q", name, m.InHand, err, key)
				}
			}
			if len(w.buckets["work"]) != 1 {
				t.Errorf("%d markers, want 1", len(w.buckets["work"]))
			}
		case written:
			work.Add(-1)
		}
		return nil
	}
	if got, want := summarise(w.done(t)), (summary{Written: 12, Outputs: 12}); got != want {
		t.Errorf("got %+v, want %+v", got, want)
	}
	for name, o := range w.buckets["work"] {
		if strings.Contains(string(o.body), "inHand") {
			t.Errorf("the marker %s is not cleared: %s", name, o.body)
		}
	}
}

func TestMarkerThatCannotBeKept(t *testing.T) {
	for _, c := range []struct {
		call string
		says string
	}{
		{"GET work/", "GetObject s3://work/work/nightly/attempts/"},
		{"PUT work/", "PutObject s3://work/work/nightly/attempts/"},
	} {
		t.Run(c.call, func(t *testing.T) {
			w := newWorld()
			w.pictures(t, 2)
			w.batch.Crash = &job.Crash{Error: "Runtime.ExitError"}
			w.before = denies(c.call)
			_, err := w.run(t, t.Context())
			if _, ok := err.(job.AccessDenied); !ok || !strings.Contains(err.Error(), c.says) {
				t.Errorf("Run: %T %v, want AccessDenied that says %q", err, err, c.says)
			}
			if n := w.count("GET photos/in/000.jpg"); n != 0 {
				t.Errorf("%d pictures were worked on without a marker", n)
			}
		})
	}
}

// TestPictureWithoutAnEnd: the process that is stuck ends before its time is up, and says why.
func TestPictureWithoutAnEnd(t *testing.T) {
	for _, crash := range []*job.Crash{nil, {Error: "Runtime.ExitError"}} {
		t.Run(fmt.Sprintf("after %v", crash), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w := newWorld()
				w.pictures(t, 30)
				w.batch.Crash = crash
				bad := jpegOf(t, 40, 30, 99)
				w.put("photos", "in/011.jpg", object{body: bad, etag: "changed"})
				hung := make(chan struct{})
				defer close(hung) // the bubble has to come to an end
				w.worker.render = func(ctx context.Context, body []byte, variants []picture.Variant, limits picture.Limits) (picture.Result, error) {
					if string(body) == string(bad) {
						<-hung
					}
					return picture.Render(ctx, body, variants, limits)
				}
				ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
				defer cancel()
				began := time.Now()
				_, err := w.run(t, ctx)
				if _, ok := err.(job.Stuck); !ok || !strings.Contains(err.Error(), "in/011.jpg") || time.Since(began) != 30*time.Second {
					t.Fatalf("Run: %T %v after %v, want Stuck that names in/011.jpg after half of its minute", err, err, time.Since(began))
				}
				render := w.worker.render
				w.worker = &Worker{Store: w.fakeS3, render: render}
				w.batch.Crash = &job.Crash{Error: "Stuck"}
				again, cancel := context.WithTimeout(t.Context(), time.Minute)
				defer cancel()
				result, err := w.run(t, again)
				if tally := tallyOf(t, result, err); tally.Written+tally.Current != 29 || tally.FailedBy[FailedCrashed] != 1 || !strings.Contains(tally.Failures[0].Message, "did not come to an end") {
					t.Errorf("%d written, %d current, %v, want 29 and one Crashed", tally.Written, tally.Current, tally.Failures)
				}
			})
		})
	}
}

// TestPictureThatIsLate: what is given up at the deadline is no failure, and comes first in the next round.
func TestPictureThatIsLate(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld()
		w.pictures(t, 2)
		w.takes(44 * time.Second) // the second one is started with a second to the margin
		slow := time.Duration(0)
		w.worker.render = func(ctx context.Context, body []byte, variants []picture.Variant, limits picture.Limits) (picture.Result, error) {
			time.Sleep(slow)
			slow = 20 * time.Second
			return picture.Render(context.WithoutCancel(ctx), body, variants, limits)
		}
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		began := time.Now()
		result, err := w.run(t, ctx)
		if err != nil || result.Done.Written != 1 || len(result.Remaining) != 1 || time.Since(began) != time.Minute-lastCall {
			t.Fatalf("Run = %+v, left %v, %v after %v, want one written, one left", summarise(result.Done), result.Remaining, err, time.Since(began))
		}
		w.before = nil
		w.batch.Items, w.batch.Earlier = result.Remaining, &result.Done
		again, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		if result, err = w.run(t, again); err != nil || result.Done.Written != 2 {
			t.Errorf("the next round = %+v, %v, want both written", summarise(result.Done), err)
		}
	})
}

// TestPictureThatIsLateWithoutAnEnd: the process that it stays in ends, at no cost for the batch that meets it.
func TestPictureThatIsLateWithoutAnEnd(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld()
		w.pictures(t, 2)
		hung := make(chan struct{})
		defer close(hung)
		renders := 0
		w.worker.render = func(ctx context.Context, body []byte, variants []picture.Variant, limits picture.Limits) (picture.Result, error) {
			if renders++; renders == 2 {
				<-hung
			}
			return picture.Render(ctx, body, variants, limits)
		}
		for range processors() - 1 { // as in a Lambda of one
			w.worker.prepare()
			w.worker.cpu <- struct{}{}
		}
		w.before = func(ctx context.Context, call string) error {
			time.Sleep(map[string]time.Duration{"GET photos/in/000.jpg": 40 * time.Second}[call])
			return nil
		}
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		result, err := w.run(t, ctx)
		if err != nil || result.Done.Written != 1 || len(result.Remaining) != 1 {
			t.Fatalf("Run = %+v, left %v, %v, want one written and one left", summarise(result.Done), result.Remaining, err)
		}
		w.batch.Items = []job.Item{{Key: "in/other.jpg", ETag: "e", Size: -1}}
		w.put("photos", "in/other.jpg", object{body: jpegOf(t, 40, 30, 50)})
		again, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		began := time.Now()
		_, err = w.run(t, again)
		if _, ok := err.(job.Stuck); !ok || !strings.Contains(err.Error(), "in/001.jpg") || time.Since(began) > 15*time.Second {
			t.Errorf("the next batch: %T %v after %v, want Stuck that names in/001.jpg 30 s after it was begun", err, err, time.Since(began))
		}
		w.worker = &Worker{Store: w.fakeS3}
		w.batch.Crash = &job.Crash{Error: "Stuck"}
		if got, want := summarise(w.done(t)), (summary{Written: 1, Outputs: 1}); got != want {
			t.Errorf("the next batch in another process: %+v, want %+v", got, want)
		}
	})
}

func TestCarefulRoundsHandBack(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld()
		w.pictures(t, 30)
		w.batch.Crash = &job.Crash{Error: "Runtime.ExitError"}
		w.takes(4 * time.Second)
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		result, err := w.run(t, ctx)
		// The marker comes at 4 seconds, and then one picture at 8, 12, … 48: started up to 44.
		if err != nil || result.Done.Written != 11 || len(result.Remaining) != 19 {
			t.Errorf("Run: %d written, %d left, %v, want 11 and 19", result.Done.Written, len(result.Remaining), err)
		}
	})
}
