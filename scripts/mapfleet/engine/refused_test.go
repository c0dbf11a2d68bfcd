package engine_test

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"mapfleet/scripts/mapfleet/engine"
	"mapfleet/scripts/mapfleet/engine/storage"
	"mapfleet/scripts/mapfleet/engine/storage/faulty"
)

// TestRun_an_output_that_cannot_be is one failure: where a file stands, there is no room for a folder of the
// same name, and trying again does not help. The others of its batch have no part in it.
func TestRun_an_output_that_cannot_be(t *testing.T) {
	const pictures = 40
	in, out := album(t, pictures), t.TempDir()
	for i := range 2 {
		if err := os.MkdirAll(filepath.Join(out, "w8", fmt.Sprintf("0000%d.jpg", i), "in the way"), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	o := run(t, in, out, `{"batchSize":20,"toleratedFailurePercentage":10,"variants":[{"name":"w8","width":8}]}`, nil)
	if s := o.Summary; o.Status != "SUCCEEDED" || s.Written != pictures-2 || s.FailedBy["Refused"] != 2 {
		t.Errorf("%s %s: %d written, failed %v; want SUCCEEDED, all but 2 written, those Refused", o.Status, o.Error, s.Written, s.FailedBy)
	}
}

// TestRun_a_name_that_cannot_be_a_key ends the run before it begins, at once, and names the file.
func TestRun_a_name_that_cannot_be_a_key(t *testing.T) {
	in, out := album(t, 3), t.TempDir()
	if err := os.WriteFile(filepath.Join(in, "caf\xe9.jpg"), []byte("x"), 0o644); err != nil {
		t.Skip("this file system takes no such name:", err)
	}
	proxy, change := behind(t, func(faulty.Call) faulty.Fault { return faulty.None })
	c := trial{Config: engine.Config{Source: in, Destination: out, State: filepath.Join(out, ".mapfleet"), Functions: built}}
	change(&c)
	e, err := engine.Start(t.Context(), c.Config)
	if err != nil {
		t.Fatal(err)
	}
	o, err := e.Run(t.Context(), "run", json.RawMessage("{}"), nil)
	if err != nil || o.Error != "SourceRefused" || !strings.Contains(o.Cause, `caf\\xe9.jpg`) {
		t.Errorf("%s %s: %s, %v; want SourceRefused that names the file", o.Status, o.Error, o.Cause, err)
	}
	if n := (*proxy).Count(func(c faulty.Call) bool { return c.Bucket == storage.Source }); n != 1 {
		t.Errorf("the source was asked %d times, want once", n)
	}
	c.ended()
	if err := e.Close(); err != nil {
		t.Error(err)
	}
}
