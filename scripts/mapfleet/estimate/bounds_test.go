package estimate

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"mapfleet/functions/cost"
	"mapfleet/functions/job"
	"mapfleet/scripts/mapfleet/estimate/survey"
)

func forecast(t *testing.T, w Work, l Limits) Forecast {
	t.Helper()
	f, err := Simulate(w, l, 1)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func TestBottlenecks(t *testing.T) {
	slow := Work{Items: 1_000_000, BatchSize: 100, Batch: 20 * time.Second}
	for _, c := range []struct {
		want  Bottleneck
		work  Work
		limit func(*Limits)
	}{
		{ByListing, Work{Items: 1_000_000, BatchSize: 100, Batch: time.Second}, func(*Limits) {}},
		{ByStarts, Work{Items: 100_000, BatchSize: 1, Batch: 100 * time.Millisecond}, func(*Limits) {}},
		{ByScaling, Work{Items: 300_000, BatchSize: 10, Batch: 60 * time.Second}, func(l *Limits) { l.AccountConcurrency, l.MaxConcurrency = 100_000, 100_000 }},
		{ByConcurrency, slow, func(l *Limits) { l.MaxConcurrency = 50 }},
		{ByAccount, slow, func(l *Limits) { l.AccountConcurrency = 10 }},
		{ByS3, Work{Items: 1_000_000, BatchSize: 1000, Batch: time.Second, Puts: 10}, func(*Limits) {}},
		{ByWork, Work{Items: 100, BatchSize: 10, Batch: time.Second}, func(*Limits) {}},
	} {
		limits := AWS()
		c.limit(&limits)
		f := forecast(t, c.work, limits)
		if f.Bottleneck != c.want {
			t.Errorf("%+v is bound by %q, want %q (waited %v)", c.work, f.Bottleneck, c.want, f.Waited)
		}
	}
}

func TestConcurrencyIsKept(t *testing.T) {
	limits := AWS()
	limits.MaxConcurrency = 50
	f := forecast(t, Work{Items: 100_000, BatchSize: 100, Batch: 2 * time.Second}, limits)
	if f.Peak != 50 || f.Cold != 50 {
		t.Errorf("peak %d with %d new environments, want 50 and 50", f.Peak, f.Cold)
	}
	if least := 1000 * 2 * time.Second / 50; f.Time < least || f.Time > least*5/4 {
		t.Errorf("it takes %v, want %v and at most a quarter more", f.Time, least)
	}
	peak := 0
	for _, p := range f.Timeline {
		peak = max(peak, p.Workers)
	}
	if peak < 50 || peak > 60 { // steps of the timeline overlap
		t.Errorf("the timeline's highest point is %d, want about 50", peak)
	}
}

func TestS3RateIsKept(t *testing.T) {
	f := forecast(t, Work{Items: 1_000_000, BatchSize: 1000, Batch: time.Second, Gets: 1, Puts: 3}, AWS())
	if least := 3_000_000 / 3500.0; f.Time.Seconds() < least || f.Time.Seconds() > least*1.1 {
		t.Errorf("3,000,000 PUTs take %v, want %.0f s and at most a tenth more", f.Time, least)
	}
}

// TestS3RateIsKeptForEachPrefix: what lies side by side in two folders is done in half the time.
func TestS3RateIsKeptForEachPrefix(t *testing.T) {
	seconds := map[int]float64{}
	for _, folders := range []int{1, 2} {
		s := survey.New(job.Filter{})
		const items = 400_000
		for i := range items {
			s.Add(job.Item{Key: fmt.Sprint("in/", i%folders, "/", i, ".jpg"), Size: 10_000})
		}
		load := cost.Load{
			Items: items, Piles: s.Piles, Variants: []job.Variant{{Width: 100, Height: 100, Format: job.FormatSame}}, MapRuns: 1,
			Memory: 1769, BatchSize: 200, Architecture: job.ARM64,
		}
		limits := AWS()
		limits.ListPage = time.Millisecond
		f, err := Of(load, s, limits, cost.USEast1())
		if err != nil {
			t.Fatal(err)
		}
		if len(f.Forecast.Prefixes) != folders || f.Forecast.Bottleneck != ByS3 {
			t.Fatalf("%d folders: bound by %s, prefixes %+v", folders, f.Forecast.Bottleneck, f.Forecast.Prefixes)
		}
		for _, p := range f.Forecast.Prefixes {
			if p.Puts > 3500*1.05 || p.Puts < 3500*0.8 || p.Items != items/folders {
				t.Errorf("%d folders: %+v, want nearly 3,500 PUTs a second", folders, p)
			}
		}
		seconds[folders] = f.Forecast.Time.Seconds()
	}
	if ratio := seconds[1] / seconds[2]; ratio < 1.7 || ratio > 2.1 {
		t.Errorf("one folder takes %.0f s, two take %.0f s", seconds[1], seconds[2])
	}
}

func TestSameSeedSameForecast(t *testing.T) {
	w := Work{Items: 8088, BatchSize: 10, Batch: time.Second, Spread: 0.5}
	if diff := cmp.Diff(forecast(t, w, AWS()), forecast(t, w, AWS())); diff != "" {
		t.Errorf("two forecasts of one seed differ:\n%s", diff)
	}
}

func TestNothingToDo(t *testing.T) {
	f := forecast(t, Work{BatchSize: 100, Batch: time.Second}, AWS())
	if f.Invocations != 0 || f.Peak != 0 || f.Time <= 0 {
		t.Errorf("no items give %+v, want no invocation and the time of an empty run", f)
	}
}

func TestRefused(t *testing.T) {
	for name, w := range map[string]Work{
		"items":      {Items: -1, BatchSize: 1, Batch: time.Second},
		"batch size": {Items: 1, Batch: time.Second},
		"duration":   {Items: 1, BatchSize: 1},
		"spread":     {Items: 1, BatchSize: 1, Batch: time.Second, Spread: -1},
	} {
		if _, err := Simulate(w, AWS(), 1); err == nil || !strings.Contains(err.Error(), name) {
			t.Errorf("Simulate(%+v) = %v, want an error that names %s", w, err, name)
		}
	}
}

func TestTimelineStaysSmall(t *testing.T) {
	limits := AWS()
	limits.MaxConcurrency = 7
	f := forecast(t, Work{Items: 3_000_000, BatchSize: 100, Batch: 3 * time.Second, Spread: 0.3}, limits)
	if n := len(f.Timeline); n < 100 || n > maxTimeline+2 {
		t.Errorf("a run of %v has %d points, want 100 to %d", f.Time, n, maxTimeline)
	}
	if last := f.Timeline[len(f.Timeline)-1]; last.Workers != 0 {
		t.Errorf("%d workers are at work after the end", last.Workers)
	}
}

func TestFourWays(t *testing.T) {
	ways, err := Ways(Tasks{Count: 10_000, Duration: 500 * time.Millisecond, Memory: 256, BatchSize: 100}, AWS(), cost.USEast1())
	if err != nil {
		t.Fatal(err)
	}
	if len(ways) != 4 {
		t.Fatalf("there are %d ways, want 4", len(ways))
	}
	for _, w := range ways {
		sum := 0.0
		for _, line := range w.Bill {
			sum += line.USD
		}
		if math.Abs(sum-w.USD) > 1e-9 || w.USD <= 0 || w.Time <= 0 || w.Peak < 1 {
			t.Errorf("%s: %v, peak %d, %v USD of which the lines make %v", w.Name, w.Time, w.Peak, w.USD, sum)
		}
	}
	minute := 60 * time.Second
	one, err := Ways(Tasks{Count: 1049, Duration: time.Millisecond, Memory: 128, BatchSize: 1}, AWS(), cost.USEast1())
	if err != nil || (one[0].Time-minute).Abs() > time.Second {
		t.Errorf("1,049 starts of one invoker take %v (%v), want a minute as published", one[0].Time, err)
	}
	if distributed := ways[3]; distributed.Time > ways[0].Time/10 || distributed.USD > ways[2].USD {
		t.Errorf("the Distributed Map takes %v and %v USD, against %v in sequence and %v USD inline", distributed.Time, distributed.USD, ways[0].Time, ways[2].USD)
	}
}

func TestPlot(t *testing.T) {
	f := forecast(t, Work{Items: 8088, BatchSize: 10, Batch: time.Second}, AWS())
	var b bytes.Buffer
	if err := f.Plot(&b, "8,088 <pictures> & more"); err != nil {
		t.Fatal(err)
	}
	labels := 0
	for d := xml.NewDecoder(&b); ; {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatalf("the plot is no XML: %v", err)
		}
		if e, ok := token.(xml.StartElement); ok && e.Name.Local == "text" {
			labels++
		}
	}
	if labels < 10 {
		t.Errorf("the plot has %d labels, want title, axes and their numbers", labels)
	}
}

func TestRecommend(t *testing.T) {
	load := cost.Load{
		Items: 1_000_000, Piles: cost.Piles{cost.JPEG: {Items: 1_000_000, Bytes: 2_500_000_000_000}}, MapRuns: 1,
		Variants: []job.Variant{{Name: "w1024", Width: 1024, Height: 1024, Format: job.FormatSame}}, Architecture: job.ARM64,
	}
	best, err := Recommend(load, nil, AWS(), cost.USEast1())
	if err != nil {
		t.Fatal(err)
	}
	if best.Concurrency > 500 || best.Bill.Batch > longestBatch {
		t.Errorf("recommended are %d workers and batches of %v, want at most half the account's 1,000 and %v", best.Concurrency, best.Bill.Batch, longestBatch)
	}
	single := load
	single.Memory, single.BatchSize = best.Memory, 1
	one, err := Of(single, nil, AWS(), cost.USEast1())
	if err != nil || one.Bill.USD < best.Bill.USD {
		t.Errorf("batches of one cost %v USD (%v), less than the recommended %d: %v", one.Bill.USD, err, best.BatchSize, best.Bill.USD)
	}
	t.Logf("%d MB, batches of %d, %d workers: %v, %.2f USD", best.Memory, best.BatchSize, best.Concurrency, best.Forecast.Time, best.Bill.USD)
}

// TestNobodyIsPaidToQueue: fifty million small pictures on one prefix are made as fast as S3 takes them. A fleet of
// half the account would only wait there, and be blamed for a maxConcurrency that helps nobody if it is raised.
func TestNobodyIsPaidToQueue(t *testing.T) {
	const items = 50_000_000
	load := cost.Load{
		Items: items, Piles: cost.Piles{cost.JPEG: {Items: items, Bytes: items * 2_500_000}}, MapRuns: 1, Architecture: job.ARM64,
		Variants: []job.Variant{{Name: "w1024", Width: 1024, Height: 1024, Format: job.FormatSame}},
	}
	s, err := Recommend(load, nil, AWS(), cost.USEast1())
	if err != nil {
		t.Fatal(err)
	}
	if least := items / 3500.0; s.Forecast.Bottleneck != ByS3 || s.Forecast.Time.Seconds() > least*1.05 {
		t.Errorf("bound by %s, it takes %v; want S3, and little more than %.0f s", s.Forecast.Bottleneck, s.Forecast.Time, least)
	}
	if paid := s.Queueing(job.ARM64, cost.USEast1()); paid > s.Bill.USD/20 {
		t.Errorf("with %d workers $%.2f goes to waiting, of $%.2f; want a twentieth at most", s.Concurrency, paid, s.Bill.USD)
	}
	load.Memory, load.BatchSize = s.Memory, s.BatchSize
	limits := AWS()
	limits.MaxConcurrency = 2 * s.Concurrency
	twice, err := Of(load, nil, limits, cost.USEast1())
	if err != nil {
		t.Fatal(err)
	}
	if twice.Forecast.Bottleneck != ByS3 || twice.Forecast.Time < s.Forecast.Time*95/100 || twice.Queueing(job.ARM64, cost.USEast1()) < 50 {
		t.Errorf("twice the workers are bound by %s, take %v instead of %v and wait for $%.2f; want S3, no less, tens of dollars",
			twice.Forecast.Bottleneck, twice.Forecast.Time, s.Forecast.Time, twice.Queueing(job.ARM64, cost.USEast1()))
	}
}
