package stepfunctions

import (
	"encoding/json"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"mapfleet/scripts/mapfleet/engine"
	"mapfleet/scripts/mapfleet/engine/executions"
)

// attach returns a service over an engine without functions: every execution fails in its first state.
func attach(t *testing.T) *Service {
	t.Helper()
	out := t.TempDir()
	s := New(nil)
	e, err := engine.Start(t.Context(), engine.Config{
		Source: t.TempDir(), Destination: out, State: filepath.Join(out, ".mapfleet"), Serving: engine.Serving{Other: s},
		Functions: map[string]string{"prepare": "/nonexistent"},
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		s.Close("the test is over")
		if err := e.Close(); err != nil {
			t.Error(err)
		}
	})
	s.Attach(e)
	return s
}

// TestService_an_end_that_could_not_be_kept: nobody waits for ever for an execution that nobody carries out.
func TestService_an_end_that_could_not_be_kept(t *testing.T) {
	s := attach(t)
	machine := s.engine.Load().Machines()[0]
	x := executions.Execution{
		ARN: strings.Replace(machine.ARN, ":stateMachine:", ":execution:", 1) + ":lost", StateMachine: machine.ARN, Name: "lost",
		Status: executions.Running, Start: time.Now(), Input: json.RawMessage(`{}`),
	}
	if err := s.engine.Load().Executions().Create(x, machine.Definition); err != nil {
		t.Fatal(err)
	}
	found, err := s.execution(x.ARN)
	if err != nil || found.Status != executions.Aborted || found.Cause == "" || found.Stop.IsZero() {
		t.Errorf("it is told as %+v, %v, want ABORTED", found, err)
	}
	if kept, err := s.engine.Load().Executions().Read("lost"); err != nil || kept.Status != executions.Aborted {
		t.Errorf("it is kept as %+v, %v, want ABORTED", kept, err)
	}
}

// TestService_that_ends_starts_nothing, and one that is not attached neither.
func TestService_that_ends_starts_nothing(t *testing.T) {
	s := attach(t)
	machine := s.engine.Load().Machines()[0].ARN
	if n := s.Close("enough"); n != 0 {
		t.Errorf("%d executions were ended, there was none", n)
	}
	if _, err := s.startExecution(t.Context(), startInput{StateMachine: machine}); err == nil || !strings.Contains(err.Error(), "ServiceUnavailable") {
		t.Errorf("StartExecution: %v, want ServiceUnavailable", err)
	}
	w := httptest.NewRecorder()
	New(nil).ServeHTTP(w, httptest.NewRequest("POST", "/", strings.NewReader(`{}`)))
	if w.Code != 503 || !strings.Contains(w.Body.String(), "ServiceUnavailable") {
		t.Errorf("without an engine: %d %s", w.Code, w.Body)
	}
}

func TestSeconds(t *testing.T) {
	data, err := json.Marshal(seconds(time.Date(2026, 11, 21, 12, 0, 0, 42e6+999, time.UTC)))
	if err != nil || string(data) != "1795262400.042" {
		t.Errorf("MarshalJSON = %s, %v, want 1795262400.042", data, err)
	}
}

func TestNameOf(t *testing.T) {
	for name, want := range map[string]string{
		"run-2026.11_21": "", "ünïcode": "", strings.Repeat("é", 80): "",
		strings.Repeat("é", 81): "ValidationException", "": "ValidationException",
		"a/b": "InvalidName", "a:b": "InvalidName", " ": "InvalidName", ".hidden": "InvalidName", "a\x00": "InvalidName", "a\u0085": "InvalidName", "a*": "InvalidName", `a"b`: "InvalidName", "a`b": "InvalidName",
	} {
		got, err := nameOf(&name)
		switch {
		case want == "" && (err != nil || got != name):
			t.Errorf("nameOf(%q) = %q, %v, want it as it is", name, got, err)
		case want != "" && (err == nil || !strings.HasPrefix(err.Error(), want)):
			t.Errorf("nameOf(%q) = %q, %v, want %s", name, got, err, want)
		}
	}
	if a, err := nameOf(nil); err != nil || len(a) != 36 {
		t.Errorf("nameOf(nil) = %q, %v, want a UUID", a, err)
	}
}

func TestPlaceIn(t *testing.T) {
	given := token("list", "17")
	if place, err := placeIn(given, "list"); err != nil || place != "17" {
		t.Errorf("placeIn = %q, %v, want 17", place, err)
	}
	for _, wrong := range []string{"x", given + "x", token("another list", "17"), token("list", "")} {
		if place, err := placeIn(wrong, "list"); err == nil || !strings.HasPrefix(err.Error(), "InvalidToken") {
			t.Errorf("placeIn(%q) = %q, %v, want InvalidToken", wrong, place, err)
		}
	}
}
