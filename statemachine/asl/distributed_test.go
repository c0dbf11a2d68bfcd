package asl

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
)

// fleet is a machine of one DISTRIBUTED Map whose children call a Lambda with their input.
func fleet(more string) string {
	return oneState(`{"Type":"Map","Label":"L","End":true,` + more + `
		"ItemProcessor":{"ProcessorConfig":{"Mode":"DISTRIBUTED","ExecutionType":"EXPRESS"},"StartAt":"T","States":{"T":{
			"Type":"Task","Resource":"arn:aws:states:::lambda:invoke","Parameters":{"FunctionName":"f","Payload.$":"$"},"OutputPath":"$.Payload","End":true}}}}`)
}

const (
	listing  = `"ItemReader":{"Resource":"arn:aws:states:::s3:listObjectsV2","Parameters":{"Bucket":"in","Prefix":"p/"}},`
	lines    = `"ItemReader":{"Resource":"arn:aws:states:::s3:getObject","ReaderConfig":{"InputType":"JSONL"},"Parameters":{"Bucket":"in","Key.$":"$.key"}},`
	exporter = `"ResultWriter":{"Resource":"arn:aws:states:::s3:putObject","Parameters":{"Bucket":"out","Prefix.$":"$.prefix"},"WriterConfig":{"Transformation":"COMPACT","OutputType":"JSONL"}},`
)

// itemsOf counts the items of a batch.
func itemsOf(payload any) int { return len(payload.(map[string]any)["Items"].([]any)) }

func TestDistributed_tutorial(t *testing.T) {
	m := parse(t, fleet(`"ItemsPath":"$.numbers","ItemBatcher":{"MaxItemsPerBatch":3,"BatchInput":{"factor.$":"$.factor"}},`))
	x := execution1(`{"factor":7,"numbers":[1,2,3,4,5,6,7,8,9,10]}`)
	x.Tasks = tasks(func(_ context.Context, _ string, payload any) (any, error) {
		batch := payload.(map[string]any)
		factor, _ := number(batch["BatchInput"].(map[string]any)["factor"])
		var out []any
		for _, item := range batch["Items"].([]any) {
			n, _ := number(item)
			out = append(out, n*factor)
		}
		return out, nil
	})
	output, err := m.Run(t.Context(), x)
	if want := `[[7,14,21],[28,35,42],[49,56,63],[70]]`; err != nil || asJSON(output) != want {
		t.Errorf("Run = %s, %v, want %s", asJSON(output), err, want)
	}
}

func TestDistributed_follows_pages(t *testing.T) {
	for _, n := range []int{0, 1, 999, 1000, 1006, 5000} {
		t.Run(fmt.Sprint(n), func(t *testing.T) {
			var j journal
			var seen sync.Map
			var items atomic.Int64
			x := execution1(`{"prefix":"runs"}`)
			s := filled(n)
			x.Objects, x.Observe = s, j.observe
			x.Tasks = tasks(func(_ context.Context, _ string, payload any) (any, error) {
				for _, item := range payload.(map[string]any)["Items"].([]any) {
					seen.Store(item.(map[string]any)["Key"], true)
				}
				items.Add(int64(itemsOf(payload)))
				return itemsOf(payload), nil
			})
			_, err := parse(t, fleet(listing+exporter+`"ItemBatcher":{"MaxItemsPerBatch":100},"MaxConcurrency":8,`)).Run(t.Context(), x)
			if err != nil {
				t.Fatal(err)
			}
			keys := 0
			seen.Range(func(any, any) bool { keys++; return true })
			run, batches := j.mapRun(t), int64((n+99)/100)
			want := MapRun{ARN: run.ARN, Execution: x.ID, State: "S", Label: "L", Status: "SUCCEEDED", Listed: true, MaxConcurrency: 8,
				ToleratedFailureCount: -1, ToleratedFailurePercentage: -1, Start: run.Start, Stop: run.Stop,
				Items:      Counts{Succeeded: int64(n), Total: int64(n), ResultsWritten: int64(n)},
				Executions: Counts{Succeeded: batches, Total: batches, ResultsWritten: batches}}
			if keys != n || items.Load() != int64(n) || run != want {
				t.Errorf("%d keys, %d items, %+v, want %+v", keys, items.Load(), run, want)
			}
			if j.count(ChildStarted) != int(batches) || j.count(ChildSucceeded) != int(batches) || j.count(MapRunFinished) != 1 {
				t.Errorf("%d children started, %d succeeded, want %d", j.count(ChildStarted), j.count(ChildSucceeded), batches)
			}
		})
	}
}

func TestDistributed_reads_files(t *testing.T) {
	var zipped bytes.Buffer
	w := gzip.NewWriter(&zipped)
	_, _ = w.Write([]byte("{\"n\":1}\n{\"n\":2}\n"))
	_ = w.Close()
	s := &store{objects: map[string][]byte{
		"in/plain.jsonl": []byte("{\"n\":1}\r\n\n{\"n\":2}"), "in/packed": zipped.Bytes(), "in/empty": nil,
		"in/bad": []byte("{\"n\":1}\n{\"n\":\n"), "in/zstd": {0x28, 0xb5, 0x2f, 0xfd, 0}, "in/array.json": []byte(`[{"n":1},{"n":2}]`), "in/object": []byte(`{}`),
	}}
	tests := []struct{ key, input, want string }{
		{"plain.jsonl", "JSONL", `[{"n":1},{"n":2}]`},
		{"packed", "JSONL", `[{"n":1},{"n":2}]`},
		{"empty", "JSONL", `[]`},
		{"array.json", "JSON", `[{"n":1},{"n":2}]`},
		{"object", "JSON", "States.ItemReaderFailed"},
		{"bad", "JSONL", "States.ItemReaderFailed: read s3://in/bad: line 2"},
		{"zstd", "JSONL", "States.ItemReaderFailed: read s3://in/zstd: zstd is not supported"},
		{"none", "JSONL", "States.ItemReaderFailed: read s3://in/none: no such key"},
	}
	for _, test := range tests {
		t.Run(test.key, func(t *testing.T) {
			x := execution1(`{"key":"` + test.key + `"}`)
			x.Objects = s
			m := parse(t, oneState(distributed(strings.Replace(lines, "JSONL", test.input, 1))))
			output, err := m.Run(t.Context(), x)
			got := asJSON(output)
			if err != nil {
				got = err.Error()
			}
			if !strings.HasPrefix(got, test.want) {
				t.Errorf("Run = %s, want %s", got, test.want)
			}
		})
	}
}

func TestDistributed_listing_fails(t *testing.T) {
	s := filled(5000)
	s.failList = 3
	var j journal
	x := execution1(`{"prefix":"r"}`)
	x.Objects, x.Observe = s, j.observe
	_, err := parse(t, oneState(distributed(listing+exporter))).Run(t.Context(), x)
	if e, _ := errors.AsType[*Error](err); e == nil || e.Name != errorItemReader {
		t.Errorf("Run = %v, want %s", err, errorItemReader)
	}
	if run := j.mapRun(t); run.Status != "FAILED" || run.Listed || run.Items.Total != 2000 {
		t.Errorf("Map Run = %+v, want FAILED after 2000 items", run)
	}
}

func TestDistributed_MaxItems(t *testing.T) {
	x := execution1(`{"most":1500}`)
	s := filled(5000)
	x.Objects = s
	var j journal
	x.Observe = j.observe
	reader := strings.Replace(listing, `"Parameters"`, `"ReaderConfig":{"MaxItemsPath":"$.most"},"Parameters"`, 1)
	_, err := parse(t, oneState(distributed(reader+`"ItemBatcher":{"MaxItemsPerBatch":1000},"ResultWriter":{"WriterConfig":{"Transformation":"FLATTEN"}},"OutputPath":null,`))).Run(t.Context(), x)
	if run := j.mapRun(t); run.Items.Total != 1500 || s.lists != 2 || !run.Listed {
		t.Errorf("Run = %v with %d items after %d pages, want 1500 after 2", err, run.Items.Total, s.lists)
	}
}

func TestBatches(t *testing.T) {
	item := func(n int) string { return `"` + strings.Repeat("x", n-2) + `"` }
	tests := []struct {
		name, batcher string
		items         []string
		want          string // items of each child
		failed        int64
	}{
		{"by number", `{"MaxItemsPerBatch":2}`, []string{"1", "2", "3"}, "[2,1]", 0},
		{"by path", `{"MaxItemsPerBatchPath":"$.n"}`, []string{"1", "2", "3", "4"}, "[3,1]", 0},
		{"by bytes", `{"MaxInputBytesPerBatch":31}`, []string{item(10), item(10), item(10)}, "[1,1,1]", 0}, // {"Items":[10,10]} is 33
		{"by bytes exactly", `{"MaxInputBytesPerBatch":33}`, []string{item(10), item(10), item(10)}, "[2,1]", 0},
		{"BatchInput counts", `{"MaxInputBytesPerBatch":39,"BatchInput":"x"}`, []string{item(5), item(5), item(5)}, "[1,1,1]", 0},
		{"whichever comes first", `{"MaxItemsPerBatch":2,"MaxInputBytesPerBatch":33}`, []string{"1", "2", item(10), item(11), "3"}, "[2,1,2]", 0},
		{"one item too large", `{"MaxItemsPerBatch":9,"MaxInputBytesPerBatch":33}`, []string{"1", item(30), "2"}, "[1,null,1]", 1},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			var j journal
			x := execution1(`{"n":3,"items":[` + strings.Join(test.items, ",") + `]}`)
			x.Observe = j.observe
			x.Tasks = tasks(func(_ context.Context, _ string, payload any) (any, error) { return itemsOf(payload), nil })
			output, err := parse(t, fleet(`"ItemsPath":"$.items","ToleratedFailureCount":1,"ItemBatcher":`+test.batcher+`,`)).Run(t.Context(), x)
			if err != nil {
				t.Fatal(err)
			}
			list := output.([]any)
			for i, v := range list {
				if record, ok := v.(map[string]any); ok && record["Error"] == errorDataLimit {
					list[i] = nil
				}
			}
			if run := j.mapRun(t); asJSON(list) != test.want || run.Items.Failed != test.failed {
				t.Errorf("children had %s items, %d failed, want %s, %d", asJSON(list), run.Items.Failed, test.want, test.failed)
			}
		})
	}
}

func TestDistributed_limits_concurrency(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var now, most atomic.Int64
		x := execution1(`{"c":7}`)
		x.Objects = filled(100)
		x.Tasks = tasks(func(ctx context.Context, _ string, _ any) (any, error) {
			most.Store(max(most.Load(), now.Add(1)))
			defer now.Add(-1)
			return nil, sleep(ctx, time.Second)
		})
		start := time.Now()
		_, err := parse(t, fleet(listing+`"MaxConcurrencyPath":"$.c","ResultPath":null,`)).Run(t.Context(), x)
		if took := time.Since(start); err != nil || most.Load() != 7 || took != 15*time.Second {
			t.Errorf("%d at once for %v, %v, want 7 for 15s", most.Load(), took, err)
		}
	})
}

func TestInline_limits_concurrency(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		x := execution1(`[` + strings.Repeat(`1,`, 99) + `1]`)
		x.Sleep = nil
		start := time.Now()
		_, err := parse(t, oneState(`{"Type":"Map","End":true,"ItemProcessor":{"StartAt":"W","States":{"W":{"Type":"Wait","Seconds":1,"End":true}}}}`)).Run(t.Context(), x)
		if took := time.Since(start); err != nil || took != 3*time.Second {
			t.Errorf("100 waits of 1s took %v, %v, want 3s at 40 a time", took, err)
		}
	})
}

func TestDistributed_retry_starts_over(t *testing.T) {
	var j journal
	x := execution1(`[1,2]`)
	x.Observe = j.observe
	var calls atomic.Int64
	x.Tasks = tasks(func(context.Context, string, any) (any, error) {
		if calls.Add(1) <= 1 {
			return nil, errors.New("once")
		}
		return nil, nil
	})
	_, err := parse(t, fleet(`"MaxConcurrency":1,"Retry":[{"ErrorEquals":["States.ExceedToleratedFailureThreshold"]}],`)).Run(t.Context(), x)
	if err != nil || j.count(MapRunStarted) != 2 {
		t.Errorf("Run = %v after %d Map Runs, want success after 2", err, j.count(MapRunStarted))
	}
}

func TestDistributed_child_context(t *testing.T) {
	x := execution1(`{"items":[{"v":"a"}]}`)
	m := parse(t, oneState(`{"Type":"Map","Label":"L","ItemsPath":"$.items","ItemSelector":{"i.$":"$$.Map.Item.Index","v.$":"$$.Map.Item.Value.v","e.$":"$$.Execution.Name","s.$":"$$.State.Name"},"End":true,
		"ItemProcessor":{"ProcessorConfig":{"Mode":"DISTRIBUTED","ExecutionType":"EXPRESS"},"StartAt":"P","States":{"P":{"Type":"Pass",
			"Parameters":{"input.$":"$$.Execution.Input","id.$":"$$.Execution.Id","name.$":"$$.Execution.Name","machine.$":"$$.StateMachine.Id"},"End":true}}}}`))
	output, err := m.Run(t.Context(), x)
	if err != nil {
		t.Fatal(err)
	}
	child := output.([]any)[0].(map[string]any)
	if got, want := asJSON(child["input"]), `{"e":"run-1","i":0,"s":"S","v":"a"}`; got != want {
		t.Errorf("$$.Execution.Input = %s, want %s", got, want)
	}
	id, name := child["id"].(string), child["name"].(string)
	if len(name) != 36 || !strings.HasPrefix(id, "arn:aws:states:eu-west-1:123456789012:express:resize/L:") || !strings.HasSuffix(id, ":"+name) {
		t.Errorf("$$.Execution = %s, %s", id, name)
	}
	if want := machineARN + "/L"; child["machine"] != want {
		t.Errorf("$$.StateMachine.Id = %s, want %s", child["machine"], want)
	}
}

func TestDistributed_selector_fails_the_run(t *testing.T) {
	x := execution1(`[{"a":1},{}]`)
	_, err := parse(t, oneState(distributed(`"ItemSelector":{"a.$":"$$.Map.Item.Value.a"},`))).Run(t.Context(), x)
	if e, _ := errors.AsType[*Error](err); e == nil || e.Name != errorParameterPath {
		t.Errorf("Run = %v, want %s", err, errorParameterPath)
	}
}

func TestDistributed_results_too_large(t *testing.T) {
	x := execution1(`[1,2,3]`)
	x.Tasks = tasks(func(context.Context, string, any) (any, error) { return strings.Repeat("x", maxPayload/2), nil })
	_, err := parse(t, fleet(``)).Run(t.Context(), x)
	if e, _ := errors.AsType[*Error](err); e == nil || e.Name != errorDataLimit {
		t.Errorf("Run = %v, want %s", err, errorDataLimit)
	}
}

func TestDistributed_wrong_numbers(t *testing.T) {
	for _, input := range []string{`{}`, `{"n":"10"}`, `{"n":0}`, `{"n":1.5}`} {
		x := execution1(input)
		x.Objects = filled(1)
		_, err := parse(t, fleet(listing+`"ItemBatcher":{"MaxItemsPerBatchPath":"$.n"},`)).Run(t.Context(), x)
		if e, _ := errors.AsType[*Error](err); e == nil || e.Name != errorRuntime || !strings.Contains(e.Cause, "MaxItemsPerBatchPath") {
			t.Errorf("Run(%s) = %v, want %s that names the field", input, err, errorRuntime)
		}
	}
}

func TestDistributed_shows_unlimited_concurrency(t *testing.T) {
	var j journal
	x := execution1(`[1]`)
	x.Observe = j.observe
	if _, err := parse(t, oneState(distributed(``))).Run(t.Context(), x); err != nil {
		t.Fatal(err)
	}
	if run := j.mapRun(t); run.MaxConcurrency != math.MaxInt32 {
		t.Errorf("MaxConcurrency = %d, want %d", run.MaxConcurrency, math.MaxInt32)
	}
	kinds := []Kind{}
	for _, ev := range j.events {
		if ev.Child == "" && ev.MapRun == nil {
			kinds = append(kinds, ev.Kind)
		}
	}
	if want := []Kind{ExecutionStarted, StateEntered, MapStarted, MapSucceeded, StateExited, ExecutionSucceeded}; !slices.Equal(kinds, want) {
		t.Errorf("events = %v, want %v", kinds, want)
	}
}
