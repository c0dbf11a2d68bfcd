package config

import (
	"strings"
	"testing"

	"mapfleet/functions/job"
)

// TestRecipes: what runs refuse of a recipe is refused before anything is built, and all else is taken.
func TestRecipes(t *testing.T) {
	for _, test := range []struct {
		recipe  string
		refused string // by its path; empty: it is taken
	}{
		{Default().Recipe, ""},
		{`[{"name":"s","width":64}]`, ""},
		{`[{"name":"s","width":64,"quality":"high","fine":true,"filter":"box","colour":"srgb","keepExif":true}]`, ""},
		{`[{"name":"s","width":64,"height":64,"fit":"pad","background":"#00ff00","format":"webp","upscale":true,"quality":100}]`, ""},
		{`[{"name":"a","width":64,"key":"a/{stem}{ext}"},{"name":"b","height":64,"key":"b/{prefix}{variant}/{width}x{height}/{dir}{stem}{ext}"}]`, ""},
		{`[{"name":"s","width":64,"height":null,"background":""}]`, ""},
		{`[{"name":"s","width":-5}]`, "recipe[0].width"},
		{`[{"name":"s","width":16385}]`, "recipe[0].width"},
		{`[{"name":"s","width":1.5}]`, "recipe[0].width"},
		{`[{"name":"s","width":1e300}]`, "recipe[0].width"},
		{`[{"name":"s","height":"64"}]`, "recipe[0].height"},
		{`[{"name":"s"}]`, "recipe[0].width"},
		{`[{"name":"s","width":64,"fit":"stretch"}]`, "recipe[0].fit"},
		{`[{"name":"s","width":64,"fit":"cover"}]`, "recipe[0].fit"},
		{`[{"name":"s","width":64,"format":"avif","quality":70}]`, ""},
		{`[{"name":"s","width":64,"format":"heic"}]`, "recipe[0].format"},
		{`[{"name":"s","width":64,"quality":101}]`, "recipe[0].quality"},
		{`[{"name":"s","width":64,"quality":"low"}]`, "recipe[0].quality"},
		{`[{"name":"s","width":64,"quality":90,"format":"png"}]`, "recipe[0].quality"},
		{`[{"name":"s","width":64,"upscale":"yes"}]`, "recipe[0].upscale"},
		{`[{"name":"s","width":64,"background":"white"}]`, "recipe[0].background"},
		{`[{"name":"s","width":64,"key":"{name}{ext}"}]`, "recipe[0].key"},
		{`[{"name":"s","width":64,"key":"thumb.jpg"}]`, "recipe[0].key"},
		{`[{"name":"s","width":64,"key":"/{stem}"}]`, "recipe[0].key"},
		{`[{"name":"s","width":64,"key":"../{stem}"}]`, "recipe[0].key"},
		{`[{"name":"s","width":64,"key":"{stem}}"}]`, "recipe[0].key"},
		{`[{"name":"Größe","width":64}]`, "recipe[0].name"},
		{`[{"width":64}]`, "recipe[0].name"},
		{`[{"name":"s","widht":64}]`, "recipe[0].widht"},
		{`[{"name":"s","width":64},{"name":"s","width":32}]`, "recipe[1].name"},
		{`[{"name":"a","width":1,"key":"{stem}{ext}"},{"name":"b","width":2,"key":"{stem}{ext}"}]`, "recipe[1].key"},
		{`["s"]`, "recipe[0]"},
		{`[]`, "recipe"},
		{`{"name":"s","width":64}`, "recipe"},
		{`[` + strings.Repeat(`{"name":"s","width":64},`, 20) + `{"name":"s","width":64}]`, "recipe"},
	} {
		_, theirs := job.ParseVariants([]byte(test.recipe))
		c := Default()
		c.Recipe, c.Avif = test.recipe, true
		ours := c.Validate()
		if (theirs != nil) != (test.refused != "") || (ours != nil) != (test.refused != "") {
			t.Errorf("%s: the functions say %v, the configuration says %v; want refused: %v", test.recipe, theirs, ours, test.refused != "")
		}
		if ours != nil && !strings.HasPrefix(ours.Error(), test.refused+": given ") {
			t.Errorf("%s: %v, want it to name %s", test.recipe, ours, test.refused)
		}
	}
}
