package job

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestFailuresJSON(t *testing.T) {
	for _, c := range []struct {
		name     string
		failures Failures
		want     string
	}{
		{"none", Failures{}, `[]`},
		{"as they are", Failures{{Key: "a", Variant: "v", Code: "X", Message: "m"}, {Key: "b", Code: "X"}}, `[{"key":"a","variant":"v","code":"X","message":"m"},{"key":"b","code":"X","message":""}]`},
		{"neighbours of one code that tell no more", Failures{{Key: "a", Code: "X"}, {Key: "b", Code: "X"}, {Key: "c", Code: "Y"}, {Key: "d", Code: "X"}},
			`[{"keys":["a","b"],"code":"X"},{"key":"c","code":"Y","message":""},{"key":"d","code":"X","message":""}]`},
		{"a message keeps to itself", Failures{{Key: "a", Code: "X", Message: "m"}, {Key: "b", Code: "X"}, {Key: "c", Code: "X"}, {Key: "d", Variant: "v", Code: "X"}},
			`[{"key":"a","code":"X","message":"m"},{"keys":["b","c"],"code":"X"},{"key":"d","variant":"v","code":"X","message":""}]`},
	} {
		t.Run(c.name, func(t *testing.T) {
			data, err := json.Marshal(c.failures)
			if err != nil || string(data) != c.want {
				t.Errorf("JSON = %s, %v, want %s", data, err, c.want)
			}
			var again Failures
			if err := json.Unmarshal(data, &again); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(c.failures, again); diff != "" {
				t.Errorf("it comes back otherwise (-want +got):\n%s", diff)
			}
		})
	}
	var f Failures
	if err := json.Unmarshal([]byte(`{"key":"a"}`), &f); err == nil {
		t.Errorf("an object was read as %v", f)
	}
}

// worst returns what a batch of 96 KiB of items comes to if they all fail in two variants each.
func worst(message string, item func(i int) Item) Result {
	r := Result{Remaining: []Item{}, Done: Tally{FailedBy: map[string]int{}}}
	for given := 0; ; {
		i := r.Done.Listed
		line, _ := marshal(item(i))
		if given += len(line) + 1; given > 96<<10 {
			break
		}
		key := item(i).Key
		code := []string{"DecodeFailed", "UnknownFormat", "TooManyPixels"}[i%3]
		r.Done.Listed++
		r.Done.Failed++
		r.Done.FailedBy[code]++
		r.Done.Samples = append(r.Done.Samples, Sample{Key: key, Preview: key, Output: key})
		r.Done.Failures = append(r.Done.Failures,
			Failure{Key: key, Variant: strings.Repeat("v", 32), Code: code, Message: message},
			Failure{Key: key, Variant: "small", Code: "EncodeFailed", Message: message})
	}
	return r
}

func TestShrinkLosesNoItem(t *testing.T) {
	long := strings.Repeat("ö", 160)
	for name, item := range map[string]func(i int) Item{
		"a listing of short keys": func(i int) Item {
			return Item{Key: fmt.Sprintf("p/%05d.jpg", i), ETag: strings.Repeat("e", 32), Size: 34910, StorageClass: "STANDARD"}
		},
		"keys alone, and short":      func(i int) Item { return Item{Key: fmt.Sprintf("%05d", i), Size: -1} },
		"keys alone, and long":       func(i int) Item { return Item{Key: fmt.Sprintf("%01024d", i), Size: -1} },
		"keys full of & and <":       func(i int) Item { return Item{Key: fmt.Sprintf("%s%05d", strings.Repeat("&<", 100), i), Size: -1} },
		"keys full of quotes":        func(i int) Item { return Item{Key: fmt.Sprintf("%s%05d", strings.Repeat(`"\`, 100), i), Size: -1} },
		"keys in another alphabet":   func(i int) Item { return Item{Key: fmt.Sprintf("%s%05d", strings.Repeat("猫", 100), i), Size: -1} },
		"keys of control characters": func(i int) Item { return Item{Key: fmt.Sprintf("%s%05d", strings.Repeat("\x01", 100), i), Size: -1} },
	} {
		t.Run(name, func(t *testing.T) {
			r := worst(long, item)
			n := r.Done.Listed
			r.Shrink(MaxResultBytes)
			data, err := marshal(r)
			if err != nil || len(data) > MaxResultBytes {
				t.Fatalf("%d items make a result of %d bytes (%v), want at most %d", n, len(data), err, MaxResultBytes)
			}
			var again Result
			if err := json.Unmarshal(data, &again); err != nil {
				t.Fatal(err)
			}
			keys, codes := map[string]string{}, map[string]int{}
			for _, f := range again.Done.Failures {
				keys[f.Key] = f.Code
			}
			for _, code := range keys {
				codes[code]++
			}
			if len(keys) != n {
				t.Errorf("%d of %d items are left", len(keys), n)
			}
			if diff := cmp.Diff(again.Done.FailedBy, codes); diff != "" {
				t.Errorf("the codes of the items differ from the count (-count +items):\n%s", diff)
			}
		})
	}
}

func TestShrinkTakesNoMoreThanItMust(t *testing.T) {
	full := func() Result {
		return Result{Remaining: []Item{}, Done: Tally{Samples: []Sample{{Key: "s"}}, Failures: Failures{
			{Key: "a", Variant: "v", Code: "X", Message: strings.Repeat("m", 400)},
			{Key: "a", Variant: "w", Code: "Y", Message: strings.Repeat("m", 400)},
			{Key: "b", Code: "X", Message: strings.Repeat("m", 400)},
		}}}
	}
	whole := full()
	for _, c := range []struct {
		name     string
		less     int // than what is there
		messages string
	}{
		{"it fits", 0, "400 400 400"},
		{"messages are cut", 1, "300 300 300"},
		{"and again", 500, "120 120 120"},
		{"failures of an item become one", 900, "40 40"},
		{"one example of each code is left", 1420, "40 0"},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := full()
			r.Shrink(size(whole) - c.less)
			var lengths []string
			for _, f := range r.Done.Failures {
				lengths = append(lengths, fmt.Sprint(len(f.Message)))
			}
			if got := strings.Join(lengths, " "); got != c.messages {
				t.Errorf("messages of %s bytes, want %s", got, c.messages)
			}
		})
	}
}

func TestBatchFailedRoundTrip(t *testing.T) {
	small := Tally{Listed: 2, Failed: 2, FailedBy: map[string]int{"X": 2}, Failures: Failures{{Key: "a", Code: "X", Message: "m"}, {Key: "b", Code: "X", Message: "m"}}}
	got, err := NewBatchFailed(small).Tally()
	if diff := cmp.Diff(small, got); err != nil || diff != "" {
		t.Errorf("a small batch comes back otherwise (-want +got), %v:\n%s", err, diff)
	}
	for name, item := range map[string]func(i int) Item{
		"many short keys":     func(i int) Item { return Item{Key: fmt.Sprintf("%05d", i), Size: -1} },
		"long keys":           func(i int) Item { return Item{Key: fmt.Sprintf("%01024d", i), Size: -1} },
		"keys full of quotes": func(i int) Item { return Item{Key: fmt.Sprintf("%s%05d", strings.Repeat(`"`, 1000), i), Size: -1} },
	} {
		t.Run(name, func(t *testing.T) {
			whole := worst(strings.Repeat("m", 300), item).Done
			e := NewBatchFailed(whole)
			if len(e.Error()) > 14<<10 {
				t.Errorf("the message has %d bytes, want at most 14 KiB", len(e.Error()))
			}
			if quoted, _ := json.Marshal(e.Error()); len(quoted) > 32768-100 {
				t.Errorf("quoted, the message has %d bytes, more than a Cause holds", len(quoted))
			}
			got, err := e.Tally()
			if err != nil || got.Listed != whole.Listed || got.Failed != whole.Failed || !got.Balanced() {
				t.Errorf("it comes back as %+v, %v", got, err)
			}
			if diff := cmp.Diff(whole.FailedBy, got.FailedBy); diff != "" {
				t.Errorf("counts by code differ (-want +got):\n%s", diff)
			}
			if len(got.Failures) == 0 || got.Failures[0].Message == "" {
				t.Errorf("%d failures are left, want some, and an example with its message first", len(got.Failures))
			}
			if len(whole.Failures) != 2*whole.Listed || whole.Failures[1].Variant != "small" {
				t.Error("the caller's tally was changed")
			}
		})
	}
	if _, err := (BatchFailed{"not JSON"}).Tally(); err == nil {
		t.Error("a message that is not a tally was read")
	}
}

// TestBatchFailedNamesEveryItemIfItCan, once, before it leaves any out: the report finds those that are left
// out in the input of the child, but not why they failed.
func TestBatchFailedNamesEveryItemIfItCan(t *testing.T) {
	const items = 150
	whole := Tally{Listed: items, Failed: items, FailedBy: map[string]int{"Corrupt": items}}
	for i := range items {
		for _, variant := range []string{"large", "small"} {
			whole.Failures = append(whole.Failures, Failure{Key: fmt.Sprintf("in/%05d.jpg", i), Variant: variant, Code: "Corrupt", Message: strings.Repeat("m", 40)})
		}
	}
	got, err := NewBatchFailed(whole).Tally()
	if err != nil || len(got.Failures) != items {
		t.Fatalf("%d failures are left, %v, want one for each of %d items", len(got.Failures), err, items)
	}
	for i, f := range got.Failures {
		want := Failure{Key: fmt.Sprintf("in/%05d.jpg", i), Code: "Corrupt"}
		if i == 0 {
			want.Message = strings.Repeat("m", 40)
		}
		if f != want {
			t.Errorf("failure %d = %+v, want %+v", i, f, want)
		}
	}
}

// TestErrorsSpeakTheirMessage keeps the named errors plain: Lambda reports type and text.
func TestErrorsSpeakTheirMessage(t *testing.T) {
	for _, err := range []error{Throttled{"m"}, Unavailable{"m"}, AccessDenied{"m"}, SourceMissing{"m"}, DestinationMissing{"m"}, DestinationFull{"m"}, BatchFailed{"m"}} {
		if err.Error() != "m" {
			t.Errorf("%T says %q, want %q", err, err, "m")
		}
	}
}
