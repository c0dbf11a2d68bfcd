package config

import (
	"maps"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"mapfleet/functions/job"
)

// TestRecipes holds the recipes that a deployment may have to those that the functions take: what they refuse
// is refused before anything is built. The one exception is said.
func TestRecipes(t *testing.T) {
	t.Run("members are those that the functions know", func(t *testing.T) {
		if diff := cmp.Diff(members[job.Variant](), slices.Sorted(maps.Keys(variantMembers()))); diff != "" {
			t.Errorf("members (-functions +config):\n%s", diff)
		}
	})
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
		{`[{"name":"s","width":64,"format":"avif"}]`, "recipe[0].format"},
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
		{`[{"name":"s","widht":64}]`, "recipe[0]"},
		{`[{"name":"s","width":64},{"name":"s","width":32}]`, "recipe[1].name"},
		{`["s"]`, "recipe[0]"},
		{`[]`, "recipe"},
		{`{"name":"s","width":64}`, "recipe"},
		{`[` + strings.Repeat(`{"name":"s","width":64},`, 20) + `{"name":"s","width":64}]`, "recipe"},
	} {
		_, theirs := job.ParseVariants([]byte(test.recipe))
		c := Default()
		c.Recipe = test.recipe
		ours := c.Validate()
		if (theirs != nil) != (test.refused != "") || (ours != nil) != (test.refused != "") {
			t.Errorf("%s: the functions say %v, the configuration says %v; want refused: %v", test.recipe, theirs, ours, test.refused != "")
		}
		if ours != nil && !strings.HasPrefix(ours.Error(), test.refused+": given ") {
			t.Errorf("%s: %v, want it to name %s", test.recipe, ours, test.refused)
		}
	}
	t.Run("that two keys may meet is left to the functions", func(t *testing.T) {
		c := Default()
		c.Recipe = `[{"name":"a","width":1,"key":"{stem}{ext}"},{"name":"b","width":2,"key":"{stem}{ext}"}]`
		if _, err := job.ParseVariants([]byte(c.Recipe)); err == nil || c.Validate() != nil {
			t.Errorf("the functions say %v, the configuration says %v", err, c.Validate())
		}
	})
}

func members[T any]() []string {
	names := map[string]bool{}
	for _, field := range reflect.VisibleFields(reflect.TypeFor[T]()) {
		name, _, _ := strings.Cut(field.Tag.Get("json"), ",")
		names[name] = true
	}
	return slices.Sorted(maps.Keys(names))
}
