package main

import (
	"bytes"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"mapfleet/functions/job/checks"
	"mapfleet/functions/telemetry"
)

func TestMetricsOfARound(t *testing.T) {
	var tally checks.Tally
	for _, f := range []checks.Finding{
		{Code: checks.OK, Status: 200, Bytes: 100, Attempts: 1, Latency: checks.Latency{DNS: 2 * time.Millisecond, Connect: 3 * time.Millisecond, TLS: 4 * time.Millisecond, FirstByte: 20 * time.Millisecond, Total: 30 * time.Millisecond}},
		{Code: checks.WrongStatus, Status: 500, Attempts: 2, URL: "https://example.com/?token=hunter2", Latency: checks.Latency{FirstByte: 10 * time.Millisecond, Total: 10 * time.Millisecond}},
		{Code: checks.Timeout, Attempts: 1, Latency: checks.Latency{Total: time.Second}},
		{Code: checks.BadLine},
	} {
		tally.Count(f)
	}
	var out bytes.Buffer
	m := telemetry.Metrics{W: &out, Job: "mapfleet-checks", Now: func() time.Time { return time.UnixMilli(1) }}
	if err := tell(m, tally); err != nil {
		t.Fatal(err)
	}
	want := `{"Answered":2,"BadLines":1,"BytesIn":100,"ConnectMilliseconds":3,"DnsMilliseconds":2,"Failed":2,"FirstByteMilliseconds":30,` +
		`"Job":"mapfleet-checks","Requests":3,"Retried":1,"TlsMilliseconds":4,"TotalMilliseconds":40,` +
		`"_aws":{"Timestamp":1,"CloudWatchMetrics":[{"Namespace":"mapfleet","Dimensions":[["Job"]],"Metrics":[` +
		`{"Name":"Requests","Unit":"Count"},{"Name":"Failed","Unit":"Count"},{"Name":"Retried","Unit":"Count"},{"Name":"BadLines","Unit":"Count"},` +
		`{"Name":"BytesIn","Unit":"Bytes"},{"Name":"Answered","Unit":"Count"},{"Name":"DnsMilliseconds","Unit":"Milliseconds"},` +
		`{"Name":"ConnectMilliseconds","Unit":"Milliseconds"},{"Name":"TlsMilliseconds","Unit":"Milliseconds"},` +
		`{"Name":"FirstByteMilliseconds","Unit":"Milliseconds"},{"Name":"TotalMilliseconds","Unit":"Milliseconds"}]}]}}` + "\n" +
		`{"Code":"Timeout","Failed":1,"Job":"mapfleet-checks","_aws":{"Timestamp":1,"CloudWatchMetrics":[{"Namespace":"mapfleet","Dimensions":[["Code","Job"]],"Metrics":[{"Name":"Failed","Unit":"Count"}]}]}}` + "\n" +
		`{"Code":"WrongStatus","Failed":1,"Job":"mapfleet-checks","_aws":{"Timestamp":1,"CloudWatchMetrics":[{"Namespace":"mapfleet","Dimensions":[["Code","Job"]],"Metrics":[{"Name":"Failed","Unit":"Count"}]}]}}` + "\n"
	if diff := cmp.Diff(want, out.String()); diff != "" {
		t.Errorf("lines (-want +got):\n%s", diff)
	}
}
