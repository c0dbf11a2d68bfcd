package request

import (
	"bytes"
	"compress/gzip"
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"mapfleet/functions/job/checks"
)

// bomb is 8 MiB of nothing in 8 KiB.
func bomb(t testing.TB) string {
	t.Helper()
	var out bytes.Buffer
	z := gzip.NewWriter(&out)
	nothing := make([]byte, 1<<20)
	for range 8 {
		if _, err := z.Write(nothing); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

// TestMisbehaviour: everything that a server can do wrong has a verdict of its own.
func TestMisbehaviour(t *testing.T) {
	const ok = "HTTP/1.1 200 OK\r\n"
	for name, test := range map[string]struct {
		serve   func(net.Conn)
		code    checks.Code
		message string
		status  int
	}{
		"hangs at once":              {hang, checks.Timeout, "given up after 300ms while waiting for the answer", 0},
		"hangs in the headers":       {func(c net.Conn) { says(ok + "Content-")(c); hang(c) }, checks.Timeout, "while waiting for the answer", 0},
		"hangs before the body":      {func(c net.Conn) { says(ok + "Content-Length: 5\r\n\r\n")(c); hang(c) }, checks.Timeout, "while reading the body", 200},
		"trickles":                   {trickle, checks.Timeout, "while reading the body", 200},
		"hangs with a wrong status":  {func(c net.Conn) { says("HTTP/1.1 500 No\r\nContent-Length: 5\r\n\r\n")(c); hang(c) }, checks.WrongStatus, "status 500, want 2xx", 500},
		"closes at once":             {func(c net.Conn) { request(c) }, checks.Reset, "the connection was closed, while waiting for the answer", 0},
		"resets":                     {reset, checks.Reset, "connection reset by peer", 0},
		"closes in the headers":      {says(ok + "Content-Type: text/html\r\n"), checks.Reset, "unexpected EOF", 0},
		"closes in the body":         {says(ok + "Content-Length: 500\r\n\r\nhalf"), checks.Reset, "unexpected EOF, while reading the body", 200},
		"closes in a chunk":          {says(ok + "Transfer-Encoding: chunked\r\n\r\n5\r\nab"), checks.Reset, "unexpected EOF, while reading the body", 200},
		"speaks no HTTP":             {says("SSH-2.0-OpenSSH_9.6\r\n"), checks.Malformed, "malformed HTTP", 0},
		"sends noise":                {noise, checks.Malformed, "malformed HTTP", 0},
		"has a strange status":       {says("HTTP/1.1 2x0 OK\r\n\r\n"), checks.Malformed, "malformed HTTP status code", 0},
		"has a strange header":       {says(ok + "no colon\r\n\r\n"), checks.Malformed, "malformed MIME header", 0},
		"has two lengths":            {says(ok + "Content-Length: 1\r\nContent-Length: 2\r\n\r\nab"), checks.Malformed, "", 0},
		"has a strange length":       {says(ok + "Content-Length: x\r\n\r\nab"), checks.Malformed, "bad Content-Length", 0},
		"has a strange chunk":        {says(ok + "Transfer-Encoding: chunked\r\n\r\nxyz\r\n"), checks.Malformed, "invalid byte in chunk length", 200},
		"has no gzip in it":          {says(ok + "Content-Encoding: gzip\r\nContent-Length: 20\r\n\r\nthis is no gzip file"), checks.Malformed, "gzip: invalid header", 200},
		"sends a long header":        {says(ok + "X: " + strings.Repeat("x", 2*maxHeaderBytes) + "\r\n\r\n"), checks.HeadersTooLarge, "headers exceeded", 0},
		"sends headers without end":  {func(c net.Conn) { says(ok)(c); flood(c, "X-A: b\r\n") }, checks.HeadersTooLarge, "headers exceeded", 0},
		"sends a body without end":   {func(c net.Conn) { says(ok + "\r\n")(c); flood(c, "body without end ") }, checks.BodyTooLarge, "more than maxBody, 1048576 bytes", 200},
		"sends a bomb":               {says(ok + "Content-Encoding: gzip\r\n\r\n" + bomb(t)), checks.BodyTooLarge, "more than maxBody", 200},
		"redirects to itself":        {says("HTTP/1.1 302 Found\r\nLocation: /\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"), checks.RedirectLoop, "once more", 0},
		"redirects on and on":        {onAndOn, checks.TooManyRedirects, "10 redirects, and a further one to", 0},
		"redirects to a file":        {says("HTTP/1.1 302 Found\r\nLocation: file:///etc/passwd\r\n\r\n"), checks.BadRedirect, `redirected to "file:///etc/passwd", want http or https`, 0},
		"redirects to no URL":        {says("HTTP/1.1 302 Found\r\nLocation: http://[::1\r\n\r\n"), checks.BadRedirect, "redirected to what is no URL", 0},
		"redirects with a token":     {says("HTTP/1.1 302 Found\r\nLocation: ftp://me:hunter2@a.test/?token=hunter2\r\n\r\n"), checks.BadRedirect, `redirected to "ftp://a.test/?…", want http or https`, 0},
		"redirects to nowhere":       {says("HTTP/1.1 302 Found\r\n\r\n"), checks.WrongStatus, "status 302, want 2xx", 302},
		"redirects inside":           {says("HTTP/1.1 302 Found\r\nLocation: http://10.1.2.3/\r\n\r\n"), checks.Blocked, "10.1.2.3 is a private address", 0},
		"redirects to credentials":   {says("HTTP/1.1 302 Found\r\nLocation: http://169.254.169.254/latest/meta-data/\r\n\r\n"), checks.Blocked, "169.254.169.254 is a metadata address", 0},
		"redirects to another local": {says("HTTP/1.1 302 Found\r\nLocation: http://127.0.0.2/\r\n\r\n"), checks.Blocked, "127.0.0.2 is a loopback address", 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			timeout := `,"timeout":"20s"`
			if test.code == checks.Timeout || strings.HasPrefix(name, "hangs") {
				timeout = `,"timeout":"300ms"`
			}
			f := ask(t, local(), check(t, raw(t, test.serve), timeout))
			if f.Code != test.code || !strings.Contains(f.Message, test.message) || f.Status != test.status {
				t.Errorf("finding = %s %q, status %d, want %s %q, %d", f.Code, f.Message, f.Status, test.code, test.message, test.status)
			}
			if f.Bytes > checks.DefaultMaxBody {
				t.Errorf("%d bytes were read", f.Bytes)
			}
		})
	}
}

func trickle(c net.Conn) {
	says("HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n")(c)
	for {
		if _, err := c.Write([]byte("x")); err != nil {
			return
		}
		time.Sleep(10 * time.Millisecond) // it is what a slow server does
	}
}

func reset(c net.Conn) {
	request(c)
	_ = c.(*net.TCPConn).SetLinger(0)
}

func noise(c net.Conn) {
	random := rand.New(rand.NewPCG(5, 6))
	out := []byte("\x16\x03\x01\n")
	for range 1000 {
		out = append(out, byte(random.Uint32()))
	}
	says(string(out))(c)
}

func flood(c net.Conn, text string) {
	block := strings.Repeat(text, 1000)
	for {
		if _, err := io.WriteString(c, block); err != nil {
			return
		}
	}
}

func onAndOn(c net.Conn) {
	path := make([]byte, 64)
	n, _ := c.Read(path) // GET /12 HTTP/1.1
	step, _ := strconv.Atoi(strings.Fields(string(path[:n]))[1][1:])
	_, _ = io.WriteString(c, "HTTP/1.1 302 Found\r\nLocation: /"+strconv.Itoa(step+1)+"\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
}

func TestRedirectsAreFollowed(t *testing.T) {
	server := serve(t, func(w http.ResponseWriter, r *http.Request) {
		if step, _ := strconv.Atoi(r.URL.Path[1:]); step < checks.MaxRedirects {
			http.Redirect(w, r, "/"+strconv.Itoa(step+1), http.StatusFound)
		}
	})
	if f := ask(t, local(), check(t, server.URL+"/0", ``)); f.Code != checks.OK || f.Redirects != checks.MaxRedirects || f.Status != 200 {
		t.Errorf("finding = %+v", f)
	}
	if f := ask(t, local(), check(t, server.URL+"/0", `,"redirects":"no"`)); f.Code != checks.OK || f.Redirects != 0 || f.Status != 302 {
		t.Errorf("finding without following = %+v", f)
	}
	if f := ask(t, local(), check(t, server.URL+"/0", `,"redirects":"no","expect":{"status":200}`)); f.Code != checks.WrongStatus {
		t.Errorf("finding without following, 200 expected = %+v", f)
	}
}

func TestTLS(t *testing.T) {
	ca := newAuthority(t)
	trusting := local()
	trusting.RootCAs = ca.pool()
	day := 24 * time.Hour
	for name, test := range map[string]struct {
		client *Client
		change func(*x509.Certificate, *tls.Config)
		code   checks.Code
	}{
		"right":             {trusting, nil, checks.OK},
		"by nobody we know": {local(), nil, checks.TLSUnknownAuthority},
		"expired":           {trusting, func(c *x509.Certificate, _ *tls.Config) { c.NotAfter = time.Now().Add(-time.Minute) }, checks.TLSExpired},
		"not yet valid": {trusting, func(c *x509.Certificate, _ *tls.Config) {
			c.NotBefore, c.NotAfter = time.Now().Add(day), time.Now().Add(2*day)
		}, checks.TLSExpired},
		"of another host": {trusting, func(c *x509.Certificate, _ *tls.Config) { c.IPAddresses, c.DNSNames = nil, []string{"shop.example"} }, checks.TLSWrongHost},
		"of another use": {trusting, func(c *x509.Certificate, _ *tls.Config) {
			c.ExtKeyUsage = []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth}
		}, checks.TLSFailed},
		"too old a version": {trusting, func(_ *x509.Certificate, c *tls.Config) {
			c.MinVersion, c.MaxVersion = tls.VersionTLS10, tls.VersionTLS11
		}, checks.TLSFailed},
		"wants a certificate": {trusting, func(_ *x509.Certificate, c *tls.Config) {
			c.ClientAuth, c.MaxVersion = tls.RequireAnyClientCert, tls.VersionTLS12
		}, checks.TLSFailed},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server := ca.secure(t, page, test.change)
			if f := ask(t, test.client, check(t, server.URL, ``)); f.Code != test.code {
				t.Errorf("finding = %+v, want %s", f, test.code)
			}
		})
	}
	for name, test := range map[string]struct {
		serve   func(net.Conn)
		code    checks.Code
		message string
	}{
		"plain HTTP":              {says("HTTP/1.1 400 Bad Request\r\n\r\n"), checks.TLSFailed, "HTTP response to HTTPS client"},
		"no TLS at all":           {func(c net.Conn) { _, _ = io.WriteString(c, "220 mail.example ESMTP\r\n"); hang(c) }, checks.TLSFailed, "does not look like a TLS handshake"},
		"closes in the handshake": {func(c net.Conn) { _, _ = c.Read(make([]byte, 4096)) }, checks.Reset, "while shaking hands for TLS"},
		"hangs in the handshake":  {hang, checks.Timeout, "while shaking hands for TLS"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := ask(t, trusting, check(t, strings.Replace(raw(t, test.serve), "http:", "https:", 1), `,"timeout":"300ms"`))
			if f.Code != test.code || !strings.Contains(f.Message, test.message) {
				t.Errorf("finding = %s %q, want %s %q", f.Code, f.Message, test.code, test.message)
			}
		})
	}
}

func TestNobodyListens(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	listener.Close()
	f := ask(t, local(), check(t, "http://"+listener.Addr().String(), ``))
	if f.Code != checks.Refused || f.Message != "connect: connection refused, while connecting" {
		t.Errorf("finding = %s %q", f.Code, f.Message)
	}
}

// TestBatchEnds: where the batch has no more time nothing is said of the check.
func TestBatchEnds(t *testing.T) {
	url := raw(t, hang)
	for name, end := range map[string]func(context.Context) (context.Context, context.CancelFunc){
		"its deadline comes": func(ctx context.Context) (context.Context, context.CancelFunc) {
			return context.WithTimeout(ctx, 50*time.Millisecond)
		},
		"it is cancelled": func(ctx context.Context) (context.Context, context.CancelFunc) {
			ctx, cancel := context.WithCancel(ctx)
			time.AfterFunc(50*time.Millisecond, cancel)
			return ctx, cancel
		},
	} {
		for _, more := range []string{``, `,"retry":true`, `,"connection":"shared"`} {
			t.Run(name+more, func(t *testing.T) {
				t.Parallel()
				ctx, cancel := end(t.Context())
				defer cancel()
				session := local().Open()
				defer session.Close()
				if f, err := session.Ask(ctx, check(t, url, more)); err == nil || !errors.Is(err, ctx.Err()) {
					t.Errorf("Ask = %+v, %v, want %v", f, err, ctx.Err())
				}
			})
		}
	}
	t.Run("while it waits to try again", func(t *testing.T) {
		t.Parallel()
		ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
		defer cancel()
		session := local().Open()
		defer session.Close()
		if f, err := session.Ask(ctx, check(t, raw(t, says("")), `,"retry":true`)); err != context.DeadlineExceeded {
			t.Errorf("Ask = %+v, %v, want the deadline's error", f, err)
		}
	})
}

func TestSearch(t *testing.T) {
	body := strings.Repeat("a", windowBytes-3) + "needle" + strings.Repeat("b", 3*windowBytes) + "needles"
	for name, test := range map[string]struct {
		text  string
		limit int64
		found bool
		read  int64
	}{
		"over the edge of a window":    {"needle", 1 << 20, true, int64(len(body))},
		"at the very end":              {"bneedles", 1 << 20, true, int64(len(body))},
		"not there":                    {"needled", 1 << 20, false, int64(len(body))},
		"nothing":                      {"", 1 << 20, true, int64(len(body))},
		"the whole window long":        {strings.Repeat("b", 4096), 1 << 20, true, int64(len(body))},
		"behind the limit":             {"needles", int64(len(body)) - 1, false, int64(len(body))},
		"just before the limit":        {"needles", int64(len(body)), true, int64(len(body))},
		"partly in the byte too many":  {"aneedle", windowBytes + 2, false, windowBytes + 3},
		"right up to the byte too far": {"aneedle", windowBytes + 3, true, windowBytes + 4},
	} {
		for how, in := range map[string]io.Reader{
			"whole": strings.NewReader(body), "halves": iotest.HalfReader(strings.NewReader(body)), "with its end": iotest.DataErrReader(strings.NewReader(body)),
			"byte by byte": iotest.OneByteReader(strings.NewReader(body)),
		} {
			read, found, err := search(in, test.text, test.limit)
			if read != test.read || found != test.found || err != nil {
				t.Errorf("%s, %s: read %d, found %v, %v, want %d, %v", name, how, read, found, err, test.read, test.found)
			}
		}
	}
	if read, _, err := search(iotest.TimeoutReader(iotest.OneByteReader(strings.NewReader("ab"))), "x", 9); read != 1 || err != iotest.ErrTimeout {
		t.Errorf("search of a reader that breaks: %d, %v", read, err)
	}
}
