package cost

import (
	"math"
	"strings"
	"testing"
	"time"

	"mapfleet/functions/job"
)

var w1024 = []job.Variant{{Width: 1024, Height: 1024, Format: job.FormatSame}}

// load is n JPEGs of 12 megapixels, to 1024 pixels, on a default worker.
func load(n int) Load {
	return Load{
		Items: n, Piles: Piles{JPEG: {n, int64(n) * 2_800_000}}, Variants: w1024,
		BatchSize: 100, Workers: 50, MapRuns: 1, Memory: 1769, Architecture: job.ARM64,
	}
}

// TestMillionPhotographs works one bill out by hand.
func TestMillionPhotographs(t *testing.T) {
	b := Of(load(1_000_000), USEast1())
	if b.Batches != 10_000 {
		t.Errorf("%d batches, want 10,000", b.Batches)
	}
	// A picture: 2 x (1.5 + 2.8 x 4.4 + 0.786432 x 9.6) ms of CPU at most, (30 + 45) / 32 ms of S3, 37.3 ms on the wire.
	const picture = 2*(1.5+2.8*4.4+1024*768/1e6*9.6) + 75.0/32 + 2.8/75*1e3
	if got, most := b.Batch.Seconds(), 0.2+0.1*(picture+2*(1024*1024-1024*768)/1e6*9.6); got < 0.2+0.1*picture || got > most {
		t.Errorf("a batch takes %v, want %.2f to %.2f s", b.Batch, 0.2+0.1*picture, most)
	}
	want := map[string]struct{ quantity, usd float64 }{
		"Lambda, requests":                 {10_002, 0.002},
		"Step Functions, transitions":      {10_008, 0.2502},
		"Step Functions, EXPRESS children": {10_000, 0.01},
		"S3, GET":                          {1_000_000, 0.4},
		"S3, PUT":                          {1_000_030, 5.00015},
	}
	var sum float64
	for _, line := range b.Lines {
		sum += line.USD
		if math.Abs(line.Quantity*line.Price-line.USD) > 1e-6 || line.Unit == "" {
			t.Errorf("%+v: it is not the product", line)
		}
		w, known := want[line.What]
		if known && (line.Quantity != w.quantity || math.Abs(line.USD-w.usd) > 1e-4) {
			t.Errorf("%+v, want %v for %v", line, w.quantity, w.usd)
		}
		delete(want, line.What)
	}
	if len(want) > 0 || math.Abs(sum-b.USD) > 1e-6 {
		t.Errorf("%v are missing; %v in all, the lines make %v", want, b.USD, sum)
	}
	// PUTs and Lambda dominate.
	workers := b.Lines[0]
	if !strings.HasPrefix(workers.What, "Lambda, workers") || workers.USD+5 < 0.8*b.USD {
		t.Errorf("workers %v of %v", workers.USD, b.USD)
	}
}

// TestPublishedRun: 8,088 small pictures took 2.3 seconds in batches of 100, and 0.43 in batches of 10;
// 8.4 seconds in all. The waits for S3 are of a worker with four of them in flight.
func TestPublishedRun(t *testing.T) {
	for size, want := range map[int]time.Duration{100: 2300 * time.Millisecond, 10: 430 * time.Millisecond} {
		l := Load{Items: 8088, Piles: Piles{JPEG: {8088, 8088 * 15_000}}, Variants: []job.Variant{{Width: 256, Height: 256, Format: job.FormatSame}},
			BatchSize: size, Workers: 1000, MapRuns: 1, Memory: 1769, Architecture: job.X86, atOnce: 4}
		b := Of(l, USEast1())
		if b.Batch < want*85/100 || b.Batch > want*115/100 {
			t.Errorf("a batch of %d takes %v, published are %v", size, b.Batch, want)
		}
		if size == 100 && (b.Batches != 81 || b.Time < 7*time.Second || b.Time > 10*time.Second) {
			t.Errorf("%d batches, %v in all, published are 81 and 8.4 s", b.Batches, b.Time)
		}
	}
}

func TestBillFollowsItsLoad(t *testing.T) {
	base := Of(load(100_000), USEast1())
	for _, c := range []struct {
		name   string
		change func(*Load)
		dearer bool
		slower bool
	}{
		{"more pictures", func(l *Load) { *l = load(200_000) }, true, true},
		{"larger pictures", func(l *Load) { l.Piles[JPEG].Bytes *= 3 }, true, true},
		{"another format", func(l *Load) { l.Piles = Piles{Other: l.Piles[JPEG]} }, true, true},
		{"sources in WebP", func(l *Load) { l.Piles = Piles{WebP: l.Piles[JPEG]} }, true, true},
		{"two outputs each", func(l *Load) { l.Variants = append(l.Variants, w1024...) }, true, true},
		{"a larger output", func(l *Load) { l.Variants = []job.Variant{{Width: 3000, Format: job.FormatSame}} }, true, true},
		{"WebP", func(l *Load) { l.Variants = []job.Variant{{Width: 1024, Height: 1024, Format: job.FormatWebP}} }, true, true},
		{"AVIF", func(l *Load) { l.Variants = []job.Variant{{Width: 1024, Height: 1024, Format: job.FormatAVIF}} }, true, true},
		{"a look at what is there", func(l *Load) { l.Heads = l.Items }, true, true},
		{"x86", func(l *Load) { l.Architecture = job.X86 }, true, false},
		{"smaller batches", func(l *Load) { l.BatchSize = 1 }, true, true},
		{"fewer workers", func(l *Load) { l.Workers = 5 }, false, true},
		{"half the memory", func(l *Load) { l.Memory /= 2 }, false, true},
		{"seldom read objects", func(l *Load) { l.Classes = map[string]Pile{"GLACIER_IR": l.Piles[JPEG]} }, true, false},
	} {
		l := load(100_000)
		c.change(&l)
		b := Of(l, USEast1())
		if c.dearer != (b.USD > base.USD*1.001) || c.slower != (b.Time > base.Time) {
			t.Errorf("%s: $%.4f and %v, before $%.4f and %v", c.name, b.USD, b.Time, base.USD, base.Time)
		}
	}
}

// TestRetrievalIsOnTheBill: what an object in a cold class costs is far more than its GET.
func TestRetrievalIsOnTheBill(t *testing.T) {
	l := load(1000)
	l.Classes = map[string]Pile{"GLACIER_IR": {100, 100e9}, "STANDARD_IA": {200, 1e9}, "INTELLIGENT_TIERING": {50, 1e9}}
	found := map[string]job.CostLine{}
	for _, line := range Of(l, USEast1()).Lines {
		found[line.What] = line
	}
	for what, want := range map[string]job.CostLine{
		"S3, GET":                        {Quantity: 700, USD: 0.00028},
		"S3, GET from GLACIER_IR":        {Quantity: 100, USD: 0.001},
		"S3, retrieval from GLACIER_IR":  {Quantity: 100, USD: 3},
		"S3, GET from STANDARD_IA":       {Quantity: 200, USD: 0.0002},
		"S3, retrieval from STANDARD_IA": {Quantity: 1, USD: 0.01},
	} {
		if got := found[what]; got.Quantity != want.Quantity || got.USD != want.USD {
			t.Errorf("%s: %+v, want %v for %v", what, got, want.Quantity, want.USD)
		}
	}
}

// TestFilteredItemsCostTheirBatches: what is only looked at costs far less than a PUT.
func TestFilteredItemsCostTheirBatches(t *testing.T) {
	l := load(1000)
	l.Items = 1_000_000
	few := Of(load(1000), USEast1())
	if b := Of(l, USEast1()); b.Batches != 10_000 || b.USD-few.USD > 0.35 || b.USD-few.USD < 0.25 {
		t.Errorf("999,000 items that are filtered out cost $%.3f in %d batches", b.USD-few.USD, b.Batches)
	}
}

func TestNothingToDoCostsNextToNothing(t *testing.T) {
	b := Of(Load{Variants: w1024, BatchSize: 1, Workers: 1, Memory: 1769, Architecture: job.ARM64}, USEast1())
	if b.Batches != 0 || b.Batch != 0 || b.USD > 0.001 {
		t.Errorf("%+v", b)
	}
}

// TestPricesNameTheirPages holds every price of the list to a page of AWS's, and to a sensible size.
func TestPricesNameTheirPages(t *testing.T) {
	p := USEast1()
	prices := map[string]Price{
		"LambdaARM64": p.LambdaARM64, "LambdaX86": p.LambdaX86, "LambdaRequest": p.LambdaRequest, "Transition": p.Transition,
		"ExpressRequest": p.ExpressRequest, "ExpressDuration": p.ExpressDuration,
		"S3Put": p.S3Put, "S3Get": p.S3Get, "S3Head": p.S3Head, "S3List": p.S3List,
	}
	for class, c := range p.Classes {
		prices[class+" GET"], prices[class+" retrieval"] = c.Get, c.Retrieval
	}
	for name, price := range prices {
		if !strings.HasPrefix(price.Source, "https://aws.amazon.com/") || price.Unit == "" || price.USD <= 0 || price.USD > 0.1 {
			t.Errorf("%s: %+v", name, price)
		}
	}
	if p.LambdaARM64.USD >= p.LambdaX86.USD || p.S3Get.USD >= p.S3Put.USD || p.Of == "" {
		t.Errorf("%+v", p)
	}
}
