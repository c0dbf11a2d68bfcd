package asl

import (
	"context"
	"errors"
	"iter"
	"strings"
	"testing"
)

// TestRedrive_counts_the_redrives_of_a_STANDARD_child, each by itself: what its own context object tells, and the
// results of a later attempt.
func TestRedrive_counts_the_redrives_of_a_STANDARD_child(t *testing.T) {
	m := parse(t, oneState(`{"Type":"Map","Label":"L","End":true,"ToleratedFailureCount":0,"MaxConcurrency":1,
		"ResultWriter":{"WriterConfig":{"Transformation":"NONE","OutputType":"JSON"}},
		"ItemProcessor":{"ProcessorConfig":{"Mode":"DISTRIBUTED","ExecutionType":"STANDARD"},"StartAt":"A","States":{"A":{
			"Type":"Task","Resource":"arn:aws:states:::lambda:invoke","OutputPath":"$.Payload","End":true,
			"Parameters":{"FunctionName":"a","Payload":{"n.$":"$","redrives.$":"$$.Execution.RedriveCount"}}}}}}`))
	x, _, c := journalled(`[0,1,2]`)
	c.fails = failing(`"n":1`)
	if _, err := m.Run(t.Context(), x); err == nil {
		t.Fatal("Run succeeded, want the second child to fail")
	}
	if made, want := c.taken(), `a{"n":0,"redrives":0} a{"n":1,"redrives":0}`; made != want {
		t.Fatalf("Run called %s, want %s", made, want)
	}
	for redrive, attempt := range []struct{ fails, made string }{
		{`"n":1`, `a{"n":1,"redrives":1}`},
		{`"n":2`, `a{"n":1,"redrives":2} a{"n":2,"redrives":0}`},
		{`"n":2`, `a{"n":2,"redrives":1}`},
	} {
		c.fails = failing(attempt.fails)
		if _, err := m.Redrive(t.Context(), x); err == nil {
			t.Fatalf("redrive %d succeeded, want a child to fail", redrive+1)
		}
		if made := c.taken(); made != attempt.made {
			t.Errorf("redrive %d called %s, want %s", redrive+1, made, attempt.made)
		}
	}
	c.fails = nil
	output, err := m.Redrive(t.Context(), x)
	if made, want := c.taken(), `a{"n":2,"redrives":2}`; err != nil || made != want {
		t.Errorf("redrive 4 = %v after %s, want %s", err, made, want)
	}
	var counts []string
	rows, _ := output.([]any)
	for _, row := range rows {
		counts = append(counts, asJSON(row.(map[string]any)["RedriveCount"]))
	}
	if got := strings.Join(counts, " "); got != "0 2 2" {
		t.Errorf("the results count %s redrives, want 0 2 2", got)
	}
}

// TestRedrive_of_a_journal_that_does_not_fit stops, rather than leave out an item or take it twice.
func TestRedrive_of_a_journal_that_does_not_fit(t *testing.T) {
	m := parse(t, fleet(listing+exporter+tens+`"MaxConcurrency":1,"ToleratedFailureCount":0,`))
	x, _, j, c, _ := fleetOf(50)
	c.before = failsAt("p/000030.jpg")
	if _, err := m.Run(t.Context(), x); err == nil {
		t.Fatal("Run succeeded, want the fourth child to fail")
	}
	for i, r := range j.all {
		if strings.HasSuffix(r.log, ".children") && strings.Contains(r.record, `"index":1,`) {
			j.all[i].record = strings.Replace(r.record, `"items":10`, `"items":9`, 1)
		}
	}
	c.before = nil
	_, err := m.Redrive(t.Context(), x)
	e, _ := errors.AsType[*Error](err)
	if want := "child 1 had 9 items, but the list gives it 10"; e == nil || e.Name != errorRuntime || !strings.Contains(e.Cause, want) {
		t.Errorf("Redrive = %v, want %s: %s", err, errorRuntime, want)
	}
}

// failsAt fails the batch that begins with a key.
func failsAt(first string) func(context.Context, string) error {
	return func(_ context.Context, key string) error {
		if key == first {
			return &Error{Name: "Broken"}
		}
		return nil
	}
}

// reads is a Journal that counts how often each log is read.
type reads struct {
	*memory
	of map[string]int
}

func (r reads) Read(log string) iter.Seq2[[]byte, error] {
	r.of[log]++
	return r.memory.Read(log)
}

// TestRedrive_does_not_go_over_items_that_were_all_in_children: there may be millions, and a few children to run.
func TestRedrive_does_not_go_over_items_that_were_all_in_children(t *testing.T) {
	for _, test := range []struct {
		broken string // the child that fails, and ends the run
		want   int    // how often the list is read
	}{
		{"p/000040.jpg", 1}, // the last: only to see how long the list is
		{"p/000020.jpg", 2},
	} {
		m := parse(t, fleet(listing+exporter+tens+`"MaxConcurrency":1,"ToleratedFailureCount":0,`))
		x, s, j, c, _ := fleetOf(50)
		c.before = failsAt(test.broken)
		if _, err := m.Run(t.Context(), x); err == nil {
			t.Fatal("Run succeeded, want a child to fail")
		}
		c.before = nil
		counted := reads{j, map[string]int{}}
		x.Journal = counted
		if _, err := m.Redrive(t.Context(), x); err != nil {
			t.Fatal(err)
		}
		for log, n := range counted.of {
			if strings.HasSuffix(log, ".items") && n != test.want {
				t.Errorf("after %s failed, the list is read %d times, want %d", test.broken, n, test.want)
			}
		}
		wantOnce(t, s, 50)
	}
}
