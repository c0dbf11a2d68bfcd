package main

import (
	"maps"
	"slices"
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

func TestEnvironmentOfResizeLeavesMemoryToTheSystem(t *testing.T) {
	want := map[string]string{"GOGC": "400", "GOMEMLIMIT": "1592MiB", "JOB": "mapfleet-resize"}
	if diff := cmp.Diff(want, environmentOf(t, synth(t, config.Default()), "Resize")); diff != "" {
		t.Errorf("environment (-want +got):\n%s", diff)
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
