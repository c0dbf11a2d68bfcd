package engine_test

import (
	"path/filepath"
	"testing"
)

// TestRun_over_the_outputs_of_a_run makes nothing of them, as on AWS: neither of the outputs, nor of the previews
// that a run keeps in its state folder, wherever that is.
func TestRun_over_the_outputs_of_a_run(t *testing.T) {
	for _, c := range []struct {
		name, state  string
		own, ignored int // 0: whatever else lies there, as the files of a state folder do
	}{
		{"with the state where it is by default", ".mapfleet", 5, 5},
		{"with the state in a folder among them, and five previews in it", "state", 10, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			first, second := t.TempDir(), t.TempDir()
			if s := run(t, album(t, 5), first, w8, func(trial *trial) { trial.State = filepath.Join(first, c.state) }).Summary; s.Written != 5 {
				t.Fatalf("the first run: %+v", s)
			}
			s := run(t, first, second, w8, nil).Summary
			if s.Ignored != s.Listed || s.IgnoredBy["OwnOutput"] != c.own || c.ignored > 0 && s.Ignored != c.ignored {
				t.Errorf("over the outputs: %d listed, ignored by %v; want all, %d of them as OwnOutput", s.Listed, s.IgnoredBy, c.own)
			}
			if got := contents(t, second); len(got) != 0 {
				t.Errorf("%d outputs of outputs", len(got))
			}
		})
	}
}
