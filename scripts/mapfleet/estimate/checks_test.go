package estimate

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"math"
	"math/rand/v2"
	"net/http"
	"os"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/smithy-go"
	smithyhttp "github.com/aws/smithy-go/transport/http"

	"mapfleet/functions/check/batch"
	"mapfleet/functions/cost"
	"mapfleet/functions/job"
	"mapfleet/functions/job/checks"
	"mapfleet/statemachine"
)

func monthOf(t *testing.T, change func(*Checks)) ChecksMonth {
	t.Helper()
	c := StackChecks()
	change(&c)
	m, err := c.Month(cost.USEast1())
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// TestMonthByHand works out a small month with every line of its bill.
func TestMonthByHand(t *testing.T) {
	m := monthOf(t, func(c *Checks) {
		*c = Checks{Count: 1000, Every: time.Hour, Mean: time.Second, Worst: 4 * time.Second, Hosts: 2, BatchSize: 400, MaxConcurrency: 2, Memory: 1769}
	})
	// 730 runs of three batches. 400 lines by 40 at a time: the last one starts after nine waves; 0.25 s are around.
	if m.Runs != 730 || m.Batches != 3 || m.Batch.AtATime != 40 || m.Batch.LastStart != 9*time.Second || m.Batch.Total != 13250*time.Millisecond {
		t.Errorf("%v runs of %d batches: %+v", m.Runs, m.Batches, m.Batch)
	}
	want := map[string]float64{
		"Lambda, workers":                  730 * 3 * 13.25 * 1.728,
		"Lambda, Prepare and Report":       730 * 3.02 * 1.728,
		"Lambda, requests":                 730 * 5,
		"Step Functions, transitions":      730 * 10,
		"Step Functions, EXPRESS children": 730 * 3,
		"Step Functions, EXPRESS duration": 730 * 3 * 13.3 / 16,
		"S3, PUT":                          730 * 13,
		"S3, LIST":                         730 * 2,
		"S3, GET":                          730 * 17,
	}
	sum := 0.0
	for _, line := range m.Lines {
		if math.Abs(line.Quantity-want[line.What]) > 1e-6*line.Quantity {
			t.Errorf("%s: %v, want %v", line.What, line.Quantity, want[line.What])
		}
		if got := product(t, line.Arithmetic); math.Abs(got-line.Quantity) > 0.002*line.Quantity {
			t.Errorf("%s: %s is %v, its quantity %v", line.What, line.Arithmetic, got, line.Quantity)
		}
		delete(want, line.What)
		sum += line.Quantity * line.Price
	}
	if len(want) > 0 || math.Abs(sum-m.USD) > 1e-9 {
		t.Errorf("%v are not on the bill; its lines come to %v, together said %v", want, sum, m.USD)
	}
}

// product works out what a line's arithmetic says in words.
func product(t *testing.T, text string) float64 {
	t.Helper()
	number := func(text string) float64 {
		x, err := strconv.ParseFloat(strings.ReplaceAll(regexp.MustCompile(`^[\d.,]+`).FindString(text), ",", ""), 64)
		if err != nil {
			t.Fatalf("%q in %q: %v", text, text, err)
		}
		return x
	}
	result := 1.0
	text = strings.Replace(text, "objects + 2 for each of ", "objects + 2*", 1)
	for factor := range strings.SplitSeq(text, " x ") {
		sum := 0.0
		for term := range strings.SplitSeq(strings.Trim(factor, "()"), " + ") {
			if times, of, ok := strings.Cut(term, "*"); ok {
				sum += number(times) * number(of)
			} else {
				sum += number(term)
			}
		}
		result *= sum
	}
	return result
}

func TestMonthFollowsWhatIsAsked(t *testing.T) {
	stack := monthOf(t, func(*Checks) {})
	if stack.USD > PublishedFanOut/4 {
		t.Errorf("a month of the stack's own comes to %v USD, want less than a quarter of what was published", stack.USD)
	}
	for name, change := range map[string]func(*Checks){
		"a longer mean":   func(c *Checks) { c.Mean, c.Worst = 1790*time.Millisecond, 1800*time.Millisecond },
		"a longer worst":  func(c *Checks) { c.Worst = 3 * time.Second },
		"few hosts":       func(c *Checks) { c.Hosts = 2 },
		"smaller batches": func(c *Checks) { c.BatchSize = 100 },
		"more memory":     func(c *Checks) { c.Memory = 3008 },
		"more checks":     func(c *Checks) { c.Count = 20_000 },
	} {
		if m := monthOf(t, change); m.USD <= stack.USD {
			t.Errorf("%s: %v USD, want more than %v", name, m.USD, stack.USD)
		}
	}
	if m := monthOf(t, func(c *Checks) { c.Hosts = 10 }); m.Batch != stack.Batch {
		t.Errorf("ten hosts have room for all connections, but a batch is %+v, not %+v", m.Batch, stack.Batch)
	}
	if m := monthOf(t, func(c *Checks) { c.Memory = 512 }); m.Batch.Total <= stack.Batch.Total+time.Second {
		t.Errorf("with 512 MB a batch takes %v, with a whole processor %v: handshakes take theirs", m.Batch.Total, stack.Batch.Total)
	}
	if m := monthOf(t, func(c *Checks) { c.MaxConcurrency = 1 }); m.USD != stack.USD || m.Run <= stack.Run {
		t.Errorf("one batch at a time: %v USD in %v, want the same price, and longer than %v", m.USD, m.Run, stack.Run)
	}
}

func TestMonthWarns(t *testing.T) {
	for want, change := range map[string]func(*Checks){
		"":                         func(*Checks) {},
		"its last lines would be":  func(c *Checks) { c.Hosts, c.Mean, c.Worst, c.Every = 1, 20*time.Second, 30*time.Second, time.Hour },
		"ends at once: ask for":    func(c *Checks) { c.MaxConcurrency = 1 },
		"980 lines instead of 982": func(c *Checks) { c.BatchSize = 982; c.Every = time.Hour },
	} {
		m := monthOf(t, change)
		if got := strings.Join(m.Warnings, "\n"); want == "" && got != "" || !strings.Contains(got, want) || len(m.Warnings) > 1 || m.Warnings == nil {
			t.Errorf("warnings %q, want %q", m.Warnings, want)
		}
	}
}

func TestMonthRefuses(t *testing.T) {
	for _, change := range []func(*Checks){
		func(c *Checks) { c.Count = 0 }, func(c *Checks) { c.BatchSize = 0 }, func(c *Checks) { c.Memory = 127 }, func(c *Checks) { c.MaxConcurrency = 0 },
		func(c *Checks) { c.Hosts = -1 }, func(c *Checks) { c.Every = time.Second }, func(c *Checks) { c.Mean = 0 }, func(c *Checks) { c.Worst = c.Mean - 1 },
	} {
		c := StackChecks()
		change(&c)
		if m, err := c.Month(cost.USEast1()); err == nil {
			t.Errorf("%+v come to %v USD, want an error", c, m.USD)
		}
	}
}

// nowhere is a bucket that keeps nothing.
type nowhere struct{}

func (nowhere) GetObject(context.Context, *s3.GetObjectInput, ...func(*s3.Options)) (*s3.GetObjectOutput, error) {
	return nil, &awshttp.ResponseError{ResponseError: &smithyhttp.ResponseError{
		Response: &smithyhttp.Response{Response: &http.Response{StatusCode: http.StatusNotFound}}, Err: &smithy.GenericAPIError{Code: "NoSuchKey"},
	}}
}

func (nowhere) PutObject(_ context.Context, in *s3.PutObjectInput, _ ...func(*s3.Options)) (*s3.PutObjectOutput, error) {
	_, err := io.Copy(io.Discard, in.Body)
	return &s3.PutObjectOutput{}, err
}

// hosts answer after a time that follows from the line's number.
type hosts struct{ wait func(line int) time.Duration }

func (h hosts) Ask(_ context.Context, c checks.Check) (checks.Finding, error) {
	line, err := strconv.Atoi(c.ID)
	if err != nil {
		return checks.Finding{}, err
	}
	time.Sleep(h.wait(line))
	return checks.Finding{ID: c.ID, URL: c.URL, Code: checks.OK, Status: 200, Attempts: 1}, nil
}

func (hosts) Close() {}

// TestBatchTimeIsThatOfTheWorker lets the worker itself take batches, in a time of its own, whose processor is
// never short.
func TestBatchTimeIsThatOfTheWorker(t *testing.T) {
	for _, c := range []struct {
		lines, hosts int
		mean, worst  time.Duration
	}{
		{500, 0, 500 * time.Millisecond, 1800 * time.Millisecond},
		{250, 0, 500 * time.Millisecond, 1800 * time.Millisecond},
		{250, 1, 500 * time.Millisecond, 1800 * time.Millisecond},
		{900, 0, 2 * time.Second, 9 * time.Second},
		{500, 3, time.Second, 2 * time.Second},
		{10, 1, time.Second, 2 * time.Second},
	} {
		t.Run(fmt.Sprintf("%d lines, %d hosts", c.lines, c.hosts), func(t *testing.T) {
			estimated := Checks{Count: c.lines, Mean: c.mean, Worst: c.worst, Hosts: c.hosts, BatchSize: c.lines, Memory: memoryOfCPU}.batch()
			synctest.Test(t, func(t *testing.T) {
				random := rand.New(rand.NewPCG(1, 2))
				waits := make([]time.Duration, c.lines)
				for i := range waits { // from 0 to the worst, c.mean on average; the last is the slowest
					waits[i] = time.Duration(math.Pow(random.Float64(), c.worst.Seconds()/c.mean.Seconds()-1) * float64(c.worst))
				}
				waits[c.lines-1] = c.worst
				items := make([]checks.Item, c.lines)
				for i := range items {
					host := i
					if c.hosts > 0 {
						host = i % c.hosts
					}
					items[i] = checks.Item{Line: i + 1, Check: checks.Check{ID: strconv.Itoa(i), URL: fmt.Sprintf("http://%d.test/", host), Timeout: time.Minute}}
				}
				pace := max(batch.DefaultPace, checkCPU) // stands for the processor
				worker := &batch.Worker{Store: nowhere{}, Pace: pace, Open: func() batch.Session {
					return hosts{func(line int) time.Duration { return waits[line] }}
				}}
				begun := time.Now()
				result, err := worker.Run(t.Context(), checks.Batch{Items: items, BatchInput: checks.BatchInput{Job: checks.Job{Run: "r", Work: job.Location{Bucket: "work", Prefix: "p/"}}}})
				if err != nil || result.Done.OK != c.lines {
					t.Fatalf("Run = %v, %v", result.Done.ByCode, err)
				}
				took := time.Since(begun)
				if requests := estimated.Total - checkAround; requests < took*85/100 || requests > took*120/100 {
					t.Errorf("the requests of a batch take %v, by the estimate %v", took, requests)
				}
			})
		})
	}
}

// TestStatesOfARunOfChecks: a quiet run passes so many states beside its batches.
func TestStatesOfARunOfChecks(t *testing.T) {
	var machine struct {
		States map[string]struct{ Type, Next, Default string }
	}
	definition := statemachine.Checks()
	if err := json.Unmarshal([]byte(definition), &machine); err != nil {
		t.Fatal(err)
	}
	passed := 0
	for name := "Prepare"; name != ""; passed++ {
		state, ok := machine.States[name]
		if !ok {
			t.Fatalf("there is no state %q", name)
		}
		if name = state.Next; state.Type == "Choice" {
			name = state.Default
		}
	}
	if passed != checkStates {
		t.Errorf("a run passes %d states, taken for %d", passed, checkStates)
	}
	if !strings.Contains(definition, `"MaxInputBytesPerBatch": `+strconv.Itoa(checkBatchBytes)) {
		t.Errorf("checks.asl.json does not bound batches at %d bytes", checkBatchBytes)
	}
	item, err := json.Marshal(checks.Item{Line: 12345, Check: checks.Check{ID: "site-12345", URL: "https://www.example.com/" + strings.Repeat("x", 26), Method: "GET", Timeout: checks.DefaultTimeout, MaxBody: checks.DefaultMaxBody, Redirects: checks.RedirectsFollow, Connection: checks.ConnectionFresh}})
	if got := len(item) + 1; err != nil || got > checkItemBytes || got < checkItemBytes*3/4 {
		t.Errorf("an item has %d bytes (%v), taken for %d: %s", got, err, checkItemBytes, item)
	}
}

// TestHandshakesFollowTheREADME holds the rate to what the README says was measured.
func TestHandshakesFollowTheREADME(t *testing.T) {
	readme, err := os.ReadFile("../../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	said := regexp.MustCompile(`takes a worker (\S+) ms of\sCPU`).FindSubmatch(bytes.ReplaceAll(readme, []byte("\n"), []byte(" ")))
	if said == nil {
		t.Fatal("the README does not say what a request over TLS takes")
	}
	ms, err := strconv.ParseFloat(string(said[1]), 64)
	if want := time.Duration(2 * ms * float64(time.Millisecond)); err != nil || (want-checkCPU).Abs() > checkCPU/10 {
		t.Errorf("a request takes %v of a vCPU, by the README %v (%v)", checkCPU, want, err)
	}
}
