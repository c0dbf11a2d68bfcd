package request

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"os"
	"strings"
	"syscall"
	"testing"

	"mapfleet/functions/check/address"
	"mapfleet/functions/job"
	"mapfleet/functions/job/checks"
)

// TestBlocked: nobody inside is asked, however the URL writes it. Not one of these connects to anything.
func TestBlocked(t *testing.T) {
	client := &Client{Resolver: names(t, func(int, string) []string { return nil })}
	for url, code := range map[string]checks.Code{
		"http://127.0.0.1/": checks.Blocked, "http://localhost/": checks.Blocked, "http://[::1]/": checks.Blocked, "http://10.0.0.1/": checks.Blocked,
		"https://192.168.1.1/": checks.Blocked, "http://169.254.169.254/latest/": checks.Blocked, "http://[fd00:ec2::254]/": checks.Blocked,
		"http://[::ffff:127.0.0.1]/": checks.Blocked, "http://[64:ff9b::7f00:1]/": checks.Blocked, "http://[2002:7f00:1::]/": checks.Blocked, "http://0.0.0.0/": checks.Blocked,
		"http://[::]/": checks.Blocked, "http://100.64.1.1/": checks.Blocked, "http://224.0.0.1/": checks.Blocked,
		// Numbers that a C library would take for 127.0.0.1 are names here, and nobody has them.
		"http://2130706433/": checks.DNSFailed, "http://0x7f.1/": checks.DNSFailed, "http://0177.0.0.1/": checks.DNSFailed, "http://127.1/": checks.DNSFailed,
	} {
		t.Run(url, func(t *testing.T) {
			t.Parallel()
			f := ask(t, client, check(t, url, `,"retry":true`))
			if f.Code != code || f.Status != 0 || f.Address != "" {
				t.Errorf("finding = %+v, want %s", f, code)
			}
			if code == checks.Blocked && f.Attempts != 1 {
				t.Errorf("what is blocked was tried %d times", f.Attempts)
			}
		})
	}
}

// TestRebinding: a name that leads to a public address when it is looked at, and inside when it is used,
// leads nowhere. (127.0.0.1 stands for a public address, 127.0.0.2 for one inside.)
func TestRebinding(t *testing.T) {
	listener, err := net.Listen("tcp4", "0.0.0.0:0")
	if err != nil {
		t.Fatal(err)
	}
	insiders := 0
	server := &http.Server{ErrorLog: quiet(), Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if local, ok := r.Context().Value(http.LocalAddrContextKey).(net.Addr); ok && strings.HasPrefix(local.String(), "127.0.0.2:") {
			insiders++
		}
		w.Header().Set("Connection", "close") // so that every request looks the name up again
		if r.URL.Path == "/redirect" {
			http.Redirect(w, r, "/", http.StatusFound)
		}
	})}
	go server.Serve(listener)
	t.Cleanup(func() { server.Close() })
	port := listener.Addr().(*net.TCPAddr).Port
	flip := func(n int, _ string) []string { return [][]string{{"127.0.0.1"}, {"127.0.0.2"}}[n%2] }

	client := local()
	client.Resolver = names(t, flip)
	url := fmt.Sprintf("http://rebind.test:%d/", port)
	if f := ask(t, client, check(t, url, ``)); f.Code != checks.OK {
		t.Fatalf("first finding = %+v", f)
	}
	if f := ask(t, client, check(t, url, ``)); f.Code != checks.Blocked || !strings.Contains(f.Message, "127.0.0.2 is a loopback address") {
		t.Errorf("second finding = %+v", f)
	}
	client.Resolver = names(t, flip)
	if f := ask(t, client, check(t, url+"redirect", ``)); f.Code != checks.Blocked {
		t.Errorf("finding of a redirect to itself = %+v", f)
	}
	client.Resolver = names(t, func(int, string) []string { return []string{"127.0.0.2", "127.0.0.1"} })
	if f := ask(t, client, check(t, url, ``)); f.Code != checks.OK || !strings.HasPrefix(f.Address, "127.0.0.1:") {
		t.Errorf("finding of a name with both addresses = %+v", f)
	}
	if insiders > 0 {
		t.Errorf("%d requests came inside", insiders)
	}
}

// TestRuntimeAPI: by the Runtime API anybody could answer in the function's name, so it is refused also
// where loopback is allowed.
func TestRuntimeAPI(t *testing.T) {
	server := serve(t, page)
	client := local()
	client.Guard.Never = []netip.AddrPort{netip.MustParseAddrPort(server.Listener.Addr().String())}
	if f := ask(t, client, check(t, server.URL, ``)); f.Code != checks.Blocked || !strings.Contains(f.Message, "forbidden") {
		t.Errorf("finding = %+v", f)
	}
}

func TestLookup(t *testing.T) {
	client := local()
	client.Resolver = names(t, func(int, string) []string { return nil })
	if f := ask(t, client, check(t, "http://nobody.test/", ``)); f.Code != checks.DNSFailed || f.Message != `look up "nobody.test": no such host` {
		t.Errorf("finding = %s %q", f.Code, f.Message)
	}
	client.Resolver = &net.Resolver{PreferGo: true, Dial: func(ctx context.Context, _, _ string) (net.Conn, error) {
		<-ctx.Done()
		return nil, ctx.Err()
	}}
	if f := ask(t, client, check(t, "http://slow.test/", `,"timeout":"100ms"`)); f.Code != checks.Timeout || f.Message != "given up after 100ms while looking up the host" {
		t.Errorf("finding of a slow lookup = %s %q", f.Code, f.Message)
	}
}

// TestOwnFaults: what this process lacks is no fault of whom it asks.
func TestOwnFaults(t *testing.T) {
	dial := func(addr string, err error) error {
		return &net.OpError{Op: "dial", Net: "tcp", Addr: net.TCPAddrFromAddrPort(netip.MustParseAddrPort(addr)), Err: os.NewSyscallError("socket", err)}
	}
	for name, test := range map[string]struct {
		err error
		own bool
	}{
		"no more files":           {dial("1.1.1.1:80", syscall.EMFILE), true},
		"no more files at all":    {dial("1.1.1.1:80", syscall.ENFILE), true},
		"no more memory":          {dial("1.1.1.1:80", syscall.ENOBUFS), true},
		"no more ports":           {dial("1.1.1.1:80", syscall.EADDRNOTAVAIL), true},
		"no IPv6 here":            {dial("[2606:4700::1]:80", syscall.EADDRNOTAVAIL), false},
		"no files for a lookup":   {&net.DNSError{Name: "a.example", Err: "dial udp 10.0.0.2:53: socket: too many open files"}, true},
		"refused":                 {dial("1.1.1.1:80", syscall.ECONNREFUSED), false},
		"a server that claims it": {errors.New(`malformed HTTP response "too many open files"`), false},
	} {
		own := ownFault(fmt.Errorf("Get: %w", test.err))
		if _, ok := own.(job.Unavailable); ok != test.own || (own == nil) == test.own {
			t.Errorf("%s: %v", name, own)
		}
	}
}

// TestVerdicts: those that no server on this machine can bring about.
func TestVerdicts(t *testing.T) {
	dial := func(err error) error {
		return &net.OpError{Op: "dial", Net: "tcp", Err: os.NewSyscallError("connect", err)}
	}
	for name, test := range map[string]struct {
		err     error
		code    checks.Code
		message string
	}{
		"no way to the host":   {dial(syscall.EHOSTUNREACH), checks.Unreachable, "connect: no route to host, while connecting"},
		"no way to its net":    {dial(syscall.ENETUNREACH), checks.Unreachable, "connect: network is unreachable, while connecting"},
		"no IPv6":              {dial(syscall.EADDRNOTAVAIL), checks.Unreachable, "connect: cannot assign requested address, while connecting"},
		"silence":              {dial(syscall.ETIMEDOUT), checks.Timeout, "connect: connection timed out, while connecting"},
		"blocked":              {dial(address.Blocked{Kind: "private"}), checks.Blocked, "invalid IP is a private address, which this deployment does not allow"},
		"a request that is no": {badRequest{errors.New("net/http: invalid method")}, checks.BadLine, "net/http: invalid method"},
		"GOAWAY":               {errors.New("http2: server sent GOAWAY and closed the connection"), checks.Reset, "http2: server sent GOAWAY and closed the connection, while connecting"},
		"a wrong frame":        {errors.New("stream error: stream ID 1; PROTOCOL_ERROR"), checks.Malformed, "stream error: stream ID 1; PROTOCOL_ERROR"},
		"a quoted word":        {errors.New(`malformed HTTP response "tls: CANCEL"`), checks.Malformed, `malformed HTTP response "tls: CANCEL"`},
		"anything else":        {errors.New("a\xffb"), checks.Failed, "a\ufffdb"},
	} {
		if code, message := verdict(test.err, t.Context(), stageConnect, checks.Check{}); code != test.code || message != test.message {
			t.Errorf("%s: %s %q, want %s %q", name, code, message, test.code, test.message)
		}
	}
}
