package picture

import (
	"context"
	"fmt"
	"image"
	"time"
)

// showing is one output of an animation that is being made.
type showing struct {
	plan      plan
	variant   Variant
	transform *transform
	to        *reel
	out       *Output
}

// show makes outputs of all frames: the same number, with their delays. Outputs are made side by side, so that frames are decoded once
// for as many as have no more pixels together than the source. What it takes to decode is returned. Its error is the context's.
func (a animation) show(ctx context.Context, showings []*showing) (decoding time.Duration, err error) {
	for len(showings) > 0 {
		n := a.together(showings)
		spent, err := a.showTogether(ctx, showings[:n])
		if err != nil {
			return 0, err
		}
		decoding += spent
		showings = showings[n:]
	}
	return decoding, nil
}

// together counts how many may be made at a time, at least one: each holds two pictures of its size.
func (a animation) together(showings []*showing) (n int) {
	room := pixelsIn(a.size)
	for _, s := range showings {
		if room -= pixelsIn(s.plan.canvas); room < 0 && n > 0 {
			break
		}
		n++
	}
	return n
}

func pixelsIn(size image.Point) int64 { return int64(size.X) * int64(size.Y) }

func (a animation) showTogether(ctx context.Context, showings []*showing) (decoding time.Duration, err error) {
	for _, s := range showings {
		s.begin(a)
	}
	from := newCanvas(a.size)
	for i, f := range a.frames {
		if err := ctx.Err(); err != nil {
			return 0, err
		}
		start := time.Now()
		err := from.show(a, f)
		decoding += time.Since(start)
		if err != nil {
			for _, s := range showings {
				s.fail(failWith(DecodeFailed, "decode gif", fmt.Errorf("frame %d: %w", i+1, err)))
			}
			return decoding, nil
		}
		shown := from.raster()
		for _, s := range showings {
			s.add(shown, f.delay)
		}
	}
	for _, s := range showings {
		s.end()
	}
	return decoding, nil
}

func (s *showing) begin(a animation) {
	size := s.plan.canvas
	*s.out = Output{Format: GIF, ContentType: GIF.ContentType(), Width: size.X, Height: size.Y}
	s.to = newReel(size, a.loops)
}

func (s *showing) fail(err *Error) { s.out.Err, s.to = err, nil }

// add adds a frame. After an error it does nothing.
func (s *showing) add(frame *raster, delay int) {
	if s.out.Err != nil {
		return
	}
	start := time.Now()
	pixels, err := s.draw(frame)
	drawn := time.Now()
	s.out.Resize += drawn.Sub(start)
	if err != nil {
		s.fail(failWith(EncodeFailed, "fit picture", err))
		return
	}
	if err := s.to.add(pixels, delay); err != nil {
		s.fail(failWith(EncodeFailed, "encode gif", err))
	}
	s.out.Encode += time.Since(drawn)
}

// draw makes opaque and transparent pixels of a frame.
func (s *showing) draw(frame *raster) (*image.NRGBA, error) {
	pixels, err := frame.pixels(s.plan, Info{Width: frame.Width, Height: frame.Height, Orientation: 1})
	if err != nil {
		return nil, err
	}
	pixels = finish(pixels, s.plan, s.variant.background(), GIF, s.transform)
	threshold(pixels)
	return pixels, nil
}

func (s *showing) end() {
	if s.out.Err != nil {
		return
	}
	start := time.Now()
	file, err := s.to.end()
	s.to = nil
	if err != nil {
		s.fail(failWith(EncodeFailed, "encode gif", err))
		return
	}
	s.out.Bytes = file
	s.out.Encode += time.Since(start)
}
