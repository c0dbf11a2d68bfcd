package cli

import (
	"bytes"
	"compress/gzip"
	"crypto/md5"
	"encoding/csv"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"mapfleet/functions/job"
	"mapfleet/functions/prepare/plan"
	"mapfleet/scripts/mapfleet/engine"
	"mapfleet/scripts/mapfleet/engine/storage"
)

// mixed makes a folder of 600 files that take no room: mostly small JPEGs in two folders, some PNGs, an
// empty file, one of another kind and five giants beside each other.
func mixed(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	for i := range 600 {
		name, size := fmt.Sprintf("%d/%04d.jpg", i/400, i), int64(40_000+i)
		switch {
		case i == 0:
			size = 0
		case i == 1:
			name = "0/notes.txt"
		case i%20 == 7:
			name = strings.Replace(name, "jpg", "PNG", 1)
		case i >= 500 && i < 505:
			size = 100_000_000
		}
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		f, err := os.Create(path)
		if err != nil {
			t.Fatal(err)
		}
		if err := f.Truncate(size); err != nil {
			t.Fatal(err)
		}
		f.Close()
	}
	return dir
}

// serveFolder serves a folder as the bucket "source" to commands with --endpoint-url.
func serveFolder(t *testing.T, dir string) *storage.Server {
	t.Helper()
	out := t.TempDir()
	t.Chdir(t.TempDir()) // the server changes the folder
	server, err := storage.Start(t.Context(), storage.Config{Source: dir, Destination: out, State: filepath.Join(out, ".mapfleet")})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = server.Close() })
	t.Setenv("AWS_ACCESS_KEY_ID", server.AccessKey)
	t.Setenv("AWS_SECRET_ACCESS_KEY", server.SecretKey)
	return server
}

func estimated(t *testing.T, args ...string) (e resizeEstimate) {
	t.Helper()
	out, _ := estimateOutput(t, ExitSucceeded, append([]string{"resize", "--json"}, args...)...)
	if err := json.Unmarshal([]byte(out), &e); err != nil {
		t.Fatal(err)
	}
	return e
}

// counts is what was counted, without where and how fast.
func (e resizeEstimate) counts() countedObjects {
	c := *e.Counted
	c.From, c.Seconds, c.Lists = "", 0, 0
	return c
}

const w256batches = `{"variants":[{"name":"w256","width":256,"height":256}],"batchSize":50,"maxConcurrency":8}`

// TestEstimateOfABucketIsThatOfADryRun holds this command and a dry run together: they count the same
// objects, come to the same bill, and about to the same time. A folder of the same files has the same bill, too.
func TestEstimateOfABucketIsThatOfADryRun(t *testing.T) {
	dir := mixed(t)
	server := serveFolder(t, dir)
	deployment, err := engine.Config{Concurrency: 8}.Deployment()
	if err != nil {
		t.Fatal(err)
	}
	deployment.WorkerMemory, deployment.WorkerArchitecture = 1769, job.ARM64
	deployment.MaxBatchSize, deployment.MaxMaxConcurrency = 1000, 1000
	store, _, err := openBuckets(t.Context(), server.URL, 1)
	if err != nil {
		t.Fatal(err)
	}
	planner := plan.Planner{Store: store, Deployment: deployment}
	dry := strings.Replace(w256batches, "{", `{"dryRun":true,`, 1)
	planned, err := planner.Plan(t.Context(), job.Start{Input: json.RawMessage(dry), Run: "dry", Started: time.Now()})
	if err != nil {
		t.Fatal(err)
	}
	e := estimated(t, "--source", "s3://source", "--endpoint-url", server.URL, "--fresh", "--memory", "1769", "--input", w256batches)
	want, got := planned.Estimate, e.Counted
	if got.Items != want.Items || got.Bytes != want.Bytes || got.ToWrite != want.ToWrite || got.BytesToRead != want.BytesToRead ||
		!cmp.Equal(got.IgnoredBy, want.IgnoredBy) || len(got.FailedBy) != len(want.FailedBy) {
		t.Errorf("the command counts %+v, a dry run %+v", got, want)
	}
	if diff := cmp.Diff(want.Lines, e.Asked.Lines); diff != "" || e.Asked.USD != want.USD {
		t.Errorf("the command comes to $%v, a dry run to $%v; lines (-dry run +command):\n%s", e.Asked.USD, want.USD, diff)
	}
	t.Logf("the command takes it for %.1f s, a dry run for %.1f s", e.Asked.Seconds, want.Seconds)
	if ratio := e.Asked.Seconds / want.Seconds; ratio < 0.5 || ratio > 2.5 {
		t.Errorf("the command takes it for %.1f s, a dry run for %.1f s", e.Asked.Seconds, want.Seconds)
	}
	folder := estimated(t, "--in", dir, "--fresh", "--memory", "1769", "--input", w256batches)
	if diff := cmp.Diff(e.counts(), folder.counts()); diff != "" {
		t.Errorf("the folder is counted otherwise (-bucket +folder):\n%s", diff)
	}
	if diff := cmp.Diff(e.Asked.Lines, folder.Asked.Lines); diff != "" {
		t.Errorf("the folder has another bill (-bucket +folder):\n%s", diff)
	}
	part := estimated(t, "--source", "s3://source/1/", "--endpoint-url", server.URL, "--input", `{"filter":{"suffixes":[".png"]},"maxItems":150}`)
	if part.Counted.Items != 150 || part.Counted.ToWrite != 8 || part.Counted.IgnoredBy["Filtered"] != 142 {
		t.Errorf("of a part %+v are counted, want 150 of which 8 pass", part.Counted)
	}
}

// TestEstimateWaitsForGiants: the same number of bytes in alike pictures is done sooner than where five of
// 100 MB lie in one batch.
func TestEstimateWaitsForGiants(t *testing.T) {
	dir := mixed(t)
	counted := estimated(t, "--in", dir, "--memory", "1769", "--input", w256batches)
	mean := counted.Counted.BytesToRead / int64(counted.Counted.ToWrite)
	alike := estimated(t, "--items", fmt.Sprint(counted.Counted.ToWrite), "--mean-bytes", fmt.Sprint(mean), "--memory", "1769", "--input", w256batches)
	if counted.Asked.LongestSeconds < 3*alike.Asked.LongestSeconds || counted.Asked.LongestSeconds < 5*100e6/75e6 {
		t.Errorf("the longest batch takes %.1f s with giants, %.1f s without", counted.Asked.LongestSeconds, alike.Asked.LongestSeconds)
	}
	if counted.Asked.Seconds <= alike.Asked.Seconds {
		t.Errorf("with giants it takes %.1f s, without %.1f s", counted.Asked.Seconds, alike.Asked.Seconds)
	}
	if got := counted.Counted; got.Largest.Bytes != 100_000_000 || got.Sizes[5].Items+got.Sizes[4].Items != 5 || got.Median > 50_000 || got.Prefixes != 2 || got.NotNamed != 1 {
		t.Errorf("counted are %+v, want five of 100 MB among 40 kB in two prefixes, one not named as a picture", got)
	}
}

// TestEstimateOfLists: an Inventory and a CSV of the same objects are counted as their listing.
func TestEstimateOfLists(t *testing.T) {
	const n = 3000
	var rows, inventory bytes.Buffer
	packed := gzip.NewWriter(&inventory)
	list, stock := csv.NewWriter(&rows), csv.NewWriter(packed)
	_ = list.Write([]string{"key", "size", "storageClass"})
	for i := range n {
		key, class := fmt.Sprintf("in/%d/a b %05d.jpg", i/1000, i), "STANDARD"
		switch i % 100 {
		case 0:
			class = "GLACIER"
		case 1:
			class = "STANDARD_IA"
		}
		_ = list.Write([]string{key, fmt.Sprint(2_000_000 + i), class})
		_ = stock.Write([]string{"photos", strings.ReplaceAll(key, " ", "+"), fmt.Sprint(2_000_000 + i), class, fmt.Sprint(i != 5)})
	}
	list.Flush()
	stock.Flush()
	if err := packed.Close(); err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	sum := md5.Sum(inventory.Bytes())
	write(t, filepath.Join(dir, "photos.csv"), rows.Bytes())
	write(t, filepath.Join(dir, "data", "part.csv.gz"), inventory.Bytes())
	write(t, filepath.Join(dir, "2026-11-20T01-00Z", "manifest.json"), fmt.Appendf(nil,
		`{"sourceBucket":"photos","destinationBucket":"arn:aws:s3:::inventories","fileFormat":"CSV","fileSchema":"Bucket, Key, Size, StorageClass, IsLatest","files":[{"key":"photos/daily/data/part.csv.gz","size":%d,"MD5checksum":"%s"}]}`,
		inventory.Len(), hex.EncodeToString(sum[:])))

	byCSV := estimated(t, "--manifest", filepath.Join(dir, "photos.csv"))
	if c := byCSV.Counted; c.Items != n || c.ToWrite != n-30 || c.FailedBy["Archived"] != 30 || c.Classes["STANDARD_IA"].Items != 30 || c.Prefixes != 3 {
		t.Errorf("of the CSV are counted %+v, want 3,000 of which 30 are archived", c)
	}
	byInventory := estimated(t, "--manifest", filepath.Join(dir, "2026-11-20T01-00Z", "manifest.json"))
	if c := byInventory.Counted; c.Items != n-1 || c.LeftOut["OldVersion"] != 1 || c.FailedBy["Archived"] != 30 {
		t.Errorf("of the Inventory are counted %+v, want all but an old version", c)
	}
	server := serveFolder(t, dir)
	inS3 := estimated(t, "--manifest", "s3://source/photos.csv", "--endpoint-url", server.URL, "--source", "s3://photos/in/")
	if diff := cmp.Diff(byCSV.counts(), inS3.counts()); diff != "" {
		t.Errorf("the CSV in S3 is counted otherwise (-file +S3):\n%s", diff)
	}
	text, _ := estimateOutput(t, ExitSucceeded, "resize", "--manifest", filepath.Join(dir, "photos.csv"))
	for _, said := range []string{"3,000 objects in ", "30 failed (30 Archived)", "class    STANDARD_IA", "prefixes 3; most in in/0/", "GET and", "S3, retrieval from STANDARD_IA"} {
		if !strings.Contains(text, said) {
			t.Errorf("the text does not say %q:\n%s", said, text)
		}
	}
	write(t, filepath.Join(dir, "bucket.csv"), []byte("bucket,key\nphotos,a.jpg\n"))
	for _, c := range []struct {
		says string
		args []string
	}{
		{"a key of 1 to", []string{"--manifest", filepath.Join(dir, "photos.csv"), "--source", "s3://photos/elsewhere/"}},
		{"no such file", []string{"--manifest", filepath.Join(dir, "none.csv")}},
		{"one that ends in .csv", []string{"--manifest", dir}},
		{"nothing there is named", []string{"--manifest", filepath.Join(dir, "photos.csv"), "--endpoint-url", server.URL}},
		{"a list that names its bucket needs --source", []string{"--manifest", filepath.Join(dir, "bucket.csv")}},
		{"there is no bucket", []string{"--source", "s3://nobody", "--endpoint-url", server.URL}},
		{"nothing to count", []string{"--source", "s3://source/none/", "--endpoint-url", server.URL}},
	} {
		var out, problems bytes.Buffer
		status := Run(t.Context(), append([]string{"estimate", "resize"}, c.args...), &out, &problems)
		if status == ExitSucceeded || !strings.Contains(problems.String(), c.says) {
			t.Errorf("estimate resize %v exits with %d and says %q, want %q", c.args, status, problems.String(), c.says)
		}
	}
}

// TestEstimateWithoutCredentials says how to come by them.
func TestEstimateWithoutCredentials(t *testing.T) {
	for name, value := range map[string]string{
		"AWS_ACCESS_KEY_ID": "", "AWS_SECRET_ACCESS_KEY": "", "AWS_PROFILE": "", "AWS_CONFIG_FILE": "/dev/null", "AWS_SHARED_CREDENTIALS_FILE": "/dev/null",
		"AWS_EC2_METADATA_DISABLED": "true", "AWS_REGION": "us-east-1",
	} {
		t.Setenv(name, value)
	}
	if _, stderr := estimateOutput(t, ExitFailed, "resize", "--source", "s3://photos"); !strings.Contains(stderr, "no AWS credentials were found: set AWS_PROFILE") {
		t.Errorf("without credentials it says %q", stderr)
	}
	t.Setenv("AWS_REGION", "")
	t.Setenv("AWS_DEFAULT_REGION", "")
	if _, stderr := estimateOutput(t, ExitFailed, "resize", "--source", "s3://photos"); !strings.Contains(stderr, "no Region is named") {
		t.Errorf("without a Region it says %q", stderr)
	}
}
