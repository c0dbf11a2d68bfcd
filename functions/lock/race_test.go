package lock

import (
	"encoding/json"
	"net/http"
	"testing"

	"mapfleet/functions/job"
)

// hold has the object written by h, whoever had it.
func (s *shelf) hold(h Holder) {
	s.body, _ = json.Marshal(h)
	s.version++
}

func nothing() {}

func TestTake_of_a_lock_that_is_given_up_between_the_put_and_the_look(t *testing.T) {
	s := &shelf{}
	s.hold(by("first", 0))
	s.meanwhile = []func(){nothing, func() { s.body = nil }}
	take(t, Lock{S3: s}, by("second", 1), true, "")
}

func TestTake_of_a_stale_lock_that_another_takes_between_the_look_and_the_put(t *testing.T) {
	s := &shelf{}
	s.hold(by("old", 0))
	s.meanwhile = []func(){nothing, nothing, func() { s.hold(by("quicker", 60)) }}
	take(t, Lock{S3: s}, by("late", 60), false, "quicker")
}

func TestTake_of_a_lock_that_never_stands_still(t *testing.T) {
	s := &shelf{}
	s.hold(by("old", 0))
	changes := func() { s.hold(by("other", 0)) }
	s.meanwhile = []func(){changes, changes, changes, changes, changes, changes, changes, changes, changes}
	take(t, Lock{S3: s}, by("late", 60), false, "other")
	if len(s.meanwhile) != 0 {
		t.Errorf("%d calls fewer than three looks with their puts", len(s.meanwhile))
	}
}

func TestRelease_of_a_stale_lock_that_another_takes_meanwhile(t *testing.T) {
	s := &shelf{}
	s.hold(by("old", 0))
	s.meanwhile = []func(){nothing, func() { s.hold(by("next", 60)) }}
	l := Lock{S3: s}
	if err := l.Release(t.Context(), "old"); err != nil {
		t.Errorf("Release = %v, want nothing to tell", err)
	}
	take(t, l, by("third", 61), false, "next")
}

func TestRelease_names_the_fault_of_the_delete(t *testing.T) {
	s := &shelf{}
	s.hold(by("run", 0))
	s.meanwhile = []func(){nothing, func() { s.fault = http.StatusForbidden }}
	err := Lock{S3: s}.Release(t.Context(), "run")
	if _, ok := err.(job.AccessDenied); !ok {
		t.Errorf("Release = %T %v, want job.AccessDenied", err, err)
	}
}
