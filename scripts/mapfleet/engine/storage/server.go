package storage

import (
	"cmp"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"net"
	"net/http"
	"path/filepath"
	"time"

	"github.com/versity/versitygw/auth"
	"github.com/versity/versitygw/s3api"
	"github.com/versity/versitygw/s3api/middlewares"
)

// The buckets of the local engine.
const (
	Source      = "source"
	Destination = "destination"
	Work        = "work"
)

// Region is the one that the local engine says it is in.
const Region = "us-east-1"

// Config says which folders are buckets. All paths are absolute.
type Config struct {
	Source      string // a folder that is only read, unless it is Writable
	Destination string // made if missing
	State       string // made if missing; the work bucket lies in it. May lie in Destination: it is no object there

	// Writable lets objects be put into Source, as files with extended attributes.
	Writable bool
	// Created, if not nil, is told of every object that is made, before its maker has an answer. It is
	// called from many goroutines.
	Created func(Created)

	Address              string // HOST:PORT of a loopback address to listen on; default: a free port
	AccessKey, SecretKey string // of the root account; default: new ones
	// Other, if not nil, is asked first for every request: it answers those that are not for S3, and says so.
	Other Other
}

// Server is S3 on a loopback address, over the folders of a Config.
type Server struct {
	URL                  string // http://127.0.0.1:PORT
	AccessKey, SecretKey string // of the root account

	config     Config
	state      string
	api        *s3api.S3ApiServer
	buckets    *buckets
	unfinished []unfinished
	stopped    chan error
}

// Start serves the folders until Close. It changes the process's working directory: a property of the
// library behind it.
func Start(ctx context.Context, c Config) (*Server, error) {
	b, err := openBuckets(c)
	if err != nil {
		return nil, err
	}
	s := &Server{
		AccessKey: cmp.Or(c.AccessKey, rand.Text()[:20]), SecretKey: cmp.Or(c.SecretKey, rand.Text()),
		config: c, state: c.State, buckets: b, stopped: make(chan error, 1),
	}
	folders := []string{c.Destination, filepath.Join(c.State, Work)}
	if c.Writable {
		folders = append(folders, c.Source)
	}
	for _, folder := range folders {
		u, err := openUnfinished(folder)
		if err != nil {
			return nil, errors.Join(err, s.shutDown())
		}
		s.unfinished = append(s.unfinished, u)
	}
	var errs []error
	for range 5 { // another process may take the free port before it is bound
		if err = s.listen(ctx); err == nil {
			return s, nil
		}
		errs = append(errs, err)
		if c.Address != "" {
			break
		}
	}
	errs = append(errs, s.shutDown())
	return nil, fmt.Errorf("start the local S3: %w", errors.Join(errs...))
}

func (s *Server) listen(ctx context.Context) error {
	address, err := s.address()
	if err != nil {
		return err
	}
	ready := make(chan struct{})
	s.api, err = s3api.New(s.buckets, middlewares.RootUserConfig{Access: s.AccessKey, Secret: s.SecretKey}, Region,
		&auth.IAMServiceSingle{}, nil, nil, nil, nil,
		s3api.WithQuiet(), s3api.WithKeepAlive(), s3api.WithDisableACL(),
		s3api.WithConcurrencyLimiter(10000, 10000), s3api.WithMpMaxParts(10000),
		s3api.WithMiddleware("/", front(s.config.Other)),
		s3api.WithOnListen(func() { close(ready) }))
	if err != nil {
		return err
	}
	go func() { s.stopped <- s.api.ServeMultiPort([]string{address}) }()
	select {
	case <-ready:
		s.URL = "http://" + address
		if err := answers(ctx, s.URL); err != nil {
			return errors.Join(err, s.end())
		}
		return nil
	case err := <-s.stopped:
		return err
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(30 * time.Second):
		return errors.New("not listening after 30 s")
	}
}

// answers waits until the server at url serves a request. The library says that it is ready a moment
// before; a shutdown in between would pass it by.
func answers(ctx context.Context, url string) error {
	request, err := http.NewRequestWithContext(ctx, http.MethodHead, url, nil)
	if err != nil {
		return err
	}
	client := http.Client{Transport: &http.Transport{DisableKeepAlives: true}, Timeout: closeTime}
	response, err := client.Do(request)
	if err != nil {
		return err
	}
	return response.Body.Close()
}

func (s *Server) address() (string, error) {
	if s.config.Address != "" {
		return s.config.Address, nil
	}
	return freeAddress()
}

func freeAddress() (string, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	defer l.Close()
	return l.Addr().String(), nil
}

// closeTime is how long a server may take to end. Its requests are over by then: those who made them are.
const closeTime = 15 * time.Second

// Close ends the server once its requests are done, and takes away what the library leaves in the
// destination.
func (s *Server) Close() error {
	return errors.Join(s.end(), s.shutDown())
}

// shutDown ends what there is before the server listens.
func (s *Server) shutDown() (err error) {
	s.buckets.Shutdown()
	for _, u := range s.unfinished {
		err = errors.Join(err, u.close())
	}
	return err
}

// end stops what listen started.
func (s *Server) end() error {
	err := s.api.ShutDown()
	if errors.Is(err, context.DeadlineExceeded) {
		err = nil // requests had ten seconds to end: what is open still are connections that a client keeps
	}
	select {
	case <-s.stopped:
		return err
	case <-time.After(closeTime):
		return errors.Join(err, fmt.Errorf("the local S3 has not ended after %v", closeTime))
	}
}

// Path returns the file of an object in the work bucket.
func (s *Server) Path(key string) string {
	return filepath.Join(s.state, Work, filepath.FromSlash(key))
}
