package batch

import (
	"context"
	"fmt"

	"golang.org/x/sync/semaphore"

	"mapfleet/functions/resize/picture"
)

// memory is the bytes that pictures at work may take. A part is for sources, which are fetched ahead of
// their turn to be rendered, and the rest for what decoding and encoding take: what is fetched can never
// keep away the memory that rendering needs to come to an end. Both are given in the order in which they
// are asked for, so that a large picture waits until it fits, and no longer.
type memory struct {
	ahead, sources, work *semaphore.Weighted
	mostSources          int64
	most                 int64 // for decoding and encoding
	half                 int64 // of ahead
}

// What is fetched and not rendered yet, for each processor. sourceBytes is the share of the memory. Long
// before it is full the processor has enough to do while S3 answers: aheadBytes are eight pictures of a
// camera, or as many small ones as are in flight, and use the same memory again and again, which new bytes
// would have to get from the system and push out of the cache. A large picture counts as half of that, so
// that the next one comes while it is rendered.
const (
	sourceBytes = 64 << 20
	aheadBytes  = 24 << 20
)

func newMemory(total int64, processors int) *memory {
	sources := max(min(total/4, sourceBytes*int64(processors)), 1)
	most := max(total-sources, 1)
	ahead := aheadBytes * int64(processors)
	return &memory{
		ahead: semaphore.NewWeighted(ahead), sources: semaphore.NewWeighted(sources), work: semaphore.NewWeighted(most),
		mostSources: sources, most: most, half: ahead / 2,
	}
}

// hold is the memory of one item. It is for one goroutine at a time.
type hold struct {
	memory               *memory
	size                 int64 // of the source that there is room for
	alone                bool  // it has all there is
	ahead, sources, work int64 // taken
}

// fetch waits for room for a source. One that is larger than the share of sources takes all there is: it
// is fetched and rendered alone.
func (m *memory) fetch(ctx context.Context, size int64) (*hold, error) {
	h := &hold{memory: m, size: size, alone: size > m.mostSources}
	ahead, sources := min(size, m.half), min(size, m.mostSources)
	if err := m.ahead.Acquire(ctx, ahead); err != nil {
		return h, err
	}
	h.ahead = ahead
	if err := m.sources.Acquire(ctx, sources); err != nil { // who has some of them needs no more of either
		h.release()
		return h, err
	}
	h.sources = sources
	if !h.alone {
		return h, nil
	}
	if err := m.work.Acquire(ctx, m.most); err != nil { // who has some of it has a source already, and ends
		h.release()
		return h, err
	}
	h.work = m.most
	return h, nil
}

// grow makes room for a source of size bytes, if that takes no waiting.
func (h *hold) grow(size int64) bool {
	more := size - h.size
	switch {
	case more <= 0:
		return true
	case h.alone, size > h.memory.mostSources, !h.memory.sources.TryAcquire(more):
		return false
	}
	h.size, h.sources = size, h.sources+more
	return true
}

// render waits for the bytes that rendering takes. More than there ever are is a *picture.Error.
func (h *hold) render(ctx context.Context, bytes int64) error {
	most := h.memory.most
	if h.alone {
		most -= h.size - h.sources
	}
	if bytes > most {
		return &picture.Error{
			Code: picture.TooMuchMemory, Doing: "render picture",
			Reason: fmt.Sprintf("it takes %d bytes of memory, more than the %d that a worker has for one", bytes, most),
		}
	}
	if h.alone {
		return nil
	}
	if err := h.memory.work.Acquire(ctx, bytes); err != nil {
		return err
	}
	h.work = bytes
	return nil
}

// rendered gives back what rendering took, but for the bytes of the outputs that are still to be put.
func (h *hold) rendered(outputs int64) {
	if !h.alone && outputs < h.work {
		h.memory.work.Release(h.work - outputs)
		h.work = outputs
	}
}

// release gives everything back. It may be called again, and on nil.
func (h *hold) release() {
	if h == nil {
		return
	}
	h.memory.ahead.Release(h.ahead)
	h.memory.sources.Release(h.sources)
	h.memory.work.Release(h.work)
	h.ahead, h.sources, h.work = 0, 0, 0
}

// releaseSource gives back what the source took. A picture that is alone stays so to its end.
func (h *hold) releaseSource() {
	if !h.alone {
		h.memory.ahead.Release(h.ahead)
		h.memory.sources.Release(h.sources)
		h.ahead, h.sources = 0, 0
	}
}
