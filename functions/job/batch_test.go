package job

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestTallyAdd(t *testing.T) {
	early, late := time.Unix(100, 0).UTC(), time.Unix(200, 0).UTC()
	a := Tally{
		Listed: 4, Written: 1, Current: 1, Ignored: 1, Failed: 1, Outputs: 2, BytesIn: 10, BytesOut: 5,
		Milliseconds: map[string]int64{"fetch": 1, "put": 2}, IgnoredBy: map[string]int{"Empty": 1}, FailedBy: map[string]int{"Gone": 1},
		Failures: Failures{{Key: "a", Code: "Gone"}}, Samples: []Sample{{Key: "s"}}, Started: early, Finished: early, Rounds: 1,
	}
	b := Tally{
		Listed: 2, Failed: 2, Outputs: 1, BytesIn: 1, BytesOut: 1,
		Milliseconds: map[string]int64{"fetch": 3}, FailedBy: map[string]int{"Gone": 1, "Archived": 1},
		Failures: Failures{{Key: "b", Code: "Gone"}, {Key: "c", Code: "Archived"}}, Started: late, Finished: late, Rounds: 2,
	}
	want := Tally{
		Listed: 6, Written: 1, Current: 1, Ignored: 1, Failed: 3, Outputs: 3, BytesIn: 11, BytesOut: 6,
		Milliseconds: map[string]int64{"fetch": 4, "put": 2}, IgnoredBy: map[string]int{"Empty": 1}, FailedBy: map[string]int{"Gone": 2, "Archived": 1},
		Failures: Failures{{Key: "a", Code: "Gone"}, {Key: "b", Code: "Gone"}, {Key: "c", Code: "Archived"}},
		Samples:  []Sample{{Key: "s"}}, Started: early, Finished: late, Rounds: 3,
	}
	for name, order := range map[string][2]Tally{"early first": {a, b}, "to nothing": {{}, want}, "nothing to it": {want, {}}} {
		got := order[0]
		got.Add(order[1])
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s: the sum differs (-want +got):\n%s", name, diff)
		}
	}
	b.Add(a)
	if b.Started != early || b.Finished != late || b.FailedBy["Gone"] != 2 || a.FailedBy["Gone"] != 1 {
		t.Errorf("late first: %+v; added: %+v", b, a)
	}
}

func TestTallyBalanced(t *testing.T) {
	for _, c := range []struct {
		tally Tally
		want  bool
	}{
		{Tally{}, true},
		{Tally{Listed: 10, Written: 1, Current: 2, Ignored: 3, Failed: 4}, true},
		{Tally{Listed: 9, Written: 1, Current: 2, Ignored: 3, Failed: 4}, false},
		{Tally{Listed: 1}, false},
	} {
		if got := c.tally.Balanced(); got != c.want {
			t.Errorf("%+v.Balanced() = %v, want %v", c.tally, got, c.want)
		}
	}
}

func TestBatchReadsTheEventOfANextRound(t *testing.T) {
	const event = `{"Items":[{"Key":"a","Size":1}],"BatchInput":{"job":{"run":"r","variants":[],"overwrite":"stale"}},"Earlier":{"listed":2,"written":2,"failures":[{"key":"k","code":"Gone","message":"m"}]}}`
	var b Batch
	if err := json.Unmarshal([]byte(event), &b); err != nil {
		t.Fatal(err)
	}
	want := Batch{
		Items: []Item{{Key: "a", Size: 1}}, BatchInput: BatchInput{Job{Run: "r", Variants: []Variant{}, Overwrite: OverwriteStale}},
		Earlier: &Tally{Listed: 2, Written: 2, Failures: Failures{{Key: "k", Code: "Gone", Message: "m"}}},
	}
	if diff := cmp.Diff(want, b); diff != "" {
		t.Errorf("the event differs (-want +got):\n%s", diff)
	}
}
