package asl

import (
	"context"
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

func TestRun(t *testing.T) {
	pass := func(fields string) string { return oneState(`{"Type":"Pass",` + fields + `,"End":true}`) }
	tests := []struct{ name, definition, input, want string }{
		{"hands on its input", oneState(`{"Type":"Succeed"}`), `{"a":1}`, `{"a":1}`},
		{"without input", oneState(`{"Type":"Succeed"}`), ``, `{}`},
		{"keeps every digit", oneState(`{"Type":"Succeed"}`), `[12345678901234567890,1.50]`, `[12345678901234567890,1.50]`},
		{"InputPath null", pass(`"InputPath":null`), `{"a":1}`, `{}`},
		{"InputPath", pass(`"InputPath":"$.a[1]['b c']"`), `{"a":[0,{"b c":7}]}`, `7`},
		{"InputPath leads nowhere", pass(`"InputPath":"$.x"`), `{}`, `States.Runtime`},
		{"OutputPath null", pass(`"OutputPath":null`), `{"a":1}`, `{}`},
		{"ResultPath null", pass(`"Result":5,"ResultPath":null`), `{"a":1}`, `{"a":1}`},
		{"ResultPath makes objects", pass(`"Result":5,"ResultPath":"$.b.c"`), `{"a":1}`, `{"a":1,"b":{"c":5}}`},
		{"ResultPath into an array", pass(`"Result":5,"ResultPath":"$.a[1]"`), `{"a":[1,2]}`, `{"a":[1,5]}`},
		{"ResultPath changes the raw input", pass(`"InputPath":"$.a","ResultPath":"$.b"`), `{"a":1}`, `{"a":1,"b":1}`},
		{"ResultPath does not fit", pass(`"Result":5,"ResultPath":"$.a.b"`), `{"a":1}`, `States.ResultPathMatchFailure`},
		{"Parameters", pass(`"Parameters":{"k":[1,{"v.$":"$.a"}],"whole.$":"$"}`), `{"a":1}`, `{"k":[1,{"v":1}],"whole":{"a":1}}`},
		{"Parameters lead nowhere", pass(`"Parameters":{"v.$":"$.b"}`), `{"a":1}`, `States.ParameterPathFailure`},
		{"context object", pass(`"Parameters":{"e.$":"$$.Execution.Id","n.$":"$$.Execution.Name","t.$":"$$.Execution.StartTime","i.$":"$$.Execution.Input.a","s.$":"$$.State.Name","m.$":"$$.StateMachine.Name"}`), `{"a":1}`,
			`{"e":"arn:aws:states:eu-west-1:123456789012:execution:resize:run-1","i":1,"m":"resize","n":"run-1","s":"S","t":"2026-11-20T08:30:00.000Z"}`},
		{"Format", pass(`"Parameters":{"v.$":"States.Format('{}/\\{{}\\} it\\'s {}', $.a, 2, null)"}`), `{"a":"x"}`, `{"v":"x/{2} it's null"}`},
		{"Format of an object", pass(`"Parameters":{"v.$":"States.Format('{}', $)"}`), `{}`, `States.IntrinsicFailure`},
		{"other intrinsics", pass(`"Parameters":{"v.$":"States.Array(States.ArrayLength($.l), States.MathAdd($.n, -1), States.JsonToString($.l), States.StringToJson('[1]'), 'a\\\\b')"}`), `{"l":[1,"x"],"n":2}`, `{"v":[2,1,"[1,\"x\"]",[1],"a\\b"]}`},
		{"MathAdd out of range", pass(`"Parameters":{"v.$":"States.MathAdd(2147483647, 1)"}`), `{}`, `States.IntrinsicFailure`},
		{"Fail", oneState(`{"Type":"Fail","Error":"Bad","Cause":"because"}`), `{}`, `Bad: because`},
		{"Fail by path", oneState(`{"Type":"Fail","ErrorPath":"$.e","CausePath":"States.Format('{}!', $.c)"}`), `{"e":"E","c":"C"}`, `E: C!`},
		{"Fail path is no string", oneState(`{"Type":"Fail","Error":"E","CausePath":"$.c"}`), `{"c":1}`, `States.Runtime`},
		{"input not JSON", oneState(`{"Type":"Succeed"}`), `{`, `States.Runtime`},
		{"inline Map", oneState(`{"Type":"Map","ItemsPath":"$.l","ItemSelector":{"i.$":"$$.Map.Item.Index","v.$":"$$.Map.Item.Value","k.$":"$.k"},"ResultPath":"$.out","End":true,
			"ItemProcessor":{"StartAt":"P","States":{"P":{"Type":"Pass","Parameters":{"in.$":"$","again.$":"$$.Map.Item.Value"},"End":true}}}}`),
			`{"l":["a","b"],"k":9}`, `{"k":9,"l":["a","b"],"out":[{"again":"a","in":{"i":0,"k":9,"v":"a"}},{"again":"b","in":{"i":1,"k":9,"v":"b"}}]}`},
		{"inline Map of nothing", oneState(`{"Type":"Map","End":true,"ItemProcessor":{"StartAt":"P","States":{"P":{"Type":"Pass","End":true}}}}`), `[]`, `[]`},
		{"inline Map of no array", oneState(`{"Type":"Map","End":true,"ItemProcessor":{"StartAt":"P","States":{"P":{"Type":"Pass","End":true}}}}`), `{}`, `States.Runtime`},
		{"inline Map fails with its iteration", oneState(`{"Type":"Map","End":true,"ItemProcessor":{"StartAt":"P","States":{"P":{"Type":"Fail","Error":"E"}}}}`), `[1,2,3]`, `E`},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			output, err := parse(t, test.definition).Run(t.Context(), execution1(test.input))
			got := asJSON(output)
			if err != nil {
				got = err.Error()
			}
			if got != test.want && (err == nil || !strings.HasPrefix(got, test.want)) {
				t.Errorf("Run(%s) = %s, want %s", test.input, got, test.want)
			}
		})
	}
}

func TestChoice(t *testing.T) {
	tests := []struct{ rule, input, want string }{
		{`"Variable":"$.a","StringEquals":"x"`, `{"a":"x"}`, "yes"},
		{`"Variable":"$.a","StringEquals":"x"`, `{"a":1}`, "no"},
		{`"Variable":"$.a","StringEquals":"x"`, `{}`, "States.Runtime"},
		{`"Variable":"$.a","StringLessThan":"b"`, `{"a":"a"}`, "yes"},
		{`"Variable":"$.a","StringGreaterThanEqualsPath":"$.b"`, `{"a":"b","b":"b"}`, "yes"},
		{`"Variable":"$.a","StringEqualsPath":"$.b"`, `{"a":"b"}`, "States.Runtime"},
		{`"Variable":"$.a","StringMatches":"*.j*g"`, `{"a":"cat.jpeg"}`, "yes"},
		{`"Variable":"$.a","StringMatches":"a*a"`, `{"a":"a"}`, "no"},
		{`"Variable":"$.a","StringMatches":"a*b*c"`, `{"a":"a1b2c"}`, "yes"},
		{`"Variable":"$.a","StringMatches":"a*b*c"`, `{"a":"a12c"}`, "no"},
		{`"Variable":"$.a","StringMatches":"b*"`, `{"a":"ab"}`, "no"},
		{`"Variable":"$.a","StringMatches":"*"`, `{"a":7}`, "no"},
		{`"Variable":"$.a","StringMatches":"a\\*"`, `{"a":"a*"}`, "yes"},
		{`"Variable":"$.a","StringMatches":"a\\*"`, `{"a":"ab"}`, "no"},
		{`"Variable":"$.a","NumericEquals":1`, `{"a":1.0}`, "yes"},
		{`"Variable":"$.a","NumericLessThan":2`, `{"a":2}`, "no"},
		{`"Variable":"$.a","NumericLessThan":2`, `{"a":1}`, "yes"},
		{`"Variable":"$.a","NumericLessThanEquals":2`, `{"a":2}`, "yes"},
		{`"Variable":"$.a","NumericLessThanEquals":2`, `{"a":3}`, "no"},
		{`"Variable":"$.a","NumericGreaterThan":2`, `{"a":2}`, "no"},
		{`"Variable":"$.a","NumericGreaterThan":2`, `{"a":3}`, "yes"},
		{`"Variable":"$.a","NumericGreaterThanEquals":2`, `{"a":2}`, "yes"},
		{`"Variable":"$.a","NumericGreaterThanEquals":2`, `{"a":1}`, "no"},
		{`"Variable":"$.a","NumericLessThanEqualsPath":"$.b"`, `{"a":1,"b":2}`, "yes"},
		{`"Variable":"$.a","NumericGreaterThan":1`, `{"a":"2"}`, "no"},
		{`"Variable":"$.a","BooleanEquals":false`, `{"a":false}`, "yes"},
		{`"Variable":"$.a","BooleanEqualsPath":"$.b"`, `{"a":false,"b":true}`, "no"},
		{`"Variable":"$.a","TimestampLessThan":"2026-01-02T00:00:00Z"`, `{"a":"2026-01-01T23:00:00+01:00"}`, "yes"},
		{`"Variable":"$.a","TimestampEqualsPath":"$.b"`, `{"a":"2026-01-01T00:00:00Z","b":"2026-01-01T01:00:00+01:00"}`, "yes"},
		{`"Variable":"$.a[0]","IsPresent":true`, `{"a":[]}`, "no"},
		{`"Variable":"$.a[0]","IsPresent":true`, `{"a":[null]}`, "yes"},
		{`"Variable":"$.a.b","IsPresent":false`, `{"a":null}`, "yes"},
		{`"Variable":"$.a","IsNull":true`, `{"a":null}`, "yes"},
		{`"Variable":"$.a","IsString":false`, `{"a":null}`, "yes"},
		{`"Variable":"$.a","IsNumeric":true`, `{"a":1e3}`, "yes"},
		{`"Variable":"$.a","IsBoolean":true`, `{"a":true}`, "yes"},
		{`"Variable":"$.a","IsTimestamp":true`, `{"a":"2026-01-01"}`, "no"},
		{`"And":[{"Variable":"$.a","IsPresent":true},{"Variable":"$.a","NumericEquals":1}]`, `{}`, "no"},
		{`"Or":[{"Variable":"$.a","NumericEquals":2},{"Variable":"$.a","NumericEquals":1}]`, `{"a":1}`, "yes"},
		{`"Not":{"Or":[{"Variable":"$.a","NumericEquals":2}]}`, `{"a":1}`, "yes"},
	}
	for _, test := range tests {
		t.Run(test.rule+" "+test.input, func(t *testing.T) {
			m := parse(t, `{"StartAt":"C","States":{"C":{"Type":"Choice","Choices":[{`+test.rule+`,"Next":"Y"}],"Default":"N"},
				"Y":{"Type":"Pass","Result":"yes","End":true},"N":{"Type":"Pass","Result":"no","End":true}}}`)
			output, err := m.Run(t.Context(), execution1(test.input))
			if e, ok := errors.AsType[*Error](err); ok {
				output = e.Name
			}
			if output != test.want {
				t.Errorf("%s of %s = %v, want %s", test.rule, test.input, output, test.want)
			}
		})
	}
}

func TestChoice_without_match(t *testing.T) {
	m := parse(t, `{"StartAt":"C","States":{"C":{"Type":"Choice","Choices":[{"Variable":"$.a","IsNull":true,"Next":"Y"}]},"Y":{"Type":"Succeed"}}}`)
	_, err := m.Run(t.Context(), execution1(`{"a":1}`))
	if e, _ := errors.AsType[*Error](err); e == nil || e.Name != errorNoChoice {
		t.Errorf("Run = %v, want %s", err, errorNoChoice)
	}
}

func TestTask(t *testing.T) {
	m := parse(t, oneState(`{"Type":"Task","Resource":"arn:aws:states:::lambda:invoke","Parameters":{"FunctionName":"${F}","Payload.$":"$.in"},
		"ResultSelector":{"r.$":"$.Payload"},"ResultPath":"$.out","End":true}`))
	x := execution1(`{"in":3}`)
	x.Tasks = tasks(func(_ context.Context, function string, payload any) (any, error) {
		return struct{ Function, Payload any }{function, payload}, nil
	})
	if _, err := m.Run(t.Context(), x); err == nil || !strings.Contains(err.Error(), "${F}") {
		t.Errorf("Run with a placeholder = %v, want an error that names it", err)
	}
	m = parse(t, oneState(`{"Type":"Task","Resource":"arn:aws:states:::lambda:invoke","Parameters":{"FunctionName":"f","Payload.$":"$.in"},
		"ResultSelector":{"r.$":"$.Payload"},"ResultPath":"$.out","End":true}`))
	output, err := m.Run(t.Context(), x)
	if want := `{"in":3,"out":{"r":{"Function":"f","Payload":3}}}`; err != nil || asJSON(output) != want {
		t.Errorf("Run = %s, %v, want %s", asJSON(output), err, want)
	}
}

func TestPayloadLimit(t *testing.T) {
	text := func(n int) string { return strings.Repeat("x", n-2) } // with its quotes n bytes
	echo := tasks(func(context.Context, string, any) (any, error) { return text(maxPayload), nil })
	tests := []struct {
		name, definition, input string
		ok                      bool
	}{
		{"input at the limit", oneState(`{"Type":"Succeed"}`), `"` + text(maxPayload) + `"`, true},
		{"input above", oneState(`{"Type":"Succeed"}`), `"` + text(maxPayload+1) + `"`, false},
		{"after Parameters", oneState(`{"Type":"Pass","Parameters":{"a.$":"$"},"ResultPath":null,"End":true}`), `"` + text(maxPayload) + `"`, false},
		{"output", oneState(`{"Type":"Pass","InputPath":"$.a","ResultPath":"$.b","End":true}`), `{"a":"` + text(maxPayload/2) + `"}`, false},
		{"result of a task", oneState(`{` + lambda + `,"ResultPath":null,"End":true}`), `{}`, false},
		{"is not caught by ALL", `{"StartAt":"S","States":{"S":{` + lambda + `,"Catch":[{"ErrorEquals":["States.ALL"],"Next":"T"}],"End":true},"T":{"Type":"Succeed"}}}`, `{}`, false},
		{"is caught by name", `{"StartAt":"S","States":{"S":{` + lambda + `,"Catch":[{"ErrorEquals":["States.DataLimitExceeded"],"Next":"T"}],"End":true},"T":{"Type":"Succeed"}}}`, `{}`, true},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			x := execution1(test.input)
			x.Tasks = echo
			_, err := parse(t, test.definition).Run(t.Context(), x)
			if e, _ := errors.AsType[*Error](err); test.ok != (err == nil) || e != nil && e.Name != errorDataLimit {
				t.Errorf("Run = %v, want success: %v", err, test.ok)
			}
		})
	}
}

func TestSize(t *testing.T) {
	for _, text := range []string{`null`, `true`, `-1.5e3`, `"a\"\\\n\u0001é<&"`, `[]`, `[1]`, `[1,"x",{}]`, `{"a":{"b":[1,2]},"c":null}`} {
		v, err := decode([]byte(text))
		if err != nil {
			t.Fatal(err)
		}
		if got, want := size(v), len(asJSON(v)); got != want {
			t.Errorf("size(%s) = %d, want %d", text, got, want)
		}
	}
	if got := size([]any{12, int64(-7), 0.5}); got != len("[12,-7,0.5]") {
		t.Errorf("size of Go numbers = %d", got)
	}
}

func TestTimeouts(t *testing.T) {
	tests := []struct {
		name, definition string
		after            time.Duration
		timedOut         bool
	}{
		{"task", oneState(`{` + lambda + `,"TimeoutSeconds":7,"End":true}`), 7 * time.Second, false},
		{"task by path", oneState(`{` + lambda + `,"TimeoutSecondsPath":"$.t","End":true}`), 3 * time.Second, false},
		{"machine", `{"TimeoutSeconds":5,"StartAt":"S","States":{"S":{` + lambda + `,"Retry":[{"ErrorEquals":["States.ALL"]}],"End":true}}}`, 5 * time.Second, true},
		{"machine while waiting", `{"TimeoutSeconds":5,"StartAt":"S","States":{"S":{"Type":"Wait","Seconds":60,"End":true}}}`, 5 * time.Second, true},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				x := execution1(`{"t":3}`)
				x.Sleep = nil
				x.Tasks = tasks(func(ctx context.Context, _ string, _ any) (any, error) { <-ctx.Done(); return nil, ctx.Err() })
				start := time.Now()
				_, err := parse(t, test.definition).Run(t.Context(), x)
				if e, _ := errors.AsType[*Error](err); e == nil || e.Name != errorTimeout || TimedOut(err) != test.timedOut {
					t.Errorf("Run = %v (timed out: %v), want %s", err, TimedOut(err), errorTimeout)
				}
				if took := time.Since(start); took != test.after {
					t.Errorf("Run took %v, want %v", took, test.after)
				}
			})
		})
	}
}

func TestWait(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		for _, fields := range []string{`"Seconds":90`, `"SecondsPath":"$.s"`, `"TimestampPath":"$.until"`} {
			x := execution1(`{"s":90,"until":"` + time.Now().Add(90*time.Second).Format(time.RFC3339Nano) + `"}`)
			x.Input = json.RawMessage(strings.ReplaceAll(string(x.Input), "z", "Z"))
			x.Sleep = nil
			start := time.Now()
			_, err := parse(t, oneState(`{"Type":"Wait",`+fields+`,"End":true}`)).Run(t.Context(), x)
			if took := time.Since(start); err != nil || took != 90*time.Second {
				t.Errorf("Wait %s took %v, %v, want 1m30s", fields, took, err)
			}
		}
	})
}

func TestAbort(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	x := execution1(`{}`)
	x.Tasks = tasks(func(ctx context.Context, _ string, _ any) (any, error) { cancel(); <-ctx.Done(); return nil, ctx.Err() })
	var j journal
	x.Observe = j.observe
	_, err := parse(t, oneState(`{`+lambda+`,"Retry":[{"ErrorEquals":["States.ALL"]}],"End":true}`)).Run(ctx, x)
	if !errors.Is(err, ErrAborted) || !errors.Is(err, context.Canceled) {
		t.Errorf("Run = %v, want ErrAborted and context.Canceled", err)
	}
	if _, failed := errors.AsType[*Error](err); failed || j.count(ExecutionAborted) != 1 || j.count(TaskRetried) != 0 {
		t.Errorf("Run = %#v with %d aborts and %d retries, want an abort that is no *Error", err, j.count(ExecutionAborted), j.count(TaskRetried))
	}
}
