package audit

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"mapfleet/functions/job"
	"mapfleet/functions/resize/batch"
)

// verdict is what an audit and a worker can say alike of one source.
type verdict string

// auditVerdict takes it from an audit of one source.
func auditVerdict(r Report) verdict {
	switch s := r.Sources; {
	case s.Listed != 1:
		return verdict(fmt.Sprintf("%d sources", s.Listed))
	case s.Current == 1:
		return "current"
	case s.Ignored == 1:
		for code := range s.IgnoredBy {
			return verdict("ignored: " + code)
		}
	case s.Gone == 1:
		return "gone"
	case s.Colliding == 1:
		for _, f := range r.First[Collision] {
			if strings.Contains(f.Reason, "mapfleet has not made") {
				return "foreign"
			}
		}
		return "collision"
	}
	return verdict(strings.TrimSuffix(strings.Repeat("missing ", int(r.Outputs.Missing))+strings.Repeat("stale ", int(r.Outputs.Stale)), " "))
}

// workerVerdict takes it from three runs over the same objects, which each end a world of their own: the
// modes differ in what they do to an output that is there, and so tell what it is.
func workerVerdict(t *testing.T, w *world, items []job.Item) verdict {
	t.Helper()
	tallies := map[job.Overwrite]job.Tally{}
	for _, mode := range []job.Overwrite{job.OverwriteStale, job.OverwriteAlways, job.OverwriteNever} {
		own := &world{w.clone(), w.deployment}
		own.fails = w.fails
		tallies[mode] = own.run(t, mode, items)
	}
	stale, always, never := tallies[job.OverwriteStale], tallies[job.OverwriteAlways], tallies[job.OverwriteNever]
	for code := range stale.IgnoredBy {
		if always.Ignored != 1 {
			t.Errorf("ignored with stale, but with always: %+v", always)
		}
		return verdict("ignored: " + code)
	}
	for code := range stale.FailedBy {
		switch code {
		case batch.FailedGone:
			return "gone"
		case batch.FailedCollision:
			switch {
			case always.Failed == 1 && never.Failed == 1: // another source's
			case always.Written == 1 && never.Current == 1: // not made by mapfleet
				return "foreign"
			default:
				t.Errorf("a collision with stale, but with always %+v, with never %+v", always, never)
			}
			return "collision"
		}
		return "missing" // what cannot be made has no output
	}
	switch {
	case stale.Current == 1 && always.Written == 1 && never.Current == 1:
		return "current"
	case stale.Written == 1 && never.Current == 1:
		return "stale"
	case stale.Written == 1 && never.Written == 1:
		return "missing"
	}
	t.Errorf("stale %+v, always %+v, never %+v: no verdict", stale, always, never)
	return ""
}

// TestAuditAndWorkerAgree holds the two together: for the same objects, what an audit calls current is
// what a worker leaves alone, and so on for every verdict.
func TestAuditAndWorkerAgree(t *testing.T) {
	const key = "a.jpg"
	recipe := newWorld(t).deployment.Recipe[0].Recipe()
	output := func(source, etag, recipe string) func(*world) {
		return func(w *world) { w.thumb("s/"+key, marks(source, etag, recipe)) }
	}
	picture := func(w *world) { w.source(key, photo(t, 1)) }
	all := func(set ...func(*world)) func(*world) {
		return func(w *world) {
			for _, s := range set {
				s(w)
			}
		}
	}
	current := newWorld(t)
	picture(current)
	etag := current.etagOf(key)

	for _, c := range []struct {
		name string
		set  func(*world)
		want verdict
	}{
		{"a new picture", picture, "missing"},
		{"made from this ETag by this recipe", all(picture, output("in/a.jpg", etag, recipe)), "current"},
		{"made from another ETag", all(picture, output("in/a.jpg", "another", recipe)), "stale"},
		{"made by another recipe", all(picture, output("in/a.jpg", etag, "another")), "stale"},
		{"made from another ETag by another recipe", all(picture, output("in/a.jpg", "x", "y")), "stale"},
		{"made by hand", all(picture, func(w *world) { w.thumb("s/a.jpg", nil) }), "foreign"},
		{"made by hand, with the ETag of nothing", all(picture, output("in/a.jpg", "", recipe)), "stale"},
		{"made from another source", all(picture, output("in/b.jpg", etag, recipe)), "collision"},
		{"a broken picture", func(w *world) { w.source(key, []byte("no picture")) }, "missing"},
		{"an empty object", func(w *world) { w.source(key, nil) }, "ignored: Empty"},
		{"an empty object with an output", all(func(w *world) { w.source(key, nil) }, output("in/a.jpg", "x", "y")), "ignored: Empty"},
		{"an output among the sources", func(w *world) {
			w.buckets["photos"]["in/a.jpg"] = object{body: photo(t, 1), metadata: marks("in/x.jpg", "e", "r")}
		}, "ignored: OwnOutput"},
		{"an output among the sources, at a key that is another's", all(func(w *world) {
			w.buckets["photos"]["in/a.jpg"] = object{body: photo(t, 1), metadata: marks("in/x.jpg", "e", "r")}
		}, output("in/b.jpg", "x", "y")), "collision"},
	} {
		t.Run(c.name, func(t *testing.T) {
			for _, form := range []struct{ name, input string }{{"listed", `{}`}, {"named", `{"keys":["in/a.jpg"]}`}} {
				w := newWorld(t)
				w.thumb("beside", nil) // the destination is never empty
				c.set(w)
				items := w.listed(t)
				if form.name == "named" {
					items = []job.Item{{Key: "in/a.jpg", Size: -1}}
				}
				got := auditVerdict(w.audit(t, form.input))
				if works := workerVerdict(t, w, items); got != c.want || works != c.want {
					t.Errorf("%s: the audit says %q, the worker %q, want both %q", form.name, got, works, c.want)
				}
			}
		})
	}
}

// TestByOtherNames is of keys that decide by themselves.
func TestByOtherNames(t *testing.T) {
	for _, c := range []struct {
		name, key string
		body      []byte
		input     string
		want      verdict
	}{
		{"a text", "notes.txt", []byte("milk, bread"), `{}`, "ignored: NotAnImage"},
		{"a picture by content alone", "a.dat", photo(t, 1), `{}`, "missing"},
		{"a text that claims to be a picture", "a.jpg", []byte("hello"), `{}`, "missing"},
		{"a console's folder", "folder/", nil, `{}`, "ignored: Empty"},
		{"a filtered picture", "a.jpg", photo(t, 1), `{"filter":{"suffixes":[".png"]}}`, "ignored: Filtered"},
		{"a key that grows too long", strings.Repeat("x", 1020), photo(t, 1), `{}`, "missing"},
		{"a key that would leave its folder", "../a.jpg", photo(t, 1), `{}`, "missing"},
		{"a name beyond ASCII", "Été 2026/a b+c%20d 100% 😀.jpg", photo(t, 1), `{}`, "missing"},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := newWorld(t)
			w.thumb("beside", nil)
			w.source(c.key, c.body)
			if got := auditVerdict(w.audit(t, c.input)); got != c.want {
				t.Errorf("the audit says %q, want %q", got, c.want)
			}
			if strings.Contains(c.input, "filter") {
				return
			}
			if works := workerVerdict(t, w, w.listed(t)); works != c.want {
				t.Errorf("the worker says %q, want %q", works, c.want)
			}
		})
	}
}

func TestKeysThatAreNotThere(t *testing.T) {
	w := newWorld(t)
	w.thumb("beside", nil)
	r := w.audit(t, `{"keys":["in/none.jpg"]}`)
	if got, works := auditVerdict(r), workerVerdict(t, w, []job.Item{{Key: "in/none.jpg", Size: -1}}); got != "gone" || works != "gone" {
		t.Errorf("the audit says %q, the worker %q, want both gone", got, works)
	}
	if diff := cmp.Diff([]string{"gone in/none.jpg"}, kinds(r)); diff != "" {
		t.Errorf("findings (-want +got):\n%s", diff)
	}
}

// TestArchived: a worker fails what is archived without a look; an audit looks, for the output may be
// there from before.
func TestArchived(t *testing.T) {
	w := newWorld(t)
	w.buckets["photos"]["in/a.jpg"] = object{body: photo(t, 1), class: "GLACIER"}
	w.buckets["photos"]["in/b.jpg"] = object{body: photo(t, 2), class: "GLACIER"}
	w.thumb("s/b.jpg", marks("in/b.jpg", w.etagOf("b.jpg"), w.deployment.Recipe[0].Recipe()))
	r := w.audit(t, `{}`)
	if diff := cmp.Diff([]string{"missing in/a.jpg s"}, kinds(r)); diff != "" {
		t.Errorf("findings (-want +got):\n%s", diff)
	}
	if reason := r.First[Missing][0].Reason; !strings.Contains(reason, "GLACIER") {
		t.Errorf("the reason %q does not name the storage class", reason)
	}
	if r.Requests.Get != 0 {
		t.Errorf("%d archived objects were read", r.Requests.Get)
	}
}
