package checks

import (
	"encoding/json"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// TestBuckets: every duration falls into a bucket that stands for it within 3.2 percent, and greater
// durations never into a smaller bucket.
func TestBuckets(t *testing.T) {
	before := 0
	for v := int64(0); v < 40e9; v = max(v+1, v*1001/1000) {
		d := time.Duration(v) * time.Microsecond
		b := bucketOf(d)
		if b < before || b > before+1 {
			t.Fatalf("%v falls into bucket %d, after %d", d, b, before)
		}
		before = b
		if off := math.Abs(float64(bucketMiddle(b)-d)) / float64(max(d, 1)); off > 0.032 && b < lastBucket {
			t.Fatalf("bucket %d stands for %v: %.3f off %v", b, bucketMiddle(b), off, d)
		}
	}
	for d, want := range map[time.Duration]int{-1: 0, 999: 0, 15 * time.Microsecond: 15, 16 * time.Microsecond: 16, time.Millisecond: 111, time.Second: 270, time.Minute: 364, 100 * time.Hour: 511} {
		if got := bucketOf(d); got != want {
			t.Errorf("bucketOf(%v) = %d, want %d", d, got, want)
		}
	}
}

func TestBucketStart(t *testing.T) {
	for bucket := 1; bucket <= lastBucket; bucket++ {
		start := BucketStart(bucket)
		if got, before := bucketOf(start), bucketOf(start-time.Microsecond); got != bucket || before != bucket-1 {
			t.Errorf("BucketStart(%d) = %v, which is in bucket %d, and a microsecond less in %d", bucket, start, got, before)
		}
	}
}

func TestQuantiles(t *testing.T) {
	var whole, left, right Histogram
	if whole.Quantile(0.5) != 0 || whole.Mean() != 0 {
		t.Errorf("an empty histogram has a median of %v and a mean of %v", whole.Quantile(0.5), whole.Mean())
	}
	random := rand.New(rand.NewPCG(1, 2))
	var all []time.Duration
	for i := range 5000 {
		d := time.Duration(math.Exp(random.NormFloat64())*3e5) * time.Microsecond
		all = append(all, d)
		whole.Add(d)
		[]*Histogram{&left, &right}[i%2].Add(d)
	}
	slices.Sort(all)
	left.Merge(right)
	if diff := cmp.Diff(whole, left); diff != "" {
		t.Errorf("two halves are not the whole (-want +got):\n%s", diff)
	}
	for _, q := range []float64{0, 0.01, 0.5, 0.9, 0.99, 0.999, 1} {
		want := all[max(1, int(math.Ceil(q*5000)))-1]
		got := whole.Quantile(q)
		if off := math.Abs(float64(got-want)) / float64(want); off > 0.032 {
			t.Errorf("Quantile(%v) = %v, want %v within 3.2 %%", q, got, want)
		}
	}
	if got, want := whole.Quantile(1), all[4999]; got > want {
		t.Errorf("Quantile(1) = %v, more than the greatest of all, %v", got, want)
	}
	if got := whole.Quantiles(); got.Count != 5000 || got.P50 > got.P90 || got.P90 > got.P95 || got.P95 > got.P99 || got.P99 > got.Max || got.Max != milliseconds(all[4999]) {
		t.Errorf("Quantiles() = %+v", got)
	}
}

func TestHistogramJSON(t *testing.T) {
	var h Histogram
	for _, d := range []time.Duration{0, time.Millisecond, time.Millisecond, 3 * time.Second} {
		h.Add(d)
	}
	data, err := json.Marshal(h)
	if want := `{"sum":3002000,"max":3000000,"buckets":[[0,1],[111,2],[294,1]]}`; err != nil || string(data) != want {
		t.Errorf("histogram = %s, %v, want %s", data, err, want)
	}
	var again Histogram
	if err := json.Unmarshal(data, &again); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(h, again); diff != "" {
		t.Errorf("it comes back (-want +got):\n%s", diff)
	}
	for _, wrong := range []string{`[]`, `{"buckets":[[512,1]]}`, `{"buckets":[[-1,1]]}`, `{"buckets":[[1,-1]]}`} {
		if json.Unmarshal([]byte(wrong), &again) == nil {
			t.Errorf("%s is read as a histogram", wrong)
		}
	}
}

// finding is one as a worker writes it.
func finding(line int, code Code, status int, total time.Duration) Finding {
	f := Finding{Line: line, URL: "https://example.com/", Code: code, Status: status, Attempts: 1, Bytes: 10,
		At: time.Date(2026, 11, 21, 10, 0, line, 0, time.UTC), Latency: Latency{Total: total}}
	if status != 0 {
		f.Latency = Latency{DNS: time.Millisecond, Connect: 2 * time.Millisecond, FirstByte: total / 2, Total: total}
	}
	return f
}

func TestTally(t *testing.T) {
	findings := []Finding{
		finding(1, OK, 200, time.Second), finding(2, WrongStatus, 500, 2*time.Second), finding(3, Timeout, 0, 10*time.Second),
		{Line: 4, Code: BadLine}, finding(5, OK, 204, 40*time.Millisecond),
	}
	findings[1].Attempts = 2
	var whole, left, right Tally
	for i, f := range findings {
		whole.Count(f)
		[]*Tally{&left, &right}[i%2].Count(f)
	}
	if !whole.Balanced() {
		t.Errorf("does not balance: %+v", whole)
	}
	if whole.Lines != 5 || whole.OK != 2 || whole.NotOK != 3 || whole.Retried != 1 || whole.Bytes != 40 {
		t.Errorf("tally = %+v", whole)
	}
	if diff := cmp.Diff(map[Code]int{OK: 2, WrongStatus: 1, Timeout: 1, BadLine: 1}, whole.ByCode); diff != "" {
		t.Errorf("by code (-want +got):\n%s", diff)
	}
	if l := whole.Latency; l.Total.Count != 3 || l.Total.Max != 2*time.Second || l.TLS.Count != 0 || l.DNS.Count != 3 {
		t.Errorf("latencies = %+v: those with an answer count, and the parts that they had", l)
	}
	if got, want := whole.Finished, findings[2].At.Add(10*time.Second); !whole.Started.Equal(findings[0].At) || !got.Equal(want) {
		t.Errorf("from %v to %v, want %v to %v", whole.Started, got, findings[0].At, want)
	}
	copied := left
	left.Add(right)
	if diff := cmp.Diff(whole, left); diff != "" {
		t.Errorf("two halves are not the whole (-want +got):\n%s", diff)
	}
	if copied.ByCode[WrongStatus] != 0 || copied.Latency.Total.Count != 2 {
		t.Errorf("adding to a tally changes its copy: %+v", copied)
	}
	data, err := json.Marshal(whole)
	if err != nil {
		t.Fatal(err)
	}
	var again Tally
	if err := json.Unmarshal(data, &again); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(whole, again); diff != "" {
		t.Errorf("%s comes back (-want +got):\n%s", data, diff)
	}
}

// TestTallyIsFoundAgain: whoever reads the findings back comes to the very same tally.
func TestTallyIsFoundAgain(t *testing.T) {
	random := rand.New(rand.NewPCG(3, 4))
	var first, second Tally
	for line := range 2000 {
		d := func() time.Duration { return time.Duration(random.Int64N(60e6)) * time.Microsecond }
		f := finding(line, OK, 200, d())
		f.Latency = Latency{DNS: d(), Connect: d(), TLS: d(), FirstByte: d(), Total: d()}
		data, err := json.Marshal(f)
		if err != nil {
			t.Fatal(err)
		}
		var again Finding
		if err := json.Unmarshal(data, &again); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(f, again); diff != "" {
			t.Fatalf("%s comes back (-want +got):\n%s", data, diff)
		}
		first.Count(f)
		second.Count(again)
	}
	if diff := cmp.Diff(first, second); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// TestResultsStaySmall: the fullest tally there can be leaves room for everything else in a state.
func TestResultsStaySmall(t *testing.T) {
	var h Histogram
	for b := range lastBucket + 1 {
		for range 3 {
			h.Add(bucketMiddle(b))
		}
		h.Buckets[b] = 10000
	}
	full := Tally{Latency: Latencies{h, h, h, h, h}, ByCode: map[Code]int{}, Started: time.Now(), Finished: time.Now()}
	for _, code := range []Code{OK, WrongStatus, BodyTooLarge, TextMissing, TooSlow, HeadersTooLarge, Malformed, Timeout, DNSFailed, Refused, Unreachable, Reset,
		TLSExpired, TLSWrongHost, TLSUnknownAuthority, TLSFailed, RedirectLoop, TooManyRedirects, BadRedirect, Blocked, HostSilent, NoTime, BadLine, Panic, Failed} {
		full.ByCode[code] = 10000
	}
	data, err := json.Marshal(full)
	if err != nil {
		t.Fatal(err)
	}
	if len(data) > MaxTallyBytes {
		t.Errorf("a tally of %d bytes, want at most %d", len(data), MaxTallyBytes)
	}
}

func TestFindingsKey(t *testing.T) {
	items := func(lines ...int) (list []Item) {
		for _, line := range lines {
			list = append(list, Item{Line: line})
		}
		return list
	}
	key := FindingsKey("work/nightly/", items(21, 22, 23))
	if !strings.HasPrefix(key, "work/nightly/checks/0000000021-") || !strings.HasSuffix(key, ".jsonl") || len(key) != len("work/nightly/checks/0000000021-12345678.jsonl") {
		t.Errorf("FindingsKey = %q", key)
	}
	if again := FindingsKey("work/nightly/", items(21, 22, 23)); again != key {
		t.Errorf("the same lines have the keys %q and %q", key, again)
	}
	seen := map[string]string{}
	for _, lines := range [][]int{{21, 22}, {21, 23}, {21}, {22}, {2, 122, 23}, {212, 3}, {2, 1, 22, 23}} {
		key, name := FindingsKey("", items(lines...)), fmt.Sprint(lines)
		if other, ok := seen[key]; ok {
			t.Errorf("lines %s and %s share the key %q", name, other, key)
		}
		seen[key] = name
	}
	if got := FindingsKey("", items(30, 7)); !strings.HasPrefix(got, "checks/0000000007-") {
		t.Errorf("FindingsKey = %q, want the first line in it", got)
	}
	if got := FindingsKey("work/", nil); got != "" {
		t.Errorf("FindingsKey of nothing = %q", got)
	}
}

func TestMessagesAreCut(t *testing.T) {
	f := Finding{Message: strings.Repeat("é", 400)}.Cut()
	if len(f.Message) > MaxMessageBytes || len(f.Message) < MaxMessageBytes-1 || strings.Trim(f.Message, "é") != "" {
		t.Errorf("cut to %d bytes: %q", len(f.Message), f.Message)
	}
}

func TestLatencyRefusesNonsense(t *testing.T) {
	for _, wrong := range []string{`[]`, `{"total":-1}`, `{"dns":1e300}`} {
		if err := json.Unmarshal([]byte(wrong), new(Latency)); err == nil {
			t.Errorf("%s is read as a latency", wrong)
		}
	}
}
