package engine_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/lambda"
	"github.com/aws/aws-sdk-go-v2/service/s3"

	"mapfleet/functions/client"
	"mapfleet/functions/resize/batch"
)

// poisonsFile lies beside the bootstrap of a worker that crashes: the JSON list of keys that kill it.
const poisonsFile = "poisons.json"

// crashingWorker is functions/resize but that its process is killed, as by a system that is out of memory,
// when it works on certain keys.
func crashingWorker(ctx context.Context) error {
	data, err := os.ReadFile(filepath.Join(filepath.Dir(os.Args[0]), poisonsFile))
	if err != nil {
		return err
	}
	worker := &batch.Worker{}
	s3client, err := client.S3(ctx)
	if err != nil {
		return err
	}
	store := poisonous{Client: s3client}
	if err := json.Unmarshal(data, &store.keys); err != nil {
		return err
	}
	worker.Store = store
	lambda.StartWithOptions(worker.Run, lambda.WithContext(ctx))
	return errors.New("the Lambda runtime ended")
}

type poisonous struct {
	*s3.Client
	keys []string
}

func (p poisonous) GetObject(ctx context.Context, in *s3.GetObjectInput, options ...func(*s3.Options)) (*s3.GetObjectOutput, error) {
	if slices.Contains(p.keys, *in.Key) {
		_ = syscall.Kill(os.Getpid(), syscall.SIGKILL)
		select {} // until the signal is there
	}
	return p.Client.GetObject(ctx, in, options...)
}

// poisoned makes the worker of an engine one that is killed by these keys.
func poisoned(t *testing.T, keys ...string) func(*trial) {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	list, err := json.Marshal(keys)
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	bootstrap := filepath.Join(dir, "bootstrap")
	if err := errors.Join(os.Symlink(self, bootstrap), os.WriteFile(filepath.Join(dir, poisonsFile), list, 0o644)); err != nil {
		t.Fatal(err)
	}
	return func(c *trial) { c.Functions["resize"] = bootstrap }
}

// TestRun_pictures_that_kill_their_worker: each is one failure, and no other picture suffers.
func TestRun_pictures_that_kill_their_worker(t *testing.T) {
	const pictures = 120
	in, calm, out := album(t, pictures), t.TempDir(), t.TempDir()
	run(t, in, calm, w8, nil)
	want := contents(t, calm)
	poisons := []string{"00003.jpg", "00017.jpg", "00064.jpg"} // two in one batch, one in another
	for _, key := range poisons {
		delete(want, filepath.Join("w8", key))
	}
	o := run(t, in, out, w8, poisoned(t, poisons...))
	if s := o.Summary; o.Status != "SUCCEEDED" || s.Written+s.Current != pictures-len(poisons) || s.FailedBy["Crashed"] != len(poisons) || s.Failed != len(poisons) {
		t.Errorf("%s %s %s: %d written, %d current, failed %v; want SUCCEEDED with %d Crashed", o.Status, o.Error, o.Cause, s.Written, s.Current, s.FailedBy, len(poisons))
	}
	told := failures(t, o)
	for _, key := range poisons {
		if f := told[key]; f.Code != "Crashed" || !strings.Contains(f.Message, "Runtime.ExitError") {
			t.Errorf("failure of %s: %+v, want Crashed by Runtime.ExitError", key, f)
		}
	}
	wantSame(t, want, contents(t, out))
}

// TestRun_workers_that_are_killed: a process that dies for no fault of its pictures costs none of them.
func TestRun_workers_that_are_killed(t *testing.T) {
	if _, err := os.Stat("/proc/self/exe"); err != nil {
		t.Skip("needs /proc to find the workers")
	}
	const pictures = 600
	in, calm, out := album(t, pictures), t.TempDir(), t.TempDir()
	run(t, in, calm, w8, nil)
	stop := make(chan struct{})
	killed := make(chan int, 1)
	go func() { killed <- killWorkers(out, 5, pictures/6, stop) }()
	o := run(t, in, out, w8, nil)
	close(stop)
	if n := <-killed; n < 3 {
		t.Errorf("%d workers were killed: it tested little", n)
	}
	if s := o.Summary; o.Status != "SUCCEEDED" || s.Written+s.Current != pictures || s.Failed != 0 {
		t.Errorf("%s %s %s: %d written, %d current, failed %v; want all %d made", o.Status, o.Error, o.Cause, s.Written, s.Current, s.FailedBy, pictures)
	}
	wantSame(t, contents(t, calm), contents(t, out))
}

// killWorkers kills a worker of this test whenever so many outputs more are there, at most so many times,
// and returns how many it killed.
func killWorkers(out string, most, every int, stop <-chan struct{}) (n int) {
	tick := time.NewTicker(2 * time.Millisecond)
	defer tick.Stop()
	for n < most {
		select {
		case <-stop:
			return n
		case <-tick.C:
		}
		made, _ := os.ReadDir(filepath.Join(out, "w8"))
		workers := workersOf(built["resize"])
		if len(made) > n*every && len(workers) > 0 && syscall.Kill(workers[n%len(workers)], syscall.SIGKILL) == nil {
			n++
		}
	}
	return n
}

// workersOf returns the processes that run an executable.
func workersOf(executable string) (pids []int) {
	links, _ := filepath.Glob("/proc/[0-9]*/exe")
	for _, link := range links {
		if exe, err := os.Readlink(link); err == nil && exe == executable {
			var pid int
			if _, err := fmt.Sscanf(link, "/proc/%d/exe", &pid); err == nil {
				pids = append(pids, pid)
			}
		}
	}
	return pids
}
