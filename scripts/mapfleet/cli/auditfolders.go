package cli

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"syscall"

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
	lock, err := shareState(state)
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

// shareState keeps runs off the state folder until the file is closed: outputs must not change while
// they are compared. Audits may share it.
func shareState(state string) (*os.File, error) {
	f, err := os.OpenFile(filepath.Join(state, "lock"), os.O_CREATE|os.O_RDWR, 0o644)
	if err != nil {
		return nil, err
	}
	if err := syscall.Flock(int(f.Fd()), syscall.LOCK_SH|syscall.LOCK_NB); err != nil {
		f.Close()
		return nil, fmt.Errorf("%s: a run is at work in this folder; wait for it", state)
	}
	return f, nil
}
