package asl

import (
	"bufio"
	"context"
	"errors"
	"io"
	"iter"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
)

// onDisk is a Journal in files.
type onDisk struct {
	dir   string
	mu    sync.Mutex
	files map[string]*os.File
}

func (d *onDisk) Append(log string, record []byte) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.files[log] == nil {
		f, err := os.OpenFile(filepath.Join(d.dir, log), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o644)
		if err != nil {
			return err
		}
		d.files[log] = f
	}
	_, err := d.files[log].Write(append(record, '\n'))
	return err
}

func (d *onDisk) Sync(string) error { return nil }

func (d *onDisk) Read(log string) iter.Seq2[[]byte, error] {
	return func(yield func([]byte, error) bool) {
		f, err := os.Open(filepath.Join(d.dir, log))
		if err != nil {
			return
		}
		defer f.Close()
		lines := bufio.NewReaderSize(f, 1<<20)
		for {
			line, err := lines.ReadSlice('\n')
			if err != nil || !yield(line, nil) {
				return
			}
		}
	}
}

func (d *onDisk) Drop(log string) error { return os.Remove(filepath.Join(d.dir, log)) }

// million lists a million objects, and forgets what is put.
type million struct{}

func (million) List(_ context.Context, _, _, continuation string) ([]any, string, error) {
	n, _ := strconv.Atoi(continuation)
	page := make([]any, 1000)
	for i := range page {
		page[i] = map[string]any{"Key": "photos/2026/11/IMG_" + strconv.Itoa(n*1000+i) + ".jpg", "Size": 34910}
	}
	if n++; n == 1000 {
		return page, "", nil
	}
	return page, strconv.Itoa(n), nil
}

func (million) Open(context.Context, string, string) (io.ReadCloser, error) {
	return nil, errors.New("no such key")
}

func (million) Put(_ context.Context, _, _, _ string, body io.ReadSeeker) error {
	_, err := io.Copy(io.Discard, body)
	return err
}

// TestMillion_items_take_little_memory runs a million items in batches of 100, is aborted half way, and
// redriven.
func TestMillion_items_take_little_memory(t *testing.T) {
	const most = 32 << 20 // bytes of heap; the items alone would take ten times as much
	m := parse(t, fleet(listing+exporter+`"ItemBatcher":{"MaxItemsPerBatch":100},"MaxConcurrency":8,"ToleratedFailureCount":100000,`))
	x := execution1(`{"prefix":"runs"}`)
	var last MapRun
	var again int64
	x.Observe = func(ev Event) { // events of a Map Run come one at a time
		if ev.MapRun == nil {
			return
		}
		if last = *ev.MapRun; ev.Kind == ChildStarted && last.RedriveCount == 1 {
			again++
		}
	}
	x.Objects, x.Journal = million{}, &onDisk{dir: t.TempDir(), files: map[string]*os.File{}}
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	var children, peak atomic.Int64
	x.Tasks = tasks(func(_ context.Context, _ string, payload any) (any, error) {
		n := children.Add(1)
		if n%500 == 0 {
			runtime.GC() // garbage is no part of what is needed; on a busy machine there may be much of it
			var s runtime.MemStats
			runtime.ReadMemStats(&s)
			peak.Store(max(peak.Load(), int64(s.HeapAlloc)))
		}
		if n == 5000 {
			cancel()
		}
		if n < 5000 && n%20 == 0 {
			return nil, errors.New("once")
		}
		return itemsOf(payload), nil
	})
	if _, err := m.Run(ctx, x); !errors.Is(err, ErrAborted) {
		t.Fatalf("Run = %v, want ErrAborted", err)
	}
	first := last
	if _, err := m.Redrive(t.Context(), x); err != nil {
		t.Fatal(err)
	}
	if last.Items != (Counts{Succeeded: 1e6, Total: 1e6, ResultsWritten: 1e6}) || last.Executions.Total != 10_000 {
		t.Errorf("Map Run = %+v, want a million items in 10,000 children", last)
	}
	if again != 10_000-first.Executions.Succeeded {
		t.Errorf("%d children were run by the redrive, want the %d that had not succeeded", again, 10_000-first.Executions.Succeeded)
	}
	if peak := peak.Load(); peak > most {
		t.Errorf("%d MB of heap were in use, want at most %d", peak>>20, most>>20)
	}
	t.Logf("at most %d MB of heap in use; %d items had been done before the redrive", peak.Load()>>20, first.Items.Succeeded)
}
