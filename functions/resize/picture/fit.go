package picture

import (
	"image"
	"image/color"

	"mapfleet/functions/resize/picture/planar"
)

// fit makes one variant of the planes: cut, scaled, turned, padded. Chroma gets the size of luma if full, else half of it both ways,
// as 4:2:0 has.
func (p planes) fit(plan plan, info Info, background color.NRGBA, full bool) (image.Image, error) {
	padded := plan.canvas != plan.scaled
	fitted := make([]planar.Plane, len(p.planes))
	for i := range p.planes {
		// A padded picture may begin at an odd pixel: its chroma is halved behind that.
		out, err := p.scaled(i, plan, info, i > 0 && !full && !padded)
		if err != nil {
			return nil, err
		}
		if padded {
			out, err = padPlane(out, plan.canvas, level(background, i), i > 0 && !full)
			if err != nil {
				return nil, err
			}
		}
		fitted[i] = out
	}
	return assemble(fitted, plan.canvas, full), nil
}

// scaled cuts, scales and turns plane i, to half of the plan's size if halved.
func (p planes) scaled(i int, plan plan, info Info, halved bool) (planar.Plane, error) {
	crop, size := plan.asStored(info)
	x, y := p.scale*p.sampling[i].across, p.scale*p.sampling[i].down
	window := planar.Window{
		X: float64(crop.Min.X) * x, Y: float64(crop.Min.Y) * y,
		Width: float64(crop.Dx()) * x, Height: float64(crop.Dy()) * y,
	}
	if halved {
		window, size = widen(window, size, info.Orientation)
	}
	out := planar.New(size.X, size.Y)
	if err := planar.Resize(out, p.planes[i], within(window, p.planes[i]), plan.filter); err != nil {
		return planar.Plane{}, err
	}
	return planar.Orient(out, info.Orientation), nil
}

// widen makes a window for half as many samples as size has pixels. Where size is odd the last sample of 4:2:0 is half outside of
// the picture, at the end as seen: at the end as stored too, or at the beginning if the orientation turns that axis around.
func widen(w planar.Window, size image.Point, orientation int) (planar.Window, image.Point) {
	halves := image.Pt((size.X+1)/2, (size.Y+1)/2)
	moreX := w.Width * (2*float64(halves.X)/float64(size.X) - 1)
	moreY := w.Height * (2*float64(halves.Y)/float64(size.Y) - 1)
	w.Width += moreX
	w.Height += moreY
	if backwardsX(orientation) {
		w.X -= moreX
	}
	if backwardsY(orientation) {
		w.Y -= moreY
	}
	return w, halves
}

// backwardsX and backwardsY say whether the stored axis runs against the one it is seen as.
func backwardsX(orientation int) bool {
	return orientation == 2 || orientation == 3 || orientation == 7 || orientation == 8
}

func backwardsY(orientation int) bool {
	return orientation == 3 || orientation == 4 || orientation == 6 || orientation == 7
}

// within keeps a window in its plane.
func within(w planar.Window, p planar.Plane) planar.Window {
	right, bottom := min(w.X+w.Width, float64(p.Width)), min(w.Y+w.Height, float64(p.Height))
	w.X, w.Y = max(w.X, 0), max(w.Y, 0)
	w.Width, w.Height = right-w.X, bottom-w.Y
	return w
}

// level is the background's sample in plane i.
func level(background color.NRGBA, i int) byte {
	y, cb, cr := color.RGBToYCbCr(background.R, background.G, background.B)
	return [...]byte{y, cb, cr}[i]
}

// padPlane centres a plane on the canvas; an odd pixel falls to the right and bottom. With halved the result has half the size.
func padPlane(p planar.Plane, canvas image.Point, value byte, halved bool) (planar.Plane, error) {
	out := planar.New(canvas.X, canvas.Y)
	planar.Pad(out, p, image.Pt((canvas.X-p.Width)/2, (canvas.Y-p.Height)/2), value)
	if !halved {
		return out, nil
	}
	window, size := widen(planar.Whole(out), canvas, 1)
	small := planar.New(size.X, size.Y)
	return small, planar.Resize(small, out, within(window, out), planar.Box)
}

// assemble shows planes as an image, without copying them.
func assemble(planes []planar.Plane, size image.Point, full bool) image.Image {
	bounds := image.Rectangle{Max: size}
	if len(planes) == 1 {
		return &image.Gray{Pix: planes[0].Pix, Stride: planes[0].Stride, Rect: bounds}
	}
	ratio := image.YCbCrSubsampleRatio420
	if full {
		ratio = image.YCbCrSubsampleRatio444
	}
	return &image.YCbCr{
		Y: planes[0].Pix, Cb: planes[1].Pix, Cr: planes[2].Pix,
		YStride: planes[0].Stride, CStride: planes[1].Stride, SubsampleRatio: ratio, Rect: bounds,
	}
}
