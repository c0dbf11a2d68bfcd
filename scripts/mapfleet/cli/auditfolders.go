package cli

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"

	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/s3"

	"mapfleet/scripts/mapfleet/engine"
	"mapfleet/scripts/mapfleet/engine/storage"
)

// folderPlace is that of "mapfleet local resize" with the same flags.
func (r *auditCommand) folderPlace() (auditPlace, error) {
	if _, err := os.Stat(r.out); err != nil {
		return auditPlace{}, usagef("--out: %w", err)
	}
	run := localResize{in: r.in, out: r.out, state: r.state, input: r.input, stdout: r.stdout, stderr: r.stderr}
	folders, input, err := run.config()
	if err != nil {
		return auditPlace{}, err
	}
	for _, file := range []struct{ flag, path string }{{"--manifest", r.manifest}, {"--orphans", r.orphans}} {
		if file.path == "" || strings.HasPrefix(file.path, "s3://") {
			continue
		}
		path, err := resolve(file.path)
		if err != nil {
			return auditPlace{}, err
		}
		if within(path, folders.Source) {
			return auditPlace{}, usagef("%s %s lies in --in %s, which is only read: name a file elsewhere", file.flag, file.path, r.in)
		}
	}
	deployment, err := folders.Deployment()
	if err != nil {
		return auditPlace{}, err
	}
	p := auditPlace{deployment: deployment, input: input, folders: folders, local: true, work: deployment.WorkBucket}
	p.open = func(ctx context.Context) (*s3.Client, func() error, error) {
		return openFolders(ctx, folders, r.manifestURL(), r.concurrency)
	}
	return p, nil
}

// openFolders serves the folders as S3. Where there is no state folder yet, none is made, unless it is
// to hold a manifest.
func openFolders(ctx context.Context, folders engine.Config, needsState bool, concurrency int) (*s3.Client, func() error, error) {
	state, finish := folders.State, func() error { return nil }
	if _, err := os.Stat(state); errors.Is(err, os.ErrNotExist) && !needsState {
		if state, err = os.MkdirTemp("", "mapfleet-audit-*"); err != nil {
			return nil, nil, err
		}
		finish = func() error { return os.RemoveAll(state) }
	}
	if err := os.MkdirAll(state, 0o755); err != nil {
		return nil, nil, err
	}
	lock, err := engine.Share(state)
	if held, ok := errors.AsType[engine.InUse](err); ok {
		err = heldState(held)
	}
	if err != nil {
		return nil, nil, errors.Join(err, finish())
	}
	server, err := storage.Start(ctx, storage.Config{Source: folders.Source, Destination: folders.Destination, State: state})
	if err != nil {
		return nil, nil, errors.Join(err, lock.Close(), finish())
	}
	connections := &http.Transport{MaxIdleConnsPerHost: concurrency}
	client := s3.New(s3.Options{
		Region: storage.Region, BaseEndpoint: &server.URL, UsePathStyle: true, HTTPClient: &http.Client{Transport: connections},
		Credentials: credentials.NewStaticCredentialsProvider(server.AccessKey, server.SecretKey, ""),
		DisableLogOutputChecksumValidationSkipped: true,
	})
	return client, func() error {
		connections.CloseIdleConnections() // the server would wait for them
		return errors.Join(server.Close(), lock.Close(), finish())
	}, nil
}

// heldState says by whom a state folder is held, and how its outputs are compared nevertheless: they must not change
// meanwhile, unless their own server has them in hand.
func heldState(held engine.InUse) error {
	if held.Server == "" {
		return fmt.Errorf("%s: a run is at work in this folder; wait for it", held.State)
	}
	return fmt.Errorf(`%s: "mapfleet serve" is at work in this folder, at %s: end it, or audit what it serves, with the environment of ". %s": mapfleet audit --endpoint-url %s`,
		held.State, held.Server, shellQuote(filepath.Join(held.State, "serve.env")), held.Server)
}
