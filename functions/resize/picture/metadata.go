package picture

import (
	"image"
	"image/color"
	"slices"
)

// metadata is what a source says beside its samples, as far as some variant has a use for it.
type metadata struct {
	profile *profile // nil: sRGB, or not to be understood
	exif    []byte   // a TIFF structure, nil if there is none
}

// readMetadata never fails: a broken profile or EXIF block is no reason to refuse a picture, and counts as none.
func readMetadata(source []byte, format Format, variants []Variant) (m metadata) {
	if slices.ContainsFunc(variants, func(v Variant) bool { return v.KeepEXIF }) {
		m.exif = exif(source, format)
	}
	raw := iccProfile(source, format)
	if raw == nil {
		return m
	}
	if p, ok := readProfile(raw); ok && !p.plain && p.space == spaceOf(source, format) {
		m.profile = p
	}
	return m
}

// exif returns a picture's EXIF block. That of a TIFF would be the file.
func exif(source []byte, format Format) []byte {
	switch format {
	case JPEG:
		return jpegEXIF(source)
	case PNG:
		return pngEXIF(source)
	case WebP:
		return webpEXIF(source)
	}
	return nil
}

// treatment is what becomes of colour and metadata in one output. The zero value leaves samples alone and embeds nothing.
type treatment struct {
	transform *transform // for the samples, before they meet the background; nil: none
	profile   *profile   // to embed, nil: none
	exif      []byte     // to embed, nil: none
}

// treat decides for a variant. solid says whether the source is opaque.
func (m metadata) treat(v Variant, p plan, format Format, solid bool) (t treatment) {
	if v.KeepEXIF {
		t.exif = m.exif
	}
	if m.profile == nil {
		return t
	}
	fits := format != GIF && format != AVIF && (m.profile.space != spaceGray || staysGray(v.background(), p, format, solid))
	switch {
	case m.profile.transform != nil && (v.Color == SRGB || !fits):
		t.transform = m.profile.transform
	case fits:
		t.profile = m.profile
	}
	return t
}

// staysGray tells whether a gray source makes a gray output: one without colour or alpha from anywhere.
func staysGray(background color.NRGBA, p plan, format Format, solid bool) bool {
	padded := p.canvas != p.scaled
	if format == WebP {
		return false // it has no gray
	}
	if format == JPEG {
		gray := background.R == background.G && background.R == background.B
		return gray || solid && !padded
	}
	gray := background.R == background.G && background.R == background.B && background.A == 255
	return solid && (gray || !padded)
}

// encode is encode with the treatment's profile and EXIF block.
func (t treatment) encode(img image.Image, format Format, v Variant) ([]byte, error) {
	quality := v.quality()
	if format == AVIF {
		return encodeAVIF(v.AVIF, img, quality)
	}
	if t.profile == nil && t.exif == nil {
		return encode(img, format, quality)
	}
	if t.profile != nil && t.profile.space == spaceRGB {
		img = inColour(img)
	}
	out, err := encode(img, format, quality)
	if err != nil {
		return nil, err
	}
	return t.embed(out, format, img.Bounds().Size()), nil
}

// inColour keeps a picture that happens to be gray from being written as one, which its RGB profile would not fit.
func inColour(img image.Image) image.Image {
	m, ok := img.(*image.NRGBA)
	if !ok || !m.Opaque() {
		return img
	}
	if _, gray := asGray(m); !gray {
		return img
	}
	return &image.RGBA{Pix: m.Pix, Stride: m.Stride, Rect: m.Rect}
}
