package intake

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/aws/smithy-go"

	"mapfleet/functions/job"
)

// TestPlan_names_every_fault and leaves neither a lock nor a plan: the next run over the file may start.
func TestPlan_names_every_fault(t *testing.T) {
	noBucket := &smithy.GenericAPIError{Code: "NoSuchBucket"}
	for _, c := range []struct {
		call string
		err  error
		want error
	}{
		{"PutObject work/locks/", status(http.StatusForbidden), job.AccessDenied{}},
		{"PutObject work/locks/", noBucket, job.DestinationMissing{}},
		{"GetObject files/", status(http.StatusForbidden), job.AccessDenied{}},
		{"GetObject files/", status(http.StatusServiceUnavailable), job.Throttled{}},
		{"GetObject files/", noBucket, job.SourceMissing{}},
		{"GetObject files/", &smithy.GenericAPIError{Code: "InvalidObjectState"}, job.InvalidInput{}},
		{"PutObject work/work/", status(http.StatusForbidden), job.AccessDenied{}},
		{"PutObject work/reports/", status(http.StatusInternalServerError), job.Unavailable{}},
		{"PutObject work/reports/", noBucket, job.DestinationMissing{}},
	} {
		t.Run(fmt.Sprintf("%s %v", c.call, c.err), func(t *testing.T) {
			p, store := planner(map[string]string{"files/sites.csv": sites})
			store.refuse = map[string]error{c.call: c.err}
			_, err := p.Plan(t.Context(), start("r1", `{}`))
			if got, want := fmt.Sprintf("%T", err), fmt.Sprintf("%T", c.want); got != want {
				t.Errorf("Plan = %s %v, want %s", got, err, want)
			}
			for at := range store.objects {
				if strings.HasPrefix(at, "work/locks/") || strings.HasPrefix(at, "work/reports/") {
					t.Errorf("it left %s", at)
				}
			}
		})
	}
}

// TestPlan_of_a_file_that_breaks_off, when parts of its items are up already, takes them back.
func TestPlan_of_a_file_that_breaks_off(t *testing.T) {
	p, store := planner(map[string]string{})
	line := []byte(`{"url":"https://example.com/` + strings.Repeat("x", 1000) + `"}` + "\n")
	store.file = func() io.Reader {
		return io.MultiReader(io.LimitReader(&endless{line: line}, int64(12_000*len(line))), iotest.ErrReader(errors.New("connection reset")))
	}
	_, err := p.Plan(t.Context(), start("r1", `{"file":"s3://files/big/all.jsonl"}`))
	if _, ok := err.(job.Unavailable); !ok || !strings.Contains(err.Error(), "connection reset") {
		t.Errorf("Plan = %T %v, want a job.Unavailable that says why", err, err)
	}
	if store.sent == 0 || store.aborted != 1 || len(store.objects) > 0 {
		t.Errorf("%d bytes were sent, %d uploads taken back, and it left %d objects; want some, 1 and none", store.sent, store.aborted, len(store.objects))
	}
}

func TestPlan_says_which_file_is_wrong(t *testing.T) {
	p, _ := planner(map[string]string{"files/nourl.csv": "id\n1\n"})
	_, err := p.Plan(t.Context(), start("r1", `{"file":"s3://files/nourl.csv"}`))
	wrong, ok := err.(job.InvalidInput)
	if !ok || len(wrong.Problems) != 1 || !strings.HasPrefix(wrong.Problems[0].Field, "s3://files/nourl.csv, ") {
		t.Errorf("Plan = %T %v, want a job.InvalidInput of the file", err, err)
	}
}
