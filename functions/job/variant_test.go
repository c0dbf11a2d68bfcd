package job

import (
	"reflect"
	"strings"
	"testing"
)

// TestRecipeIsStable guards the outputs of earlier runs: another hash makes every one of them stale.
func TestRecipeIsStable(t *testing.T) {
	for _, c := range []struct {
		variant Variant
		want    string
	}{
		{Variant{Name: "w64", Width: 64, Fit: FitInside, Format: FormatSame, Quality: 80, Key: DefaultKey}, "359aac1ac86e930e"},
		{Variant{Name: "s", Width: 100, Height: 50, Fit: FitPad, Upscale: true, Format: FormatPNG, Background: "#ffaa00", Key: DefaultKey}, "4c28ff8bc8874702"},
	} {
		if got := c.variant.Recipe(); got != c.want {
			t.Errorf("%+v.Recipe() = %s, want %s; if the pixels did change, raise recipeVersion", c.variant, got, c.want)
		}
	}
}

func TestRecipeFollowsThePixels(t *testing.T) {
	base := Variant{Name: "w64", Width: 64, Height: 64, Fit: FitInside, Format: FormatSame, Quality: 80, Background: "#ffffff", Key: DefaultKey}
	changes := map[string]func(*Variant){
		"Name": func(v *Variant) { v.Name = "other" }, "Key": func(v *Variant) { v.Key = "{stem}" },
		"Width": func(v *Variant) { v.Width = 65 }, "Height": func(v *Variant) { v.Height = 65 }, "Fit": func(v *Variant) { v.Fit = FitCover },
		"Upscale": func(v *Variant) { v.Upscale = true }, "Format": func(v *Variant) { v.Format = FormatPNG },
		"Quality": func(v *Variant) { v.Quality = 81 }, "Fine": func(v *Variant) { v.Fine = true },
		"Filter": func(v *Variant) { v.Filter = ResamplingBox },
		"Colour": func(v *Variant) { v.Colour = ColourSRGB }, "KeepEXIF": func(v *Variant) { v.KeepEXIF = true }, "Background": func(v *Variant) { v.Background = "#fffffe" },
	}
	fields := reflect.TypeFor[Variant]()
	for field := range fields.Fields() {
		name := field.Name
		change, ok := changes[name]
		if !ok {
			t.Errorf("no word on whether %s shapes the pixels", name)
			continue
		}
		v := base
		change(&v)
		if same, want := v.Recipe() == base.Recipe(), name == "Name" || name == "Key"; same != want {
			t.Errorf("after a change of %s the recipe is the same: %v, want %v", name, same, want)
		}
	}
}

// TestRecipeOfFilters: the default filter said aloud is the recipe of a variant that says nothing, and so of
// outputs that are older than the field.
func TestRecipeOfFilters(t *testing.T) {
	recipes := map[string]string{}
	for _, members := range []string{``, `,"filter":null`, `,"filter":"lanczos3"`, `,"filter":"catmullrom"`, `,"filter":"linear"`, `,"filter":"box"`} {
		variants, err := ParseVariants([]byte(`[{"name":"w64","width":64` + members + `}]`))
		if err != nil {
			t.Fatal(err)
		}
		recipes[variants[0].Recipe()] += members
	}
	if got, want := recipes["359aac1ac86e930e"], `,"filter":null,"filter":"lanczos3"`; got != want || len(recipes) != 4 {
		t.Errorf("%d recipes, that of old outputs for %s; want 4, and for %s", len(recipes), got, want)
	}
}

func TestParseVariants(t *testing.T) {
	got, err := ParseVariants([]byte(`[{"name":"a","width":1},{"name":"b","height":2,"format":"gif"}]`))
	if err != nil || len(got) != 2 || got[1].Fit != FitInside || got[1].Quality != 0 || got[0].Quality != DefaultQuality {
		t.Errorf("ParseVariants = %+v, %v", got, err)
	}
	_, err = ParseVariants([]byte(`[{"name":"a"}]`))
	if _, bare := err.(InvalidInput); !bare || !strings.HasPrefix(err.Error(), "variants[0].width: given nothing") {
		t.Errorf("ParseVariants without a side: %T %v", err, err)
	}
}
