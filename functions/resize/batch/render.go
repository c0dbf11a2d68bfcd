package batch

import (
	"bytes"
	"context"
	"image/color"
	"strconv"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"

	"mapfleet/functions/job"
	"mapfleet/functions/resize/picture"
)

// preview is the variant that shows a sampled source in the report.
var preview = picture.Variant{Width: 480, Height: 480, Fit: picture.Inside, Format: picture.JPEG, Quality: 70, Detail: picture.Rough}

// render makes the targets of one source and puts them.
func (r *round) render(ctx context.Context, s *source, targets []target, o *outcome) error {
	variants := r.variants(targets)
	sampled := r.sampled(s.key)
	if sampled {
		variants = append(variants, preview)
	}
	rendered, ignored, err := r.open(ctx, s, variants)
	o.spent.fetch += s.fetching
	o.spent.decode += rendered.Decode
	o.bytesIn = s.length
	if err != nil {
		return err
	}
	if o.ignored = ignored; ignored != "" {
		return nil
	}
	s.rendered(rendered) // the next picture is decoded while these outputs are put
	var first *target
	for i, t := range targets {
		output := rendered.Outputs[t.variant]
		o.spent.resize += output.Resize
		o.spent.encode += output.Encode
		if output.Err != nil {
			e, ok := output.Err.(*picture.Error)
			if !ok {
				return output.Err
			}
			o.failures = append(o.failures, job.Failure{Key: s.key, Variant: r.job.Variants[t.variant].Name, Code: e.Code, Message: e.Error()})
			continue
		}
		begun := time.Now()
		written, err := r.put(ctx, s, t, output, o)
		o.spent.put += time.Since(begun)
		if err != nil {
			return err
		}
		if written {
			r.worker.scouted.Store(scouts)
			o.outputs++
			o.bytesOut += int64(len(output.Bytes))
			if first == nil {
				first = &targets[i]
			}
		}
	}
	o.current = o.outputs == 0 && len(o.failures) == 0
	if sampled && first != nil {
		r.sample(ctx, s, *first, rendered, o)
	}
	return nil
}

// variants returns the whole recipe, with what is not among targets left out: the bytes of an output do not
// depend on which of the others are current already.
func (r *round) variants(targets []target) []picture.Variant {
	variants := make([]picture.Variant, len(r.job.Variants), len(r.job.Variants)+1)
	for i, v := range r.job.Variants {
		variants[i] = recipe(v)
		variants[i].Skip = true
		if v.Format == job.FormatAVIF {
			variants[i].AVIF = r.worker.AVIF
		}
	}
	for _, t := range targets {
		variants[t.variant].Skip = false
	}
	return variants
}

// sampled says whether the source is one of those that the report may show.
func (r *round) sampled(key string) bool {
	n := r.job.SampleEvery
	if n <= 0 {
		return false
	}
	hash, err := strconv.ParseUint(sourceMark(key), 16, 64)
	return err == nil && hash%uint64(n) == 0
}

// sample leaves a preview of the source in the work bucket. A report can do without one, so an error
// costs no more than the sample.
func (r *round) sample(ctx context.Context, s *source, t target, rendered picture.Result, o *outcome) {
	before, after := rendered.Outputs[len(rendered.Outputs)-1], rendered.Outputs[t.variant]
	if before.Err != nil {
		return
	}
	key := r.job.Work.Prefix + "previews/" + sourceMark(s.key) + ".jpg"
	begun := time.Now()
	_, err := r.worker.Store.PutObject(ctx, &s3.PutObjectInput{
		Bucket: &r.job.Work.Bucket, Key: &key,
		Body: bytes.NewReader(before.Bytes), ContentType: aws.String(before.ContentType),
		Metadata: map[string]string{markSource: sourceMark(s.key), markRecipe: "preview"}, // never a source, should it be listed
	})
	o.spent.put += time.Since(begun)
	if err != nil {
		return
	}
	o.sample = &job.Sample{
		Key: s.key, Preview: key,
		Before:  job.Picture{Format: string(rendered.Source.Format), Width: rendered.Source.Width, Height: rendered.Source.Height, Bytes: o.bytesIn},
		Variant: r.job.Variants[t.variant].Name, Output: t.key,
		After: job.Picture{Format: string(after.Format), Width: after.Width, Height: after.Height, Bytes: int64(len(after.Bytes))},
	}
}

// recipe turns a variant of the job into picture's words.
func recipe(v job.Variant) picture.Variant {
	p := picture.Variant{Width: v.Width, Height: v.Height, Fit: picture.Fit(v.Fit), Upscale: v.Upscale, Quality: v.Quality}
	if v.Fine {
		p.Detail = picture.Fine
	}
	p.Filter = picture.Filter(v.Filter)
	if v.Colour == job.ColourSRGB {
		p.Color = picture.SRGB
	}
	p.KeepEXIF = v.KeepEXIF
	if v.Format != job.FormatSame {
		p.Format = picture.Format(v.Format)
	}
	if n, err := strconv.ParseUint(strings.TrimPrefix(v.Background, "#"), 16, 32); err == nil {
		p.Background = color.NRGBA{R: uint8(n >> 16), G: uint8(n >> 8), B: uint8(n), A: 255}
	}
	return p
}
