package config

import (
	"bytes"
	"encoding/json"
	"fmt"
)

// maxRecipeBytes leaves room for the rest in the 4 KB that a function's environment may hold.
// https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
const maxRecipeBytes = 3000

// variant has the fields that the functions know, so that a misspelt one is refused here. What their
// values may be is the functions' to say: Prepare refuses a wrong one before anything starts.
type variant struct {
	Name       string `json:"name"`
	Width      int    `json:"width"`
	Height     int    `json:"height"`
	Fit        string `json:"fit"`
	Upscale    bool   `json:"upscale"`
	Format     string `json:"format"`
	Quality    any    `json:"quality"` // a number or "high"
	Fine       bool   `json:"fine"`
	Filter     string `json:"filter"`
	Colour     string `json:"colour"`
	KeepEXIF   bool   `json:"keepExif"`
	Background string `json:"background"`
	Key        string `json:"key"`
}

// json reads a JSON text, or the value that cdk.json holds in its place, as compact JSON.
func (r *reader) json(key string, target *string) {
	given := r.take(key)
	if given == nil {
		return
	}
	text, ok := given.(string)
	if !ok {
		data, err := json.Marshal(given)
		if err != nil {
			r.refuse(key, given, "JSON")
			return
		}
		text = string(data)
	}
	var compact bytes.Buffer
	if err := json.Compact(&compact, []byte(text)); err != nil {
		r.refuse(key, given, fmt.Sprintf("JSON (%v)", err))
		return
	}
	*target = compact.String()
}

func (v *validator) recipe(key, given string) {
	if len(given) > maxRecipeBytes {
		v.refuse(key, fmt.Sprintf("%d bytes", len(given)), fmt.Sprintf("at most %d bytes", maxRecipeBytes))
		return
	}
	var variants []variant
	decoder := json.NewDecoder(bytes.NewReader([]byte(given)))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&variants); err != nil || len(variants) == 0 {
		allowed := `a JSON list of variants, such as ` + Default().Recipe
		if err != nil {
			allowed += fmt.Sprintf(" (%v)", err)
		}
		v.refuse(key, given, allowed)
		return
	}
	seen := map[string]bool{}
	for _, variant := range variants {
		if variant.Name == "" || seen[variant.Name] {
			v.refuse(key, given, fmt.Sprintf("a name for each variant that no other has (%q)", variant.Name))
		}
		seen[variant.Name] = true
	}
}
