package batch

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"testing"
	"time"

	"mapfleet/functions/check/address"
	"mapfleet/functions/check/request"
	"mapfleet/functions/job/checks"
)

// TestRealServers: with real connections, servers that hang, close and answer side by side cost the batch
// the time of its slowest check.
func TestRealServers(t *testing.T) {
	release := make(chan struct{})
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/hang":
			select {
			case <-r.Context().Done():
			case <-release:
			}
		case "/close":
			panic(http.ErrAbortHandler)
		default:
			fmt.Fprint(w, "well")
		}
	}))
	defer server.Close()
	defer close(release)
	silent, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer silent.Close()

	w := newWorld()
	client := &request.Client{Guard: address.Guard{Allowed: []netip.Prefix{netip.MustParsePrefix("127.0.0.1/32")}}}
	w.worker.Open = func() Session { return client.Open() }
	w.worker.Margin = time.Second
	want := map[checks.Code]int{}
	for _, url := range []string{server.URL + "/hang", "http://" + silent.Addr().String() + "/hang", "https://" + silent.Addr().String() + "/hang"} {
		for range 4 {
			w.lines(t, `{"url":"`+url+`","timeout":"300ms"}`, `{"url":"`+server.URL+`/close"}`, `{"url":"`+server.URL+`/","connection":"shared"}`, `{"url":"http://10.0.0.1/"}`)
			want[checks.Timeout]++
			want[checks.Reset]++
			want[checks.OK]++
			want[checks.Blocked]++
		}
	}
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	begun := time.Now()
	result, err := w.run(t, ctx)
	if err != nil || len(result.Remaining) > 0 {
		t.Fatalf("Run: %v, %d left", err, len(result.Remaining))
	}
	if took := time.Since(begun); took > 10*time.Second {
		t.Errorf("took %v", took)
	}
	for code, n := range want {
		if result.Done.ByCode[code] != n {
			t.Errorf("%d are %s, want %d", result.Done.ByCode[code], code, n)
		}
	}
}
