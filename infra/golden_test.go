package main

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"regexp"
	"testing"

	"github.com/google/go-cmp/cmp"

	"mapfleet/infra/config"
	"mapfleet/statemachine"
)

var update = flag.Bool("update", false, "rewrite testdata/*.golden.json")

const rewrite = "go test ./infra -run TestGolden -update"

// TestGolden holds the whole template, so that a change in what is deployed shows in review. What
// depends on builds is left out: the hashes of binaries, and the definition, which is a file of its own.
func TestGolden(t *testing.T) {
	const file = "testdata/resize.golden.json"
	got := stable(t, synth(t, config.Default()).raw)
	if *update {
		if err := os.WriteFile(file, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatalf("%v; make it with: %s", err, rewrite)
	}
	if diff := cmp.Diff(string(want), string(got)); diff != "" {
		t.Errorf("the template differs from %s (-want +got):\n%s\nif it should: %s", file, diff, rewrite)
	}
}

var assetHash = regexp.MustCompile(`[0-9a-f]{64}`)

func stable(t *testing.T, raw []byte) []byte {
	t.Helper()
	var whole map[string]any
	if err := json.Unmarshal(raw, &whole); err != nil {
		t.Fatal(err)
	}
	for _, each := range whole["Resources"].(map[string]any) {
		r := each.(map[string]any)
		delete(r, "Metadata") // where in the tree, and on disk, it comes from
		if properties, ok := r["Properties"].(map[string]any); ok && properties["DefinitionString"] == statemachine.Resize() {
			properties["DefinitionString"] = "(statemachine/resize.asl.json)"
		}
	}
	var out bytes.Buffer
	encoder := json.NewEncoder(&out)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	if err := encoder.Encode(whole); err != nil {
		t.Fatal(err)
	}
	return assetHash.ReplaceAll(out.Bytes(), []byte("HASH"))
}
