package main

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"mapfleet/infra/config"
	"mapfleet/statemachine"
)

var update = flag.Bool("update", false, "rewrite testdata/*.golden.json")

const rewrite = "go test ./infra -run TestGolden -update"

// TestGolden holds whole templates, so that a change in what is deployed shows in review. What depends on
// builds is left out: the hashes of binaries, and the definition, which is a file of its own.
func TestGolden(t *testing.T) {
	for name, c := range map[string]config.Config{"resize": config.Default(), "imported": imported(), "everything": everything(), "checks": checking()} {
		t.Run(name, func(t *testing.T) {
			file := "testdata/" + name + ".golden.json"
			got := stable(t, synth(t, c).raw)
			if *update {
				if err := os.WriteFile(file, got, 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(file)
			if err != nil {
				t.Fatalf("%v; make it with: %s", err, rewrite)
			}
			if diff := cmp.Diff(strings.Split(string(want), "\n"), strings.Split(string(got), "\n")); diff != "" {
				t.Errorf("the template differs from %s (-want +got):\n%s\nif it should: %s", file, diff, rewrite)
			}
		})
	}
}

// Keys of buckets.
const (
	sourceKey      = "arn:aws:kms:eu-west-1:123456789012:key/11111111-1111-1111-1111-111111111111"
	destinationKey = "arn:aws:kms:eu-west-1:123456789012:key/22222222-2222-2222-2222-222222222222"
	workKey        = "arn:aws:kms:eu-west-1:123456789012:key/33333333-3333-3333-3333-333333333333"
	manifestKey    = "arn:aws:kms:eu-west-1:123456789012:key/44444444-4444-4444-4444-444444444444"
)

// imported is a deployment over buckets that exist, each encrypted by a key of its own.
func imported() config.Config {
	c := config.Default()
	c.SourceBucket, c.DestinationBucket, c.ManifestBucket = "my-photos", "my-thumbnails", "my-lists"
	c.SourceKey, c.DestinationKey, c.WorkKey, c.ManifestKey = sourceKey, destinationKey, workKey, manifestKey
	return c
}

// everything is a deployment with all that can be on.
func everything() config.Config {
	c := config.Default()
	c.StackName = "photos"
	c.SourcePrefix, c.DestinationPrefix = "in/", "out/"
	c.SourceKey, c.WorkKey = sourceKey, workKey
	c.Architecture, c.ReservedConcurrency = config.X86, 20
	c.Uploads, c.UploadWindow, c.Avif = true, 30*time.Second, true
	c.Schedule, c.ScheduleTimezone, c.ScheduleInput = "cron(0 3 * * ? *)", "Europe/Berlin", `{"prefix":"in/new/"}`
	c.NotificationEmail = "team@example.com"
	return c
}

// checking is a deployment with the second job, which takes a file of a bucket that exists every minute, and
// those that are put into the work bucket.
func checking() config.Config {
	c := config.Default()
	c.ManifestBucket, c.ManifestKey, c.WorkKey = "my-lists", manifestKey, workKey
	c.Uploads, c.Checks = true, true
	c.ChecksFile, c.ChecksSchedule = "s3://my-lists/sites/uptime.csv.gz", "rate(1 minute)"
	c.ChecksAllowedNetworks, c.ChecksConnections = "10.20.0.0/16", 100
	return c
}

var (
	assetHash = regexp.MustCompile(`[0-9a-f]{64}`)
	version   = regexp.MustCompile(`(CurrentVersion[0-9A-F]{8})[0-9a-f]{32}`)
)

func stable(t *testing.T, raw []byte) []byte {
	t.Helper()
	var whole map[string]any
	if err := json.Unmarshal(raw, &whole); err != nil {
		t.Fatal(err)
	}
	for _, each := range whole["Resources"].(map[string]any) {
		r := each.(map[string]any)
		delete(r, "Metadata") // where in the tree, and on disk, it comes from
		properties, _ := r["Properties"].(map[string]any)
		switch properties["DefinitionString"] {
		case statemachine.Resize():
			properties["DefinitionString"] = "(statemachine/resize.asl.json)"
		case statemachine.Checks():
			properties["DefinitionString"] = "(statemachine/checks.asl.json)"
		}
	}
	var out bytes.Buffer
	encoder := json.NewEncoder(&out)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	if err := encoder.Encode(whole); err != nil {
		t.Fatal(err)
	}
	return version.ReplaceAll(assetHash.ReplaceAll(out.Bytes(), []byte("HASH")), []byte("${1}VERSION"))
}
