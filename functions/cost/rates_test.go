package cost

import (
	"fmt"
	"math"
	"os"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"mapfleet/functions/job"
)

// TestRatesFollowTheREADME holds the rates to what the README says was measured, within a tenth.
func TestRatesFollowTheREADME(t *testing.T) {
	readme, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	cell := func(row string) float64 {
		_, rest, _ := strings.Cut(string(readme), "| "+row+" |")
		cells := strings.Split(rest, "|")
		if len(cells) < 3 {
			t.Fatalf("the README's table has no row %q", row)
		}
		ms, err := strconv.ParseFloat(strings.TrimSpace(cells[2]), 64)
		if err != nil {
			t.Fatal(err)
		}
		return ms
	}
	road := regexp.MustCompile(`costs (\S+) ms of CPU a picture of\s12 MP, .* and (\S+) ms a picture of 500x375`).FindStringSubmatch(strings.ReplaceAll(string(readme), "\n", " "))
	if road == nil {
		t.Fatal("the README does not say what the road costs")
	}
	for _, c := range []struct {
		row  string
		mb   float64
		side int
		road string
		kind Kind
	}{
		{"500x375 JPEG to 256 px", 0.044, 256, road[2], JPEG}, {"12 MP JPEG to 256 px", 2.8, 256, road[1], JPEG}, {"12 MP JPEG to 1024 px", 2.8, 1024, road[1], JPEG},
		{"12 MP lossy WebP to 256 px", 1, 256, road[1], WebP}, {"12 MP lossy WebP to 1024 px", 1, 1024, road[1], WebP},
	} {
		beside, err := strconv.ParseFloat(c.road, 64)
		if err != nil {
			t.Fatal(err)
		}
		l := Load{Variants: []job.Variant{{Width: c.side, Height: c.side * 3 / 4, Format: job.FormatJPEG}}}
		want := cell(c.row) + beside
		if got := l.rendering(Pile{1, int64(c.mb * 1e6)}, c.kind); math.Abs(got/want-1) > 0.1 {
			t.Errorf("%s takes %.2f ms by the rates, %.2f by the README, the road included", c.row, got, want)
		}
	}
}

// TestPictureIsAShareOfTheBill: equal pictures take, one by one, what the bill has for them together; and
// alone no less than as a share.
func TestPictureIsAShareOfTheBill(t *testing.T) {
	for _, memory := range []int{1024, 1769, 3008} {
		l := load(1000)
		l.Memory = memory
		share, alone := l.Picture(2_800_000, JPEG)
		if whole := l.work(); (1000*share - whole).Abs() > time.Millisecond {
			t.Errorf("%d MB: 1,000 pictures of %v take %v", memory, share, whole)
		}
		if alone < share {
			t.Errorf("%d MB: alone a picture takes %v, less than its share %v", memory, alone, share)
		}
	}
}

// TestBatchesAreBoundInBytes: what a definition allows of a batch's input, long keys fill sooner.
func TestBatchesAreBoundInBytes(t *testing.T) {
	asl, err := os.ReadFile("../../statemachine/resize.asl.json")
	if err != nil || !strings.Contains(string(asl), `"MaxInputBytesPerBatch": `+strconv.Itoa(batchBytes)) {
		t.Errorf("resize.asl.json does not bound batches at %d bytes (%v)", batchBytes, err)
	}
	item, err := job.Item{Key: strings.Repeat("k", 50), ETag: strings.Repeat("0", 32), Size: 2_800_000, LastModified: time.Unix(1_789_180_622, 0), StorageClass: "STANDARD"}.MarshalJSON()
	if got := len(item) + 1 - 50; err != nil || got > itemBytes || got < itemBytes*9/10 {
		t.Errorf("an item has %d bytes beside its key (%v), taken for %d", got, err, itemBytes)
	}
	if short, long := MostInBatch(20), MostInBatch(1000); short <= long || long < 50 || MostInBatch(0) != MostInBatch(assumedKey) {
		t.Errorf("%d items with keys of 20 bytes, %d of 1,000", short, long)
	}
	l := load(100_000)
	l.BatchSize, l.KeyBytes = 10_000, 1000
	if b := Of(l, USEast1()); b.Batches != (100_000+MostInBatch(1000)-1)/MostInBatch(1000) {
		t.Errorf("%d batches of at most %d items", b.Batches, MostInBatch(1000))
	}
}

// TestInFlightIsThatOfTheWorker: package batch keeps its number to itself.
func TestInFlightIsThatOfTheWorker(t *testing.T) {
	source, err := os.ReadFile("../resize/batch/round.go")
	if err != nil {
		t.Fatal(err)
	}
	if want := fmt.Sprintf("func inFlight() int { return %d * processors() }", inFlightPerCPU); !strings.Contains(string(source), want) {
		t.Errorf("package batch has no %q: let inFlightPerCPU say how many pictures a worker has under way for each processor", want)
	}
}
