package merge

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"mapfleet/functions/job/checks"
)

// edit changes the file, of which the next runs are.
func (w *world) edit(file []string) {
	w.file, w.edited = file, w.edited+1
}

// failing is a run in which the lines of these checks fail.
func (w *world) failing(names ...string) *run {
	codes := map[int]checks.Code{}
	for i, name := range w.file {
		if slices.Contains(names, name) {
			codes[i+1] = checks.Timeout
		}
	}
	return w.whole(codes)
}

// changes are those of an alert, in short.
func changes(a checks.Alert) string {
	return fmt.Sprintf("%d new, %d recovered, %d gone, %d still, told %v", a.New, a.Recovered, a.Gone, a.Still, a.Changed)
}

// TestReport_an_edited_file: a check is known wherever it is now.
func TestReport_an_edited_file(t *testing.T) {
	var many []string
	for n := range 250 {
		many = append(many, fmt.Sprint("new", n))
	}
	down := []string{"c3", "c10", "c222", "c500", "c599"}
	for name, c := range map[string]struct {
		edit    func([]string) []string
		failing []string
		want    string
	}{
		"many lines on top":       {func(f []string) []string { return slices.Concat(many, f) }, down, "0 new, 0 recovered, 0 gone, 5 still, told false"},
		"sorted backwards":        {func(f []string) []string { slices.Reverse(f); return f }, down, "0 new, 0 recovered, 0 gone, 5 still, told false"},
		"a failing check less":    {func(f []string) []string { return slices.Delete(f, 9, 10) }, down, "0 new, 0 recovered, 1 gone, 4 still, told true"},
		"one well, one fails":     {func(f []string) []string { return slices.Concat(many, f) }, append(down[1:], "new7"), "1 new, 1 recovered, 0 gone, 4 still, told true"},
		"another file altogether": {func([]string) []string { return many }, []string{"new1"}, "1 new, 0 recovered, 5 gone, 0 still, told true"},
	} {
		for _, plain := range []bool{false, true} {
			t.Run(fmt.Sprint(name, ", without ids ", plain), func(t *testing.T) {
				w := newWorld(600)
				w.plain = plain
				w.failing(down...).report(t)
				w.edit(c.edit(slices.Clone(w.file)))
				s := w.failing(c.failing...).report(t)
				if got := changes(s.Alert); got != c.want {
					t.Errorf("%s, want %s", got, c.want)
				}
				if s.Alert.Recovered > 0 && !strings.Contains(s.Alert.Message, "Recovered:\n  line 253, ") {
					t.Errorf("what recovered is not named by the line where it is now:\n%s", s.Alert.Message)
				}
				for range 2 { // whether the file is the same or edited once more
					again := w.failing(c.failing...).report(t)
					if want := fmt.Sprintf("0 new, 0 recovered, 0 gone, %d still, told false", s.Failing); changes(again.Alert) != want {
						t.Errorf("the next run: %s, want %s", changes(again.Alert), want)
					}
					w.edited++
				}
			})
		}
	}
}

// TestReport_a_check_that_is_no_longer_there is named once, in message and page.
func TestReport_a_check_that_is_no_longer_there(t *testing.T) {
	w := newWorld(3)
	w.failing("c2").report(t)
	w.edit([]string{"c1", "c3"})
	r := w.failing()
	s := r.report(t)
	if s.Alert.Subject != "mapfleet checks: 1 no longer checked" ||
		!strings.Contains(s.Alert.Message, "No longer checked, by the lines where they were:\n  line 2, c2 https://example.com/c2: was Timeout since 2026-11-21T12:01:00Z\n") {
		t.Errorf("alert %q, %q", s.Alert.Subject, s.Alert.Message)
	}
	if page := r.s3.objects["work/"+checks.ReportKey(r.plan.Run, "report.html")]; !strings.Contains(page, "<h3>No longer checked</h3>") || !strings.Contains(page, "<dt>No longer checked</dt><dd>1</dd>") {
		t.Error("the page does not say so")
	}
	if s := w.failing().report(t); s.Alert.Changed {
		t.Errorf("it is told again: %s", changes(s.Alert))
	}
}

// TestReport_a_name_stands_for_a_check, whatever its URL is now, where no other check has it.
func TestReport_a_name_stands_for_a_check(t *testing.T) {
	for name, c := range map[string]struct {
		rename func(*run)
		want   string
	}{
		"another URL": {func(r *run) { r.items(t, `{"line":1,"id":"shop","url":"https://new/"}`) }, "0 new, 0 recovered, 0 gone, 1 still, told false"},
		"two checks of the name": {func(r *run) {
			r.items(t, `{"line":1,"id":"shop","url":"https://new/"}`, `{"line":2,"id":"shop","url":"https://other/"}`)
		}, "1 new, 0 recovered, 1 gone, 0 still, told true"},
		"the old one is there, too": {func(r *run) {
			r.items(t, `{"line":1,"id":"shop","url":"https://new/"}`, `{"line":2,"id":"shop","url":"https://old/"}`)
		}, "1 new, 1 recovered, 0 gone, 0 still, told true"},
		"only one is left of two":  {func(r *run) { r.items(t, `{"line":1,"id":"twice","url":"https://new/"}`) }, "1 new, 1 recovered, 2 gone, 0 still, told true"},
		"the line has no name now": {func(r *run) { r.items(t, `{"line":1,"url":"https://new/"}`) }, "1 new, 0 recovered, 1 gone, 0 still, told true"},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(3)
			first := w.whole(map[int]checks.Code{1: checks.Timeout})
			first.items(t, `{"line":1,"id":"shop","url":"https://old/"}`)
			if strings.HasPrefix(name, "only one") {
				first = w.whole(map[int]checks.Code{1: checks.Timeout, 2: checks.Timeout, 3: checks.Timeout})
				first.items(t, `{"line":1,"id":"twice","url":"https://old/"}`, `{"line":2,"id":"twice","url":"https://other/"}`)
			}
			first.report(t)
			w.edited++
			r := w.failing("c1")
			c.rename(r)
			if got := changes(r.report(t).Alert); got != c.want {
				t.Errorf("%s, want %s", got, c.want)
			}
		})
	}
}

// items has the file's first lines read so.
func (r *run) items(t *testing.T, lines ...string) {
	t.Helper()
	for n := len(lines) + 1; n <= len(r.file); n++ {
		data, err := json.Marshal(r.item(n))
		if err != nil {
			t.Fatal(err)
		}
		lines = append(lines, string(data))
	}
	r.s3.objects["work/"+r.plan.Items.Key] = strings.Join(lines, "\n") + "\n"
}

// TestReport_twins are lines of the same name and URL: how many of them fail is compared, and one that is
// where it was is that one.
func TestReport_twins(t *testing.T) {
	w := newWorld(1)
	w.file = []string{"twin", "twin", "c3"}
	w.whole(map[int]checks.Code{1: checks.Timeout}).report(t)
	w.whole(map[int]checks.Code{1: checks.Timeout, 2: checks.Reset}).report(t)
	w.edit([]string{"twin", "twin", "c3", "new"})
	s := w.whole(map[int]checks.Code{2: checks.Reset}).report(t)
	if want := "line 1, twin https://example.com/twin: was Timeout since 2026-11-21T12:01:00Z"; changes(s.Alert) != "0 new, 1 recovered, 0 gone, 1 still, told true" || !strings.Contains(s.Alert.Message, want) {
		t.Errorf("%s, want one recovered: %s\n%s", changes(s.Alert), want, s.Alert.Message)
	}
	w.edit([]string{"more", "twin", "twin", "c3", "new"})
	if s := w.whole(map[int]checks.Code{3: checks.Reset}).report(t); s.Alert.Changed {
		t.Errorf("%s, want no change: one of them fails, as before", changes(s.Alert))
	}
	w.edit([]string{"c3", "twin"})
	if s := w.whole(map[int]checks.Code{2: checks.Reset}).report(t); s.Alert.Changed {
		t.Errorf("%s, want no change: the twin that was well is gone", changes(s.Alert))
	}
	w.edit([]string{"twin", "twin"})
	w.plain, w.posts = true, []int{2}
	w.whole(map[int]checks.Code{1: checks.Reset}).report(t)
	w.edited++
	if s := w.whole(map[int]checks.Code{2: checks.Reset}).report(t); changes(s.Alert) != "1 new, 1 recovered, 0 gone, 0 still, told true" {
		t.Errorf("%s, want one of each: another method is another check", changes(s.Alert))
	}
}

// TestReport_bad_lines are told apart by what is in them, and the results show what they give.
func TestReport_bad_lines(t *testing.T) {
	w := newWorld(2)
	w.output = "s3://files/out.csv"
	w.file[0] = "bad htps://x"
	if s := w.failing().report(t); changes(s.Alert) != "1 new, 0 recovered, 0 gone, 0 still, told true" || !strings.Contains(s.Alert.Message, "line 1, htps://x: BadLine") {
		t.Errorf("%s\n%s", changes(s.Alert), s.Alert.Message)
	}
	if want := "\n1,,htps://x,BadLine,"; !strings.Contains(w.s3.objects["files/out.csv"], want) {
		t.Errorf("results\n%s, want %q", w.s3.objects["files/out.csv"], want)
	}
	w.edit([]string{"c2", "bad htps://x"})
	if s := w.failing().report(t); s.Alert.Changed {
		t.Errorf("%s, want no change: it is in another line", changes(s.Alert))
	}
	w.edit([]string{"c2", "bad htps://CHANGED"})
	if s := w.failing().report(t); changes(s.Alert) != "1 new, 0 recovered, 1 gone, 0 still, told true" {
		t.Errorf("%s, want another bad line", changes(s.Alert))
	}
	w.edit([]string{"c2"})
	if s := w.failing().report(t); changes(s.Alert) != "0 new, 0 recovered, 1 gone, 0 still, told true" {
		t.Errorf("%s, want none left", changes(s.Alert))
	}
}

// TestReport_what_is_not_known_of_an_edited_file stays, too.
func TestReport_what_is_not_known_of_an_edited_file(t *testing.T) {
	w := newWorld(300)
	w.failing("c300").report(t)
	slices.Reverse(w.file)
	w.edited++
	if s := w.begin().report(t); s.NotDone != 300 || s.Alert.Recovered+s.Alert.Gone > 0 {
		t.Errorf("%s", changes(s.Alert))
	}
	if s := w.failing("c300").report(t); changes(s.Alert) != "0 new, 0 recovered, 0 gone, 1 still, told true" || !strings.Contains(s.Alert.Subject, "all lines done again") {
		t.Errorf("%s %s", changes(s.Alert), s.Alert.Subject)
	}
}

// TestReport_what_is_not_known_of_a_renamed_check stays under what it is called now.
func TestReport_what_is_not_known_of_a_renamed_check(t *testing.T) {
	w := newWorld(1)
	r := w.failing("c1")
	r.items(t, `{"line":1,"id":"shop","url":"https://old/"}`)
	r.report(t)
	w.edited++
	for range 2 { // the second run is over the same file
		r = w.begin()
		r.items(t, `{"line":1,"id":"shop","url":"https://new/?a"}`)
		if s := r.report(t); s.NotDone != 1 || s.Alert.Recovered+s.Alert.Gone > 0 {
			t.Errorf("%s", changes(s.Alert))
		}
	}
	w.edited++
	r = w.whole(nil)
	r.items(t, `{"line":1,"url":"https://none/"}`)
	if s := r.report(t); !strings.Contains(s.Alert.Message, "line 1, shop https://new/?…: was Timeout since 2026-11-21T12:01:00Z") {
		t.Errorf("%s\n%s", changes(s.Alert), s.Alert.Message)
	}
}

// TestMemory_beyond_what_it_knows: the rest is looked for near where it was, whatever it costs in words.
func TestMemory_beyond_what_it_knows(t *testing.T) {
	check := func(n, at int) line { return line{Line: at, URL: fmt.Sprint("https://example.com/", n)} }
	var kept strings.Builder
	for n := 1; n <= 10; n++ {
		kept.WriteString(jsonLines(failing{Line: n * 100, Mark: check(n, 0).identity().mark, Code: checks.Timeout}))
	}
	var gone []int
	m := &memory{in: json.NewDecoder(strings.NewReader(kept.String())), edited: true, gone: func(f failing) { gone = append(gone, f.Line) }}
	if err := m.know(4); err != nil {
		t.Fatal(err)
	}
	var found []int
	for _, l := range []line{check(4, 1), check(5, 350), check(2, 600), check(6, 700), check(7, 901), check(9, 1000), check(3, 5000)} {
		was, ok, err := m.take(l, false)
		if err != nil {
			t.Fatal(err)
		}
		if ok {
			found = append(found, was.Line/100)
		}
	}
	if err := m.left(func(failing) { t.Error("something recovered") }); err != nil {
		t.Fatal(err)
	}
	if want := []int{4, 5, 2, 6, 9, 3}; !slices.Equal(found, want) {
		t.Errorf("found checks %v, want %v: the seventh moved too far", found, want)
	}
	if want := []int{700, 100, 800, 1000}; !slices.Equal(gone, want) {
		t.Errorf("gone lines %v, want %v", gone, want)
	}
}

// TestMemory_of_twins_beyond_what_it_knows: one that is where it was is that one.
func TestMemory_of_twins_beyond_what_it_knows(t *testing.T) {
	twin := line{Line: 510, ID: "twin"}
	kept := jsonLines(failing{Line: 500, ID: "twin", Mark: mark("")}, failing{Line: 510, ID: "twin", Mark: mark("")}, failing{Line: 520, ID: "twin", Mark: mark("")})
	m := &memory{in: json.NewDecoder(strings.NewReader(kept)), edited: true}
	if was, ok, err := m.take(twin, true); was.Line != 510 || !ok || err != nil {
		t.Errorf("line 510 was line %d, %v, %v", was.Line, ok, err)
	}
	if was, ok, err := m.take(twin, true); was.Line != 500 || !ok || err != nil {
		t.Errorf("another one was line %d, %v, %v, want the first that is left", was.Line, ok, err)
	}
}
