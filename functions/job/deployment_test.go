package job

import (
	"maps"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func environment() map[string]string {
	return map[string]string{
		"SOURCE_BUCKET": "photos", "SOURCE_PREFIX": "in/", "DESTINATION_BUCKET": "thumbs", "DESTINATION_PREFIX": "out/", "WORK_BUCKET": "work", "MANIFEST_BUCKET": "lists",
		"RECIPE": `[{"name":"w64","width":64}]`, "DEFAULT_BATCH_SIZE": "100", "MAX_BATCH_SIZE": "1000",
		"DEFAULT_MAX_CONCURRENCY": "50", "MAX_CONCURRENCY": "500", "TOLERATED_FAILURE_PERCENTAGE": "5",
		"WORKER_MEMORY": "1769", "WORKER_ARCHITECTURE": "arm64",
	}
}

func TestDeploymentFromEnv(t *testing.T) {
	env := environment()
	asked := map[string]bool{}
	got, err := DeploymentFromEnv(func(name string) string { asked[name] = true; return env[name] })
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(deployment(), got); diff != "" {
		t.Errorf("the deployment differs (-want +got):\n%s", diff)
	}
	for _, name := range DeploymentVariables {
		if !asked[name] {
			t.Errorf("%s is among DeploymentVariables and was not read", name)
		}
		delete(asked, name)
	}
	if len(asked) > 0 {
		t.Errorf("%v were read and are not among DeploymentVariables", asked)
	}
}

func TestDeploymentFromEnvTakesTheEndsOfItsRanges(t *testing.T) {
	for _, changes := range []map[string]string{
		{"DEFAULT_BATCH_SIZE": "1", "MAX_BATCH_SIZE": "1", "DEFAULT_MAX_CONCURRENCY": "1", "MAX_CONCURRENCY": "1", "TOLERATED_FAILURE_PERCENTAGE": "0", "WORKER_MEMORY": "128"},
		{"DEFAULT_BATCH_SIZE": "10000", "MAX_BATCH_SIZE": "10000", "DEFAULT_MAX_CONCURRENCY": "10000", "MAX_CONCURRENCY": "10000", "TOLERATED_FAILURE_PERCENTAGE": "100", "WORKER_MEMORY": "10240"},
	} {
		env := environment()
		maps.Copy(env, changes)
		if _, err := DeploymentFromEnv(func(name string) string { return env[name] }); err != nil {
			t.Errorf("DeploymentFromEnv with %v = %v, want it taken", changes, err)
		}
	}
}

// TestDeploymentWithAVIF: its recipe and its runs may write the format, by a quality of its own.
func TestDeploymentWithAVIF(t *testing.T) {
	env := environment()
	env["AVIF"], env["RECIPE"] = "true", `[{"name":"w","width":1,"format":"avif"}]`
	d, err := DeploymentFromEnv(func(name string) string { return env[name] })
	if err != nil || !d.AVIF || d.Recipe[0].Format != FormatAVIF || d.Recipe[0].Quality != DefaultQuality {
		t.Fatalf("DeploymentFromEnv = %+v, %v", d, err)
	}
	in, err := ParseInput([]byte(`{"variants":[{"name":"w","width":1,"format":"avif","quality":70}]}`), d)
	if err != nil || in.Variants[0].Quality != 70 || in.Variants[0].Recipe() == d.Recipe[0].Recipe() {
		t.Errorf("ParseInput = %+v, %v", in.Variants, err)
	}
	asWebP := d.Recipe[0]
	asWebP.Format = FormatWebP
	if asWebP.Recipe() == d.Recipe[0].Recipe() {
		t.Error("AVIF has the recipe of WebP")
	}
}

func TestManifestsNamesEveryBucketOnce(t *testing.T) {
	for _, c := range []struct {
		d    Deployment
		want []string
	}{
		{Deployment{SourceBucket: "photos"}, []string{"photos"}},
		{Deployment{SourceBucket: "photos", WorkBucket: "work"}, []string{"photos", "work"}},
		{Deployment{SourceBucket: "photos", WorkBucket: "work", ManifestBucket: "lists"}, []string{"photos", "work", "lists"}},
		{Deployment{SourceBucket: "photos", WorkBucket: "work", ManifestBucket: "photos"}, []string{"photos", "work"}},
	} {
		if diff := cmp.Diff(c.want, c.d.Manifests()); diff != "" {
			t.Errorf("Manifests of %+v (-want +got):\n%s", c.d, diff)
		}
	}
}

func TestDeploymentFromEnvRefuses(t *testing.T) {
	for _, c := range []struct {
		name    string
		changes map[string]string
		want    []string
	}{
		{"nothing set", map[string]string{"*": ""}, []string{
			"SOURCE_BUCKET is not set", "DESTINATION_BUCKET is not set", "WORK_BUCKET is not set",
			`DEFAULT_BATCH_SIZE is "", must be a whole number from 1 to 10000`, `MAX_BATCH_SIZE is ""`, `DEFAULT_MAX_CONCURRENCY is ""`, `MAX_CONCURRENCY is ""`,
			`TOLERATED_FAILURE_PERCENTAGE is "", must be a number from 0 to 100`, "RECIPE: variants: given nothing",
			`WORKER_MEMORY is "", must be a whole number from 128 to 10240`, `WORKER_ARCHITECTURE is "", must be arm64 or x86_64`}},
		{"numbers above their ranges", map[string]string{"DEFAULT_BATCH_SIZE": "10001", "MAX_BATCH_SIZE": "10001", "DEFAULT_MAX_CONCURRENCY": "10001", "TOLERATED_FAILURE_PERCENTAGE": "100.1", "WORKER_MEMORY": "10241"},
			[]string{`DEFAULT_BATCH_SIZE is "10001"`, `MAX_BATCH_SIZE is "10001"`, `DEFAULT_MAX_CONCURRENCY is "10001"`, `TOLERATED_FAILURE_PERCENTAGE is "100.1"`, `WORKER_MEMORY is "10241"`}},
		{"numbers out of range", map[string]string{"DEFAULT_BATCH_SIZE": "0", "MAX_CONCURRENCY": "10001", "TOLERATED_FAILURE_PERCENTAGE": "-1"},
			[]string{`DEFAULT_BATCH_SIZE is "0"`, `MAX_CONCURRENCY is "10001"`, `TOLERATED_FAILURE_PERCENTAGE is "-1"`}},
		{"a tolerance that is no number", map[string]string{"TOLERATED_FAILURE_PERCENTAGE": "NaN"}, []string{`TOLERATED_FAILURE_PERCENTAGE is "NaN"`}},
		{"defaults beyond their ceilings", map[string]string{"DEFAULT_BATCH_SIZE": "1001", "DEFAULT_MAX_CONCURRENCY": "501"},
			[]string{"DEFAULT_BATCH_SIZE is 1001, more than the 1000 that a run may ask for", "DEFAULT_MAX_CONCURRENCY is 501, more than the 500"}},
		{"a recipe with a fault", map[string]string{"RECIPE": `[{"name":"w64"}]`}, []string{"RECIPE: variants[0].width: given nothing"}},
		{"a recipe that no batch could carry", map[string]string{"RECIPE": `[{"name":"w","width":1,"key":"{stem}` + strings.Repeat("x", 17000) + `"}]`}, []string{"RECIPE: variants: given", "at most 16384 bytes"}},
		{"a recipe in a format that it does not have", map[string]string{"RECIPE": `[{"name":"w","width":1,"format":"avif"}]`},
			[]string{`RECIPE: variants[0].format: given "avif"; allowed: avif only where the deployment has its option avif`}},
		{"neither true nor false", map[string]string{"AVIF": "yes"}, []string{`AVIF is "yes", must be true or false`}},
		{"a loop", map[string]string{"DESTINATION_BUCKET": "photos", "DESTINATION_PREFIX": "in/small/"},
			[]string{"the destination s3://photos/in/small/ overlaps the source s3://photos/in/"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			env := environment()
			if _, all := c.changes["*"]; all {
				clear(env)
			}
			maps.Copy(env, c.changes)
			_, err := DeploymentFromEnv(func(name string) string { return env[name] })
			if err == nil {
				t.Fatal("it was accepted")
			}
			for _, want := range c.want {
				if !strings.Contains(err.Error(), want) {
					t.Errorf("error\n%.2000v\ndoes not say %q", err, want)
				}
			}
		})
	}
}

func TestLoopGuard(t *testing.T) {
	for _, c := range []struct {
		name string
		Deployment
		loop bool
	}{
		{"two buckets", Deployment{SourceBucket: "a", DestinationBucket: "b", WorkBucket: "w"}, false},
		{"one bucket, no prefixes", Deployment{SourceBucket: "a", DestinationBucket: "a"}, true},
		{"prefixes side by side", Deployment{SourceBucket: "a", SourcePrefix: "in/", DestinationBucket: "a", DestinationPrefix: "out/"}, false},
		{"outputs below the source", Deployment{SourceBucket: "a", SourcePrefix: "p/", DestinationBucket: "a", DestinationPrefix: "p/out/"}, true},
		{"the source below the outputs", Deployment{SourceBucket: "a", SourcePrefix: "p/in/", DestinationBucket: "a", DestinationPrefix: "p/"}, true},
		{"a prefix that is no folder", Deployment{SourceBucket: "a", SourcePrefix: "photo", DestinationBucket: "a", DestinationPrefix: "photo-small/"}, true},
		{"the whole bucket is the source", Deployment{SourceBucket: "a", DestinationBucket: "a", DestinationPrefix: "out/"}, true},
		{"previews among the sources", Deployment{SourceBucket: "a", DestinationBucket: "b", WorkBucket: "a"}, true},
		{"previews beside the sources", Deployment{SourceBucket: "a", SourcePrefix: "in/", DestinationBucket: "b", WorkBucket: "a"}, false},
		{"reports among the sources", Deployment{SourceBucket: "a", SourcePrefix: "reports/2026/", DestinationBucket: "b", WorkBucket: "a"}, true},
		{"outputs that would expire", Deployment{SourceBucket: "s", DestinationBucket: "a", DestinationPrefix: "work/small/", WorkBucket: "a"}, true},
		{"outputs all over the work bucket", Deployment{SourceBucket: "s", DestinationBucket: "a", WorkBucket: "a"}, true},
		{"outputs that would start runs", Deployment{SourceBucket: "s", DestinationBucket: "a", DestinationPrefix: "manifests/", WorkBucket: "a"}, true},
		{"outputs among the reports", Deployment{SourceBucket: "s", DestinationBucket: "a", DestinationPrefix: "re", WorkBucket: "a"}, true},
		{"outputs beside the working files", Deployment{SourceBucket: "s", DestinationBucket: "a", DestinationPrefix: "out/", WorkBucket: "a"}, false},
		{"three places in one bucket", Deployment{SourceBucket: "a", SourcePrefix: "in/", DestinationBucket: "a", DestinationPrefix: "out/", WorkBucket: "a"}, false},
		{"nothing said", Deployment{}, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			if err := c.guardLoop(); (err != nil) != c.loop {
				t.Errorf("guardLoop = %v, want an error: %v", err, c.loop)
			}
		})
	}
}

// TestNoKeyOfTheSourceIsAnOutput: where the guard lets a deployment be, a key that starts with the source's
// prefix, as every key of a listing, a manifest or a run input must, is never under the destination's.
func TestNoKeyOfTheSourceIsAnOutput(t *testing.T) {
	var words []string
	for _, a := range []string{"", "a", "b", "/"} {
		for _, b := range []string{"", "a", "b", "/"} {
			for _, c := range []string{"", "a", "b", "/"} {
				words = append(words, a+b+c)
			}
		}
	}
	allowed := 0
	for _, source := range words {
		for _, destination := range words {
			d := Deployment{SourceBucket: "one", SourcePrefix: source, DestinationBucket: "one", DestinationPrefix: destination}
			if d.guardLoop() != nil {
				continue
			}
			allowed++
			for _, key := range words {
				if strings.HasPrefix(key, source) && strings.HasPrefix(key, destination) {
					t.Errorf("source %q and destination %q are allowed, and %q is under both", source, destination, key)
				}
			}
		}
	}
	if allowed == 0 {
		t.Error("no two prefixes are allowed in one bucket")
	}
}
