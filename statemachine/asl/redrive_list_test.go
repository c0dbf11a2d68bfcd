package asl

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"
)

// TestRedrive_keeps_the_list changes the bucket between the attempts.
func TestRedrive_keeps_the_list(t *testing.T) {
	m := parse(t, fleet(listing+exporter+tens+`"MaxConcurrency":1,"ToleratedFailureCount":0,`))
	t.Run("what had been read", func(t *testing.T) {
		x, s, _, c, _ := fleetOf(500)
		s.pageSize = 5
		c.before = failing20
		if _, err := m.Run(t.Context(), x); err == nil {
			t.Fatal("Run succeeded, want it to fail at the third batch")
		}
		s.mu.Lock()
		delete(s.objects, "in/p/000025.jpg") // was in the list
		s.mu.Unlock()
		c.before = nil
		if _, err := m.Redrive(t.Context(), x); err != nil {
			t.Fatal(err)
		}
		found := resulting(t, s)["SUCCEEDED"]
		if found["p/000025.jpg"] != 1 || found["p/000026.jpg"] != 1 {
			t.Errorf("the redrive lost items that had been listed: %v", len(found))
		}
	})
	t.Run("a listing that failed goes on behind its last page", func(t *testing.T) {
		x, s, _, c, events := fleetOf(500)
		s.pageSize, s.failList = 100, 3
		_, err := m.Run(t.Context(), x)
		if e, _ := errors.AsType[*Error](err); e == nil || e.Name != errorItemReader {
			t.Fatalf("Run = %v, want %s", err, errorItemReader)
		}
		if n := c.forget(); n == 0 {
			t.Fatal("the listing failed before a child was started")
		}
		s.failList = 0
		if _, err := m.Redrive(t.Context(), x); err != nil {
			t.Fatal(err)
		}
		if s.lists != 3+3 {
			t.Errorf("%d pages were asked for, want 3 and then 3 more", s.lists)
		}
		if run := events.mapRun(t); run.Items.Succeeded != 500 || !run.Listed {
			t.Errorf("Map Run = %+v, want 500 items", run)
		}
		wantOnce(t, s, 500)
	})
	t.Run("without any child the bucket is listed anew", func(t *testing.T) {
		x, s, _, _, events := fleetOf(500)
		s.pageSize, s.failList = 3, 3
		if _, err := m.Run(t.Context(), x); err == nil {
			t.Fatal("Run succeeded, want a failed listing")
		}
		s.objects["in/p/000000a.jpg"] = []byte("x")
		s.failList = 0
		if _, err := m.Redrive(t.Context(), x); err != nil {
			t.Fatal(err)
		}
		if run := events.mapRun(t); run.Items.Succeeded != 501 || run.RedriveCount != 1 {
			t.Errorf("Map Run = %+v, want the new object among 501 items", run)
		}
		wantOnce(t, s, 501)
	})
}

func TestRedrive_goes_on_in_a_file(t *testing.T) {
	var content strings.Builder
	for i := range 4000 {
		fmt.Fprintf(&content, "{\"Key\":\"%04d\"}\n", i)
	}
	for _, input := range []string{"JSONL", "JSON"} {
		text, short := content.String(), "{\"Key\":\"0000\"}"
		if input == "JSON" {
			text, short = "["+strings.TrimSuffix(strings.ReplaceAll(text, "\n", ",\n"), ",\n")+"]", "["+short+"]"
		}
		m := parse(t, fleet(strings.Replace(lines, `"InputType":"JSONL"`, `"InputType":"`+input+`","MaxItems":3900`, 1)+exporter+tens+`"MaxConcurrency":1,`))
		for _, test := range []struct{ name, file, want string }{
			{"that is the same", text, ""},
			{"whose first lines have changed", strings.Replace(text, "0007", "9007", 1), errorItemReader},
			{"that has become shorter", short, errorItemReader},
		} {
			t.Run(input+" "+test.name, func(t *testing.T) {
				x, s, j, c, events := fleetOf(0)
				x.Input = json.RawMessage(`{"key":"items","prefix":"runs"}`)
				s.objects["in/items"] = []byte(text)
				all := &memory{}
				x.Journal = all
				if _, err := m.Run(t.Context(), x); err != nil {
					t.Fatal(err)
				}
				third := 0 // killed when two pages had been read
				for pages := 0; pages < 3; third++ {
					if strings.HasSuffix(all.all[third].log, ".items") {
						pages++
					}
				}
				j.all = append(slices.Clone(all.all[:third-1]), remembered{strings.Replace(all.all[third-1].log, ".items", ".children", 1), `{"begun":true}`})
				s.objects["in/items"] = []byte(test.file)
				c.forget()
				x.Journal = j
				_, err := m.Redrive(t.Context(), x)
				name := ""
				if e, ok := errors.AsType[*Error](err); ok {
					name = e.Name
				}
				if name != test.want {
					t.Errorf("Redrive = %v, want %q", err, test.want)
				}
				if test.want != "" && !strings.Contains(err.Error(), "not what it was") {
					t.Errorf("Redrive = %v, want it to say that the file has changed", err)
				}
				if run := events.mapRun(t); test.want == "" && run.Items.Succeeded != 3900 {
					t.Errorf("Map Run = %+v, want MaxItems of 3900", run)
				}
			})
		}
	}
}

// TestRedrive_gives_items_what_they_had_at_first has a selector that tells of the moment.
func TestRedrive_gives_items_what_they_had_at_first(t *testing.T) {
	m := parse(t, fleet(listing+exporter+tens+`"MaxConcurrency":1,"ToleratedFailureCount":0,
		"ItemSelector":{"Key.$":"$$.Map.Item.Value.Key","redrives.$":"$$.Execution.RedriveCount","entered.$":"$$.State.EnteredTime"},`))
	x, s, _, c, _ := fleetOf(50)
	c.before = failing20
	if _, err := m.Run(t.Context(), x); err == nil {
		t.Fatal("Run succeeded, want it to fail at the third batch")
	}
	c.before = nil
	moments := map[string]int{}
	x.Tasks = tasks(func(ctx context.Context, _ string, payload any) (any, error) {
		for _, item := range payload.(map[string]any)["Items"].([]any) {
			item := item.(map[string]any)
			moments[fmt.Sprint(item["redrives"], item["entered"])]++
		}
		answer, err := c.Invoke(ctx, "", map[string]any{"Payload": payload})
		return answer.(map[string]any)["Payload"], err
	})
	x.RedriveCount, x.RedriveTime = 7, time.Date(2026, 11, 20, 9, 0, 0, 0, time.UTC)
	if _, err := m.Redrive(t.Context(), x); err != nil {
		t.Fatal(err)
	}
	for moment := range moments {
		if !strings.HasPrefix(moment, "0") || len(moments) != 1 {
			t.Errorf("items tell of %v, want of the first attempt alone", moments)
		}
	}
	wantOnce(t, s, 50)
}

func failing20(_ context.Context, key string) error {
	if key == "p/000020.jpg" {
		return errors.New("broken")
	}
	return nil
}
