package asl

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"maps"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "rewrite testdata/*.golden.*")

// resultFilesOf returns what was put into bucket "out", by the last part of the key.
func resultFilesOf(t *testing.T, s *store) map[string][]byte {
	t.Helper()
	files := map[string][]byte{}
	for name, data := range s.objects {
		if key, ok := strings.CutPrefix(name, "out/"); ok {
			files[key[strings.LastIndexByte(key, '/')+1:]] = data
		}
	}
	if files["manifest.json"] == nil {
		t.Fatal("there is no manifest.json")
	}
	return files
}

var volatile = []struct {
	pattern *regexp.Regexp
	with    string
}{
	{regexp.MustCompile(`[0-9a-f]{8}-[0-9a-f]{4}-[45][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}`), "UUID"},
	{regexp.MustCompile(`\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z`), "TIME"},
}

func TestResultFiles(t *testing.T) {
	for _, transformation := range []string{"NONE", "COMPACT", "FLATTEN"} {
		for _, output := range []string{"JSON", "JSONL"} {
			name := strings.ToLower(transformation + "-" + output)
			t.Run(name, func(t *testing.T) {
				s := filled(5)
				x := execution1(`{"prefix":"runs/one/"}`)
				x.Objects = s
				x.Tasks = tasks(func(_ context.Context, _ string, payload any) (any, error) {
					items := payload.(map[string]any)["Items"].([]any)
					first := items[0].(map[string]any)["Key"].(string)
					switch first {
					case "p/000002.jpg":
						return nil, &Error{Name: "BatchFailed", Cause: `no "recipe" <fits>`}
					case "p/000004.jpg":
						return []any{}, nil
					}
					return []any{map[string]any{"key": first}, len(items)}, nil
				})
				writer := strings.Replace(strings.Replace(exporter, "COMPACT", transformation, 1), "JSONL", output, 1)
				result, err := parse(t, fleet(listing+writer+`"ItemBatcher":{"MaxItemsPerBatch":2},"MaxConcurrency":1,"ToleratedFailureCount":2,`)).Run(t.Context(), x)
				if err != nil {
					t.Fatal(err)
				}
				checkGolden(t, name, dump(s, result))
			})
		}
	}
}

// dump writes the output of a run and all its result files, without what changes from run to run.
func dump(s *store, result any) string {
	var b strings.Builder
	fmt.Fprintf(&b, "output: %s\n", asJSON(result))
	for _, key := range slices.Sorted(maps.Keys(s.objects)) {
		if strings.HasPrefix(key, "out/") {
			fmt.Fprintf(&b, "== %s\n%s\n", key, s.objects[key])
		}
	}
	text := b.String()
	for _, v := range volatile {
		text = v.pattern.ReplaceAllString(text, v.with)
	}
	return text
}

func checkGolden(t *testing.T, name, got string) {
	t.Helper()
	file := "testdata/" + name + ".golden.txt"
	if *update {
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatalf("%v; to make it: go test ./statemachine/asl -run TestResultFiles -update", err)
	}
	if got != string(want) {
		t.Errorf("%s differs; got:\n%s\nwant:\n%s", file, got, want)
	}
}

func TestManifest_sizes(t *testing.T) {
	s := filled(100)
	x := execution1(`{"prefix":""}`)
	x.Objects = s
	x.Tasks = tasks(func(context.Context, string, any) (any, error) { return "é", nil })
	output, err := parse(t, fleet(listing+exporter)).Run(t.Context(), x)
	if err != nil {
		t.Fatal(err)
	}
	key := output.(map[string]any)["ResultWriterDetails"].(map[string]any)["Key"].(string)
	var m manifest
	if err := json.Unmarshal(s.objects["out/"+key], &m); err != nil {
		t.Fatal(err)
	}
	if len(m.ResultFiles.SUCCEEDED) != 1 || strings.HasPrefix(key, "/") {
		t.Fatalf("manifest %s = %+v", key, m)
	}
	file := m.ResultFiles.SUCCEEDED[0]
	if data := s.objects["out/"+file.Key]; file.Size != int64(len(data)) || bytes.Count(data, []byte("\"é\"\n")) != 100 {
		t.Errorf("%s has %d bytes, the manifest says %d", file.Key, len(data), file.Size)
	}
}

func TestResultWriter_fails(t *testing.T) {
	for _, part := range []string{"SUCCEEDED", "manifest"} {
		s := filled(3)
		s.failPut = part
		var j journal
		x := execution1(`{"prefix":"r"}`)
		x.Objects, x.Observe = s, j.observe
		_, err := parse(t, oneState(distributed(listing+exporter))).Run(t.Context(), x)
		if e, _ := errors.AsType[*Error](err); e == nil || e.Name != errorResultWriter || !strings.Contains(e.Cause, "access denied") {
			t.Errorf("Run = %v, want %s", err, errorResultWriter)
		}
		if run := j.mapRun(t); run.Status != "FAILED" {
			t.Errorf("Map Run = %+v, want FAILED", run)
		}
	}
}

func TestSpool_rolls_over(t *testing.T) {
	s := spool{most: 20}
	defer s.close()
	for i := range 10 {
		if err := s.write(fmt.Appendf(nil, `"row%d"`, i)); err != nil {
			t.Fatal(err)
		}
	}
	rows := 0
	for _, p := range s.parts {
		body, n, err := p.finish(false)
		if err != nil {
			t.Fatal(err)
		}
		var list []string
		if err := json.NewDecoder(body).Decode(&list); err != nil || n > 20 {
			t.Errorf("part of %d bytes: %v", n, err)
		}
		rows += len(list)
	}
	if rows != 10 || len(s.parts) != 5 {
		t.Errorf("%d rows in %d parts, want 10 in 5", rows, len(s.parts))
	}
}

func TestSpool_leaves_no_files(t *testing.T) {
	t.Setenv("TMPDIR", t.TempDir())
	x := execution1(`{"prefix":"r"}`)
	x.Objects = filled(10)
	if _, err := parse(t, oneState(distributed(listing+exporter))).Run(t.Context(), x); err != nil {
		t.Fatal(err)
	}
	if left, _ := os.ReadDir(os.TempDir()); len(left) > 0 {
		t.Errorf("%d temporary files are left", len(left))
	}
}
