package statemachine

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
)

func TestResize_is_JSON_with_three_placeholders(t *testing.T) {
	if !json.Valid([]byte(Resize())) {
		t.Error("resize.asl.json is no JSON")
	}
	want := []string{"PrepareFunction", "ReportFunction", "ResizeFunction"}
	if got := Placeholders(Resize()); !slices.Equal(got, want) {
		t.Errorf("placeholders %v, want %v", got, want)
	}
}

func TestSubstitute(t *testing.T) {
	const definition = `{"A":"${One}","B":"${Two}/${One}"}`
	for _, c := range []struct {
		name   string
		values map[string]string
		want   string
		fails  string
	}{
		{"all", map[string]string{"One": "1", "Two": "2"}, `{"A":"1","B":"2/1"}`, ""},
		{"a value is missing", map[string]string{"One": "1"}, "", "${Two}: no value"},
		{"a value too many", map[string]string{"One": "1", "Two": "2", "Six": "6"}, "", "${Six}: the definition has no such"},
		{"a value with a quote", map[string]string{"One": `"`, "Two": "2"}, "", "${One}"},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, err := Substitute(definition, c.values)
			if got != c.want {
				t.Errorf("got %s, want %s", got, c.want)
			}
			if (err == nil) != (c.fails == "") || err != nil && !strings.Contains(err.Error(), c.fails) {
				t.Errorf("error %v, want %q", err, c.fails)
			}
		})
	}
}

// TestResize_both_maps_work_alike holds the two Distributed Maps together: a batch does not depend on
// where its items came from.
func TestResize_both_maps_work_alike(t *testing.T) {
	var machine struct {
		States map[string]struct {
			ItemProcessor struct {
				States map[string]map[string]any
			}
		}
	}
	if err := json.Unmarshal([]byte(Resize()), &machine); err != nil {
		t.Fatal(err)
	}
	states := machine.States["EachShard"].ItemProcessor.States
	listing, manifest := states["ResizeListing"], states["ResizeManifest"]
	for _, name := range []string{"ItemBatcher", "MaxConcurrencyPath", "ToleratedFailurePercentagePath", "ItemProcessor", "ResultWriter"} {
		a, _ := json.Marshal(listing[name])
		b, _ := json.Marshal(manifest[name])
		// State names are unique in a machine, so the manifest's copies have their own.
		plain := strings.NewReplacer("ResizeManifestBatch", "ResizeBatch", "MoreOfManifest", "MoreToDo", "NextManifestRound", "NextRound", "ManifestBatchDone", "BatchDone").Replace(string(b))
		var x, y any
		_ = json.Unmarshal(a, &x)
		_ = json.Unmarshal([]byte(plain), &y)
		a, _ = json.Marshal(x)
		b, _ = json.Marshal(y)
		if string(a) != string(b) {
			t.Errorf("%s differs:\n%s\n%s", name, a, b)
		}
	}
}
