package config

import (
	"bytes"
	"encoding/json"
	"fmt"
	"regexp"
)

// maxEnvironmentBytes leaves room for the rest in the 4 KB that a function's environment may hold.
// https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
const maxEnvironmentBytes = 3000

// maxVariants is how many a recipe may have.
const maxVariants = 20

var (
	variantName = regexp.MustCompile(`^[a-z0-9][a-z0-9_-]{0,31}$`)
	colour      = regexp.MustCompile(`^#[0-9a-fA-F]{6}$`)
	// keyTemplate is text with known words in braces; stem is one of them.
	keyTemplate = regexp.MustCompile(`^([^{}]|\{(prefix|dir|stem|ext|variant|width|height)\})*\{stem\}([^{}]|\{(prefix|dir|stem|ext|variant|width|height)\})*$`)
	notAKey     = regexp.MustCompile(`^/|//|(^|/)\.\.?(/|$)`)
)

// variantMembers are those that the functions know, and what each may be: a wrong one is refused here, and
// not by every run. That keys of two variants never meet is the functions' to see.
func variantMembers() map[string]allows {
	side := whole(1, 16384)
	return map[string]allows{
		"name":       matching(variantName, "1 to 32 of a-z, 0-9, - and _, starting with a letter or digit"),
		"width":      side,
		"height":     side,
		"fit":        oneOf("inside", "cover", "fill", "pad", "outside"),
		"upscale":    trueOrFalse,
		"format":     oneOf("same", "jpeg", "png", "gif", "webp"),
		"quality":    quality,
		"fine":       trueOrFalse,
		"filter":     oneOf("lanczos3", "catmullrom", "linear", "box"),
		"colour":     oneOf("keep", "srgb"),
		"keepExif":   trueOrFalse,
		"background": background,
		"key":        template,
	}
}

func quality(value any) string {
	if allowed := whole(1, 100)(value); value != "high" && allowed != "" {
		return allowed + `, or "high"`
	}
	return ""
}

func background(value any) string {
	if value == "" {
		return ""
	}
	return matching(colour, "a colour such as #ffffff")(value)
}

func template(value any) string {
	if text, ok := value.(string); !ok || !keyTemplate.MatchString(text) || notAKey.MatchString(text) {
		return "text with {stem}, {prefix}, {dir}, {ext}, {variant}, {width} and {height}, the first at least; no other braces, and neither a slash in front, nor //, nor . and .. folders"
	}
	return ""
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
	var variants []any
	if err := json.Unmarshal([]byte(given), &variants); err != nil || len(variants) == 0 || len(variants) > maxVariants {
		v.refuse(key, given, fmt.Sprintf("a JSON list of 1 to %d variants, such as %s", maxVariants, Default().Recipe))
		return
	}
	v.variants(key, variants)
}

func (v *validator) variants(key string, list []any) {
	seen := map[any]bool{}
	for i, each := range list {
		key := fmt.Sprintf("%s[%d]", key, i)
		given := v.object(key, each, variantMembers())
		if given == nil {
			continue
		}
		name, fit, format := given["name"], given["fit"], given["format"]
		boxed := fit == "cover" || fit == "fill" || fit == "pad"
		switch {
		case name == nil:
			v.refuse(key+".name", "", "a name for each variant")
		case seen[name]:
			v.refuse(key+".name", name, "a name for each variant that no other has")
		}
		seen[name] = true
		switch {
		case boxed && (given["width"] == nil || given["height"] == nil):
			v.refuse(key+".fit", fit, "both width and height beside cover, fill and pad")
		case given["width"] == nil && given["height"] == nil:
			v.refuse(key+".width", "", "width, height or both")
		}
		if given["quality"] != nil && (format == "png" || format == "gif") {
			v.refuse(key+".quality", given["quality"], fmt.Sprintf("none beside format %v, which is lossless", format))
		}
	}
}
