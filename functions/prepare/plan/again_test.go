package plan

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"mapfleet/functions/job"
)

// failing is a planner of a deployment in which the run night was started by input, and has left a failure.
func failing(t *testing.T, input string) (*Planner, *fakeS3) {
	t.Helper()
	p, store := planner("photos/in/bad.jpg")
	ran(t, p, "night", input)
	store.objects["work/reports/night/failures.jsonl"] = `{"key":"in/bad.jpg","code":"DecodeFailed","message":"m"}` + "\n"
	return p, store
}

const unusual = `{"variants":[{"name":"w200","width":200,"format":"webp","quality":"high","key":"{variant}/{stem}{ext}"}],"overwrite":"always",
	"filter":{"suffixes":[".JPG"],"modifiedAfter":"2026-11-02T03:04:05.678Z"},"toleratedFailurePercentage":1,"batchSize":7,"maxConcurrency":3,"maxItems":1,"comment":"c"}`

// TestFailuresAreRunAgainByTheirOwnRecipe: what decides the outputs comes from the plan of the run that failed, also
// through a retry of a retry; what cuts up and bounds the work is the deployment's.
func TestFailuresAreRunAgainByTheirOwnRecipe(t *testing.T) {
	p, store := failing(t, unusual)
	wide := job.Variant{Name: "w200", Width: 200, Fit: job.FitInside, Format: job.FormatWebP, Quality: 90, Fine: true, Key: "{variant}/{stem}{ext}"}
	for _, earlier := range []string{"night", "nightly"} {
		s := start(`{"retryFailuresOf":"` + earlier + `"}`)
		if earlier == "nightly" {
			s.Run = "and-again"
		}
		got, err := p.Plan(t.Context(), s)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff([]job.Variant{wide}, got.Job.Variants); diff != "" || got.Job.Overwrite != job.OverwriteAlways {
			t.Errorf("failures of %s: overwrite %s, variants (-want +got):\n%s", earlier, got.Job.Overwrite, diff)
		}
		filter := job.Filter{Suffixes: []string{".JPG"}, ModifiedAfter: time.Date(2026, 11, 2, 3, 4, 5, 678e6, time.UTC)}
		if diff := cmp.Diff(filter, got.Job.Filter); diff != "" {
			t.Errorf("failures of %s: the filter (-want +got):\n%s", earlier, diff)
		}
		if want := (job.Limits{BatchSize: 1, MapRuns: 1, MaxConcurrency: 50, ToleratedFailurePercentage: 100, MaxItems: job.MaxMapRunItems}); got.Limits != want {
			t.Errorf("failures of %s: limits %+v, want %+v", earlier, got.Limits, want)
		}
		if got.RetryFailuresOf != earlier || got.Comment != "" || len(got.Shards) != 1 || got.Shards[0].Items != 1 {
			t.Errorf("failures of %s: %+v", earlier, got)
		}
		store.objects["work/reports/nightly/failures.jsonl"] = store.objects["work/reports/night/failures.jsonl"]
	}
}

// TestWhatIsNamedWinsOverTheEarlierPlan: each member by itself, the others stay.
func TestWhatIsNamedWinsOverTheEarlierPlan(t *testing.T) {
	for _, c := range []struct {
		input              string
		variant, overwrite string
		suffixes           int
		tolerated          float64
	}{
		{`{"retryFailuresOf":"night","variants":[{"name":"s","width":1}]}`, "s", "always", 1, 100},
		{`{"retryFailuresOf":"night","overwrite":"never","variants":null}`, "w200", "never", 1, 100},
		{`{"retryFailuresOf":"night","filter":{}}`, "w200", "always", 0, 100},
		{`{"retryFailuresOf":"night","toleratedFailurePercentage":0}`, "w200", "always", 1, 0},
	} {
		p, _ := failing(t, unusual)
		got, err := p.Plan(t.Context(), start(c.input))
		if err != nil {
			t.Errorf("Plan(%s): %v", c.input, err)
			continue
		}
		j := got.Job
		if j.Variants[0].Name != c.variant || string(j.Overwrite) != c.overwrite || len(j.Filter.Suffixes) != c.suffixes || got.Limits.ToleratedFailurePercentage != c.tolerated {
			t.Errorf("Plan(%s): %+v, tolerated %v, want %+v", c.input, j, got.Limits.ToleratedFailurePercentage, c)
		}
	}
}

// TestFailuresOfAPlanThatDoesNotTell: nothing is made by a recipe that the caller does not know of.
func TestFailuresOfAPlanThatDoesNotTell(t *testing.T) {
	const (
		at    = "work/reports/night/plan.json"
		avif  = `{"job":{"source":{"bucket":"photos","prefix":"in/"},"destination":{"bucket":"thumbs","prefix":"out/"},"overwrite":"stale","variants":[{"name":"a","width":9,"format":"avif","key":"{variant}/{dir}{stem}{ext}"}]}}`
		all   = `{"retryFailuresOf":"night","variants":[{"name":"s","width":1}],"overwrite":"stale","filter":{}}`
		alone = `{"retryFailuresOf":"night"}`
		gone  = `given nothing; allowed: as run "night" had it, named in this input: its plan s3://` + at + ` is gone, or does not tell it`
	)
	for _, c := range []struct{ name, plan, input, says string }{
		{"expired", "", alone, "variants, overwrite, filter: " + gone},
		{"expired, and the recipe is named", "", `{"retryFailuresOf":"night","variants":[{"name":"s","width":1}]}`, "overwrite, filter: " + gone},
		{"expired, and all is named", "", all, ""},
		{"cut off", `{"job":{"variants":[`, alone, "variants, overwrite, filter: " + gone},
		{"cut off, and all is named", `{"job":`, all, ""},
		{"of a version that kept no variants", strings.Replace(avif, `"variants"`, `"recipe"`, 1), alone, "variants: " + gone},
		{"of a later version", strings.Replace(avif, `"format":"avif"`, `"sharpen":1`, 1), alone, `variants[0].sharpen, as run "night" had it: given 1; allowed: no such field`},
		{"of a deployment that allowed more", avif, alone, `variants[0].format, as run "night" had it: given "avif"; allowed: avif only where the deployment has its option avif set to true; or name "variants" in this input`},
		{"with an overwrite that is unknown", strings.Replace(avif, `"overwrite":"stale"`, `"overwrite":""`, 1), strings.Replace(all, `"overwrite":"stale",`, "", 1), `overwrite, as run "night" had it: given ""; allowed: "stale", "always", "never"; or name "overwrite"`},
		{"of another destination", strings.Replace(avif, "out/", "old/", 1), all, `retryFailuresOf: given "night", which went from s3://photos/in/ to s3://thumbs/old/; allowed: a run from s3://photos/in/ to s3://thumbs/out/, as the deployment is now; "manifest":"s3://work/reports/night/failures.jsonl"`},
		{"of another source", strings.Replace(avif, "in/", "", 1), alone, `which went from s3://photos/ to `},
	} {
		t.Run(c.name, func(t *testing.T) {
			p, store := failing(t, unusual)
			delete(store.objects, "work/reports/nightly/plan.json")
			if store.objects[at] = c.plan; c.plan == "" {
				delete(store.objects, at)
			}
			before := len(store.objects)
			got, err := p.Plan(t.Context(), start(c.input))
			if c.says == "" {
				if err != nil || got.Job.Variants[0].Name != "s" || got.Limits.ToleratedFailurePercentage != 100 {
					t.Errorf("%+v, %v, want the caller's own recipe", got, err)
				}
				return
			}
			if _, bare := err.(job.InvalidInput); !bare || !strings.Contains(err.Error(), c.says) {
				t.Errorf("%T %v, want a bare InvalidInput that says %q", err, err, c.says)
			}
			if len(store.objects) != before {
				t.Error("something was written")
			}
		})
	}
}

func TestEarlierPlanThatCannotBeReadNow(t *testing.T) {
	for code, status := range map[string]int{"SlowDown": 503, "AccessDenied": 403} {
		p, store := failing(t, unusual)
		store.faults["GET work/reports/night/plan.json"] = answer(status, code)
		_, err := p.Plan(t.Context(), start(`{"retryFailuresOf":"night"}`))
		switch err.(type) {
		case job.Throttled, job.AccessDenied:
		default:
			t.Errorf("%s: %T %v, want a bare fault of S3: nothing is known of the plan", code, err, err)
		}
	}
}
