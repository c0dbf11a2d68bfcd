// Package server keeps an engine running for other programs: S3 and Step Functions at one loopback address,
// and uploads that start runs.
package server

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"

	"mapfleet/functions/job"
	"mapfleet/functions/job/checks"
	"mapfleet/scripts/mapfleet/engine"
	"mapfleet/scripts/mapfleet/engine/events"
	"mapfleet/scripts/mapfleet/engine/executions"
	"mapfleet/scripts/mapfleet/engine/stepfunctions"
	"mapfleet/scripts/mapfleet/engine/storage"
)

// Config says what is served, and how.
type Config struct {
	Engine   engine.Config // its Serving is the server's own affair; Functions must have trigger
	Port     int           // of 127.0.0.1; 0: a free one
	Writable bool          // objects can be put into the source, and start runs

	Ended func(engine.Outcome, error)      // told of every execution that has ended; may be nil
	Say   func(format string, args ...any) // told what went wrong beside requests, a line each
}

// Server serves until Close.
type Server struct {
	URL                  string // http://127.0.0.1:PORT, of S3 and of Step Functions
	Region               string
	AccessKey, SecretKey string // as in the servers of this State folder before
	Machines             []engine.Machine
	CutOff               []executions.Execution // that a server before was killed at: ABORTED now, to be redriven

	engine  *engine.Engine
	service *stepfunctions.Service
	queue   *events.Queue
}

// Start serves. The error says so if the port is taken, or if the State folder is in use.
func Start(ctx context.Context, c Config) (*Server, error) {
	if err := os.MkdirAll(c.Engine.State, 0o755); err != nil {
		return nil, err
	}
	s := &Server{Region: storage.Region, service: stepfunctions.New(c.Ended)}
	keys, err := keysIn(c.Engine.State)
	if err != nil {
		return nil, err
	}
	queue := newLink()
	c.Engine.Serving = engine.Serving{
		AccessKey: keys.AccessKey, SecretKey: keys.SecretKey, Writable: c.Writable, Created: queue.put, Other: s.service,
	}
	if c.Port != 0 {
		c.Engine.Serving.Address = net.JoinHostPort("127.0.0.1", strconv.Itoa(c.Port))
	}
	earlier, err := engine.Executions(c.Engine.State).All()
	if err != nil {
		return nil, err
	}
	for _, x := range earlier {
		if x.Status == executions.Running {
			s.CutOff = append(s.CutOff, x)
		}
	}
	s.engine, err = engine.Start(ctx, c.Engine)
	if errors.Is(err, syscall.EADDRINUSE) {
		return nil, fmt.Errorf("port %d of 127.0.0.1 is in use: end what is there, or name another with --port", c.Port)
	}
	if err != nil {
		return nil, err
	}
	s.URL, s.Machines = s.engine.URL(), s.engine.Machines()
	s.AccessKey, s.SecretKey = s.engine.Keys()
	s.service.Attach(s.engine)
	s.queue, err = events.Open(events.Config{
		Folder: filepath.Join(c.Engine.State, "uploads"), Wants: rule(slices.Contains(c.Engine.Also, engine.Checks)), Say: c.Say,
		Invoke: func(ctx context.Context, event []byte) ([]byte, error) { return s.engine.Invoke(ctx, "trigger", event) },
	})
	if err != nil {
		queue.to(nil)
		return nil, errors.Join(err, s.engine.Close())
	}
	queue.to(s.queue)
	return s, nil
}

// rule is what a stack has rules for: what is put into the source, among the manifests, or among files of checks.
// Results that a run puts there are dropped here already, and again by the trigger.
func rule(files bool) func(storage.Created) bool {
	return func(o storage.Created) bool {
		return o.Bucket == storage.Source || o.Bucket == storage.Work && (strings.HasPrefix(o.Key, job.ManifestsPrefix) ||
			files && strings.HasPrefix(o.Key, checks.FilesPrefix) && !checks.IsResults(o.Key))
	}
}

// Close ends the executions that are RUNNING as ABORTED, with a report each, and returns how many. All
// processes are gone then. Uploads that have started nothing start it when the folder is served again.
func (s *Server) Close() (aborted int, err error) {
	s.queue.Stop()
	aborted = s.service.Close("mapfleet serve was ended")
	return aborted, errors.Join(s.engine.Close(), s.queue.Close())
}

// link leads to a queue that is opened later than the first put may come.
type link struct {
	ready chan struct{}
	queue *events.Queue
}

func newLink() *link { return &link{ready: make(chan struct{})} }

func (l *link) to(q *events.Queue) {
	l.queue = q
	close(l.ready)
}

func (l *link) put(o storage.Created) {
	<-l.ready
	if l.queue != nil {
		l.queue.Put(o)
	}
}

// keys are the credentials of a State folder.
type keys struct {
	AccessKey string `json:"accessKeyId"`
	SecretKey string `json:"secretAccessKey"`
}

// keysIn returns those of the folder, and makes them the first time: settings of clients stay good.
func keysIn(state string) (k keys, err error) {
	path := filepath.Join(state, "credentials.json")
	data, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		k = keys{AccessKey: rand.Text()[:20], SecretKey: rand.Text()}
		if data, err = json.Marshal(k); err != nil {
			return k, err
		}
		return k, os.WriteFile(path, append(data, '\n'), 0o600)
	}
	if err != nil {
		return k, err
	}
	if err := json.Unmarshal(data, &k); err != nil || k.AccessKey == "" || k.SecretKey == "" {
		return k, fmt.Errorf("read %s: it holds no credentials; delete it, and new ones are made", path)
	}
	return k, nil
}
