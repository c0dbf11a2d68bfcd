package server_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/sfn/types"

	"mapfleet/functions/job/checks"
	"mapfleet/functions/lock"
)

// TestChecks_a_run_that_is_still_going_is_not_doubled, however long it has been: the time of its lock being
// over, its execution is looked up.
func TestChecks_a_run_that_is_still_going_is_not_doubled(t *testing.T) {
	begun, goOn := make(chan struct{}, 100), make(chan struct{})
	free := sync.OnceFunc(func() { close(goOn) })
	site := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {
		begun <- struct{}{}
		<-goOn
	}))
	t.Cleanup(func() { free(); site.Close() })
	in := album(t, 0)
	_, c := checking(t, in, t.TempDir())
	if err := os.WriteFile(filepath.Join(in, "sites.csv"), []byte("url\n"+site.URL+"\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	const file = "s3://source/sites.csv"
	const input = `{"file":"` + file + `","output":"s3://destination/results.csv"}`
	first := c.begin(t, "first", input)
	<-begun

	key := checks.LockKey(file)
	data, err := os.ReadFile(filepath.Join(c.folder, "work", filepath.FromSlash(key)))
	if err != nil {
		t.Fatal(err)
	}
	var h lock.Holder
	if err := json.Unmarshal(data, &h); err != nil || h.Run != "first" || h.Execution != *first {
		t.Fatalf("the lock is %s, %v, want that of %s", data, err, *first)
	}
	h.Until = h.Since.Add(-time.Hour)
	if data, err = json.Marshal(h); err != nil {
		t.Fatal(err)
	}
	c.put(t, "work", key, data)
	x := c.end(t, c.begin(t, "second", input))
	if x.Output == nil || x.Status != types.ExecutionStatusSucceeded || !strings.Contains(*x.Output, `"skip":"run first is still at work on `+file) {
		t.Fatalf("beside the first run the second is told as %s: %+v", x.Status, x)
	}

	free()
	if x := c.end(t, first); x.Status != types.ExecutionStatusSucceeded {
		t.Fatalf("the first run: %+v", x)
	}
	c.put(t, "work", key, data) // as if it had come to no report
	var s checks.Summary
	if x := c.end(t, c.begin(t, "third", input)); x.Output == nil || json.Unmarshal([]byte(*x.Output), &s) != nil || s.OK != 1 {
		t.Errorf("behind the first run the third is told as %s: %+v", x.Status, x)
	}
}
