package storage

import (
	"os"
	"path/filepath"
	"testing"
)

func TestServer_takes_away_what_a_killed_one_left(t *testing.T) {
	dir := t.TempDir()
	out := filepath.Join(dir, "out")
	half := filepath.Join(out, ".sgwtmp", "0123abcd.42")
	leave := func() {
		t.Helper()
		if err := os.MkdirAll(filepath.Dir(half), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(half, []byte("half a picture"), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	there := func() bool {
		_, err := os.Stat(half)
		return err == nil
	}
	start := func(state string) *Server {
		t.Helper()
		s, err := Start(t.Context(), Config{Source: t.TempDir(), Destination: out, State: filepath.Join(dir, state)})
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	closeIt := func(s *Server) {
		t.Helper()
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	}

	leave()
	first := start("one")
	if there() {
		t.Error("the next server left it there")
	}
	leave() // what the first is writing now
	second := start("two")
	closeIt(second)
	if !there() {
		t.Error("a second server on the same destination took away what the first one is writing")
	}
	closeIt(first)
	closeIt(start("one"))
	entries, err := os.ReadDir(out)
	if err != nil || len(entries) > 0 {
		t.Errorf("in the end the destination holds %v, %v, want nothing", entries, err)
	}
}
