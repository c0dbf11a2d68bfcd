package main

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"mapfleet/functions/job"
	"mapfleet/infra/config"
)

func TestBuckets(t *testing.T) {
	s := synth(t, config.Default())
	buckets := s.all("AWS::S3::Bucket")
	if len(buckets) != 3 {
		t.Fatalf("%d buckets, want source, destination and work", len(buckets))
	}
	for id, bucket := range buckets {
		t.Run(strings.TrimRight(id, "0123456789ABCDEF")+" is private, encrypted, TLS only, and stays", func(t *testing.T) {
			public := bucket.Properties["PublicAccessBlockConfiguration"]
			want := "map[BlockPublicAcls:true BlockPublicPolicy:true IgnorePublicAcls:true RestrictPublicBuckets:true]"
			if fmt.Sprint(public) != want {
				t.Errorf("public access: %v, want %s", public, want)
			}
			if encryption := fmt.Sprint(bucket.Properties["BucketEncryption"]); !strings.Contains(encryption, "SSEAlgorithm:AES256") {
				t.Errorf("encryption: %s, want AES256", encryption)
			}
			if bucket.DeletionPolicy != "Retain" || bucket.UpdateReplacePolicy != "Retain" {
				t.Errorf("deletion: %s, replacement: %s; want Retain", bucket.DeletionPolicy, bucket.UpdateReplacePolicy)
			}
			if rules := lifecycle(bucket); !slices.Contains(rules, "AbortUploads") {
				t.Errorf("lifecycle rules: %v, want AbortUploads", rules)
			}
			if !tlsOnly(s, id) {
				t.Errorf("no policy denies requests without TLS")
			}
		})
	}
}

func TestWorkExpiresAndReportsStay(t *testing.T) {
	s := synth(t, config.Default())
	rules := s.only(t, "AWS::S3::Bucket", "Work").Properties["LifecycleConfiguration"].(map[string]any)["Rules"].([]any)
	for _, each := range rules {
		rule := each.(map[string]any)
		if days, ok := rule["ExpirationInDays"]; ok && (rule["Prefix"] != "work/" || days != 30.0) {
			t.Errorf("%v days expire %v, want 30 and work/", days, rule["Prefix"])
		}
	}
	if names := lifecycle(s.only(t, "AWS::S3::Bucket", "Work")); !slices.Equal(names, []string{"ExpireWork", "AbortUploads"}) {
		t.Errorf("lifecycle rules of the work bucket: %v", names)
	}
	if workPrefix != job.WorkPrefix || reportsPrefix != job.ReportsPrefix {
		t.Errorf("the stack says %q and %q, the functions %q and %q", workPrefix, reportsPrefix, job.WorkPrefix, job.ReportsPrefix)
	}
}

// TestBucketsKeepTheirPlaces: under another logical id a bucket is another one, new and empty, and the one that
// was there is no longer the stack's. Never change these.
func TestBucketsKeepTheirPlaces(t *testing.T) {
	for name, c := range map[string]config.Config{"default": config.Default(), "everything": everything()} {
		got := slices.Sorted(maps.Keys(synth(t, c).all("AWS::S3::Bucket")))
		if diff := cmp.Diff([]string{"Destination920A3C57", "Source71E471F1", "WorkBF636A8B"}, got); diff != "" {
			t.Errorf("%s: logical ids (-want +got):\n%s", name, diff)
		}
	}
}

func TestDestroyIsForEveryBucket(t *testing.T) {
	c := config.Default()
	c.RemovalPolicy = config.Destroy
	for id, bucket := range synth(t, c).all("AWS::S3::Bucket") {
		if bucket.DeletionPolicy != "Delete" {
			t.Errorf("%s: deletion %s, want Delete", id, bucket.DeletionPolicy)
		}
	}
}

func TestBucketsThatExistAreLeftAsTheyAre(t *testing.T) {
	s := synth(t, shared())
	if buckets := s.all("AWS::S3::Bucket"); len(buckets) != 1 {
		t.Errorf("%d buckets are made, want the work bucket alone", len(buckets))
	}
	if policies := s.all("AWS::S3::BucketPolicy"); len(policies) != 1 {
		t.Errorf("%d bucket policies are made, want that of the work bucket alone", len(policies))
	}
}

// shared is a deployment that reads and writes one bucket that exists.
func shared() config.Config {
	c := config.Default()
	c.SourceBucket, c.SourcePrefix = "my-photos", "in/"
	c.DestinationBucket, c.DestinationPrefix = "my-photos", "out/"
	return c
}

func lifecycle(bucket resource) (names []string) {
	configuration, _ := bucket.Properties["LifecycleConfiguration"].(map[string]any)
	rules, _ := configuration["Rules"].([]any)
	for _, rule := range rules {
		names = append(names, fmt.Sprint(rule.(map[string]any)["Id"]))
	}
	return names
}

func tlsOnly(s template, bucket string) bool {
	for _, policy := range s.all("AWS::S3::BucketPolicy") {
		document := fmt.Sprint(policy.Properties["PolicyDocument"])
		if text(policy.Properties["Bucket"]) == "${"+bucket+"}" &&
			strings.Contains(document, "Effect:Deny") && strings.Contains(document, "Bool:map[aws:SecureTransport:false]") {
			return true
		}
	}
	return false
}
