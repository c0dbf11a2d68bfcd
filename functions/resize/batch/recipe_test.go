package batch

import (
	"image/color"
	"testing"

	"mapfleet/functions/job"
	"mapfleet/functions/resize/picture"
)

func TestRecipe_every_member_reaches_the_picture(t *testing.T) {
	for _, c := range []struct {
		name string
		v    job.Variant
		want picture.Variant
	}{
		{"the least", job.Variant{Width: 10, Fit: job.FitInside, Format: job.FormatSame, Quality: 80}, picture.Variant{Width: 10, Fit: picture.Inside, Quality: 80}},
		{
			"all", job.Variant{
				Width: 10, Height: 20, Fit: job.FitPad, Upscale: true, Format: job.FormatWebP, Quality: 90, Fine: true,
				Filter: job.ResamplingBox, Colour: job.ColourSRGB, KeepEXIF: true, Background: "#102030",
			},
			picture.Variant{
				Width: 10, Height: 20, Fit: picture.Pad, Upscale: true, Format: picture.WebP, Quality: 90, Detail: picture.Fine,
				Filter: picture.Box, Color: picture.SRGB, KeepEXIF: true, Background: color.NRGBA{R: 0x10, G: 0x20, B: 0x30, A: 255},
			},
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := recipe(c.v)
			if got != c.want {
				t.Errorf("recipe = %+v, want %+v", got, c.want)
			}
			if err := got.Validate(); err != nil {
				t.Error(err)
			}
		})
	}
}

// The two sides spell filters alike.
func TestRecipe_every_filter_is_one_of_the_picture(t *testing.T) {
	for filter, want := range map[job.Resampling]picture.Filter{
		"": "", job.ResamplingLanczos3: picture.Lanczos3, job.ResamplingCatmullRom: picture.CatmullRom,
		job.ResamplingLinear: picture.Linear, job.ResamplingBox: picture.Box,
	} {
		got := recipe(job.Variant{Width: 10, Fit: job.FitInside, Format: job.FormatSame, Filter: filter})
		if err := got.Validate(); got.Filter != want || err != nil {
			t.Errorf("filter %q is %q, %v, want %q", filter, got.Filter, err, want)
		}
	}
}
