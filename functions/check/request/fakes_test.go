package request

import (
	"bufio"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/binary"
	"io"
	"math/big"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"mapfleet/functions/check/address"
	"mapfleet/functions/job/checks"
)

// local is a client that may ask 127.0.0.1, but nobody else who is not public.
func local() *Client {
	return &Client{Guard: address.Guard{Allowed: []netip.Prefix{netip.MustParsePrefix("127.0.0.1/32")}}}
}

// check parses a line in which only the URL is needed.
func check(t testing.TB, url, more string) checks.Check {
	t.Helper()
	c, err := checks.ParseCheck([]byte(`{"url":"` + url + `"` + more + `}`))
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// ask makes the request of one line with a session of its own, and holds what is true of every finding.
func ask(t testing.TB, client *Client, c checks.Check) checks.Finding {
	t.Helper()
	session := client.Open()
	defer session.Close()
	begun := time.Now()
	f, err := session.Ask(t.Context(), c)
	took := time.Since(begun)
	if err != nil {
		t.Fatalf("Ask(%s): %v", c.URL, err)
	}
	if took > c.Longest()+2*time.Second {
		t.Errorf("Ask(%s) took %v, want at most %v and a moment", c.URL, took, c.Longest())
	}
	l := f.Latency
	if l.Total > took || l.DNS+l.Connect+l.TLS > l.Total || l.FirstByte > l.Total || l.DNS < 0 || l.Connect < 0 || l.TLS < 0 {
		t.Errorf("Ask(%s): latency %+v of %v", c.URL, l, took)
	}
	if f.URL != c.URL || f.ID != c.ID || f.At.Before(begun.Add(-time.Second)) || (f.Message == "") != (f.Code == checks.OK) || len(f.Message) > checks.MaxMessageBytes {
		t.Errorf("Ask(%s) = %+v", c.URL, f)
	}
	return f
}

// raw is a server that does with a connection what it wants. It returns its URL.
func raw(t testing.TB, serve func(net.Conn)) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { listener.Close() })
	go func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			go func() {
				defer conn.Close()
				serve(conn)
			}()
		}
	}()
	return "http://" + listener.Addr().String() + "/"
}

// request reads a request without a body.
func request(conn net.Conn) {
	if r, err := http.ReadRequest(bufio.NewReader(conn)); err == nil {
		_, _ = io.Copy(io.Discard, r.Body)
	}
}

// says is a server that answers every request with the same bytes, and closes.
func says(answer string) func(net.Conn) {
	return func(conn net.Conn) {
		request(conn)
		_, _ = io.WriteString(conn, answer)
	}
}

// hang waits until the other side gives up.
func hang(conn net.Conn) { _, _ = io.Copy(io.Discard, conn) }

// serve starts a well-behaved server.
func serve(t testing.TB, handler http.HandlerFunc) *httptest.Server {
	t.Helper()
	server := httptest.NewServer(handler)
	t.Cleanup(server.Close)
	return server
}

// authority signs certificates.
type authority struct {
	certificate *x509.Certificate
	key         *ecdsa.PrivateKey
}

func newAuthority(t testing.TB) authority {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(1), NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
		IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	certificate, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	return authority{certificate, key}
}

func (a authority) pool() *x509.CertPool {
	pool := x509.NewCertPool()
	pool.AddCert(a.certificate)
	return pool
}

// secure starts a TLS server for the host 127.0.0.1, as change will have it.
func (a authority) secure(t testing.TB, handler http.HandlerFunc, change func(*x509.Certificate, *tls.Config)) *httptest.Server {
	t.Helper()
	template := &x509.Certificate{SerialNumber: big.NewInt(2), NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
		IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth}}
	config := &tls.Config{}
	if change != nil {
		change(template, config)
	}
	der, err := x509.CreateCertificate(rand.Reader, template, a.certificate, &a.key.PublicKey, a.key)
	if err != nil {
		t.Fatal(err)
	}
	config.Certificates = []tls.Certificate{{Certificate: [][]byte{der}, PrivateKey: a.key}}
	server := httptest.NewUnstartedServer(handler)
	server.TLS = config
	server.EnableHTTP2 = true
	server.Config.ErrorLog = quiet()
	server.StartTLS()
	t.Cleanup(server.Close)
	return server
}

// names is a DNS server of its own: answers gives the IPv4 addresses of the n-th question, counted from
// 0; nil says that there is no such name.
func names(t testing.TB, answers func(n int, name string) []string) *net.Resolver {
	t.Helper()
	server, err := net.ListenPacket("udp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { server.Close() })
	var asked atomic.Int64
	go func() {
		query := make([]byte, 512)
		for {
			n, from, err := server.ReadFrom(query)
			if err != nil {
				return
			}
			if answer := dnsAnswer(query[:n], &asked, answers); answer != nil {
				_, _ = server.WriteTo(answer, from)
			}
		}
	}()
	return &net.Resolver{PreferGo: true, Dial: func(ctx context.Context, _, _ string) (net.Conn, error) {
		return new(net.Dialer).DialContext(ctx, "udp", server.LocalAddr().String())
	}}
}

// dnsAnswer makes the answer to a question of type A; to others that there is nothing.
// https://www.rfc-editor.org/rfc/rfc1035#section-4
func dnsAnswer(query []byte, asked *atomic.Int64, answers func(n int, name string) []string) []byte {
	end, labels := 12, []string{}
	for query[end] != 0 {
		labels = append(labels, string(query[end+1:end+1+int(query[end])]))
		end += 1 + int(query[end])
	}
	kind := binary.BigEndian.Uint16(query[end+1:])
	out := append([]byte{}, query[:end+5]...) // header and question; what comes after is dropped
	out[2], out[3] = 0x81, 0x80
	clear(out[6:12])
	if kind != 1 {
		return out
	}
	addresses := answers(int(asked.Add(1))-1, strings.Join(labels, "."))
	if addresses == nil {
		out[3] |= 3
	}
	binary.BigEndian.PutUint16(out[6:], uint16(len(addresses)))
	for _, a := range addresses {
		ip := netip.MustParseAddr(a).As4()
		out = append(out, 0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 0, 0, 4)
		out = append(out, ip[:]...)
	}
	return out
}
