package picture

import (
	"context"
	"image"
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
	Decode  time.Duration // from the first byte to pixels
	Outputs []Output
}

// Render makes every variant from one decode of source, each from the full picture.
//
// A source that cannot be read gives an *Error, no outputs, and Source as far as its header could be read. A variant that cannot
// be made gives an *Error in its own Output and leaves the others alone; if no variant is valid nothing is decoded. The context
// is looked at between steps, and its error returned as it is: it is not the picture's fault. source is only read.
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
	plans, work := planAll(info, variants, limits, result.Outputs)
	if !work {
		return result, nil
	}
	img, err := decode(source, info)
	if err != nil {
		return Result{Source: info}, err
	}
	result.Decode = time.Since(start)
	opaque := img.(interface{ Opaque() bool }).Opaque()
	for i, v := range variants {
		if result.Outputs[i].Err != nil {
			continue
		}
		if err := ctx.Err(); err != nil {
			return Result{}, err
		}
		result.Outputs[i], err = render(ctx, img, info, plans[i], v, v.format(info.Format, opaque))
		if err != nil {
			return Result{}, err
		}
	}
	return result, nil
}

// planAll puts the errors that are known before decoding into outputs, and tells whether anything is left to do.
func planAll(info Info, variants []Variant, limits Limits, outputs []Output) (plans []plan, work bool) {
	plans = make([]plan, len(variants))
	for i, v := range variants {
		outputs[i].Format = v.Format
		if outputs[i].Err = v.Validate(); outputs[i].Err != nil {
			continue
		}
		plans[i] = newPlan(image.Pt(info.Width, info.Height), v)
		outputs[i].Err = limits.check("fit picture", plans[i].canvas.X, plans[i].canvas.Y)
		work = work || outputs[i].Err == nil
	}
	return plans, work
}

// render makes one output. Its error is the context's.
func render(ctx context.Context, img image.Image, info Info, p plan, v Variant, format Format) (Output, error) {
	start := time.Now()
	pixels := paint(img, p, info.Orientation, v.background(), format)
	drawn := time.Now()
	if err := ctx.Err(); err != nil {
		return Output{}, err
	}
	out := Output{Format: format, ContentType: format.ContentType(), Width: p.canvas.X, Height: p.canvas.Y}
	out.Bytes, out.Err = encode(pixels, format, v.quality())
	out.Resize, out.Encode = drawn.Sub(start), time.Since(drawn)
	return out, nil
}
