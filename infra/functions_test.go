package main

import (
	"maps"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"mapfleet/functions/job"
	"mapfleet/infra/config"
)

func TestFunctions(t *testing.T) {
	s := synth(t, config.Default())
	for _, name := range []string{"Prepare", "Resize", "Report"} {
		t.Run(name, func(t *testing.T) {
			f := s.only(t, "AWS::Lambda::Function", name).Properties
			if f["Runtime"] != "provided.al2023" || f["Handler"] != "bootstrap" || text(f["Architectures"]) != "[arm64]" {
				t.Errorf("runtime %v, handler %v, architectures %v", f["Runtime"], f["Handler"], f["Architectures"])
			}
			logs := s.only(t, "AWS::Logs::LogGroup", name)
			if logs.Properties["RetentionInDays"] != 30.0 || logs.DeletionPolicy != "Delete" {
				t.Errorf("logs are kept %v days, then %s", logs.Properties["RetentionInDays"], logs.DeletionPolicy)
			}
			if managed := s.only(t, "AWS::IAM::Role", name+"Role").Properties["ManagedPolicyArns"]; managed != nil {
				t.Errorf("the role has managed policies: %v", managed)
			}
		})
	}
}

func TestEnvironmentOfPrepare(t *testing.T) {
	c := shared()
	c.ToleratedFailurePercentage = 2.5
	environment := environmentOf(t, synth(t, c), "Prepare")

	t.Run("names are those that Prepare reads", func(t *testing.T) {
		got, want := slices.Sorted(maps.Keys(environment)), slices.Sorted(slices.Values(job.DeploymentVariables))
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("environment (-read +given):\n%s", diff)
		}
	})
	t.Run("values are those of the configuration", func(t *testing.T) {
		got, err := job.DeploymentFromEnv(func(name string) string { return environment[name] })
		if err != nil {
			t.Fatal(err)
		}
		want := job.Deployment{
			SourceBucket: "my-photos", SourcePrefix: "in/",
			DestinationBucket: "my-photos", DestinationPrefix: "out/",
			WorkBucket:       got.WorkBucket,
			Recipe:           got.Recipe,
			DefaultBatchSize: c.BatchSize, MaxBatchSize: c.MaxBatchSize,
			DefaultMaxConcurrency: c.MaxConcurrency, MaxMaxConcurrency: c.MaxConcurrencyCeiling,
			ToleratedFailurePercentage: 2.5,
			WorkerMemory:               c.Memory, WorkerArchitecture: job.ARM64,
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("deployment (-want +got):\n%s", diff)
		}
		if len(got.Recipe) != 1 || got.Recipe[0].Name != "w1024" {
			t.Errorf("recipe: %v", got.Recipe)
		}
		if !strings.HasPrefix(got.WorkBucket, "${Work") {
			t.Errorf("work bucket: %s", got.WorkBucket)
		}
	})
}

// TestEnvironmentsFit makes all that is configured as long as it may be: Lambda takes 4 KB of names and values.
// https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
func TestEnvironmentsFit(t *testing.T) {
	long := strings.Repeat("b", 63)
	c := checking()
	c.SourceBucket, c.DestinationBucket, c.ManifestBucket = long, "a"+long[1:], "c"+long[1:]
	c.SourcePrefix, c.DestinationPrefix = strings.Repeat("s", 512), strings.Repeat("d", 512)
	c.Recipe = `[{"name":"s","width":1,"key":"{stem}` + strings.Repeat("k", 3000-2*512-39) + `"}]`
	c.ChecksFile = "s3://" + c.ManifestBucket + "/" + strings.Repeat("f", 508) + ".csv"
	c.ChecksAllowedNetworks = strings.TrimSuffix(strings.Repeat("10.20.0.0/16,", 3000/13), ",")
	for id, f := range synth(t, c).all("AWS::Lambda::Function") {
		size := 0
		variables, _ := under(f.Properties, "Environment", "Variables").(map[string]any)
		for name, value := range variables {
			size += len(name) + len(text(value))
			if object, ok := value.(map[string]any); ok && object["Ref"] != nil {
				size += 63 // the name of a bucket that CloudFormation makes up
			}
		}
		if size > 4096 {
			t.Errorf("%s: variables of %d bytes", id, size)
		}
	}
}

func TestEnvironmentOfResizeLeavesMemoryToTheSystem(t *testing.T) {
	want := map[string]string{"GOGC": "400", "GOMEMLIMIT": "1592MiB", "JOB": "mapfleet-resize"}
	if diff := cmp.Diff(want, environmentOf(t, synth(t, config.Default()), "Resize")); diff != "" {
		t.Errorf("environment (-want +got):\n%s", diff)
	}
}

// TestWorkerWithAVIF: only a deployment that asks for it has the larger worker, and a Prepare that lets runs have it.
func TestWorkerWithAVIF(t *testing.T) {
	for _, avif := range []bool{false, true} {
		c := config.Default()
		c.Avif = avif
		if got := environmentOf(t, synth(t, c), "Prepare")["AVIF"]; got != strconv.FormatBool(avif) {
			t.Errorf("avif %v: Prepare is told %q", avif, got)
		}
		if got, want := environmentOf(t, synth(t, c), "Resize")["GOMEMLIMIT"], map[bool]string{false: "1592MiB", true: "1544MiB"}[avif]; got != want {
			t.Errorf("avif %v: the worker's heap may have %s, want %s", avif, got, want)
		}
		err := newStack(nil, c, t.TempDir()) // where nothing is built
		if err == nil || strings.Contains(err.Error(), "resizeavif") != avif {
			t.Errorf("avif %v: %v, want the larger worker to be missed only if it is asked for", avif, err)
		}
	}
}

func environmentOf(t *testing.T, s template, function string) map[string]string {
	t.Helper()
	environment := map[string]string{}
	f := s.only(t, "AWS::Lambda::Function", function).Properties
	for name, value := range f["Environment"].(map[string]any)["Variables"].(map[string]any) {
		environment[name] = text(value)
	}
	return environment
}
