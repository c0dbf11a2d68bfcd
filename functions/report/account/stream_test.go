package account

import (
	"fmt"
	"io"
	"runtime"
	"testing"
	"time"

	"mapfleet/functions/job"
	"mapfleet/functions/report/look"
)

// results makes n results of ten pictures each while it is read, and looks at the heap now and then.
type results struct {
	n, made int
	rest    []byte
	peak    uint64
}

func (r *results) Read(p []byte) (int, error) {
	if len(r.rest) == 0 {
		if r.made == r.n {
			return 0, io.EOF
		}
		result := written(10)
		key := fmt.Sprintf("in/%06d.jpg", r.made)
		result.Done.Written, result.Done.Failed = 9, 1
		result.Done.FailedBy = map[string]int{fmt.Sprintf("Code%d", r.made%1000): 1}
		result.Done.Failures = []job.Failure{{Key: key, Code: fmt.Sprintf("Code%d", r.made%1000), Message: "a message of some length, as workers write them"}}
		result.Done.Samples = []job.Sample{{Key: key, Variant: "thumb"}}
		r.rest = []byte(line(result))
		r.made++
		if r.made%20_000 == 0 {
			runtime.GC()
			var m runtime.MemStats
			runtime.ReadMemStats(&m)
			r.peak = max(r.peak, m.HeapAlloc)
		}
	}
	n := copy(p, r.rest)
	r.rest = r.rest[n:]
	return n, nil
}

func TestAHundredThousandResultsInConstantMemory(t *testing.T) {
	const n = 100_000
	r := newRun(10 * n)
	r.plan.Limits.ToleratedFailurePercentage = 10
	r.mapRun(files{"SUCCEEDED_0.jsonl": ""})
	source := &results{n: n}
	r.s3.streams["work/work/nightly/results/run-0/SUCCEEDED_0.jsonl"] = func() io.Reader { return source }
	var before runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	s := r.mustReport(t, "")
	if s.Listed != 10*n || s.Failed != n || s.Batches != n || !s.Balanced {
		t.Errorf("listed %d, failed %d, batches %d, balanced %v", s.Listed, s.Failed, s.Batches, s.Balanced)
	}
	if grown := int64(source.peak) - int64(before.HeapAlloc); grown > 8<<20 {
		t.Errorf("the heap grew by %d bytes", grown)
	}
	if len(s.FailedBy) != maxCodes+1 || len(line(s)) > 16<<10 {
		t.Errorf("summary has %d codes and %d bytes; want %d codes and at most 16 KiB", len(s.FailedBy), len(line(s)), maxCodes+1)
	}
}

func TestTimeline(t *testing.T) {
	l := newTimeline(begun, begun.Add(bins*time.Second))
	l.add(begun, begun.Add(10*time.Second))
	l.add(begun.Add(5*time.Second), begun.Add(5500*time.Millisecond))
	l.add(begun.Add(-time.Hour), begun.Add(time.Second))
	l.add(time.Time{}, begun)
	for i, want := range map[int]float64{0: 2, 1: 1, 5: 1.5, 9: 1, 10: 0} {
		if got := l.concurrency(i); got < want-1e-9 || got > want+1e-9 {
			t.Errorf("concurrency(%d) = %v, want %v", i, got, want)
		}
	}
	if l.peak() != 2 || l.batches != 3 {
		t.Errorf("peak %v of %d batches, want 2 of 3", l.peak(), l.batches)
	}
}

func TestSamplesAreTheSameInAnyOrder(t *testing.T) {
	var up, down samples
	for i := range 1000 {
		up.offer(job.Sample{Key: fmt.Sprint(i), Variant: "b"})
		up.offer(job.Sample{Key: fmt.Sprint(i), Variant: "a"})
		down.offer(job.Sample{Key: fmt.Sprint(999 - i), Variant: "a"})
	}
	if len(up.chosen) != maxSamples || fmt.Sprint(up) != fmt.Sprint(down) {
		t.Errorf("chose %v upwards, %v downwards", up.chosen, down.chosen)
	}
}

func TestFigures(t *testing.T) {
	for got, want := range map[string]string{
		look.Count(1234567): "1,234,567", look.Count(999): "999", look.Count(-1000): "-1,000",
		look.Size(999): "999 bytes", look.Size(1000): "1.00 kB", look.Size(999_499): "999 kB", look.Size(999_500): "1.00 MB", look.Size(2_539_000_000): "2.54 GB",
		look.Duration(0): "0 s", look.Duration(0.64): "640 ms", look.Duration(8.4): "8.4 s", look.Duration(59.96): "1 min 0 s", look.Duration(7500): "2 h 5 min", look.Duration(90000): "1 d 1 h",
		look.PercentBeside(5.01, 5): "5.01 %", look.PercentBeside(5, 5): "5.0 %", look.Share(1, 100000): "< 0.1 %", look.Share(99999, 100000): "> 99.9 %",
		look.Clip("größer", 6): "gr…", look.Middle("abcdefghij", 6): "…hij", look.Visible("a\u202egpj\n"): "a⟨U+202E⟩gpj⟨U+000A⟩",
	} {
		if got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}
