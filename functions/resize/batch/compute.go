package batch

import (
	"context"
	"fmt"
	"log/slog"
	"runtime/debug"
	"sync/atomic"

	"mapfleet/functions/resize/picture"
)

// panicked says that the work on an item panicked.
type panicked struct{ value string }

func (p panicked) Error() string { return "panic: " + p.value }

// newPanicked logs a recovered panic with the stack of the goroutine that calls.
func newPanicked(key string, value any) panicked {
	slog.Error("panic", "key", key, "value", fmt.Sprint(value), "stack", string(debug.Stack()))
	return panicked{fmt.Sprintf("%.300s", fmt.Sprint(value))}
}

// compute renders within the memory and the processors there are. If ctx ends first, the picture is given
// up: it stays with a goroutine of its own, which gives back what it holds if it ever ends.
func (r *round) compute(ctx context.Context, s *source, variants []picture.Variant) (picture.Result, error) {
	limits := r.worker.Limits
	info, err := picture.Inspect(s.body, limits)
	if err != nil {
		return picture.Result{}, err
	}
	if err := s.hold.render(ctx, renderBytes(info, variants, limits)); err != nil {
		return picture.Result{}, err
	}
	select {
	case r.worker.cpu <- struct{}{}:
	case <-ctx.Done():
		return picture.Result{}, ctx.Err()
	}
	type rendered struct {
		picture.Result
		err error
	}
	ready := make(chan rendered, 1)
	var settled atomic.Bool // by the first of two: the picture is ready, or it is given up
	body, hold := s.body, s.hold
	onTime := r.worker.watch.expect(s.key, r.patience)
	go func() {
		var done rendered
		defer func() {
			if v := recover(); v != nil {
				done.err = newPanicked(s.key, v)
			}
			onTime()
			<-r.worker.cpu
			if settled.Swap(true) {
				bodies.give(body)
				hold.release()
			}
			ready <- done
		}()
		done.Result, done.err = r.worker.render(ctx, body, variants, limits)
	}()
	select {
	case done := <-ready:
		return done.Result, done.err
	case <-ctx.Done():
		if settled.Swap(true) {
			done := <-ready
			return done.Result, done.err
		}
		s.body, s.hold = nil, nil
		return picture.Result{}, ctx.Err()
	}
}

// renderBytes is about the most that rendering takes: the decoded picture, the variant in hand, and the
// bytes of those that are done. One of AVIF for which there is never enough is none of them: package picture
// refuses it alone.
func renderBytes(info picture.Info, variants []picture.Variant, limits picture.Limits) int64 {
	var largest, encoded int64
	for _, v := range variants {
		if v.Skip {
			continue
		}
		pixels := outputPixels(info, v, limits)
		if v.Format == picture.AVIF && v.AVIF != nil {
			bytes := v.AVIF.MemoryBytes(pixels)
			if limits.MaxMemory > 0 && info.MemoryBytes+bytes > limits.MaxMemory {
				continue
			}
			largest = max(largest, bytes)
		}
		largest = max(largest, pixels*(4+4)) // scaled, and in the layout of an encoder
		encoded += pixels
	}
	return info.MemoryBytes + largest + encoded
}

// outputPixels is the most pixels that an output of v can have.
func outputPixels(info picture.Info, v picture.Variant, limits picture.Limits) int64 {
	width, height := float64(info.Width), float64(info.Height)
	across, down := float64(v.Width)/width, float64(v.Height)/height
	pixels := float64(v.Width) * float64(v.Height)
	switch {
	case v.Width == 0 || v.Height == 0, v.Fit == picture.Outside:
		scale := max(across, down)
		pixels = width * height * scale * scale
		if !v.Upscale {
			pixels = min(pixels, width*height)
		}
	case v.Fit == picture.Inside && !v.Upscale:
		pixels = min(pixels, width*height)
	}
	most := limits.MaxPixels
	if most == 0 {
		most = picture.DefaultMaxPixels
	}
	return int64(min(pixels, float64(most)))
}
