package main

import (
	"bufio"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"log"
	"math/big"
	"net"
	"net/http"
	"net/netip"
	"os"
	"os/exec"
	"strings"
	"time"

	"mapfleet/functions/check/address"
	"mapfleet/functions/check/batch"
	"mapfleet/functions/check/request"
	"mapfleet/functions/job"
	"mapfleet/functions/job/checks"
)

// serveTLS is the flag by which this program is its own server, in a process whose CPU time is not counted.
const serveTLS = "-serve-tls"

// What is measured of handshakes: as many batches as make the figure steady, each as a stack has it.
const (
	handshakeBatches = 8
	handshakeLines   = checks.StackBatchSize
	handshakeWait    = 200 * time.Millisecond // of the server
)

// measureHandshakes makes requests over TLS, a connection for each, and prints what one costs the worker
// alone: its CPU time bounds how small a worker may be.
func measureHandshakes(ctx context.Context, w io.Writer) (err error) {
	self, err := os.Executable()
	if err != nil {
		return err
	}
	server := exec.CommandContext(ctx, self, serveTLS)
	server.Stderr = os.Stderr
	stop, err := server.StdinPipe()
	if err != nil {
		return err
	}
	said, err := server.StdoutPipe()
	if err != nil {
		return err
	}
	if err := server.Start(); err != nil {
		return fmt.Errorf("start the TLS server: %w", err)
	}
	defer func() { err = errors.Join(err, stop.Close(), server.Wait()) }()
	out := bufio.NewReader(said)
	host, err := out.ReadString('\n')
	if err != nil {
		return fmt.Errorf("read the address of the TLS server: %w", err)
	}
	root, err := io.ReadAll(out)
	if err != nil {
		return fmt.Errorf("read the certificate of the TLS server: %w", err)
	}
	pool := x509.NewCertPool()
	if !pool.AppendCertsFromPEM(root) {
		return errors.New("the TLS server shows no certificate")
	}

	client := &request.Client{Guard: address.Guard{Allowed: []netip.Prefix{netip.MustParsePrefix("127.0.0.1/32")}}, RootCAs: pool}
	worker := &batch.Worker{Store: &store{objects: map[string][]byte{}}, Open: func() batch.Session { return client.Open() }, PerHost: batch.DefaultConnections}
	input := checks.BatchInput{Job: checks.Job{Run: "bench", Work: job.Location{Bucket: "work", Prefix: checks.WorkKey("bench", "")}}}
	var total checks.Tally
	before, begun := spentBySelf(), time.Now()
	for n := range handshakeBatches {
		items := make([]checks.Item, handshakeLines)
		for i := range items {
			c, err := checks.ParseCheck(fmt.Appendf(nil, `{"url":"https://%s/ok/%d/%d"}`, strings.TrimSpace(host), i, handshakeWait.Milliseconds()))
			if err != nil {
				return err
			}
			items[i] = checks.Item{Line: n*handshakeLines + i + 1, Check: c}
		}
		result, err := worker.Run(ctx, checks.Batch{Items: items, BatchInput: input})
		if err != nil {
			return err
		}
		total.Add(result.Done)
	}
	took, cpu := time.Since(begun), spentBySelf()-before
	if total.OK != handshakeBatches*handshakeLines {
		return fmt.Errorf("handshakes: %v, want all to be OK", total.ByCode)
	}
	q := total.Latency.TLS.Quantiles()
	fmt.Fprintf(w, "%d batches of %d requests over TLS, a connection for each, one batch at a time\n", handshakeBatches, handshakeLines)
	fmt.Fprintf(w, "  took       %6.2f s, %.2f s a batch\n", took.Seconds(), took.Seconds()/handshakeBatches)
	fmt.Fprintf(w, "  CPU        %6.2f s, %.2f ms a line, of the worker alone\n", cpu.Seconds(), cpu.Seconds()/float64(total.Lines)*1e3)
	fmt.Fprintf(w, "  handshake  %6.1f ms median, %.1f p90, %.1f p99\n\n", q.P50, q.P90, q.P99)
	return nil
}

// serveHandshakes is the server: it prints its address and the certificate that signs its own, and ends with
// its standard input.
func serveHandshakes(stdin io.Reader, stdout io.WriteCloser) error {
	certificate, root, err := chain()
	if err != nil {
		return fmt.Errorf("make certificates: %w", err)
	}
	listener, err := net.Listen("tcp4", "127.0.0.1:0")
	if err != nil {
		return err
	}
	server := &http.Server{Handler: http.HandlerFunc(answer), ErrorLog: log.New(io.Discard, "", 0), TLSConfig: &tls.Config{Certificates: []tls.Certificate{certificate}}}
	go func() { _ = server.ServeTLS(listener, "", "") }() // ends when it is stopped
	if _, err := fmt.Fprintf(stdout, "%s\n%s", listener.Addr(), pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: root})); err != nil {
		return err
	}
	if err := stdout.Close(); err != nil {
		return err
	}
	_, err = io.Copy(io.Discard, stdin)
	return errors.Join(err, server.Close())
}

// chain makes a certificate for 127.0.0.1, signed by one that is signed by a root, as those of most sites are.
func chain() (leaf tls.Certificate, root []byte, err error) {
	var parent *x509.Certificate
	var signer *ecdsa.PrivateKey
	for n, name := range []string{"root", "between", "127.0.0.1"} {
		key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
		if err != nil {
			return leaf, nil, err
		}
		template := &x509.Certificate{
			SerialNumber: big.NewInt(int64(n + 1)), Subject: pkix.Name{CommonName: name}, NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
			IsCA: n < 2, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign | x509.KeyUsageDigitalSignature,
		}
		if n == 2 {
			template.IPAddresses = []net.IP{net.IPv4(127, 0, 0, 1)}
		}
		if parent == nil {
			parent, signer = template, key
		}
		der, err := x509.CreateCertificate(rand.Reader, template, parent, &key.PublicKey, signer)
		if err != nil {
			return leaf, nil, err
		}
		if parent, err = x509.ParseCertificate(der); err != nil {
			return leaf, nil, err
		}
		signer = key
		if n == 0 {
			root = der
			continue
		}
		leaf = tls.Certificate{Certificate: append([][]byte{der}, leaf.Certificate...), PrivateKey: key}
	}
	return leaf, root, nil
}
