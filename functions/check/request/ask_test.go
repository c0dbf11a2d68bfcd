package request

import (
	"compress/gzip"
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"io"
	"log"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"mapfleet/functions/job/checks"
)

func quiet() *log.Logger { return log.New(io.Discard, "", 0) }

// page answers what the path asks for.
func page(w http.ResponseWriter, r *http.Request) {
	switch r.URL.Path {
	case "/status":
		w.WriteHeader(503)
	case "/slow":
		time.Sleep(60 * time.Millisecond)
	case "/gzip":
		w.Header().Set("Content-Encoding", "gzip")
		z := gzip.NewWriter(w)
		fmt.Fprint(z, strings.Repeat("x", 40000), "all is well", strings.Repeat("y", 40000))
		z.Close()
	case "/hello":
		fmt.Fprint(w, "hello, all is well")
	}
}

func TestAnswers(t *testing.T) {
	server := serve(t, page)
	for name, test := range map[string]struct {
		path, more string
		code       checks.Code
		message    string
		status     int
		bytes      int64
	}{
		"as expected":              {"/hello", `,"expect":{"status":200,"maxLatency":"9s","bodyContains":"all is well"}`, checks.OK, "", 200, 18},
		"nothing is expected":      {"/hello", ``, checks.OK, "", 200, 18},
		"no body":                  {"/", ``, checks.OK, "", 200, 0},
		"HEAD":                     {"/hello", `,"method":"HEAD"`, checks.OK, "", 200, 0},
		"wrong status":             {"/status", ``, checks.WrongStatus, "status 503, want 2xx", 503, 0},
		"a status that is wanted":  {"/status", `,"expect":{"status":["4xx",503]}`, checks.OK, "", 503, 0},
		"too slow":                 {"/slow", `,"expect":{"maxLatency":"50ms"}`, checks.TooSlow, "ms, want at most 50ms", 200, 0},
		"the text is missing":      {"/hello", `,"expect":{"bodyContains":"All is well"}`, checks.TextMissing, `no "All is well" in 18 bytes`, 200, 18},
		"status before text":       {"/status", `,"expect":{"bodyContains":"x"}`, checks.WrongStatus, "status 503, want 2xx", 503, 0},
		"text before latency":      {"/slow", `,"expect":{"bodyContains":"x","maxLatency":"50ms"}`, checks.TextMissing, `no "x"`, 200, 0},
		"a body of just the limit": {"/hello", `,"maxBody":18`, checks.OK, "", 200, 18},
		"one byte more":            {"/hello", `,"maxBody":17`, checks.BodyTooLarge, "more than maxBody, 17 bytes", 200, 17},
		"decompressed":             {"/gzip", `,"expect":{"bodyContains":"all is well"}`, checks.OK, "", 200, 80011},
		"as it comes":              {"/gzip", `,"headers":{"Accept-Encoding":"gzip"},"maxBody":1000`, checks.OK, "", 200, 0},
	} {
		t.Run(name, func(t *testing.T) {
			f := ask(t, local(), check(t, server.URL+test.path, test.more))
			if f.Code != test.code || !strings.Contains(f.Message, test.message) || f.Status != test.status {
				t.Errorf("finding = %s %q, status %d, want %s %q, %d", f.Code, f.Message, f.Status, test.code, test.message, test.status)
			}
			if f.Bytes != test.bytes && test.bytes > 0 {
				t.Errorf("%d bytes, want %d", f.Bytes, test.bytes)
			}
			if f.Attempts != 1 || f.Protocol != "HTTP/1.1" || f.Address != server.Listener.Addr().String() || f.Latency.FirstByte <= 0 || f.Latency.Connect <= 0 || f.Reused {
				t.Errorf("finding = %+v", f)
			}
		})
	}
}

// TestRequest: what a line gives is what the server gets.
func TestRequest(t *testing.T) {
	var got *http.Request
	var body string
	server := serve(t, func(w http.ResponseWriter, r *http.Request) {
		got = r
		data, _ := io.ReadAll(r.Body)
		body = string(data)
	})
	ask(t, local(), check(t, server.URL+"/a%20b?c=d#e", `,"method":"PATCH","body":"x=1","headers":{"host":"shop.example","x-key":"k","user-agent":"me"}`))
	if got.Method != "PATCH" || got.RequestURI != "/a%20b?c=d" || body != "x=1" || got.ContentLength != 3 {
		t.Errorf("asked %s %s with %q, length %d", got.Method, got.RequestURI, body, got.ContentLength)
	}
	if got.Host != "shop.example" || got.Header.Get("X-Key") != "k" || got.UserAgent() != "me" || got.Header.Get("Connection") != "" {
		t.Errorf("asked %s with %v", got.Host, got.Header)
	}
	ask(t, local(), check(t, server.URL, ``))
	if got.UserAgent() != DefaultUserAgent || got.ContentLength != 0 {
		t.Errorf("asked with %v", got.Header)
	}
}

// TestNoProxy: what the environment says of proxies is for nobody here. Hosts have names of their own, for
// net/http itself asks no proxy for localhost.
func TestNoProxy(t *testing.T) {
	ca := newAuthority(t)
	plain := serve(t, page)
	secure := ca.secure(t, page, func(c *x509.Certificate, _ *tls.Config) { c.DNSNames = []string{"shop.test"} })
	client := local()
	client.RootCAs = ca.pool()
	client.Resolver = names(t, func(int, string) []string { return []string{"127.0.0.1"} })
	for _, url := range []string{plain.URL, secure.URL} {
		named := strings.Replace(url, "127.0.0.1", "shop.test", 1)
		request, err := http.NewRequestWithContext(t.Context(), "GET", named, http.NoBody)
		if err != nil {
			t.Fatal(err)
		}
		if proxy, err := http.ProxyFromEnvironment(request); err != nil || proxy == nil {
			t.Fatalf("the environment names no proxy for %s (%v), so that this proves nothing", named, err)
		}
		if f := ask(t, client, check(t, named, ``)); f.Code != checks.OK {
			t.Errorf("finding = %+v", f)
		}
	}
}

func TestHTTP2(t *testing.T) {
	ca := newAuthority(t)
	var ends time.Time
	server := ca.secure(t, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/abort" {
			panic(http.ErrAbortHandler)
		}
		if r.URL.Path == "/headers" {
			for i := range maxHeaderBytes/1000 + 10 {
				w.Header().Set(fmt.Sprint("X-", i), strings.Repeat("x", 1000))
			}
		}
		fmt.Fprint(w, r.Proto)
	}, func(c *x509.Certificate, _ *tls.Config) { ends = c.NotAfter })
	client := local()
	client.RootCAs = ca.pool()
	f := ask(t, client, check(t, server.URL, `,"expect":{"bodyContains":"HTTP/2.0"}`))
	if f.Code != checks.OK || f.Protocol != "HTTP/2.0" || f.Latency.TLS <= 0 || f.Latency.FirstByte <= 0 || !f.CertificateEnds.Equal(ends.UTC().Truncate(time.Second)) {
		t.Errorf("finding = %+v, want HTTP/2 and a certificate until %v", f, ends)
	}
	if f := ask(t, client, check(t, server.URL+"/abort", ``)); f.Code != checks.Reset {
		t.Errorf("finding of a broken stream = %+v", f)
	}
	if f := ask(t, client, check(t, server.URL+"/headers", ``)); f.Code != checks.HeadersTooLarge && f.Code != checks.Malformed {
		t.Errorf("finding of long headers = %+v", f)
	}
}

func TestConnections(t *testing.T) {
	ca := newAuthority(t)
	var mu sync.Mutex
	opened := map[string]map[string]bool{"http": {}, "https": {}} // by the client's address
	handler := func(w http.ResponseWriter, r *http.Request) {
		mu.Lock()
		defer mu.Unlock()
		if r.TLS == nil {
			opened["http"][r.RemoteAddr] = true
		} else {
			opened["https"][r.RemoteAddr] = true
		}
	}
	plain, secure := serve(t, handler), ca.secure(t, handler, nil)
	client := local()
	client.RootCAs = ca.pool()
	for kind, want := range map[string]int{"fresh": 5, "shared": 1} {
		t.Run(kind, func(t *testing.T) {
			mu.Lock()
			clear(opened["http"])
			clear(opened["https"])
			mu.Unlock()
			session := client.Open()
			for n := range 5 {
				for _, url := range []string{plain.URL, secure.URL} {
					f, err := session.Ask(t.Context(), check(t, url, `,"connection":"`+kind+`"`))
					if err != nil || f.Code != checks.OK {
						t.Fatalf("Ask = %+v, %v", f, err)
					}
					reused := kind == "shared" && n > 0
					if f.Reused != reused || (f.Latency.Connect == 0) != reused || url == secure.URL && (f.Latency.TLS == 0) != reused {
						t.Errorf("request %d: %+v", n, f)
					}
				}
			}
			session.Close()
			mu.Lock()
			defer mu.Unlock()
			if len(opened["http"]) != want || len(opened["https"]) != want {
				t.Errorf("connections: %v, want %d each", opened, want)
			}
		})
	}
}

func TestRetry(t *testing.T) {
	var mu sync.Mutex
	asked := map[string]int{}
	server := serve(t, func(w http.ResponseWriter, r *http.Request) {
		mu.Lock()
		defer mu.Unlock()
		asked[r.URL.Path]++
		if r.URL.Path == "/bad" || r.URL.Path == "/flaky" && asked["/flaky"] == 1 || r.URL.Path == "/worse" && asked["/worse"] == 1 {
			w.WriteHeader(500)
		}
		if r.URL.Path == "/worse" && asked["/worse"] == 2 {
			w.WriteHeader(404)
		}
	})
	for path, test := range map[string]struct {
		more            string
		asked, attempts int
		first, code     checks.Code
		status          int
	}{
		"/good":  {`,"retry":true`, 1, 1, "", checks.OK, 200},
		"/flaky": {`,"retry":true`, 2, 2, checks.WrongStatus, checks.OK, 200},
		"/worse": {`,"retry":true`, 2, 2, checks.WrongStatus, checks.WrongStatus, 404},
		"/bad":   {``, 1, 1, "", checks.WrongStatus, 500},
	} {
		t.Run(path, func(t *testing.T) {
			t.Parallel()
			f := ask(t, local(), check(t, server.URL+path, test.more))
			mu.Lock()
			defer mu.Unlock()
			if asked[path] != test.asked || f.Attempts != test.attempts || f.FirstCode != test.first || f.Code != test.code || f.Status != test.status {
				t.Errorf("asked %d times, finding = %+v", asked[path], f)
			}
		})
	}
}

// TestHeadersStayHome: what a line gives as headers may be a password, and goes to nobody else.
func TestHeadersStayHome(t *testing.T) {
	client := local()
	client.Resolver = names(t, func(int, string) []string { return []string{"127.0.0.1"} })
	seen := map[string]http.Header{}
	var mu sync.Mutex
	var port string
	server := serve(t, func(w http.ResponseWriter, r *http.Request) {
		mu.Lock()
		defer mu.Unlock()
		seen[r.Host[:1]+r.URL.Path] = r.Header
		switch r.URL.Path {
		case "/start":
			w.Header().Set("Location", "/next")
		case "/next":
			w.Header().Set("Location", "http://me:pw@b.test:"+port+"/away")
		case "/away":
			w.Header().Set("Location", "http://a.test:"+port+"/back")
		default:
			return
		}
		w.WriteHeader(302)
	})
	u, err := url.Parse(server.URL)
	if err != nil {
		t.Fatal(err)
	}
	port = u.Port()
	f := ask(t, client, check(t, "http://a.test:"+port+"/start?token=secret", `,"headers":{"X-Key":"k","Authorization":"Bearer x","Cookie":"c=d","Accept":"text/html"}`))
	if f.Code != checks.OK || f.Redirects != 3 || f.Latency.DNS <= 0 {
		t.Fatalf("finding = %+v", f)
	}
	for hop, home := range map[string]bool{"a/start": true, "a/next": true, "b/away": false, "a/back": false} {
		h := seen[hop]
		if h == nil {
			t.Errorf("%s was not asked: %v", hop, seen)
			continue
		}
		password := "" // also none that the redirect has in its URL
		if home {
			password = "Bearer x"
		}
		if (h.Get("X-Key") == "k") != home || h.Get("Authorization") != password || (h.Get("Cookie") != "") != home || h.Get("Accept") != "text/html" || h.Get("Referer") != "" {
			t.Errorf("%s got %v", hop, h)
		}
	}
}

func TestSameSite(t *testing.T) {
	for pair, want := range map[[2]string]bool{
		{"http://a/", "http://a:80/x"}: true, {"http://a/", "https://a/"}: true, {"https://a/", "https://a:443/"}: true,
		{"https://a/", "http://a/"}: false, {"http://a/", "http://b/"}: false, {"http://a:8080/", "https://a/"}: false, {"http://a/", "https://a:8443/"}: false, {"https://a/", "https://a:8443/"}: false,
		{"https://a:80/", "https://a/"}: false,
	} {
		a, _ := url.Parse(pair[0])
		b, _ := url.Parse(pair[1])
		if got := sameSite(a, b); got != want {
			t.Errorf("sameSite(%v) = %v, want %v", pair, got, want)
		}
	}
}
