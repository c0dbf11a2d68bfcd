package picture

import (
	"image"
	"math"

	"mapfleet/functions/resize/picture/planar"
)

// plan is the geometry of one variant of one picture, and how it is scaled, in the picture's coordinates after orientation.
type plan struct {
	crop   image.Rectangle // the part of the source that is used
	scaled image.Point     // what crop is scaled to
	canvas image.Point     // the size of the output; larger than scaled for Pad only
	filter planar.Filter   // by which it is scaled
}

// newPlan follows sharp's ResolveShrink: shrink factors by fit, clipped where nothing may be enlarged, sides rounded half up.
// Cover cuts the source first, to the nearest whole pixel, where sharp scales first: the same size, and less work.
func newPlan(source image.Point, v Variant) plan {
	across, down := shrinks(source, v)
	p := plan{crop: image.Rectangle{Max: source}}
	p.scaled = image.Pt(shrunk(source.X, across), shrunk(source.Y, down))
	p.canvas = p.scaled
	p.filter, _ = v.filter()
	switch v.Fit {
	case Cover:
		p.scaled = image.Pt(min(v.Width, p.scaled.X), min(v.Height, p.scaled.Y))
		p.canvas = p.scaled
		p.crop = centred(image.Pt(window(p.scaled.X, across, source.X), window(p.scaled.Y, down, source.Y)), source)
	case Pad:
		p.canvas = image.Pt(v.Width, v.Height)
	}
	return p
}

// shrinks returns by how much each axis is divided; below 1 enlarges.
func shrinks(source image.Point, v Variant) (across, down float64) {
	across = float64(source.X) / float64(v.Width)
	down = float64(source.Y) / float64(v.Height)
	switch {
	case v.Width == 0 && v.Height == 0:
		return 1, 1
	case v.Width == 0:
		across = down
	case v.Height == 0:
		down = across
	case v.Fit == Cover, v.Fit == Outside:
		across = min(across, down)
		down = across
	case v.Fit != Fill:
		across = max(across, down)
		down = across
	}
	if !v.Upscale {
		across, down = max(1, across), max(1, down)
	}
	return across, down
}

// shrunk is the length of a side after scaling. Lengths beyond all limits stay where an int can hold them.
func shrunk(side int, shrink float64) int {
	return max(1, int(min(math.Floor(float64(side)/shrink+0.5), math.MaxInt32)))
}

// window is how much of the source's side shows as length.
func window(length int, shrink float64, side int) int {
	return min(max(1, int(math.Floor(float64(length)*shrink+0.5))), side)
}

// centred returns the rectangle of that size in the middle of the source; an odd pixel falls to the left and top, as in sharp.
func centred(size, source image.Point) image.Rectangle {
	corner := image.Pt((source.X-size.X+1)/2, (source.Y-size.Y+1)/2)
	return image.Rectangle{Min: corner, Max: corner.Add(size)}
}

// enlargement is how many pixels a pixel of the source becomes, on the axis where it becomes most.
func (p plan) enlargement() float64 {
	return max(float64(p.scaled.X)/float64(p.crop.Dx()), float64(p.scaled.Y)/float64(p.crop.Dy()))
}

// keeps says whether the crop's pixels are those of the output: not scaled.
func (p plan) keeps() bool { return p.scaled == p.crop.Size() }

// asStored is the crop, and the size to scale it to, before orientation.
func (p plan) asStored(info Info) (crop image.Rectangle, size image.Point) {
	crop = stored(p.crop, image.Pt(info.Width, info.Height), info.Orientation)
	if info.Orientation >= 5 {
		return crop, image.Pt(p.scaled.Y, p.scaled.X)
	}
	return crop, p.scaled
}
