package request

import (
	"net"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"mapfleet/functions/job/checks"
)

// TestCloseEndsEveryConnection, also those that are kept for the next request to the same host: a session ends
// with its batch, and the process goes on.
func TestCloseEndsEveryConnection(t *testing.T) {
	closed := make(chan string, 10)
	server := httptest.NewUnstartedServer(http.HandlerFunc(page))
	server.Config.ConnState = func(conn net.Conn, state http.ConnState) {
		if state == http.StateClosed {
			closed <- conn.RemoteAddr().String()
		}
	}
	server.Start()
	t.Cleanup(server.Close)
	session := local().Open()
	for range 2 {
		if f, err := session.Ask(t.Context(), check(t, server.URL+"/hello", "")); err != nil || f.Code != checks.OK {
			t.Fatalf("finding = %+v, %v", f, err)
		}
	}
	session.Close()
	select {
	case <-closed:
	case <-time.After(10 * time.Second):
		t.Error("the connection is still open")
	}
}
