package picture

import (
	"image/color"

	"mapfleet/functions/resize/picture/planar"
)

// Fit says how a picture meets Width x Height. The fits are sharp's (https://sharp.pixelplumbing.com/api-resize), and so is what
// they do without Variant.Upscale, there called withoutEnlargement. No side of an output is ever less than 1 pixel.
type Fit string

const (
	// Inside keeps the aspect; the result is as large as it can be within Width and Height. The default. Without Upscale a
	// picture that is smaller already keeps its size.
	Inside Fit = "inside"
	// Cover keeps the aspect, fills Width x Height and cuts what stands over evenly from both ends. Without Upscale a picture
	// too small to fill is not scaled; it is only cut, where it is longer than Width or Height.
	Cover Fit = "cover"
	// Fill ignores the aspect: the result is Width x Height. Without Upscale each side by itself is at most the source's.
	Fill Fit = "fill"
	// Pad is Inside, centred on Background: the result is always Width x Height, without Upscale too.
	Pad Fit = "pad"
	// Outside keeps the aspect; the result is as small as it can be with neither side below Width and Height. Without Upscale
	// a picture that is smaller on either side keeps its size.
	Outside Fit = "outside"
)

// Detail is a demand on the size at which a JPEG is decoded. Decoding small is what makes it fast.
type Detail uint8

const (
	// Usual decodes no smaller than the output, which gives what libvips makes of its own shrinking decode.
	Usual Detail = iota
	// Fine decodes at twice the output's size or more, for a little more sharpness and time.
	Fine
	// Rough takes what there is: for previews.
	Rough
)

// Filter says how pixels are weighed when a picture is scaled. Where it shrinks all filters widen by the ratio, so that every pixel
// counts.
type Filter string

const (
	// Lanczos3 is the sharpest, and the default, as in sharp. Beside hard edges it leaves faint lines.
	Lanczos3 Filter = "lanczos3"
	// CatmullRom is a cubic: softer, with less of these.
	CatmullRom Filter = "catmullrom"
	// Linear is softer still and leaves none.
	Linear Filter = "linear"
	// Box is the mean of the area that a pixel covers; enlarging, it repeats pixels.
	Box Filter = "box"
)

// DefaultQuality is the quality of JPEG, WebP and AVIF where a Variant names none, as in sharp.
const DefaultQuality = 80

// Variant is a recipe for one output.
type Variant struct {
	// Width and Height in pixels, after orientation. 0 leaves a side free, for Inside and Outside only; both 0 keeps the size.
	Width, Height int
	// Fit is Inside if empty.
	Fit Fit
	// Upscale allows enlarging.
	Upscale bool
	// Format to write: JPEG, PNG, GIF, WebP, AVIF or Same. Of an animated GIF, a GIF keeps all frames, every other format the first.
	Format Format
	// Quality of JPEG, WebP and AVIF, 1 to 100; 0 is DefaultQuality. Other formats ignore it. One number gives about the same
	// fidelity in all three.
	Quality int
	// Detail says how large a JPEG is decoded before it is resized. One decode serves all variants, so each may get more than it
	// asks for.
	Detail Detail
	// Filter is Lanczos3 if empty. It is for what remains to be scaled: a JPEG that is decoded small was averaged there.
	Filter Filter
	// Skip leaves the variant out. It still counts for the size at which the picture is decoded: so the bytes of one variant are
	// the same whether the others are made beside it or not.
	Skip bool
	// Background fills what Pad adds, and lies under transparent pixels where the format is JPEG. The zero value is white. Any
	// other colour without alpha is transparent, which JPEG shows as white.
	Background color.NRGBA
	// Color is KeepProfile if empty.
	Color Color
	// KeepEXIF copies the source's EXIF block into a JPEG, PNG or WebP, where it fits: who took the picture when, and where, so it is
	// off by default. Orientation and size are put right; a thumbnail is left out.
	KeepEXIF bool
	// AVIF writes the format of that name; nil: it cannot be written.
	AVIF Encoder
}

// Validate returns an *Error with the code InvalidVariant if no picture could be made by v.
func (v Variant) Validate() error {
	const doing = "check variant"
	switch v.Fit {
	case "", Inside, Outside:
	case Cover, Fill, Pad:
		if v.Width == 0 || v.Height == 0 {
			return fail(InvalidVariant, doing, "fit %s needs width and height, got %d x %d", v.Fit, v.Width, v.Height)
		}
	default:
		return fail(InvalidVariant, doing, "unknown fit %.20q", v.Fit)
	}
	if v.Width < 0 || v.Height < 0 {
		return fail(InvalidVariant, doing, "width and height must not be negative, got %d x %d", v.Width, v.Height)
	}
	if v.Format == AVIF && v.AVIF == nil {
		return fail(InvalidVariant, doing, "cannot write format avif: this program has no encoder of it")
	}
	if v.Format != Same && v.Format != AVIF && !v.Format.Writable() {
		return fail(InvalidVariant, doing, "cannot write format %.20q", v.Format)
	}
	if _, ok := v.filter(); !ok {
		return fail(InvalidVariant, doing, "unknown filter %.20q", v.Filter)
	}
	switch v.Color {
	case "", KeepProfile, SRGB:
	default:
		return fail(InvalidVariant, doing, "unknown color %.20q", v.Color)
	}
	if v.Quality < 0 || v.Quality > 100 {
		return fail(InvalidVariant, doing, "quality must be 1 to 100, got %d", v.Quality)
	}
	return nil
}

// margin is how many times larger than the output a JPEG is decoded at the least, where its file has as much.
func (v Variant) margin() float64 {
	switch v.Detail {
	case Fine:
		return 2
	case Rough:
		return 0
	}
	return 1
}

// filter is in the resizer's words; false for one that there is not.
func (v Variant) filter() (filter planar.Filter, ok bool) {
	switch v.Filter {
	case "", Lanczos3:
		return planar.Lanczos3, true
	case CatmullRom:
		return planar.CatmullRom, true
	case Linear:
		return planar.Linear, true
	case Box:
		return planar.Box, true
	}
	return 0, false
}

func (v Variant) background() color.NRGBA {
	if v.Background == (color.NRGBA{}) {
		return color.NRGBA{R: 255, G: 255, B: 255, A: 255}
	}
	return v.Background
}

func (v Variant) quality() int {
	if v.Quality == 0 {
		return DefaultQuality
	}
	return v.Quality
}

// format settles what Same means for a source.
func (v Variant) format(source Format) Format {
	switch {
	case v.Format != Same:
		return v.Format
	case source.Writable():
		return source
	}
	return PNG
}
