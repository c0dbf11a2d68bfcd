package fields

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// TestEverythingWrongIsToldAtOnce: by its full path, with what was given as Quote tells it.
func TestEverythingWrongIsToldAtOnce(t *testing.T) {
	var problems []Problem
	o := Read("in", []byte(`{"name":7,"n":0,"share":101,"wait":5,"on":"yes","when":"soon","kind":"c","list":[1],"inner":{"extra":1},"other":[]}`), &problems)
	var (
		text, kind string
		n          int
		share      float64
		wait       time.Duration
		on         bool
		when       time.Time
		list       []string
	)
	o.Quote = func(field string, given []byte) string { return field + " " + string(given) }
	o.ShortText("name", &text, 9, "a name")
	o.Whole("n", &n, 1, 5)
	o.Number("share", &share, 0, 100)
	o.Duration("wait", &wait, time.Second, time.Minute)
	o.Flag("on", &on)
	o.Moment("when", &when)
	OneOf(o, "kind", &kind, "a", "b")
	o.Texts("list", &list, "texts")
	inner := o.Within("inner")
	inner.Say("extra", "too much", "less")
	inner.End()
	o.End()
	var got []string
	for _, p := range problems {
		got = append(got, p.String())
	}
	want := []string{
		"in.name: given name 7; allowed: a name of at most 9 bytes",
		"in.n: given n 0; allowed: a whole number from 1 to 5",
		"in.share: given share 101; allowed: a number from 0 to 100",
		`in.wait: given wait 5; allowed: a duration with its unit, such as "500ms" or "2.5s", from 1s to 1m0s`,
		`in.on: given on "yes"; allowed: true or false`,
		`in.when: given when "soon"; allowed: a time such as 2026-11-02T15:04:05Z, or a date such as 2026-11-02 (UTC)`,
		`in.kind: given kind "c"; allowed: "a", "b"`,
		"in.list: given list [1]; allowed: texts",
		"in.inner.extra: given too much; allowed: less",
		"in.inner.extra: given extra 1; allowed: no such field; the fields are ",
		"in.other: given other []; allowed: no such field; the fields are inner, kind, list, n, name, on, share, wait, when",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("problems (-want +got):\n%s", diff)
	}
}

func TestNoObject(t *testing.T) {
	for given, want := range map[string]string{
		"":     "the run input: given nothing; allowed: a JSON object, {} at the least (unexpected end of JSON input at byte 0)",
		"[]":   "the run input: given []; allowed: a JSON object, {} at the least",
		"null": "the run input: given null; allowed: a JSON object, {} at the least",
		"{,}":  "the run input: given {,}; allowed: a JSON object, {} at the least (invalid character ',' looking for beginning of object key string at byte 2)",
	} {
		var problems []Problem
		if o := Read("", []byte(given), &problems); o.Raw != nil || len(problems) != 1 || problems[0].String() != want {
			t.Errorf("Read(%q): %v, want %q", given, problems, want)
		}
	}
}
