package uploads

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/events"
	"github.com/google/go-cmp/cmp"

	"mapfleet/functions/job"
	"mapfleet/functions/job/checks"
)

func TestOneRunForABatchOfUploads(t *testing.T) {
	trigger, m := newTrigger(t)
	got := failures(t, trigger, messages(
		body("photos", "in/b c+d.jpg", 10, 1), body("photos", "in/a.png", 10, 2), body("photos", "in/noextension", 10, 3)))
	if len(got) > 0 || len(m.order) != 1 {
		t.Fatalf("Handle failed %v and started %v, want no failure and one run", got, m.order)
	}
	var input struct{ Keys []string }
	if err := json.Unmarshal([]byte(m.inputs[m.order[0]]), &input); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"in/a.png", "in/b c+d.jpg", "in/noextension"}, input.Keys); diff != "" {
		t.Errorf("keys of the run (-want +got):\n%s", diff)
	}
	if !job.ValidRunName(m.order[0]) {
		t.Errorf("run name %q is not one", m.order[0])
	}
}

func TestStartsNothing(t *testing.T) {
	for name, b := range map[string]string{
		"an own output":             body("photos", "out/a.jpg", 10, 1),
		"another bucket":            body("elsewhere", "in/a.jpg", 10, 1),
		"another prefix":            body("photos", "inbox/a.jpg", 10, 1),
		"a folder":                  body("photos", "in/2026/", 0, 1),
		"an empty object":           body("photos", "in/a.jpg", 0, 1),
		"a text":                    body("photos", "in/notes.txt", 10, 1),
		"a report":                  body("work", "reports/run-1/summary.json", 10, 1),
		"a work file":               body("work", "work/run-1/items.jsonl", 10, 1),
		"results of checks":         body("work", "checks/sites.results.csv", 10, 1),
		"results in a folder":       body("work", "checks/eu/sites.RESULTS.jsonl", 10, 1),
		"an empty file of checks":   body("work", "checks/sites.csv", 0, 1),
		"a folder of checks":        body("work", "checks/eu/", 0, 1),
		"a text among the checks":   body("work", "checks/notes.txt", 10, 1),
		"a lock":                    body("work", "locks/checks/1bdfb16fc2818007.json", 10, 1),
		"a report of checks":        body("work", "reports/checks.run-1/failing.jsonl", 10, 1),
		"what a run has left":       body("work", "reports/checks/1bdfb16fc2818007.json", 10, 1),
		"findings":                  body("work", "work/checks.run-1/checks/0000000001-1bdfb16f.jsonl", 10, 1),
		"a folder of manifests":     body("work", "manifests/", 0, 1),
		"an empty manifest":         body("work", "manifests/march.csv", 0, 1),
		"an inventory's data":       body("work", "manifests/photos/daily/data/0e1.csv.gz", 10, 1),
		"an inventory's links":      body("work", "manifests/photos/daily/hive/dt=2026-11-21-01-00/symlink.txt", 10, 1),
		"a list among the links":    body("work", "manifests/photos/daily/hive/dt=2026-11-21-01-00/symlink.csv", 10, 1),
		"an inventory's checksum":   body("work", "manifests/photos/daily/2026-11-21T01-00Z/manifest.checksum", 10, 1),
		"a deletion":                strings.Replace(body("photos", "in/a.jpg", 10, 1), "Object Created", "Object Deleted", 1),
		"an event of another kind":  strings.Replace(body("photos", "in/a.jpg", 10, 1), "aws.s3", "aws.ec2", 1),
		"a picture among manifests": body("work", "manifests/a.jpg", 10, 1),
	} {
		t.Run(name, func(t *testing.T) {
			trigger, m := newTrigger(t)
			if got := failures(t, trigger, messages(b)); len(got) > 0 || len(m.order) > 0 {
				t.Errorf("Handle failed %v and started %v, want neither", got, m.inputs)
			}
		})
	}
}

// TestOutputsStartNothing also where a source that was configured around all guards holds the destination.
func TestOutputsStartNothing(t *testing.T) {
	trigger, m := newTrigger(t)
	trigger.Source.Prefix = ""
	if got := failures(t, trigger, messages(body("photos", "out/a.jpg", 10, 1))); len(got) > 0 || len(m.order) > 0 {
		t.Errorf("Handle failed %v and started %v, want neither", got, m.inputs)
	}
	if failures(t, trigger, messages(body("photos", "in/a.jpg", 10, 1))); len(m.order) != 1 {
		t.Errorf("the picture beside has started %d runs, want 1", len(m.order))
	}
}

// TestLogNamesTheRuns that a batch has started, and those that it could not start.
func TestLogNamesTheRuns(t *testing.T) {
	before := slog.Default()
	t.Cleanup(func() { slog.SetDefault(before) })
	var out strings.Builder
	slog.SetDefault(slog.New(slog.NewTextHandler(&out, nil)))
	trigger, m := newTrigger(t)
	refused := ""
	m.refuse = func(name string) error {
		if strings.HasPrefix(name, "manifest-") {
			refused = name
			return errors.New("ThrottlingException")
		}
		return nil
	}
	failures(t, trigger, messages(body("photos", "in/a.jpg", 10, 1), body("work", "manifests/march.csv", 10, 1)))
	for _, want := range []string{`msg="run started" run=` + m.order[0] + " events=1", `msg="run not started" run=` + refused + " events=1"} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("log:\n%s\nwant %s in it", out.String(), want)
		}
	}
}

func TestManifestStartsARunOverIt(t *testing.T) {
	trigger, m := newTrigger(t)
	again := messages(body("work", "manifests/march.csv.gz", 10, 1), body("work", "manifests/photos/daily/2026-11-21T01-00Z/manifest.json", 10, 1),
		body("work", "manifests/march.csv.gz", 10, 1))
	if got := failures(t, trigger, again); len(got) > 0 {
		t.Errorf("Handle failed %v, want none", got)
	}
	var got []string
	for _, name := range m.order {
		var input struct{ Manifest string }
		if err := json.Unmarshal([]byte(m.inputs[name]), &input); err != nil {
			t.Fatal(err)
		}
		got = append(got, input.Manifest)
	}
	want := []string{"s3://work/manifests/march.csv.gz", "s3://work/manifests/photos/daily/2026-11-21T01-00Z/manifest.json"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("manifests (-want +got):\n%s", diff)
	}
	failures(t, trigger, messages(body("work", "manifests/march.csv.gz", 10, 2)))
	if len(m.order) != 3 {
		t.Errorf("a manifest that was written again has started %d runs in all, want 3", len(m.order))
	}
}

// TestAFileOfChecksStartsARunOverIt of the state machine of checks, beside what else is in the batch.
func TestAFileOfChecksStartsARunOverIt(t *testing.T) {
	trigger, m := newTrigger(t)
	batch := messages(body("work", "checks/sites.csv", 10, 1), body("work", "checks/eu/all.jsonl.gz", 10, 1), body("work", "checks/sites.csv", 10, 1),
		body("work", "checks/sites.results.csv", 10, 1), body("photos", "in/a.jpg", 10, 1))
	for range 2 { // delivered again, it starts nothing
		if got := failures(t, trigger, batch); len(got) > 0 {
			t.Errorf("Handle failed %v, want none", got)
		}
	}
	got := map[string]string{}
	for name, text := range m.inputs {
		var input struct{ File string }
		if err := json.Unmarshal([]byte(text), &input); err != nil || !job.ValidRunName(name) {
			t.Fatalf("run %s: %s, %v", name, text, err)
		}
		got[input.File] = m.of[name][strings.LastIndexByte(m.of[name], ':')+1:]
	}
	want := map[string]string{"": "mapfleet-resize", "s3://work/checks/sites.csv": "mapfleet-checks", "s3://work/checks/eu/all.jsonl.gz": "mapfleet-checks"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("state machines by file (-want +got):\n%s", diff)
	}
	deployment := checks.Deployment{WorkBucket: "work", DefaultBatchSize: 1, MaxBatchSize: 1, DefaultMaxConcurrency: 1, MaxMaxConcurrency: 1, StaleAfter: time.Hour}
	for name, text := range m.inputs {
		if !strings.HasSuffix(m.of[name], "-checks") {
			continue
		}
		if _, err := checks.ParseInput([]byte(text), deployment); err != nil {
			t.Errorf("a run does not take %s: %v", text, err)
		}
	}
	trigger.Checks = ""
	failures(t, trigger, messages(body("work", "checks/more.csv", 10, 1)))
	if len(m.order) != 3 {
		t.Errorf("%d runs, want 3: where there are no checks, nothing is started of them", len(m.order))
	}
}

func TestWhatIsNoEventGoesBackToTheQueue(t *testing.T) {
	trigger, m := newTrigger(t)
	for _, b := range []string{"", "no JSON", "[]", "{}", `{"detail-type":7}`, body("", "in/a.jpg", 1, 1), body("photos", "", 1, 1)} {
		if got := failures(t, trigger, messages(body("photos", "in/good.jpg", 10, 1), b)); !slices.Equal(got, []string{"m1"}) {
			t.Errorf("Handle(%q) failed %v, want only m1", b, got)
		}
	}
	if len(m.order) != 1 {
		t.Errorf("the good event beside them has started %d runs, want 1", len(m.order))
	}
}

func TestKeyThatMayBeEncoded(t *testing.T) {
	trigger, m := newTrigger(t)
	trigger.Objects = objects{"in/a+b.jpg": true, "in/c d.jpg": true, "in/g+h.jpg": true, "in/g h.jpg": true}
	failures(t, trigger, messages(body("photos", "in/a+b.jpg", 10, 1), body("photos", "in/c+d.jpg", 10, 1), body("photos", "in/e%2Ff.jpg", 10, 1), body("photos", "in/g+h.jpg", 10, 1)))
	var input struct{ Keys []string }
	if err := json.Unmarshal([]byte(m.inputs[m.order[0]]), &input); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"in/a+b.jpg", "in/c d.jpg", "in/e%2Ff.jpg", "in/g+h.jpg"}, input.Keys); diff != "" {
		t.Errorf("keys (-want +got):\n%s", diff)
	}
}

// TestMessagesOfAKeyInTwoSpellings come back together where their run cannot be started.
func TestMessagesOfAKeyInTwoSpellings(t *testing.T) {
	trigger, m := newTrigger(t)
	trigger.Objects = objects{"in/c d.jpg": true}
	m.refuse = func(string) error { return errors.New("ThrottlingException") }
	got := failures(t, trigger, messages(body("photos", "in/c+d.jpg", 10, 1), body("photos", "in/c d.jpg", 10, 2)))
	if slices.Sort(got); !slices.Equal(got, []string{"m0", "m1"}) {
		t.Errorf("Handle failed %v, want both messages", got)
	}
}

// startExecutionBytes is what StartExecution takes of input.
// https://docs.aws.amazon.com/step-functions/latest/apireference/API_StartExecution.html
const startExecutionBytes = 262_144

// TestALongInputIsTaken by StartExecution, and has room beside it for what Prepare is told of the run: a state
// may have as much.
func TestALongInputIsTaken(t *testing.T) {
	var long []upload
	for i := range job.MaxKeys {
		var u upload
		u.Detail.Object.Key = fmt.Sprintf("in/%04d/%s.jpg", i, strings.Repeat(`"`, 900)) // twice as long in JSON
		long = append(long, u)
	}
	keys := 0
	starts := group(long)
	for _, s := range starts {
		start, err := json.Marshal(job.Start{Input: json.RawMessage(s.input), Execution: strings.Repeat("e", 256), Run: s.name})
		if err != nil || len(s.input) > startExecutionBytes || len(start) > startExecutionBytes {
			t.Errorf("an input of %d bytes makes an event of %d, %v, want at most %d of both", len(s.input), len(start), err, startExecutionBytes)
		}
		var input struct{ Keys []string }
		if err := json.Unmarshal([]byte(s.input), &input); err != nil {
			t.Fatal(err)
		}
		keys += len(input.Keys)
	}
	if keys != len(long) || len(starts) < 2 {
		t.Errorf("%d runs are over %d keys, want several over %d", len(starts), keys, len(long))
	}
}

func TestGroupFillsARunToItsLastByte(t *testing.T) {
	// Each key takes two quotes and a comma.
	half := strings.Repeat("k", maxInputBytes/2-3)
	for _, c := range []struct {
		first, second string
		runs          int
	}{
		{half, half, 1}, {half + "k", half, 2}, {half, half + "k", 2}, {half + half, half + half, 2},
	} {
		var both []upload
		for _, key := range []string{c.first, c.second} {
			var u upload
			u.Detail.Object.Key = key
			both = append(both, u)
		}
		if got := len(group(both)); got != c.runs {
			t.Errorf("group of keys of %d and %d bytes makes %d runs, want %d", len(c.first), len(c.second), got, c.runs)
		}
	}
}

func TestNewestEventOfAKeyCounts(t *testing.T) {
	trigger, m := newTrigger(t)
	failures(t, trigger, messages(body("photos", "in/a.jpg", 10, 2), body("photos", "in/a.jpg", 10, 1)))
	failures(t, trigger, messages(body("photos", "in/a.jpg", 10, 1), body("photos", "in/a.jpg", 10, 2)))
	failures(t, trigger, messages(body("photos", "in/a.jpg", 10, 2)))
	if len(m.order) != 1 {
		t.Errorf("the same state of a key has started %d runs, want 1: %v", len(m.order), m.inputs)
	}
	failures(t, trigger, messages(body("photos", "in/a.jpg", 10, 3)))
	if len(m.order) != 2 {
		t.Errorf("a new state of the key has made it %d runs, want 2", len(m.order))
	}
}

func TestNothingIsStartedNearTheDeadline(t *testing.T) {
	trigger, m := newTrigger(t)
	ctx, cancel := context.WithTimeout(t.Context(), margin-time.Second)
	defer cancel()
	response, err := trigger.Handle(ctx, messages(body("photos", "in/a.jpg", 10, 1)))
	if err != nil || len(response.BatchItemFailures) != 1 || m.answers != 0 {
		t.Errorf("Handle = %v, %v with %d calls, want the message back and no call", response, err, m.answers)
	}
}

// queue delivers messages in batches as SQS does: in any order, some twice, and those that failed again.
type queue struct {
	random *rand.Rand
	left   []events.SQSMessage
}

func (q *queue) batch(n int) events.SQSEvent {
	q.random.Shuffle(len(q.left), func(i, j int) { q.left[i], q.left[j] = q.left[j], q.left[i] })
	n = min(n, len(q.left))
	batch := slices.Clone(q.left[:n])
	q.left = q.left[n:]
	return events.SQSEvent{Records: batch}
}

func TestTenThousandUploads(t *testing.T) {
	const uploads, batchSize = 10_000, 1500
	random := rand.New(rand.NewPCG(1, 2))
	trigger, m := newTrigger(t)
	refusals := 0
	throttle := func(string) error {
		if random.IntN(4) == 0 {
			refusals++
			return errors.New("ThrottlingException")
		}
		return nil
	}
	q := &queue{random: random}
	for i := range uploads {
		b := body("photos", fmt.Sprintf("in/%s/%05d.jpg", strings.Repeat("f", i%200), i), 10, i)
		for copies := range 1 + random.IntN(10)/9 {
			q.left = append(q.left, events.SQSMessage{MessageId: fmt.Sprintf("%d-%d", i, copies), Body: b})
		}
	}
	delivered := len(q.left)
	for len(q.left) > 0 {
		batch := q.batch(batchSize)
		m.refuse = throttle
		again := failures(t, trigger, batch)
		for _, message := range batch.Records {
			if slices.Contains(again, message.MessageId) {
				q.left = append(q.left, message)
			}
		}
		if len(again) > 0 {
			continue
		}
		started := len(m.order)
		m.refuse = nil
		random.Shuffle(len(batch.Records), func(i, j int) { batch.Records[i], batch.Records[j] = batch.Records[j], batch.Records[i] })
		failures(t, trigger, batch) // delivered once more, in another order
		if len(m.order) != started {
			t.Fatalf("the same batch delivered again has started %d runs", len(m.order)-started)
		}
	}
	seen := map[string]int{}
	for name, text := range m.inputs {
		if len(text) > startExecutionBytes/2+1000 {
			t.Errorf("the input of %s has %d bytes, want at most %d", name, len(text), startExecutionBytes/2+1000)
		}
		var input struct{ Keys []string }
		if err := json.Unmarshal([]byte(text), &input); err != nil {
			t.Fatal(err)
		}
		if n := len(input.Keys); n < 1 || n > job.MaxKeys {
			t.Errorf("run %s has %d keys, want 1 to %d", name, n, job.MaxKeys)
		}
		for _, key := range input.Keys {
			seen[key]++
		}
	}
	if len(seen) != uploads {
		t.Errorf("the runs are over %d keys, want %d", len(seen), uploads)
	}
	if refusals == 0 {
		t.Error("no start was refused: the test shows nothing of redelivery")
	}
	t.Logf("%d messages, %d uploads, %d runs, %d refused starts", delivered, len(seen), len(m.order), refusals)
}
