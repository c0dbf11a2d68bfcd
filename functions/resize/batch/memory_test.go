package batch

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"mapfleet/functions/resize/picture"
)

// gauge measures what is held of a memory by rendering that takes a second.
type gauge struct {
	mu        sync.Mutex
	now, most int64
}

func (g *gauge) add(n int64) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.now += n
	g.most = max(g.most, g.now)
}

// use takes a picture of a source and of rendering it through m.
func (g *gauge) use(t *testing.T, m *memory, source, work int64) {
	t.Helper()
	h, err := m.fetch(t.Context(), source)
	if err != nil {
		t.Error(err)
		return
	}
	defer h.release()
	g.add(source)
	defer g.add(-source)
	time.Sleep(time.Second)
	if err := h.render(t.Context(), work); err != nil {
		t.Error(err)
		return
	}
	g.add(work)
	defer g.add(-work)
	time.Sleep(time.Second)
}

func TestMemoryIsNeverExceeded(t *testing.T) {
	const total = 1000
	for _, c := range []struct {
		name string
		// of 60 pictures
		source, work func(i int) int64
		seconds      int // at most
	}{
		{"small ones fill it", func(int) int64 { return 10 }, func(int) int64 { return 50 }, 8},
		{"each takes all that there is to render", func(int) int64 { return 10 }, func(int) int64 { return 750 }, 61},
		{"sources that leave no room for a second", func(int) int64 { return 250 }, func(int) int64 { return 750 }, 121},
		{"sources that are larger than their share go alone", func(int) int64 { return 600 }, func(int) int64 { return 400 }, 120},
		{"all kinds", func(i int) int64 { return int64(1 + i*37%700) }, func(i int) int64 { return int64(1 + i*53%300) }, 120},
	} {
		t.Run(c.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) { // which finds a deadlock
				m, g := newMemory(total, 1), &gauge{}
				began := time.Now()
				var pictures sync.WaitGroup
				for i := range 60 {
					pictures.Go(func() { g.use(t, m, c.source(i), c.work(i)) })
				}
				pictures.Wait()
				if g.most > total {
					t.Errorf("%d bytes were held at a time, want at most %d", g.most, total)
				}
				if took := time.Since(began); took > time.Duration(c.seconds)*time.Second {
					t.Errorf("took %v, want at most %d s", took, c.seconds)
				}
			})
		})
	}
}

// TestLargePictureDoesNotStarve: those that come after it do not go before it for ever.
func TestLargePictureDoesNotStarve(t *testing.T) {
	for _, large := range []struct {
		name         string
		source, work int64
	}{{"to render", 100, 700}, {"to fetch", 900, 50}} {
		t.Run(large.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				m, g := newMemory(1000, 1), &gauge{}
				var pictures sync.WaitGroup
				for range 40 { // there is always one at work
					pictures.Go(func() { g.use(t, m, 20, 100) })
					time.Sleep(250 * time.Millisecond)
				}
				began := time.Now()
				done := make(chan struct{})
				pictures.Go(func() { g.use(t, m, large.source, large.work); close(done) })
				synctest.Wait() // it has asked
				for range 200 {
					pictures.Go(func() { g.use(t, m, 20, 100) })
				}
				<-done
				if took := time.Since(began); took > 5*time.Second {
					t.Errorf("the large one took %v, want at most 5s: it waited behind others that came later", took)
				}
				pictures.Wait()
			})
		})
	}
}

func TestMemoryOfSources(t *testing.T) {
	for _, c := range []struct {
		total      int64
		processors int
		want       int64
	}{{1000, 1, 250}, {1 << 30, 1, sourceBytes}, {1 << 30, 2, 2 * sourceBytes}, {1 << 30, 6, 1 << 28}, {1, 1, 1}} {
		m := newMemory(c.total, c.processors)
		if m.mostSources != c.want || m.most != max(c.total-c.want, 1) {
			t.Errorf("newMemory(%d, %d) has %d for sources and %d to render, want %d for sources", c.total, c.processors, m.mostSources, m.most, c.want)
		}
	}
}

// TestMemoryAhead: what is fetched ahead is bounded however much memory there is, and never keeps two from
// being had at once.
func TestMemoryAhead(t *testing.T) {
	for _, c := range []struct {
		size int64
		want int // fetched before one is rendered
	}{{aheadBytes / 8, 8}, {aheadBytes / 2, 2}, {aheadBytes, 2}, {sourceBytes / 2, 2}, {sourceBytes, 1}, {sourceBytes + 1, 1}} {
		t.Run(fmt.Sprint(c.size), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				m := newMemory(1<<30, 1)
				var pictures sync.WaitGroup
				var fetched atomic.Int64
				render := make(chan struct{})
				for range 20 {
					pictures.Go(func() {
						h, err := m.fetch(t.Context(), c.size)
						if err != nil {
							t.Error(err)
							return
						}
						fetched.Add(1)
						<-render
						h.releaseSource()
						h.release()
					})
				}
				synctest.Wait()
				if got := int(fetched.Load()); got != c.want {
					t.Errorf("%d sources of %d bytes are fetched ahead, want %d", got, c.size, c.want)
				}
				close(render)
				pictures.Wait()
				if got := fetched.Load(); got != 20 {
					t.Errorf("%d of 20 were fetched in the end", got)
				}
			})
		})
	}
}

func TestMemoryGrows(t *testing.T) {
	m := newMemory(1000, 1)
	h, err := m.fetch(t.Context(), 100)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		size int64
		want bool
	}{{50, true}, {100, true}, {200, true}, {250, true}, {251, false}} {
		if got := h.grow(c.size); got != c.want {
			t.Errorf("grow(%d) = %v, want %v", c.size, got, c.want)
		}
	}
	other, cancel := context.WithTimeout(t.Context(), time.Millisecond)
	defer cancel()
	if _, err := m.fetch(other, 1); err != context.DeadlineExceeded {
		t.Errorf("a second source beside one that has grown: %v, want it to wait", err)
	}
	h.release()
	h.release()
	if _, err := m.fetch(t.Context(), 250); err != nil {
		t.Error(err)
	}
}

// TestTooMuchMemory: what can never fit is a failure that names bytes and budget, found before it is spent.
func TestTooMuchMemory(t *testing.T) {
	photo := jpegOf(t, 400, 300, 1) // one and a half bytes a pixel to decode
	for _, c := range []struct {
		name   string
		memory int64
		width  int
		code   string
		says   string
	}{
		{"enough", 4 << 20, 20, "", ""},
		{"to decode it", 200_000, 20, picture.TooMuchMemory, "bytes of memory, more than 150000"},
		{"to make its output", 4 << 20, 4000, picture.TooMuchMemory, "more than the 3145728 that a worker has for one"},
		{"to fetch it", int64(len(photo) - 1), 20, FailedTooLarge, fmt.Sprintf("%d bytes, more than the %d", len(photo), len(photo)-1)},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := newWorld()
			w.worker.Memory = c.memory
			w.job().Variants[0].Width, w.job().Variants[0].Upscale = c.width, true
			w.listed("in/a.jpg", object{body: photo})
			w.batch.Items = append(w.batch.Items, w.batch.Items[0]) // so that one failure is not the batch's, were there but one
			result, err := w.run(t, t.Context())
			tally := tallyOf(t, result, err)
			if c.code == "" {
				if tally.Failed != 0 {
					t.Errorf("failed: %v", tally.Failures)
				}
				return
			}
			if tally.FailedBy[c.code] != 2 || !strings.Contains(tally.Failures[0].Message, c.says) {
				t.Errorf("failures %v, want two of %s that say %q", tally.Failures, c.code, c.says)
			}
		})
	}
}

func TestOutputPixels(t *testing.T) {
	info := picture.Info{Width: 400, Height: 200}
	for _, c := range []struct {
		v    picture.Variant
		want int64
	}{
		{picture.Variant{Width: 100, Height: 100, Fit: picture.Inside}, 100 * 100},
		{picture.Variant{Width: 1000, Height: 1000, Fit: picture.Inside}, 400 * 200},
		{picture.Variant{Width: 1000, Height: 1000, Fit: picture.Inside, Upscale: true}, 1000 * 1000},
		{picture.Variant{Width: 100, Fit: picture.Inside}, 100 * 50},
		{picture.Variant{Height: 400, Fit: picture.Inside, Upscale: true}, 800 * 400},
		{picture.Variant{Width: 100, Height: 100, Fit: picture.Outside}, 200 * 100},
		{picture.Variant{Width: 1000, Height: 1000, Fit: picture.Outside}, 400 * 200},
		{picture.Variant{Width: 1000, Height: 1000, Fit: picture.Pad}, 1000 * 1000},
		{picture.Variant{Width: 1000, Height: 1000, Fit: picture.Cover}, 1000 * 1000},
		{picture.Variant{Width: 60000, Height: 60000, Fit: picture.Fill}, picture.DefaultMaxPixels},
	} {
		if got := outputPixels(info, c.v, picture.Limits{}); got != c.want {
			t.Errorf("outputPixels(400 x 200, %+v) = %d, want %d", c.v, got, c.want)
		}
	}
}

// TestStagesOverlap: downloads run ahead of rendering, and uploads behind it.
func TestStagesOverlap(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld()
		w.job().Fresh = true
		w.pictures(t, 1+10*inFlight())
		w.before = func(_ context.Context, call string) error {
			if strings.HasPrefix(call, "GET ") || strings.HasPrefix(call, "PUT thumbs/") {
				time.Sleep(time.Second)
			}
			return nil
		}
		began := time.Now()
		w.done(t)
		// The first alone, then all that are in flight together.
		if took := time.Since(began); took != 22*time.Second {
			t.Errorf("took %v, want 22s", took)
		}
	})
}
