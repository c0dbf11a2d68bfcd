package cli

import (
	"strings"
	"testing"
)

// TestAudit_beside_a_server: nothing ends an idle server, so nobody is told to wait for it, but how it is audited.
func TestAudit_beside_a_server(t *testing.T) {
	in, out := album(t, 2), t.TempDir()
	if _, status := resize(t, in, out, "{}"); status != ExitSucceeded {
		t.Fatalf("the run exits with %d", status)
	}
	server := serve(t, in, out)
	url := server.asAWS(t)
	_, stderr, status := mapfleet(t, "audit", "--in", in, "--out", out)
	wants(t, stderr, status, ExitFailed, `"mapfleet serve" is at work in this folder, at `+url, server.state+"/serve.env", "mapfleet audit --endpoint-url "+url)
	if strings.Contains(stderr, "wait") {
		t.Errorf("it is told to wait for a server: %s", stderr)
	}
	_, stderr, status = mapfleet(t, "local", "resize", "--in", in, "--out", out)
	wants(t, stderr, status, ExitFailed, "mapfleet serve is at work in this folder", "--endpoint-url "+url, "or end it")

	// What it is told to do it can do, once there is a run.
	stdout, stderr, status := mapfleet(t, "start", "--watch")
	wants(t, stdout+stderr, status, ExitSucceeded, "2 current")
	stdout, stderr, status = mapfleet(t, "audit", "--endpoint-url", url)
	wants(t, stdout+stderr, status, ExitSucceeded, "clean")

	// A server that was killed holds nothing.
	if err := server.command.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = server.command.Wait()
	stdout, stderr, status = mapfleet(t, "audit", "--in", in, "--out", out)
	wants(t, stdout+stderr, status, ExitSucceeded, "clean")
}
