package picture

import (
	"errors"
	"fmt"
	"image"
)

// planAnimation takes a GIF apart if a variant keeps its frames, and refuses, in their outputs, variants of too much work. There is
// nothing to keep of a GIF of one frame: it returns nil.
func planAnimation(source []byte, info Info, variants []Variant, plans []plan, limits Limits, outputs []Output) *animation {
	var keep []int
	for i, v := range variants {
		if info.Format == GIF && v.format(GIF) == GIF && outputs[i].Err == nil && !v.Skip {
			keep = append(keep, i)
		}
	}
	if len(keep) == 0 {
		return nil
	}
	a, err := splitGIF(source, limits.MaxFrames)
	if a.still(err) {
		return nil
	}
	for _, i := range keep {
		switch {
		case errors.Is(err, errTooManyFrames):
			outputs[i].Err = fail(TooManyFrames, "read gif", "more than %d frames", limits.MaxFrames)
		case err != nil:
			outputs[i].Err = failWith(DecodeFailed, "read gif", fmt.Errorf("frame %d: %w", len(a.frames)+1, err))
		default:
			outputs[i].Err = a.check(plans[i], limits)
		}
	}
	return &a
}

// still says whether there is one frame, whatever else stands behind it; err is splitGIF's. It also says so of a file cut before
// its first frame ends: what is wrong with that the decoder tells.
func (a animation) still(err error) bool {
	switch {
	case errors.Is(err, errTooManyFrames):
		return false
	case len(a.frames) == 1:
		return !errors.Is(err, errGIFCut)
	}
	return len(a.frames) == 0
}

// manyFrames tells whether a GIF has more than one.
func manyFrames(source []byte) bool {
	_, err := splitGIF(source, 1)
	return errors.Is(err, errTooManyFrames)
}

// check refuses by the pixels of all frames, those to read and those to write.
func (a animation) check(p plan, limits Limits) error {
	for _, size := range []image.Point{a.size, p.canvas} {
		if int64(size.X)*int64(size.Y) > limits.MaxAnimationPixels/int64(len(a.frames)) {
			return fail(TooManyAnimationPixels, "read gif", "%d frames of %d x %d are more than %d pixels",
				len(a.frames), size.X, size.Y, limits.MaxAnimationPixels)
		}
	}
	return nil
}
