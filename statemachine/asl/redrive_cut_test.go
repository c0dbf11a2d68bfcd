package asl

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
)

// TestRedrive_from_every_moment cuts a run off after each of its journal's records, as a process that is
// killed does, and redrives it; and cuts that redrive off in turn. Whatever the moments, each item is
// counted once, and none is lost.
func TestRedrive_from_every_moment(t *testing.T) {
	m := cutMachine(t)
	x, s, _, c, _ := fleetOf(205)
	s.pageSize = 17
	all := &memory{}
	x.Journal, x.Tasks = all, c.cutTasks(true)
	if _, err := m.Run(t.Context(), x); err != nil {
		t.Fatal(err)
	}
	for cut := range len(all.all) + 1 {
		again := redriveCut(t, m, all.all[:cut], fmt.Sprintf("cut after %d records", cut), cut%2 == 0)
		if t.Failed() {
			return
		}
		if second := cut + (len(again)-cut)*(cut%7)/7; cut%3 == 0 && second > cut {
			redriveCut(t, m, again[:second], fmt.Sprintf("cut after %d records, and again after %d", cut, second), false)
		}
	}
}

// cutMachine is a DISTRIBUTED Map that tolerates two failed children, and a state behind it.
func cutMachine(t *testing.T) *Machine {
	definition := strings.Replace(fleet(listing+exporter+tens+`"MaxConcurrency":3,"ToleratedFailureCount":20,"ResultPath":"$.done",`), `"End":true,`, `"Next":"After",`, 1)
	return parse(t, strings.TrimSuffix(definition, `}}`)+`,"After":`+invoking("after", `"End":true`)+`}}`)
}

// cutTasks works by c; with broken, two children fail.
func (c *counter) cutTasks(broken bool) Tasks {
	return tasks(func(ctx context.Context, function string, payload any) (any, error) {
		if function == "after" {
			return payload, nil
		}
		answer, err := c.Invoke(ctx, "", map[string]any{"Payload": payload})
		if err != nil {
			return nil, err
		}
		if keys := asJSON(answer); broken && (strings.Contains(keys, "000050") || strings.Contains(keys, "000190")) {
			return nil, &Error{Name: "Broken"}
		}
		return answer.(map[string]any)["Payload"], nil
	})
}

// redriveCut redrives from a journal that was cut, checks what comes of it, and returns its records.
func redriveCut(t *testing.T, m *Machine, journalled []remembered, when string, broken bool) []remembered {
	t.Helper()
	x, s, _, c, events := fleetOf(205)
	s.pageSize = 17
	j := &memory{}
	j.all = slices.Clone(journalled)
	x.Journal, x.Tasks = j, c.cutTasks(broken)
	done, moved := map[int]int{}, false // items of children that had succeeded
	for _, r := range j.all {
		var e ended
		if strings.HasSuffix(r.log, ".children") && json.Unmarshal([]byte(r.record), &e) == nil && e.Status == statusSucceeded {
			done[e.Index] = e.Items
		}
		moved = moved || strings.Contains(r.record, `"to":"After"`)
	}
	want := 205
	for _, items := range done {
		want -= items
	}
	if moved { // the Map was done
		want = 0
	}
	if _, err := m.Redrive(t.Context(), x); err != nil {
		t.Errorf("%s: Redrive = %v", when, err)
		return j.all
	}
	if worked := c.forget(); worked != want {
		t.Errorf("%s: %d items were worked on, want %d", when, worked, want)
	}
	if moved {
		return j.all
	}
	run := events.mapRun(t)
	if i, e := run.Items, run.Executions; i.Succeeded+i.Failed != 205 || i.Total != 205 || i.ResultsWritten != 205 || e.Succeeded+e.Failed != 21 || e.Total != 21 || i.Failed > 0 && !broken {
		t.Errorf("%s: Map Run = %+v, want 205 items in 21 children", when, run)
	}
	found := resulting(t, s)
	for key, n := range found["FAILED"] {
		found["SUCCEEDED"][key] += n
	}
	for key, n := range found["SUCCEEDED"] {
		if n != 1 {
			t.Errorf("%s: %s is in the result files %d times", when, key, n)
		}
	}
	if len(found["SUCCEEDED"]) != 205 || len(found["PENDING"]) != 0 {
		t.Errorf("%s: the result files have %d items and %d pending, want 205 and none", when, len(found["SUCCEEDED"]), len(found["PENDING"]))
	}
	return j.all
}
