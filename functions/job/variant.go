package job

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"mapfleet/functions/job/fields"
)

// Fit says how a picture meets the box of a variant.
type Fit string

// The fits, with the meaning that sharp gives them (its contain is called pad here).
const (
	FitInside  Fit = "inside"  // as large as possible within the box, aspect kept
	FitCover   Fit = "cover"   // fills the box, aspect kept, centre cropped
	FitFill    Fit = "fill"    // exactly the box, aspect ignored
	FitPad     Fit = "pad"     // inside the box, then centred on Background to exactly the box
	FitOutside Fit = "outside" // as small as possible while covering the box, aspect kept, nothing cropped
)

// Format is an output format.
type Format string

// The formats that can be written. FormatSame keeps the source's own; FormatAVIF is for deployments that have it.
const (
	FormatSame Format = "same"
	FormatJPEG Format = "jpeg"
	FormatPNG  Format = "png"
	FormatGIF  Format = "gif"
	FormatWebP Format = "webp"
	FormatAVIF Format = "avif"
)

// Colour says what becomes of a picture's colour profile.
type Colour string

// The colours. Both drop a profile that is plain sRGB, which is what a picture without one is shown as.
const (
	ColourKeep Colour = "keep" // another profile is copied into the output
	ColourSRGB Colour = "srgb" // the pixels are converted to sRGB, where the profile allows it
)

// Resampling says how pixels are weighed when a picture is scaled.
type Resampling string

// The filters, sharpest first.
const (
	ResamplingLanczos3   Resampling = "lanczos3"   // the default
	ResamplingCatmullRom Resampling = "catmullrom" // a cubic: softer, fainter lines beside hard edges
	ResamplingLinear     Resampling = "linear"     // softer still, no such lines
	ResamplingBox        Resampling = "box"        // the mean of the area that a pixel covers
)

// MaxSide is the largest width or height that may be asked for, in pixels.
const MaxSide = 16384

// DefaultQuality is the quality of JPEG, WebP and AVIF where a variant names none.
const DefaultQuality = 80

// highQuality is the JPEG quality of "quality":"high", which decodes finely too.
const highQuality = 90

// recipeVersion changes when the same variant would give other bytes than before, so that outputs of
// an older mapfleet count as stale.
const recipeVersion = 1

// Variant is one output that is made of every picture.
type Variant struct {
	// Name is the variant's own, unique in a recipe: lower-case letters, digits, - and _, at most 32.
	Name string `json:"name"`
	// Width and Height are the box in pixels, 1 to MaxSide; 0 leaves a side free (inside and outside only).
	Width  int `json:"width,omitzero"`
	Height int `json:"height,omitzero"`
	// Fit is how the picture meets the box; FitInside by default.
	Fit Fit `json:"fit"`
	// Upscale allows a picture smaller than the box to be enlarged.
	Upscale bool `json:"upscale,omitzero"`
	// Format is FormatSame by default.
	Format Format `json:"format"`
	// Quality is 1 to 100, for JPEG, WebP and AVIF; DefaultQuality by default. In a run input it may be "high": 90, with Fine.
	Quality int `json:"quality,omitzero"`
	// Fine decodes JPEGs larger before they are resized: a little sharper, a little slower.
	Fine bool `json:"fine,omitzero"`
	// Filter is ResamplingLanczos3 by default, left empty.
	Filter Resampling `json:"filter,omitzero"`
	// Colour is ColourKeep by default, left empty.
	Colour Colour `json:"colour,omitzero"`
	// KeepEXIF copies the EXIF of a source, place and time with it; without it, it is dropped.
	KeepEXIF bool `json:"keepExif,omitzero"`
	// Background is #rrggbb: behind a padded picture, and under transparency that JPEG cannot keep.
	Background string `json:"background,omitzero"`
	// Key is a template for the output's key; see KeyTemplate.
	Key string `json:"key"`
}

// Recipe returns a hash of everything in v that shapes the output's bytes: 16 hex digits. Two variants
// with the same Recipe make the same output of the same source. Name and Key do not count.
func (v Variant) Recipe() string {
	v.Name, v.Key = "", ""
	data, _ := json.Marshal(struct {
		Version int
		Variant Variant
	}{recipeVersion, v})
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:8])
}

var (
	namePattern  = regexp.MustCompile(`^[a-z0-9][a-z0-9_-]{0,31}$`)
	colorPattern = regexp.MustCompile(`^#[0-9a-fA-F]{6}$`)
)

// ParseVariants reads a recipe, a JSON list of variants, and fills in the defaults. It refuses what is
// wrong by path, variants that share a name, and variants whose keys may collide.
func ParseVariants(data []byte) ([]Variant, error) {
	var problems []Problem
	variants := parseVariants("variants", data, &problems)
	if problems != nil {
		return nil, InvalidInput{problems}
	}
	return variants, nil
}

func parseVariants(path string, data []byte, problems *[]Problem) []Variant {
	const most = 20
	var list []json.RawMessage
	if json.Unmarshal(data, &list) != nil || len(list) == 0 || len(list) > most {
		*problems = append(*problems, Problem{Field: path, Given: fields.Clip(data), Allowed: fmt.Sprintf("a list of 1 to %d variants", most)})
		return nil
	}
	before := len(*problems)
	variants := make([]Variant, len(list))
	for i, raw := range list {
		variants[i] = parseVariant(path+"["+strconv.Itoa(i)+"]", raw, problems)
	}
	if len(*problems) > before {
		return nil
	}
	for i, v := range variants {
		for _, earlier := range variants[:i] {
			field := path + "[" + strconv.Itoa(i) + "]"
			switch {
			case v.Name == earlier.Name:
				*problems = append(*problems, Problem{Field: field + ".name", Given: strconv.Quote(v.Name), Allowed: "a name that no other variant has"})
			case mayCollide(earlier, v):
				*problems = append(*problems, Problem{Field: field + ".key", Given: fields.Clip([]byte(strconv.Quote(v.Key))),
					Allowed: fmt.Sprintf("a template that can never give the key of variant %q (%s): put {variant} into both", earlier.Name, fields.Clip([]byte(strconv.Quote(earlier.Key))))})
			}
		}
	}
	if data, _ := json.Marshal(variants); len(data) > maxRecipeBytes {
		*problems = append(*problems, Problem{Field: path, Given: fmt.Sprintf("%d bytes", len(data)), Allowed: fmt.Sprintf("at most %d bytes of JSON, defaults filled in", maxRecipeBytes)})
	}
	return variants
}

func parseVariant(path string, data []byte, problems *[]Problem) Variant {
	v := Variant{Fit: FitInside, Format: FormatSame, Key: DefaultKey}
	f := fields.Read(path, data, problems)
	if f.Raw == nil {
		return v
	}
	const names = "1 to 32 of a-z, 0-9, - and _, starting with a letter or digit"
	named := f.Text("name", &v.Name, names)
	f.Whole("width", &v.Width, 1, MaxSide)
	f.Whole("height", &v.Height, 1, MaxSide)
	fields.OneOf(f, "fit", &v.Fit, FitInside, FitCover, FitFill, FitPad, FitOutside)
	f.Flag("upscale", &v.Upscale)
	fields.OneOf(f, "format", &v.Format, FormatSame, FormatJPEG, FormatPNG, FormatGIF, FormatWebP, FormatAVIF)
	f.Flag("fine", &v.Fine)
	parseQuality(f, &v)
	fields.OneOf(f, "filter", &v.Filter, ResamplingLanczos3, ResamplingCatmullRom, ResamplingLinear, ResamplingBox)
	if v.Filter == ResamplingLanczos3 {
		v.Filter = "" // the same recipe, whether it is said or not
	}
	fields.OneOf(f, "colour", &v.Colour, ColourKeep, ColourSRGB)
	if v.Colour == ColourKeep {
		v.Colour = "" // the same recipe, whether it is said or not
	}
	f.Flag("keepExif", &v.KeepEXIF)
	f.Text("background", &v.Background, "a colour such as #ffffff")
	f.Text("key", &v.Key, "a template")
	f.End()

	if (named || !f.Has("name")) && !namePattern.MatchString(v.Name) {
		f.Refuse("name", f.Raw["name"], names)
	}
	boxed := v.Fit == FitCover || v.Fit == FitFill || v.Fit == FitPad
	switch {
	case boxed && (!f.Has("width") || !f.Has("height")):
		f.Refuse("fit", []byte(strconv.Quote(string(v.Fit))), "both width and height beside cover, fill and pad")
	case !f.Has("width") && !f.Has("height"):
		f.Refuse("width", nil, "width, height or both")
	}
	lossy := v.Format != FormatPNG && v.Format != FormatGIF
	if f.Has("quality") && !lossy {
		f.Refuse("quality", f.Raw["quality"], "no quality beside format "+string(v.Format)+", which is lossless")
	}
	if lossy && v.Quality == 0 {
		v.Quality = DefaultQuality
	}
	if v.Background != "" && !colorPattern.MatchString(v.Background) {
		f.Refuse("background", f.Raw["background"], "a colour such as #ffffff")
	}
	v.Background = strings.ToLower(v.Background)
	if _, err := parseTemplate(v.Key); err != nil {
		f.Refuse("key", []byte(strconv.Quote(v.Key)), err.Error())
	}
	return v
}

// parseQuality reads 1 to 100, or "high", which is a quality of 90 from a fine decode.
func parseQuality(f *fields.Object, v *Variant) {
	if string(f.Raw["quality"]) == `"high"` {
		f.Take("quality")
		v.Quality, v.Fine = highQuality, true
		return
	}
	before := len(*f.Problems)
	f.Whole("quality", &v.Quality, 1, 100)
	if len(*f.Problems) > before {
		(*f.Problems)[before].Allowed += `, or "high"`
	}
}
