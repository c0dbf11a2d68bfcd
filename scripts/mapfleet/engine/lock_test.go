package engine

import (
	"errors"
	"testing"
)

// TestLock: who holds a State folder is known for as long as they do, and no longer.
func TestLock(t *testing.T) {
	state := t.TempDir()
	refused := func(want InUse) {
		t.Helper()
		for _, ask := range []func() error{
			func() error { _, err := lockState(state); return err },
			func() error { _, err := Share(state); return err },
		} {
			if got, ok := errors.AsType[InUse](ask()); !ok || got != want {
				t.Errorf("it is refused with %+v, want %+v", got, want)
			}
		}
	}
	run, err := lockState(state)
	if err != nil {
		t.Fatal(err)
	}
	refused(InUse{State: state})
	const url = "http://127.0.0.1:8080"
	if err := tell(run, url); err != nil {
		t.Fatal(err)
	}
	refused(InUse{state, url})
	if err := run.Close(); err != nil { // as the end of its process does it
		t.Fatal(err)
	}
	first, err := Share(state)
	if err != nil {
		t.Fatal(err)
	}
	second, err := Share(state)
	if err != nil {
		t.Fatalf("two cannot look at once: %v", err)
	}
	if _, err := lockState(state); err == nil {
		t.Error("an engine may begin while others look")
	} else if held, _ := errors.AsType[InUse](err); held.Server != "" {
		t.Errorf("the server that is gone is told of: %v", err)
	}
	if err := errors.Join(first.Close(), second.Close()); err != nil {
		t.Fatal(err)
	}
	if again, err := lockState(state); err != nil || again.Close() != nil {
		t.Errorf("the folder stays taken: %v", err)
	}
}
