package picture

import (
	"context"
	"image"
	"image/color"
	"time"
)

// Output is one variant made, or why it could not be made.
type Output struct {
	Bytes          []byte // the caller's to keep
	Format         Format // as written, never Same
	ContentType    string
	Width, Height  int
	Resize, Encode time.Duration
	Err            error // an *Error, or nil; all but Format may then be zero
}

// Result is one picture's. Outputs has the variants' indices.
type Result struct {
	Source  Info
	Decode  time.Duration // from the first byte to pixels, those of an animation's frames too where an output keeps them
	Outputs []Output
}

// Render makes every variant from one decode of source, each from the full picture.
//
// A source that cannot be read gives an *Error, no outputs, and Source as far as its header could be read. A variant that cannot
// be made gives an *Error in its own Output and leaves the others alone; if no variant is valid nothing is decoded. The context
// is looked at between steps, and its error returned as it is: it is not the picture's fault. source is only read. The Output of a
// variant to Skip says nothing but its Format. The frames of an animation are decoded once more for the GIFs that keep them,
// or several times where these have more pixels together than the source.
func Render(ctx context.Context, source []byte, variants []Variant, limits Limits) (Result, error) {
	limits = limits.withDefaults()
	if err := ctx.Err(); err != nil {
		return Result{}, err
	}
	start := time.Now()
	info, err := Inspect(source, limits)
	if err != nil {
		return Result{}, err
	}
	result := Result{Source: info, Outputs: make([]Output, len(variants))}
	plans := planAll(info, variants, limits, result.Outputs)
	film := planAnimation(source, info, variants, plans, limits, result.Outputs)
	if !result.anyLeft(variants) {
		return result, nil
	}
	meta := readMetadata(source, info.Format, variants)
	d, err := open(source, info, plans, variants, limits)
	if err != nil {
		return Result{Source: info}, err
	}
	defer d.release()
	result.Decode = time.Since(start)
	var showings []*showing
	for i, v := range variants {
		if v.Skip || result.Outputs[i].Err != nil {
			continue
		}
		if err := ctx.Err(); err != nil {
			return Result{}, err
		}
		format := v.format(info.Format)
		t := meta.treat(v, plans[i], format, d.solid)
		if film != nil && format == GIF {
			showings = append(showings, &showing{plan: plans[i], variant: v, transform: t.transform, out: &result.Outputs[i]})
			continue
		}
		if result.Outputs[i], err = render(ctx, d, plans[i], v, format, t); err != nil {
			return Result{}, err
		}
	}
	if film != nil {
		spent, err := film.show(ctx, showings)
		if err != nil {
			return Result{}, err
		}
		result.Decode += spent
	}
	return result, nil
}

// opaque gives planes the layout that the encoders of the other formats know.
func opaque(img image.Image, format Format) image.Image {
	m, ok := img.(*image.YCbCr)
	if !ok || format == JPEG || format == WebP {
		return img
	}
	out := image.NewNRGBA(m.Rect)
	for y := range m.Rect.Dy() {
		row := out.Pix[y*out.Stride:]
		for x := range m.Rect.Dx() {
			i := y*m.YStride + x
			r, g, b := color.YCbCrToRGB(m.Y[i], m.Cb[y*m.CStride+x], m.Cr[y*m.CStride+x])
			row[4*x], row[4*x+1], row[4*x+2], row[4*x+3] = r, g, b, 255
		}
	}
	return out
}

// planAll puts the errors that are known before decoding into outputs.
func planAll(info Info, variants []Variant, limits Limits, outputs []Output) []plan {
	plans := make([]plan, len(variants))
	for i, v := range variants {
		outputs[i].Format = v.Format
		if outputs[i].Err = v.Validate(); outputs[i].Err != nil {
			continue
		}
		plans[i] = newPlan(image.Pt(info.Width, info.Height), v)
		outputs[i].Err = limits.of(v.format(info.Format)).check("fit picture", plans[i].canvas.X, plans[i].canvas.Y)
		if outputs[i].Err == nil {
			outputs[i].Err = limits.checkAVIF(info, v, plans[i].canvas)
		}
	}
	return plans
}

// anyLeft tells whether there is anything to do.
func (r Result) anyLeft(variants []Variant) bool {
	for i, v := range variants {
		if !v.Skip && r.Outputs[i].Err == nil {
			return true
		}
	}
	return false
}

// render makes one output. Its error is the context's.
func render(ctx context.Context, d drawing, p plan, v Variant, format Format, t treatment) (Output, error) {
	start := time.Now()
	img, err := d.draw(p, v, format, t.transform)
	drawn := time.Now()
	if err := ctx.Err(); err != nil {
		return Output{}, err
	}
	out := Output{Format: format, ContentType: format.ContentType(), Width: p.canvas.X, Height: p.canvas.Y}
	if err != nil {
		out.Err = failWith(EncodeFailed, "fit picture", err)
	} else {
		out.Bytes, out.Err = t.encode(img, format, v)
	}
	out.Resize, out.Encode = drawn.Sub(start), time.Since(drawn)
	return out, nil
}
