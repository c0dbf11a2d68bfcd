package telemetry

import (
	"bytes"
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/lambdacontext"
	"github.com/google/go-cmp/cmp"

	"mapfleet/functions/job"
)

func TestRoundInTheEmbeddedMetricFormat(t *testing.T) {
	var out bytes.Buffer
	m := Metrics{W: &out, Job: "photos-resize", Now: func() time.Time { return time.UnixMilli(1_789_180_622_000) }}
	err := m.Round(job.Tally{
		Listed: 10, Written: 5, Current: 2, Ignored: 1, Failed: 2, BytesIn: 1000, BytesOut: 200,
		Milliseconds: map[string]int64{"fetch": 7, "decode": 8}, FailedBy: map[string]int{"Gone": 2},
	})
	if err != nil {
		t.Fatal(err)
	}
	want := `{"BytesIn":1000,"BytesOut":200,"DecodeMilliseconds":8,"Failed":2,"FetchMilliseconds":7,"Job":"photos-resize","Pictures":9,` +
		`"_aws":{"Timestamp":1789180622000,"CloudWatchMetrics":[{"Namespace":"mapfleet","Dimensions":[["Job"]],"Metrics":[` +
		`{"Name":"Pictures","Unit":"Count"},{"Name":"Failed","Unit":"Count"},{"Name":"BytesIn","Unit":"Bytes"},{"Name":"BytesOut","Unit":"Bytes"},` +
		`{"Name":"DecodeMilliseconds","Unit":"Milliseconds"},{"Name":"FetchMilliseconds","Unit":"Milliseconds"}]}]}}` + "\n" +
		`{"Code":"Gone","Failed":2,"Job":"photos-resize","_aws":{"Timestamp":1789180622000,"CloudWatchMetrics":[{"Namespace":"mapfleet",` +
		`"Dimensions":[["Code","Job"]],"Metrics":[{"Name":"Failed","Unit":"Count"}]}]}}` + "\n"
	if diff := cmp.Diff(want, out.String()); diff != "" {
		t.Errorf("lines (-want +got):\n%s", diff)
	}
}

func TestNothingToTell(t *testing.T) {
	var out bytes.Buffer
	for _, m := range []Metrics{{W: &out, Job: "photos-resize"}, {W: &out}} {
		tally := job.Tally{}
		if m.Job == "" {
			tally.Listed = 1
		}
		if err := m.Round(tally); err != nil || out.Len() > 0 {
			t.Errorf("Round of %q = %v and %q, want neither", m.Job, err, out.String())
		}
	}
}

type full struct{}

func (full) Write([]byte) (int, error) { return 0, errors.New("no room") }

func TestWriteFails(t *testing.T) {
	if err := (Metrics{W: full{}, Job: "j"}).Round(job.Tally{Listed: 1}); err == nil {
		t.Error("Round says nothing of a log that cannot be written")
	}
}

func TestLoggerNamesRequestAndRun(t *testing.T) {
	var out bytes.Buffer
	ctx := lambdacontext.NewContext(t.Context(), &lambdacontext.LambdaContext{AwsRequestID: "r-1"})
	Logger(ctx, &out, "nightly").Error("no such thing", "key", "a b.jpg")
	var line map[string]any
	if err := json.Unmarshal(out.Bytes(), &line); err != nil {
		t.Fatal(err)
	}
	delete(line, "time")
	want := map[string]any{"level": "ERROR", "msg": "no such thing", "requestId": "r-1", "run": "nightly", "key": "a b.jpg"}
	if diff := cmp.Diff(want, line); diff != "" {
		t.Errorf("line (-want +got):\n%s", diff)
	}
	out.Reset()
	Logger(t.Context(), &out, "").Info("outside")
	if strings.Contains(out.String(), "requestId") || strings.Contains(out.String(), "run") {
		t.Errorf("a line outside of a request is %s", out.String())
	}
}
