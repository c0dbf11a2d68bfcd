package fields

import (
	"fmt"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// read reads the field x of an object by one of the kinds, and tells what it made of a target that held before
// already: its value, and what was refused.
func read[T any](text string, target T, by func(*Object, *T)) string {
	var problems []Problem
	o := Read("", []byte(text), &problems)
	by(o, &target)
	o.End()
	if len(problems) > 0 {
		return fmt.Sprintf("%v, refused: %s", target, problems[0].Given)
	}
	return fmt.Sprint(target)
}

func TestKinds(t *testing.T) {
	text := func(o *Object, v *string) { o.Text("x", v, "a text") }
	short := func(o *Object, v *string) { o.ShortText("x", v, 4, "a text") }
	texts := func(o *Object, v *[]string) { o.Texts("x", v, "texts") }
	flag := func(o *Object, v *bool) { o.Flag("x", v) }
	whole := func(o *Object, v *int) { o.Whole("x", v, 2, 10) }
	wide := func(o *Object, v *int64) { o.Whole64("x", v, 0, math.MaxInt64) }
	number := func(o *Object, v *float64) { o.Number("x", v, 0, 100) }
	duration := func(o *Object, v *time.Duration) { o.Duration("x", v, time.Second, time.Minute) }
	moment := func(o *Object, v *time.Time) { o.Moment("x", v) }
	oneOf := func(o *Object, v *string) { OneOf(o, "x", v, "a", "b") }
	noon := time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC)
	for _, c := range []struct{ name, got, want string }{
		{"a text", read(`{"x":"new"}`, "old", text), "new"},
		{"an empty text", read(`{"x":""}`, "old", text), ""},
		{"no text", read(`{}`, "old", text), "old"},
		{"a number for a text", read(`{"x":7}`, "old", text), "old, refused: 7"},
		{"null for a text", read(`{"x":null}`, "old", text), "old"},
		{"a short text", read(`{"x":"four"}`, "old", short), "four"},
		{"one that is too long", read(`{"x":"fives"}`, "old", short), `old, refused: "fives"`},
		{"an empty short text", read(`{"x":""}`, "old", short), ""},
		{"texts", read(`{"x":["a","b"]}`, []string{"old"}, texts), "[a b]"},
		{"no texts", read(`{}`, []string{"old"}, texts), "[old]"},
		{"an empty list", read(`{"x":[]}`, []string{"old"}, texts), "[]"},
		{"true", read(`{"x":true}`, false, flag), "true"},
		{"false", read(`{"x":false}`, true, flag), "false"},
		{"no flag", read(`{}`, true, flag), "true"},
		{"the least whole number", read(`{"x":2}`, 5, whole), "2"},
		{"the greatest", read(`{"x":10}`, 5, whole), "10"},
		{"one less", read(`{"x":1}`, 5, whole), "5, refused: 1"},
		{"one more", read(`{"x":11}`, 5, whole), "5, refused: 11"},
		{"half of one", read(`{"x":2.5}`, 5, whole), "5, refused: 2.5"},
		{"a number in quotes", read(`{"x":"3"}`, 5, whole), `5, refused: "3"`},
		{"no whole number", read(`{}`, 5, whole), "5"},
		{"one without bound", read(`{"x":9223372036854775807}`, int64(5), wide), "9223372036854775807"},
		{"one beyond all", read(`{"x":9223372036854775808}`, int64(5), wide), "5, refused: 9223372036854775808"},
		{"the least number", read(`{"x":0}`, 5.5, number), "0"},
		{"the greatest number", read(`{"x":100}`, 5.5, number), "100"},
		{"a number", read(`{"x":1.25}`, 5.5, number), "1.25"},
		{"a number below", read(`{"x":-0.1}`, 5.5, number), "5.5, refused: -0.1"},
		{"no number", read(`{}`, 5.5, number), "5.5"},
		{"the shortest duration", read(`{"x":"1s"}`, time.Hour, duration), "1s"},
		{"the longest", read(`{"x":"1m"}`, time.Hour, duration), "1m0s"},
		{"one that is too short", read(`{"x":"999ms"}`, time.Hour, duration), `1h0m0s, refused: "999ms"`},
		{"one that is too long", read(`{"x":"61s"}`, time.Hour, duration), `1h0m0s, refused: "61s"`},
		{"one without unit", read(`{"x":"5"}`, time.Hour, duration), `1h0m0s, refused: "5"`},
		{"no duration", read(`{}`, time.Hour, duration), "1h0m0s"},
		{"a time", read(`{"x":"2026-11-02T15:04:05Z"}`, noon, moment), "2026-11-02 15:04:05 +0000 UTC"},
		{"a date", read(`{"x":"2026-11-02"}`, noon, moment), "2026-11-02 00:00:00 +0000 UTC"},
		{"no time", read(`{}`, noon, moment), noon.String()},
		{"one of two", read(`{"x":"b"}`, "old", oneOf), "b"},
		{"none of two", read(`{"x":"c"}`, "old", oneOf), `old, refused: "c"`},
		{"neither", read(`{}`, "old", oneOf), "old"},
	} {
		if c.got != c.want {
			t.Errorf("%s: %s, want %s", c.name, c.got, c.want)
		}
	}
}

// TestThereIsSomethingToGoBy: the kinds that need a further check say whether it has an object.
func TestThereIsSomethingToGoBy(t *testing.T) {
	for given, want := range map[string][3]bool{
		`{}`: {}, `{"x":null}`: {}, `{"x":7}`: {}, `{"x":"text"}`: {true, true, false}, `{"x":""}`: {true, false, false}, `{"x":["text"]}`: {false, false, true},
	} {
		var problems []Problem
		var s string
		var list []string
		o := Read("", []byte(given), &problems)
		got := [3]bool{o.Text("x", &s, ""), o.ShortText("x", &s, 9, ""), o.Texts("x", &list, "")}
		if got != want {
			t.Errorf("Text, ShortText and Texts of %s = %v, want %v", given, got, want)
		}
		if wantHas := strings.Contains(given, ":") && given != `{"x":null}`; o.Has("x") != wantHas {
			t.Errorf("Has of %s = %v, want %v", given, o.Has("x"), wantHas)
		}
	}
}

func TestWithin(t *testing.T) {
	var problems []Problem
	o := Read("", []byte(`{"inner":{"n":3},"list":[1],"none":null}`), &problems)
	n := 1
	inner := o.Within("inner")
	inner.Whole("n", &n, 0, 9)
	inner.End()
	if n != 3 || problems != nil || inner.Path != "inner" {
		t.Errorf("n = %d at %q, %v, want 3 at inner", n, inner.Path, problems)
	}
	o.Within("none").Whole("n", &n, 0, 9)
	o.Within("missing").Whole("n", &n, 0, 9)
	if n != 3 || problems != nil {
		t.Errorf("missing objects give %d, %v", n, problems)
	}
	o.Within("list")
	if diff := cmp.Diff([]Problem{{"list", "[1]", "a JSON object"}}, problems); diff != "" {
		t.Errorf("problems (-want +got):\n%s", diff)
	}
}

func TestClip(t *testing.T) {
	for given, want := range map[string]string{
		"": "nothing", " \n": "nothing", " 7 ": "7", "a\xffb": "a\uFFFDb",
		strings.Repeat("x", 80):                strings.Repeat("x", 80),
		strings.Repeat("x", 81):                strings.Repeat("x", 80) + "…",
		strings.Repeat("x", 79) + "é and more": strings.Repeat("x", 79) + "…",
	} {
		if got := Clip([]byte(given)); got != want {
			t.Errorf("Clip(%q) = %q, want %q", given, got, want)
		}
	}
}
