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

// TestResize_crashes_make_workers_careful holds the names of a crash together: what ends the first attempt
// is caught, and retried by the state that it is caught for.
func TestResize_crashes_make_workers_careful(t *testing.T) {
	type rule struct {
		ErrorEquals []string
		MaxAttempts *int
		ResultPath  string
		Next        string
	}
	var machine struct {
		States map[string]struct {
			ItemProcessor struct {
				States map[string]struct {
					ItemProcessor struct {
						States map[string]struct {
							Retry, Catch []rule
							Next         string
						}
					}
				}
			}
		}
	}
	if err := json.Unmarshal([]byte(Resize()), &machine); err != nil {
		t.Fatal(err)
	}
	workers := 0
	for _, processor := range machine.States["EachShard"].ItemProcessor.States {
		states := processor.ItemProcessor.States
		for name, state := range states {
			if len(state.Catch) == 0 {
				continue
			}
			workers++
			crash, careful := state.Catch[0], states[state.Catch[0].Next]
			if crash.ResultPath != "$.Crash" || careful.Next != state.Next {
				t.Errorf("%s: caught as %q, and %s goes on to %q, want $.Crash and %q", name, crash.ResultPath, crash.Next, careful.Next, state.Next)
			}
			for _, each := range crash.ErrorEquals {
				for in, retry := range map[string][]rule{name: state.Retry, crash.Next: careful.Retry} {
					i := slices.IndexFunc(retry, func(r rule) bool {
						return slices.Contains(r.ErrorEquals, each) || slices.Contains(r.ErrorEquals, "States.TaskFailed")
					})
					want := map[string]int{name: 0, crash.Next: 20}[in]
					if i < 0 || !slices.Equal(retry[i].ErrorEquals, crash.ErrorEquals) || retry[i].MaxAttempts == nil || *retry[i].MaxAttempts != want {
						t.Errorf("%s: %s is not taken by a retrier of its own with MaxAttempts %d", in, each, want)
					}
				}
			}
		}
	}
	if workers != 2 {
		t.Errorf("%d workers are careful after a crash, want 2", workers)
	}
}
