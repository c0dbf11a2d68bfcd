package asl

import (
	"context"
	"errors"
	"slices"
	"testing"
	"time"
)

func TestRetry(t *testing.T) {
	tests := []struct {
		name   string
		retry  string
		errors []string // one a call; then success
		waits  []time.Duration
		want   string // the error at the end
	}{
		{"defaults", `{"ErrorEquals":["A"]}`, []string{"A", "A", "A"}, seconds(1, 2, 4), ""},
		{"attempts end", `{"ErrorEquals":["A"]}`, []string{"A", "A", "A", "A"}, seconds(1, 2, 4), "A"},
		{"never", `{"ErrorEquals":["A"],"MaxAttempts":0},{"ErrorEquals":["States.ALL"]}`, []string{"A"}, nil, "A"},
		{"capped", `{"ErrorEquals":["A"],"IntervalSeconds":2,"BackoffRate":3,"MaxDelaySeconds":10,"MaxAttempts":4}`, []string{"A", "A", "A", "A"}, seconds(2, 6, 10, 10), ""},
		{"each counts its own", `{"ErrorEquals":["A"],"MaxAttempts":2},{"ErrorEquals":["B"],"IntervalSeconds":5}`, []string{"A", "A", "B", "A"}, seconds(1, 2, 5), "A"},
		{"TaskFailed takes all", `{"ErrorEquals":["States.TaskFailed"]}`, []string{"Whatever", "States.Permissions"}, seconds(1, 2), ""},
		{"TaskFailed leaves timeouts", `{"ErrorEquals":["States.TaskFailed"]}`, []string{"States.Timeout"}, nil, "States.Timeout"},
		{"ALL takes timeouts", `{"ErrorEquals":["States.ALL"]}`, []string{"States.Timeout"}, seconds(1), ""},
		{"ALL leaves runtime errors", `{"ErrorEquals":["States.ALL"]}`, []string{"States.Runtime"}, nil, "States.Runtime"},
		{"ALL leaves too much data", `{"ErrorEquals":["States.ALL"]}`, []string{"States.DataLimitExceeded"}, nil, "States.DataLimitExceeded"},
		{"not named", `{"ErrorEquals":["A"]}`, []string{"B"}, nil, "B"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			calls := 0
			var waits []time.Duration
			x := execution1(`{}`)
			x.Tasks = tasks(func(context.Context, string, any) (any, error) {
				if calls++; calls <= len(test.errors) {
					return nil, &Error{Name: test.errors[calls-1]}
				}
				return "done", nil
			})
			x.Sleep = func(_ context.Context, d time.Duration) error { waits = append(waits, d); return nil }
			_, err := parse(t, oneState(`{`+lambda+`,"Retry":[`+test.retry+`],"End":true}`)).Run(t.Context(), x)
			e, _ := errors.AsType[*Error](err)
			if e == nil && test.want != "" || e != nil && e.Name != test.want {
				t.Errorf("Run = %v, want %q", err, test.want)
			}
			if !slices.Equal(waits, test.waits) {
				t.Errorf("waits = %v, want %v", waits, test.waits)
			}
		})
	}
}

func seconds(list ...int) (waits []time.Duration) {
	for _, s := range list {
		waits = append(waits, time.Duration(s)*time.Second)
	}
	return waits
}

func TestRetry_full_jitter(t *testing.T) {
	r := retrier{interval: time.Second, backoff: 2, longest: 30 * time.Second, jitter: true}
	low, high := time.Hour, time.Duration(0)
	for range 2000 {
		d := r.delay(8)
		low, high = min(low, d), max(high, d)
	}
	if low < 0 || low > 3*time.Second || high > 30*time.Second || high < 27*time.Second {
		t.Errorf("delays lie between %v and %v, want 0 to 30s", low, high)
	}
}

func TestRetry_counts_in_context(t *testing.T) {
	x := execution1(`{}`)
	var seen []string
	x.Tasks = tasks(func(_ context.Context, _ string, payload any) (any, error) {
		if seen = append(seen, asJSON(payload)); len(seen) < 3 {
			return nil, errors.New("no name")
		}
		return nil, nil
	})
	_, err := parse(t, oneState(`{"Type":"Task","Resource":"arn:aws:states:::lambda:invoke","Parameters":{"FunctionName":"f","Payload.$":"$$.State.RetryCount"},
		"Retry":[{"ErrorEquals":["States.TaskFailed"]}],"End":true}`)).Run(t.Context(), x)
	if err != nil || !slices.Equal(seen, []string{"0", "1", "2"}) {
		t.Errorf("RetryCount was %v, %v, want 0 1 2", seen, err)
	}
}

func TestCatch(t *testing.T) {
	tests := []struct{ name, catch, want string }{
		{"replaces the input", `{"ErrorEquals":["States.ALL"],"Next":"T"}`, `{"Cause":"why","Error":"Bad"}`},
		{"beside the input", `{"ErrorEquals":["Bad"],"ResultPath":"$.e","Next":"T"}`, `{"a":1,"e":{"Cause":"why","Error":"Bad"}}`},
		{"dropped", `{"ErrorEquals":["Bad"],"ResultPath":null,"Next":"T"}`, `{"a":1}`},
		{"the first that fits", `{"ErrorEquals":["Other"],"Next":"T"},{"ErrorEquals":["States.TaskFailed"],"ResultPath":"$.x","Next":"T"}`, `{"a":1,"x":{"Cause":"why","Error":"Bad"}}`},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			x := execution1(`{"a":1}`)
			x.Tasks = tasks(func(context.Context, string, any) (any, error) { return nil, &Error{Name: "Bad", Cause: "why"} })
			m := parse(t, `{"StartAt":"S","States":{"S":{`+lambda+`,"Catch":[`+test.catch+`],"End":true},"T":{"Type":"Succeed"}}}`)
			output, err := m.Run(t.Context(), x)
			if err != nil || asJSON(output) != test.want {
				t.Errorf("Run = %s, %v, want %s", asJSON(output), err, test.want)
			}
		})
	}
}
