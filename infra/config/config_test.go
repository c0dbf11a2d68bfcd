package config

import (
	"encoding/json"
	"os"
	"reflect"
	"strings"
	"testing"
	"time"
	"unicode"

	"github.com/google/go-cmp/cmp"
)

const aKey = "arn:aws:kms:eu-west-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab"

func TestRead(t *testing.T) {
	for _, test := range []struct {
		name    string
		context map[string]any
		change  func(*Config) // of Default
	}{
		{"nothing given is the default", nil, func(*Config) {}},
		{"keys of CDK are left alone", map[string]any{"@aws-cdk/core:stackRelativeExports": true, "aws:cdk:enable-path-metadata": true,
			"availability-zones:account=1:region=x": []any{"x"}, "acknowledged-issue-numbers": []any{1.0}}, func(*Config) {}},
		{"a bucket by -c", map[string]any{"sourceBucket": "my-photos"}, func(c *Config) { c.SourceBucket = "my-photos" }},
		{"a bucket of manifests", map[string]any{"manifestBucket": "my-lists"}, func(c *Config) { c.ManifestBucket = "my-lists" }},
		{"strings, as -c gives them", map[string]any{"batchSize": "7", "timeout": "60", "toleratedFailurePercentage": "0.5", "removalPolicy": "destroy"},
			func(c *Config) {
				c.BatchSize, c.Timeout, c.ToleratedFailurePercentage, c.RemovalPolicy = 7, time.Minute, 0.5, Destroy
			}},
		{"JSON's types, as cdk.json gives them", map[string]any{"batchSize": 7.0, "recipe": []any{map[string]any{"name": "s", "width": 64.0}}},
			func(c *Config) { c.BatchSize, c.Recipe = 7, `[{"name":"s","width":64}]` }},
		{"a recipe by -c", map[string]any{"recipe": ` [ {"name": "s", "width": 64} ] `},
			func(c *Config) { c.Recipe = `[{"name":"s","width":64}]` }},
		{"buckets that are encrypted by keys", map[string]any{"sourceKey": aKey, "workKey": aKey},
			func(c *Config) { c.SourceKey, c.WorkKey = aKey, aKey }},
		{"a recipe in AVIF", map[string]any{"avif": true, "recipe": `[{"name":"s","width":64,"format":"avif"}]`},
			func(c *Config) { c.Avif, c.Recipe = true, `[{"name":"s","width":64,"format":"avif"}]` }},
		{"an upload starts a run", map[string]any{"uploads": "true", "uploadWindow": 5.0},
			func(c *Config) { c.Uploads, c.UploadWindow = true, 5*time.Second }},
		{"a run every night", map[string]any{"schedule": "cron(0 3 ? * MON-FRI *)", "scheduleTimezone": "Europe/Berlin", "scheduleInput": map[string]any{"prefix": "new/"}},
			func(c *Config) {
				c.Schedule, c.ScheduleTimezone, c.ScheduleInput = "cron(0 3 ? * MON-FRI *)", "Europe/Berlin", `{"prefix":"new/"}`
			}},
		{"places with letters that a policy can name", map[string]any{"sourcePrefix": "Größe/", "checks": true, "checksFile": "checks/写真.csv"},
			func(c *Config) {
				c.SourcePrefix, c.Checks, c.ChecksFile, c.ChecksSchedule = "Größe/", true, "checks/写真.csv", "rate(1 minute)"
			}},
		{"tags", map[string]any{"tags": map[string]any{"team": "photos", "Ort": "Köln"}}, func(c *Config) { c.Tags = `{"Ort":"Köln","team":"photos"}` }},
		{"checks", map[string]any{"checks": "true"}, func(c *Config) { c.Checks = true }},
		{"checks of a file, every minute", map[string]any{"checks": true, "checksFile": "checks/sites.csv", "checksAllowedNetworks": []any{"10.0.0.0/8", "fd12::/16"}, "checksConnections": 50.0},
			func(c *Config) {
				c.Checks, c.ChecksFile, c.ChecksSchedule = true, "checks/sites.csv", "rate(1 minute)"
				c.ChecksAllowedNetworks, c.ChecksConnections = "10.0.0.0/8,fd12::/16", 50
			}},
		{"checks of a file, by hand", map[string]any{"checks": true, "checksFile": "s3://my-lists/sites.jsonl.gz", "checksSchedule": "", "checksAllowedNetworks": "10.0.0.0/8, 192.168.0.0/16"},
			func(c *Config) {
				c.Checks, c.ChecksFile, c.ChecksAllowedNetworks = true, "s3://my-lists/sites.jsonl.gz", "10.0.0.0/8, 192.168.0.0/16"
			}},
		{"checks of a bucket with a key, whose reports are kept for a year", map[string]any{"checks": true, "checksFile": "s3://my-lists/sites.csv", "checksSchedule": "", "checksKey": aKey, "checksReportDays": 365.0},
			func(c *Config) {
				c.Checks, c.ChecksFile, c.ChecksKey, c.ChecksReportDays = true, "s3://my-lists/sites.csv", aKey, 365
			}},
		{"one bucket for both, apart", map[string]any{"sourceBucket": "b-1", "destinationBucket": "b-1", "sourcePrefix": "in/", "destinationPrefix": "out/"},
			func(c *Config) {
				c.SourceBucket, c.DestinationBucket, c.SourcePrefix, c.DestinationPrefix = "b-1", "b-1", "in/", "out/"
			}},
	} {
		t.Run(test.name, func(t *testing.T) {
			want := Default()
			test.change(&want)
			got, err := Read(test.context, nil)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("Read (-want +got):\n%s", diff)
			}
		})
	}
}

func TestReadRefuses(t *testing.T) {
	for _, test := range []struct {
		name    string
		context map[string]any
		wants   []string // each a line of the error
	}{
		{"all that is wrong at once", map[string]any{
			"sourceBucket": "s3://my-photos", "manifestBucket": "arn:aws:s3:::lists", "sourcePrefix": "a*", "batchSize": "0", "maxConcurrency": "many", "memory": 100.0,
			"timeout": "240", "logRetentionDays": "31", "removalPolicy": "keep", "toleratedFailurePercentage": "101", "workExpirationDays": 1.5,
		}, []string{
			`sourceBucket: given "s3://my-photos"; allowed: the name of an existing bucket`,
			`manifestBucket: given "arn:aws:s3:::lists"; allowed: the name of an existing bucket`,
			`sourcePrefix: given "a*"; allowed: at most 512 bytes`,
			`batchSize: given 0; allowed: 1 to 1000`,
			`maxConcurrency: given "many"; allowed: a whole number`,
			`memory: given 100; allowed: 512 to 10240`,
			`timeout: given 240; allowed: 10 to 230`,
			`logRetentionDays: given 31; allowed: 1 3 5 7`,
			`removalPolicy: given "keep"; allowed: retain, destroy`,
			`toleratedFailurePercentage: given 101; allowed: 0 to 100`,
			`workExpirationDays: given 1.5; allowed: a whole number`,
		}},
		{"all that is wrong with the rest at once", map[string]any{
			"sourceKey": "alias/photos", "topicKey": "alias/aws/sns", "manifestKey": aKey, "architecture": "arm", "reservedConcurrency": "3", "uploads": "yes", "uploadWindow": "0",
			"schedule": "daily", "scheduleInput": "[]", "scheduleTimezone": "Berlin", "notificationEmail": "team",
			"alarmThrottles": 0.0, "alarmDurationPercent": 101.0, "alarmSpendPerHour": "-1",
		}, []string{
			`sourceKey: given "alias/photos"; allowed: the ARN of a KMS key`,
			`topicKey: given "alias/aws/sns"; allowed: the ARN of a KMS key`,
			`manifestKey: given "` + aKey + `"; allowed: none without a manifestBucket`,
			`architecture: given "arm"; allowed: arm64, x86_64`,
			`reservedConcurrency: given 3; allowed: 0 for none, or maxConcurrency (8) to 10000`,
			`uploads: given "yes"; allowed: true, false`,
			`uploadWindow: given 0; allowed: 1 to 300`,
			`schedule: given "daily"; allowed: rate(1 hour)`,
			`scheduleInput: given "[]"; allowed: a JSON object`,
			`scheduleTimezone: given "Berlin"; allowed: UTC, or a name`,
			`notificationEmail: given "team"; allowed: one address`,
			`alarmThrottles: given 0; allowed: 1 to 1000000`,
			`alarmDurationPercent: given 101; allowed: 50 to 100`,
			`alarmSpendPerHour: given -1; allowed: above 0`,
		}},
		{"AVIF without the option", map[string]any{"recipe": `[{"name":"s","width":64,"format":"avif"}]`, "schedule": "rate(1 day)", "scheduleInput": `{"variants":[{"name":"s","width":64,"format":"avif"}]}`}, []string{
			`recipe[0].format: given "avif"; allowed: avif only beside the option avif, which has to be true`, `scheduleInput.variants[0].format: given "avif"; allowed: avif only where`,
		}},
		{"an input that no schedule gives", map[string]any{"scheduleInput": `{"dryRun":true}`}, []string{`scheduleInput: given "{\"dryRun\":true}"; allowed: none without a schedule`}},
		{"an input that no run takes", map[string]any{"schedule": "rate(1 day)", "scheduleInput": `{"prefx":"a/"}`}, []string{`scheduleInput.prefx: given "a/"; allowed: no such field; the fields are Comment, batchSize,`}},
		{"checks that are off", map[string]any{"checksFile": "checks/a.csv", "checksAllowedNetworks": "10.0.0.0/8", "checksConnections": 1.0}, []string{
			`checksFile: given "checks/a.csv"; allowed: none without checks`,
			`checksAllowedNetworks: given "10.0.0.0/8"; allowed: none without checks`, `checksConnections: given 1; allowed: none without checks`,
		}},
		{"all that is wrong with checks at once", map[string]any{
			"checks": true, "checksFile": "sites.csv", "checksSchedule": "hourly", "checksAllowedNetworks": "10.0.0.1/8, home", "checksConnections": 251.0,
		}, []string{
			`checksFile: given "sites.csv"; allowed: checks/KEY of the work bucket or s3://BUCKET/KEY`,
			`checksSchedule: given "hourly"; allowed: rate(1 minute)`,
			`checksAllowedNetworks: given "10.0.0.1/8"; allowed: networks such as 10.20.0.0/16`,
			`checksAllowedNetworks: given "home"; allowed: networks such as 10.20.0.0/16`,
			`checksConnections: given 251; allowed: 0 to 250`,
		}},
		{"networks that are none", map[string]any{"checks": true, "checksAllowedNetworks": []any{10.0}}, []string{`checksAllowedNetworks: given [10]; allowed: a list of strings`}},
		{"a key of the work bucket twice", map[string]any{"checks": true, "checksFile": "checks/sites.csv", "checksKey": aKey}, []string{"allowed: none unless checksFile is in another bucket than the work bucket"}},
		{"a key of the lists twice", map[string]any{"checks": true, "manifestBucket": "my-lists", "checksFile": "s3://my-lists/sites.csv", "checksKey": aKey}, []string{"allowed: none for a bucket that has a key of its own"}},
		{"reports of checks that never expire", map[string]any{"checks": true, "checksReportDays": 0.0}, []string{"checksReportDays: given 0; allowed: 1 to 3650"}},
		{"a schedule of no file of checks", map[string]any{"checks": true, "checksSchedule": "rate(1 minute)"}, []string{`checksSchedule: given "rate(1 minute)"; allowed: none without a checksFile`}},
		{"checks among the pictures", map[string]any{"checks": true, "sourceBucket": "b-1", "sourcePrefix": "in/", "checksFile": "s3://b-1/in/sites.csv"},
			[]string{"checksFile: given \"s3://b-1/in/sites.csv\"; allowed: a key that does not start with sourcePrefix"}},
		{"a key that is none", map[string]any{"colour": "red"}, []string{"colour: no such key; the keys are stackName, sourceBucket,"}},
		{"a key spelt otherwise", map[string]any{"source-bucket": "b-1", "BatchSize": 7.0},
			[]string{"BatchSize: no such key; did you mean batchSize?", "source-bucket: no such key; did you mean sourceBucket?"}},
		{"a default beyond its ceiling", map[string]any{"batchSize": 20.0, "maxBatchSize": 10.0}, []string{"batchSize: given 20; allowed: 1 to 10"}},
		{"a stack name that is none", map[string]any{"stackName": "my_stack"}, []string{`stackName: given "my_stack"; allowed: 1 to 40`}},
		{"a recipe that is no JSON", map[string]any{"recipe": "w1024"}, []string{`recipe: given "w1024"; allowed: JSON (`}},
		{"a recipe that is no list", map[string]any{"recipe": `{"name":"s"}`}, []string{"recipe: given", "allowed: a list of 1 to 20 variants"}},
		{"a field that no variant has", map[string]any{"recipe": `[{"name":"s","widht":64}]`}, []string{`recipe[0].widht: given 64; allowed: no such field; the fields are background, colour,`}},
		{"all that is wrong with a recipe at once", map[string]any{"recipe": `[{"name":"s","width":0,"fit":"x"},{"name":"S"}]`},
			[]string{"recipe[0].width: given 0; allowed: a whole number from 1 to 16384", `recipe[0].fit: given "x"; allowed: "inside", "cover"`, `recipe[1].name: given "S"; allowed: 1 to 32`}},
		{"variants whose keys may meet, in the recipe and beside it", map[string]any{
			"recipe":   []any{map[string]any{"name": "a", "width": 10.0, "key": "{stem}{ext}"}, map[string]any{"name": "b", "width": 20.0, "key": "{stem}{ext}"}},
			"schedule": "rate(1 day)", "memory": 100.0, "scheduleInput": `{"variants":[{"name":"c","width":1,"key":"{stem}"},{"name":"d","width":2,"key":"{stem}"}],"filter":{"sufixes":[]}}`,
		}, []string{
			`recipe[1].key: given "{stem}{ext}"; allowed: a template that can never give the key of variant "a" ("{stem}{ext}"): put {variant} into both`,
			`scheduleInput.variants[1].key: given "{stem}"; allowed: a template that can never give the key of variant "c"`,
			`scheduleInput.filter.sufixes: given []; allowed: no such field`, `memory: given 100; allowed: 512 to 10240`,
		}},
		{"a recipe too long for the environment", map[string]any{"recipe": `[{"name":"s","width":1,"key":"{stem}` + strings.Repeat("k", 3000) + `"}]`},
			[]string{"at most 3000 bytes"}},
		{"a recipe and prefixes too long together", map[string]any{"sourcePrefix": strings.Repeat("s", 512), "destinationPrefix": strings.Repeat("d", 512),
			"recipe": `[{"name":"s","width":1,"key":"{stem}` + strings.Repeat("k", 2000) + `"}]`},
			[]string{`recipe: given "3063 bytes, with sourcePrefix and destinationPrefix"; allowed: at most 3000 bytes`}},
		{"networks too long for the environment", map[string]any{"checks": true, "checksAllowedNetworks": strings.Repeat("10.0.0.0/8,", 300)},
			[]string{`checksAllowedNetworks: given "3300 bytes"; allowed: at most 3000 bytes`}},
		{"a prefix that leaves no room in a key", map[string]any{"sourcePrefix": strings.Repeat("é", 257)}, []string{"sourcePrefix: given", "at most 512 bytes"}},
		{"places that no policy can name", map[string]any{"sourcePrefix": "日本/", "destinationPrefix": "€/", "checks": true, "checksFile": "s3://my-lists/写真.csv"},
			[]string{`sourcePrefix: given "日本/"`, `destinationPrefix: given "€/"`, `checksFile: given "s3://my-lists/写真.csv"`, "none beyond ÿ, which IAM does not take"}},
		{"buckets that are no buckets of S3", map[string]any{"sourceBucket": "a..b", "destinationBucket": "192.168.1.1", "manifestBucket": "lists-abc-s3alias"},
			[]string{`sourceBucket: given "a..b"`, `destinationBucket: given "192.168.1.1"`, `manifestBucket: given "lists-abc-s3alias"`}},
		{"keys with a letter too many, too few, or another", map[string]any{"sourceBuckets": "b-1", "memry": 7.0, "source-buckt": "b-1", "stackname2": "x"},
			[]string{"sourceBuckets: no such key; did you mean sourceBucket?", "memry: no such key; did you mean memory?",
				"source-buckt: no such key; did you mean sourceBucket?", "stackname2: no such key; did you mean stackName?"}},
		{"times with a unit", map[string]any{"timeout": "60s", "uploadWindow": true}, []string{`timeout: given "60s"; allowed: a whole number of seconds`, "uploadWindow: given true; allowed: a whole number of seconds"}},
		{"numbers beyond all numbers", map[string]any{"memory": 1e300, "batchSize": "NaN", "maxConcurrency": "-Inf", "alarmSpendPerHour": "1e999", "logRetentionDays": -30.0},
			[]string{"memory: given 1e+300; allowed: a whole number", `batchSize: given "NaN"; allowed: a whole number`, `maxConcurrency: given "-Inf"; allowed: a whole number`,
				`alarmSpendPerHour: given "1e999"; allowed: a number`, "logRetentionDays: given -30; allowed: 1 3 5"}},
		{"values of other types", map[string]any{"stackName": 7.0, "schedule": true, "removalPolicy": []any{"destroy"}, "uploads": 2.0, "recipe": "é", "batchSize": map[string]any{}},
			[]string{"stackName: given 7; allowed: a string", "schedule: given true; allowed: a string", "removalPolicy: given [\"destroy\"]; allowed: a string",
				"uploads: given 2; allowed: true, false", `recipe: given "é"; allowed: JSON`, "batchSize: given {}; allowed: a whole number"}},
		{"names in other alphabets", map[string]any{"stackName": "фото", "sourceBucket": "写真", "notificationEmail": "команда", "scheduleTimezone": "Europe/Köln"},
			[]string{`stackName: given "фото"`, `sourceBucket: given "写真"`, `notificationEmail: given "команда"`, `scheduleTimezone: given "Europe/Köln"`}},
		{"tags that are none", map[string]any{"tags": `["team"]`}, []string{`tags: given "[\"team\"]"; allowed: a JSON object of at most 50 strings`}},
		{"tags that no service takes", map[string]any{"tags": map[string]any{"aws:team": "a", "team": 7.0, "cost;centre": "x", "": "y"}},
			[]string{`tags: given "aws:team"; allowed: names of`, `tags.team: given 7; allowed: a string`, `tags: given "cost;centre"`, `tags: given ""`}},
	} {
		t.Run(test.name, func(t *testing.T) {
			_, err := Read(test.context, nil)
			if err == nil {
				t.Fatal("Read gave no error")
			}
			for _, want := range test.wants {
				if !strings.Contains(err.Error(), want) {
					t.Errorf("error:\n%v\nwant in it: %s", err, want)
				}
			}
		})
	}
}

func TestDestinationIsNeverListedAsSource(t *testing.T) {
	for _, test := range []struct {
		name                   string
		source, destination    string
		sourceAt, destinatedAt string
		refused                bool
	}{
		{"two buckets", "b-1", "b-2", "", "", false},
		{"two new buckets", "", "", "", "", false},
		{"one bucket, no prefixes", "b-1", "b-1", "", "", true},
		{"one bucket, destination within", "b-1", "b-1", "", "out/", true},
		{"one bucket, source within", "b-1", "b-1", "in/", "", true},
		{"one bucket, same prefix", "b-1", "b-1", "a/", "a/", true},
		{"one bucket, a prefix is a plain string", "b-1", "b-1", "a", "ab/", true},
		{"one bucket, apart", "b-1", "b-1", "in/", "out/", false},
	} {
		t.Run(test.name, func(t *testing.T) {
			c := Default()
			c.SourceBucket, c.DestinationBucket, c.SourcePrefix, c.DestinationPrefix = test.source, test.destination, test.sourceAt, test.destinatedAt
			if err := c.Validate(); (err != nil) != test.refused {
				t.Errorf("Validate = %v, want refused: %v", err, test.refused)
			}
		})
	}
}

// TestKeysAreTheFields holds Read to Config: every field has its key, by the field's name.
func TestKeysAreTheFields(t *testing.T) {
	_, err := Read(map[string]any{"none": ""}, nil)
	_, list, _ := strings.Cut(err.Error(), "the keys are ")
	got := strings.Split(list, ", ")
	var want []string
	for _, field := range reflect.VisibleFields(reflect.TypeFor[Config]()) {
		name := []rune(field.Name)
		name[0] = unicode.ToLower(name[0])
		want = append(want, string(name))
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("keys (-fields +read):\n%s", diff)
	}
}

// TestCdkJSON holds cdk.json to Read: what it sets is valid.
func TestCdkJSON(t *testing.T) {
	data, err := os.ReadFile("../../cdk.json")
	if err != nil {
		t.Fatal(err)
	}
	var file struct{ Context map[string]any }
	if err := json.Unmarshal(data, &file); err != nil {
		t.Fatal(err)
	}
	if _, err := Read(file.Context, nil); err != nil {
		t.Error(err)
	}
}

// TestDefaultFitsANewAccount: it may have a quota of 10 concurrent Lambdas, all of which are to stay
// unreserved. Prepare and Report work while no worker does, but a retry may meet them.
func TestDefaultFitsANewAccount(t *testing.T) {
	const quota, clerks = 10, 2
	c := Default()
	if c.MaxConcurrency+clerks > quota || c.ReservedConcurrency != 0 {
		t.Errorf("%d workers and %d clerks, %d reserved; a new account may have %d", c.MaxConcurrency, clerks, c.ReservedConcurrency, quota)
	}
	if c.Uploads || c.Checks || c.Schedule != "" || c.ChecksSchedule != "" {
		t.Error("something starts by itself")
	}
}
