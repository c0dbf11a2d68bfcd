package asl

import (
	"context"
	"os"
	"reflect"
	"strings"
	"sync/atomic"
	"testing"
)

// checks is the real file with its placeholders filled in.
func checks(t testing.TB) *Machine {
	t.Helper()
	data, err := os.ReadFile("../checks.asl.json")
	if err != nil {
		t.Fatal(err)
	}
	return parse(t, strings.NewReplacer("${PlanFunction}", "Plan", "${CheckFunction}", "Check", "${ReportFunction}", "Report", "${AlertTopic}", "topic").Replace(string(data)))
}

// planned is what the first function answers.
func planned() map[string]any {
	return map[string]any{
		"run": "run-1", "job": map[string]any{"run": "run-1"}, "items": map[string]any{"bucket": "in", "key": "items.jsonl"},
		"limits":  map[string]any{"batchSize": 3, "maxConcurrency": 2, "toleratedFailurePercentage": 100},
		"results": map[string]any{"bucket": "out", "prefix": "runs/run-1"},
	}
}

func TestChecks(t *testing.T) {
	alert := map[string]any{"changed": true, "subject": "1 newly failing", "message": "line 7"}
	for _, c := range []struct {
		name   string
		plan   map[string]any
		report map[string]any
		asked  int64 // lines, those of later rounds once more
		told   string
		fails  string
	}{
		{"a change is told", nil, map[string]any{"balanced": true, "notDone": 0, "alert": alert}, 9, "1 newly failing: line 7", ""},
		{"no change is not", nil, map[string]any{"balanced": true, "notDone": 0, "alert": map[string]any{"changed": false}}, 9, "", ""},
		{"lines that are not done are told, and fail the run", nil, map[string]any{"balanced": true, "notDone": 2, "message": "2 not done", "alert": alert}, 9, "1 newly failing: line 7", "LinesNotDone"},
		{"so do accounts that disagree", nil, map[string]any{"balanced": false, "notDone": 0, "message": "they disagree", "alert": alert}, 9, "1 newly failing: line 7", "AccountsDisagree"},
		{"another run is at work", map[string]any{"run": "run-1", "skip": "run-0 is still at work"}, nil, 0, "", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			var asked atomic.Int64
			told := ""
			x := execution1(`{}`)
			s := filled(0)
			s.objects["in/items.jsonl"] = []byte(strings.Repeat("{\"line\":1}\n", 7))
			x.Objects = s
			answers := tasks(func(_ context.Context, function string, payload any) (any, error) {
				switch function {
				case "Plan":
					if c.plan != nil {
						return c.plan, nil
					}
					return planned(), nil
				case "Report":
					if runs, _ := payload.(map[string]any)["mapRuns"].([]any); len(runs) != 1 {
						t.Errorf("Report is given %v", payload)
					}
					return c.report, nil
				}
				batch := payload.(map[string]any)
				items := batch["Items"].([]any)
				asked.Add(int64(len(items)))
				if _, again := batch["Earlier"]; !again && len(items) == 3 { // had no time for the last
					return map[string]any{"done": 2, "remaining": items[2:]}, nil
				}
				return map[string]any{"done": len(items), "remaining": []any{}}, nil
			})
			x.Tasks = publisher{answers, func(message map[string]any) {
				told = message["Subject"].(string) + ": " + message["Message"].(string)
				if message["TopicArn"] != "topic" {
					t.Errorf("published to %v", message["TopicArn"])
				}
			}}
			output, err := checks(t).Run(t.Context(), x)
			name := ""
			if e, ok := err.(*Error); ok {
				name = e.Name
			}
			if name != c.fails || asked.Load() != c.asked || told != c.told {
				t.Errorf("error %v, %d lines asked, told %q, want %q, %d, %q", err, asked.Load(), told, c.fails, c.asked, c.told)
			}
			if c.fails == "" && c.report != nil {
				want, _ := plain(c.report)
				if !reflect.DeepEqual(want, output) {
					t.Errorf("output %v is not the summary %v", output, want)
				}
			}
		})
	}
}

// publisher is Lambda and SNS.
type publisher struct {
	Tasks
	published func(map[string]any)
}

func (p publisher) Invoke(ctx context.Context, resource string, parameters any) (any, error) {
	if strings.HasSuffix(resource, "sns:publish") {
		p.published(parameters.(map[string]any))
		return map[string]any{"MessageId": "1"}, nil
	}
	return p.Tasks.Invoke(ctx, resource, parameters)
}
