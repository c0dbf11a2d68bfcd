package cost

import (
	"math"
	"testing"
	"time"

	"mapfleet/functions/job"
)

// near says whether two figures differ by rounding alone.
func near(got, want float64) bool { return math.Abs(got-want) <= 2e-6*max(1, math.Abs(want)) }

// TestEveryLineByHand works out a bill with something on every line.
func TestEveryLineByHand(t *testing.T) {
	l := Load{
		Items: 1050, Piles: Piles{JPEG: {1000, 2_800_000_000}, Other: {50, 100_000_000}},
		Classes:  map[string]Pile{"STANDARD_IA": {100, 280_000_000}},
		Variants: []job.Variant{{Height: 750, Upscale: true, Format: job.FormatJPEG}, {Width: 1000, Upscale: true, Format: job.FormatPNG}},
		Heads:    200, Lists: 5, BatchSize: 100, Workers: 3, MapRuns: 2, Memory: 1769, Architecture: job.ARM64,
	}
	// Both outputs have 1000x750 pixels. Milliseconds of a core: the road of each, megabytes, a JPEG and a PNG of each.
	const (
		ms      = 1050*1.5 + 2800*(3.5+0.9) + 100*(8.0+0.9) + 1050*0.75*(9.6+110)
		waiting = 1050*(0.030+2*0.045) + 200*0.015
		work    = 2*ms/1000 + waiting/32 + 2900.0/75
		batch   = 0.2 + work/11
	)
	b := Of(l, USEast1())
	if b.Batches != 11 || !near(b.Work.Seconds(), work) || !near(b.Batch.Seconds(), batch) {
		t.Errorf("%d batches of %v, work of %v; want 11 of %.6f s, %.6f s", b.Batches, b.Batch, b.Work, batch, work)
	}
	// 11 batches by 3 workers are 4 waves.
	if want := 6 + 4*batch + 1050*10e-6; !near(b.Time.Seconds(), want) {
		t.Errorf("Time = %v, want %.6f s", b.Time, want)
	}
	want := map[string]float64{
		"Lambda, workers":                  11 * batch * 1769 / 1024,
		"Lambda, Prepare and Report":       (4 + 1050*10e-6) * 1769 / 1024,
		"Lambda, requests":                 11 + 2,
		"Step Functions, transitions":      6 + 2*2 + 11,
		"Step Functions, EXPRESS children": 11,
		"Step Functions, EXPRESS duration": 11 * math.Ceil((batch+0.1)*10) / 10 * 64 / 1024,
		"S3, GET":                          950,
		"S3, GET from STANDARD_IA":         100,
		"S3, retrieval from STANDARD_IA":   0.28,
		"S3, HEAD":                         200,
		"S3, PUT":                          1050*2 + 30,
		"S3, LIST":                         5,
	}
	for _, line := range b.Lines {
		if quantity, known := want[line.What]; !known || !near(line.Quantity, quantity) {
			t.Errorf("%s: %v, want %v", line.What, line.Quantity, quantity)
		}
		delete(want, line.What)
	}
	if len(want) > 0 {
		t.Errorf("%v are not on the bill", want)
	}
}

// TestTimeNoWorkerHelps: with workers without end it is S3 and Step Functions that take their time.
func TestTimeNoWorkerHelps(t *testing.T) {
	one, three := w1024, []job.Variant{{Width: 1}, {Width: 2}, {Width: 3}}
	for _, c := range []struct {
		name    string
		l       Load
		batches int
		want    time.Duration
	}{
		{"pages of the listing, the last one begun", Load{Items: 10_001}, 1, 1100 * time.Millisecond},
		{"starts", Load{Items: 1}, 6000, 10 * time.Second},
		{"GETs", Load{Piles: Piles{JPEG: {Items: 5500}, WebP: {Items: 2500}, Other: {Items: 3000}}}, 1, 2 * time.Second},
		{"PUTs", Load{Piles: Piles{JPEG: {Items: 7000}}, Variants: three}, 1, 6 * time.Second},
		{"GETs, where one output each takes longer", Load{Piles: Piles{JPEG: {Items: 35_000}}, Variants: one}, 1, 10 * time.Second},
		{"nothing", Load{}, 0, 0},
	} {
		if got := c.l.least(c.batches); got != c.want {
			t.Errorf("%s: least = %v, want %v", c.name, got, c.want)
		}
	}
}

func TestPictureOnMoreProcessorsAndFewer(t *testing.T) {
	const ms, waits, moved = 2 * (1.5 + 2.8*(3.5+0.9) + 0.75*9.6) / 1000, 0.075, 2.8 / 75
	for memory, want := range map[int]struct{ share, alone float64 }{
		2 * 1769: {ms/2 + waits/64 + moved, ms + waits + moved}, // no processor helps another with one picture
		1769:     {ms + waits/32 + moved, ms + waits + moved},
		884:      {ms*1769/884 + waits/32 + moved, ms*1769/884 + waits + moved},
	} {
		l := Load{Memory: memory, Variants: []job.Variant{{Width: 1000, Upscale: true, Format: job.FormatSame}}}
		share, alone := l.Picture(2_800_000, JPEG)
		if !near(share.Seconds(), want.share) || !near(alone.Seconds(), want.alone) {
			t.Errorf("%d MB: Picture = %v, %v, want %.6f and %.6f s", memory, share, alone, want.share, want.alone)
		}
	}
}
