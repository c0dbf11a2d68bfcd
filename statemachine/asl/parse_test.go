package asl

import (
	"os"
	"slices"
	"strings"
	"testing"
)

func TestParse_resize_file(t *testing.T) {
	data, err := os.ReadFile("../resize.asl.json")
	if err != nil {
		t.Fatal(err)
	}
	m := parse(t, string(data))
	want := []string{"PrepareFunction", "ReportFunction", "ResizeFunction"}
	if !slices.Equal(m.Placeholders(), want) {
		t.Errorf("Placeholders() = %q, want %q", m.Placeholders(), want)
	}
}

const lambda = `"Type":"Task","Resource":"arn:aws:states:::lambda:invoke","Parameters":{"FunctionName":"f"}`

// distributed is a Map state around one Pass, with more fields.
func distributed(more string) string {
	return `{"Type":"Map","End":true,` + more + `"ItemProcessor":{"ProcessorConfig":{"Mode":"DISTRIBUTED","ExecutionType":"EXPRESS"},"StartAt":"P","States":{"P":{"Type":"Pass","End":true}}}}`
}

func TestParse_refuses(t *testing.T) {
	tests := []struct{ name, definition, want string }{
		{"not JSON", `{`, "parse state machine"},
		{"two values", `{} {}`, "more than one JSON value"},
		{"not an object", `[]`, "is not an object"},
		{"machine field", `{"Foo":1,"StartAt":"S","States":{"S":{"Type":"Succeed"}}}`, "Foo: unknown field"},
		{"JSONata", `{"QueryLanguage":"JSONata","StartAt":"S","States":{"S":{"Type":"Succeed"}}}`, `QueryLanguage: "JSONata" is not supported`},
		{"no StartAt", `{"States":{"S":{"Type":"Succeed"}}}`, "StartAt: is missing"},
		{"StartAt nowhere", `{"StartAt":"X","States":{"S":{"Type":"Succeed"}}}`, `StartAt: there is no state "X"`},
		{"no States", `{"StartAt":"X"}`, "States: is missing"},
		{"member twice", `{"StartAt":"S","StartAt":"S","States":{"S":{"Type":"Succeed"}}}`, "StartAt: stands twice"},
		{"timeout of zero", `{"TimeoutSeconds":0,"StartAt":"S","States":{"S":{"Type":"Succeed"}}}`, "TimeoutSeconds: 0 is not within 1 to 99999999"},
		{"unreachable", `{"StartAt":"S","States":{"S":{"Type":"Succeed"},"T":{"Type":"Succeed"}}}`, "States.T: nothing leads to this state"},
		{"long name", `{"StartAt":"S","States":{"S":{"Type":"Pass","Next":"` + strings.Repeat("n", 81) + `"},"` + strings.Repeat("n", 81) + `":{"Type":"Succeed"}}}`, "more than 80 characters"},
		{"state type", oneState(`{"Type":"Parallel"}`), `States.S.Type: state type "Parallel" is not supported`},
		{"no type", oneState(`{}`), "States.S.Type: is missing"},
		{"state field", oneState(`{"Type":"Succeed","Assign":{}}`), "States.S.Assign: unknown field"},
		{"heartbeat", oneState(`{` + lambda + `,"HeartbeatSeconds":5,"End":true}`), "States.S.HeartbeatSeconds: unknown field"},
		{"Next nowhere", oneState(`{"Type":"Pass","Next":"X"}`), `States.S.Next: there is no state "X"`},
		{"neither Next nor End", oneState(`{"Type":"Pass"}`), "States.S: needs one of Next, End"},
		{"Next and End", oneState(`{"Type":"Pass","Next":"S","End":true}`), "States.S: has both Next and End"},
		{"End is false", oneState(`{"Type":"Pass","End":false}`), "States.S.End: is not true"},
		{"task resource", oneState(`{"Type":"Task","Resource":"arn:aws:states:::sqs:sendMessage","End":true}`), `States.S.Resource: resource "arn:aws:states:::sqs:sendMessage" is not supported`},
		{"task parameter", oneState(`{"Type":"Task","Resource":"arn:aws:states:::lambda:invoke","Parameters":{"FunctionName":"f","Body":1},"End":true}`), "States.S.Parameters.Body: unknown field"},
		{"no function", oneState(`{"Type":"Task","Resource":"arn:aws:states:::lambda:invoke","Parameters":{},"End":true}`), "States.S.Parameters.FunctionName: is missing"},
		{"timeout twice", oneState(`{` + lambda + `,"TimeoutSeconds":5,"TimeoutSecondsPath":"$.t","End":true}`), "States.S: has both TimeoutSeconds and TimeoutSecondsPath"},
		{"fraction", oneState(`{` + lambda + `,"TimeoutSeconds":5.5,"End":true}`), "States.S.TimeoutSeconds: 5.5 is not a whole number"},
		{"placeholder as value", oneState(`{"Type":"Fail","Cause":"${Why}"}`), "States.S.Cause: no value was substituted for ${Why}"},
		{"wildcard path", oneState(`{"Type":"Pass","InputPath":"$.a[*]","End":true}`), `States.S.InputPath: path "$.a[*]"`},
		{"deep scan", oneState(`{"Type":"Pass","InputPath":"$..a","End":true}`), "States.S.InputPath"},
		{"filter", oneState(`{"Type":"Pass","InputPath":"$.a[?(@.b)]","End":true}`), "States.S.InputPath"},
		{"result into context", oneState(`{"Type":"Pass","ResultPath":"$$.a","End":true}`), "States.S.ResultPath"},
		{"dynamic not a string", oneState(`{"Type":"Pass","Parameters":{"a.$":1},"End":true}`), "States.S.Parameters.a.$: is not a string"},
		{"dynamic is text", oneState(`{"Type":"Pass","Parameters":{"a.$":"hello"},"End":true}`), "neither a path nor an intrinsic"},
		{"both forms", oneState(`{"Type":"Pass","Parameters":{"a.$":"$","a":1},"End":true}`), `States.S.Parameters.a.$: stands beside "a"`},
		{"in an array", oneState(`{"Type":"Pass","Parameters":{"a":[{"b.$":"x"}]},"End":true}`), "States.S.Parameters.a[0].b.$"},
		{"intrinsic", oneState(`{"Type":"Pass","Parameters":{"a.$":"States.UUID()"},"End":true}`), "intrinsic function States.UUID is not supported"},
		{"nested intrinsic", oneState(`{"Type":"Pass","Parameters":{"a.$":"States.Array(States.Hash($, 'MD5'))"},"End":true}`), "States.Hash is not supported"},
		{"format count", oneState(`{"Type":"Pass","Parameters":{"a.$":"States.Format('{} {}', $.a)"},"End":true}`), "more {} than"},
		{"argument count", oneState(`{"Type":"Pass","Parameters":{"a.$":"States.MathAdd(1)"},"End":true}`), "does not take 1 arguments"},
		{"boolean argument", oneState(`{"Type":"Pass","Parameters":{"a.$":"States.Array(true)"},"End":true}`), "neither a path nor"},
		{"trailing text", oneState(`{"Type":"Pass","Parameters":{"a.$":"States.Array() x"},"End":true}`), "is not expected"},
		{"context member", oneState(`{"Type":"Pass","Parameters":{"a.$":"$$.Execution.RoleArn"},"End":true}`), `no "RoleArn"`},
		{"context object", oneState(`{"Type":"Pass","Parameters":{"a.$":"$$.Task.Token"},"End":true}`), `no "Task"`},
		{"Map.Item outside", oneState(`{"Type":"Pass","Parameters":{"a.$":"$$.Map.Item.Value"},"End":true}`), "only a Map's ItemSelector"},
		{"retry shape", oneState(`{` + lambda + `,"Retry":[],"End":true}`), "States.S.Retry: is not an array that holds something"},
		{"retry field", oneState(`{` + lambda + `,"Retry":[{"ErrorEquals":["A"],"Times":3}],"End":true}`), "States.S.Retry[0].Times: unknown field"},
		{"retry names", oneState(`{` + lambda + `,"Retry":[{}],"End":true}`), "States.S.Retry[0].ErrorEquals: is missing"},
		{"reserved name", oneState(`{` + lambda + `,"Retry":[{"ErrorEquals":["States.Foo"]}],"End":true}`), `ErrorEquals[0]: unknown error name "States.Foo"`},
		{"lambda name", oneState(`{` + lambda + `,"Retry":[{"ErrorEquals":["Lambda.ToManyRequestsException"]}],"End":true}`), `unknown error name "Lambda.ToManyRequestsException"`},
		{"runtime", oneState(`{` + lambda + `,"Retry":[{"ErrorEquals":["States.Runtime"]}],"End":true}`), "never retried nor caught"},
		{"ALL beside", oneState(`{` + lambda + `,"Retry":[{"ErrorEquals":["States.ALL","A"]}],"End":true}`), "States.ALL must stand alone"},
		{"ALL first", oneState(`{` + lambda + `,"Retry":[{"ErrorEquals":["States.ALL"]},{"ErrorEquals":["A"]}],"End":true}`), "States.ALL must stand alone and in the last"},
		{"backoff", oneState(`{` + lambda + `,"Retry":[{"ErrorEquals":["A"],"BackoffRate":0.5}],"End":true}`), "BackoffRate: 0.5 is not within"},
		{"interval", oneState(`{` + lambda + `,"Retry":[{"ErrorEquals":["A"],"IntervalSeconds":0}],"End":true}`), "IntervalSeconds: 0 is not within"},
		{"delay", oneState(`{` + lambda + `,"Retry":[{"ErrorEquals":["A"],"IntervalSeconds":9,"MaxDelaySeconds":9}],"End":true}`), "MaxDelaySeconds: is not above IntervalSeconds"},
		{"jitter", oneState(`{` + lambda + `,"Retry":[{"ErrorEquals":["A"],"JitterStrategy":"HALF"}],"End":true}`), `"HALF" is not supported`},
		{"catch without Next", oneState(`{` + lambda + `,"Catch":[{"ErrorEquals":["A"]}],"End":true}`), "States.S.Catch[0].Next: is missing"},
		{"retry of a Pass", oneState(`{"Type":"Pass","Retry":[{"ErrorEquals":["A"]}],"End":true}`), "States.S.Retry: unknown field"},
		{"choice without rules", oneState(`{"Type":"Choice","Choices":[]}`), "States.S.Choices: is not an array that holds something"},
		{"choice operator", oneState(`{"Type":"Choice","Choices":[{"Variable":"$.a","StringContains":"x","Next":"S"}]}`), "Choices[0].StringContains: unknown field"},
		{"choice operators", oneState(`{"Type":"Choice","Choices":[{"Variable":"$.a","StringEquals":"x","IsNull":true,"Next":"S"}]}`), "exactly one comparison operator, has 2"},
		{"choice constant", oneState(`{"Type":"Choice","Choices":[{"Variable":"$.a","NumericEquals":"1","Next":"S"}]}`), "NumericEquals: the value does not fit"},
		{"choice Next inside", oneState(`{"Type":"Choice","Choices":[{"Not":{"Variable":"$.a","IsNull":true,"Next":"S"},"Next":"S"}]}`), "Choices[0].Not.Next: unknown field"},
		{"wait", oneState(`{"Type":"Wait","End":true}`), "needs one of Seconds"},
		{"wait twice", oneState(`{"Type":"Wait","Seconds":1,"Timestamp":"2026-01-01T00:00:00Z","End":true}`), "has both Seconds and Timestamp"},
		{"timestamp", oneState(`{"Type":"Wait","Timestamp":"tomorrow","End":true}`), "Timestamp: is not a timestamp"},
		{"fail twice", oneState(`{"Type":"Fail","Cause":"a","CausePath":"$.b"}`), "has both Cause and CausePath"},
		{"map mode", oneState(strings.Replace(distributed(``), "DISTRIBUTED", "EVERYWHERE", 1)), `Mode: "EVERYWHERE" is not supported`},
		{"inline label", oneState(`{"Type":"Map","Label":"x","End":true,"ItemProcessor":{"StartAt":"P","States":{"P":{"Type":"Succeed"}}}}`), "States.S.Label: unknown field"},
		{"iterator", oneState(`{"Type":"Map","Iterator":{},"End":true}`), "States.S.Iterator: unknown field"},
		{"no ExecutionType", oneState(strings.Replace(distributed(``), `,"ExecutionType":"EXPRESS"`, "", 1)), "ExecutionType: is missing"},
		{"label length", oneState(distributed(`"Label":"` + strings.Repeat("x", 41) + `",`)), "more than 40 characters"},
		{"label characters", oneState(distributed(`"Label":"a b",`)), "characters that a label must not have"},
		{"reader resource", oneState(distributed(`"ItemReader":{"Resource":"arn:aws:states:::s3:listBuckets","Parameters":{}},`)), `States.S.ItemReader.Resource: resource "arn:aws:states:::s3:listBuckets" is not supported`},
		{"reader field", oneState(distributed(`"ItemReader":{"Foo":1,"Resource":"arn:aws:states:::s3:listObjectsV2","Parameters":{"Bucket":"b"}},`)), "States.S.ItemReader.Foo: unknown field"},
		{"reader bucket", oneState(distributed(`"ItemReader":{"Resource":"arn:aws:states:::s3:listObjectsV2","Parameters":{}},`)), "ItemReader.Parameters.Bucket: is missing"},
		{"reader type", oneState(distributed(`"ItemReader":{"Resource":"arn:aws:states:::s3:getObject","ReaderConfig":{"InputType":"CSV"},"Parameters":{"Bucket":"b","Key":"k"}},`)), `InputType: "CSV" is not supported`},
		{"reader and path", oneState(distributed(`"ItemsPath":"$.a","ItemReader":{"Resource":"arn:aws:states:::s3:listObjectsV2","Parameters":{"Bucket":"b"}},`)), "States.S.ItemsPath: stands beside ItemReader"},
		{"batcher empty", oneState(distributed(`"ItemBatcher":{},`)), "States.S.ItemBatcher: needs MaxItemsPerBatch"},
		{"batcher bytes", oneState(distributed(`"ItemBatcher":{"MaxInputBytesPerBatch":262145},`)), "MaxInputBytesPerBatch: 262145 is not within 1 to 262144"},
		{"writer resource", oneState(distributed(`"ResultWriter":{"Resource":"arn:aws:states:::s3:copyObject","Parameters":{"Bucket":"b"}},`)), "copyObject\" is not supported"},
		{"writer empty", oneState(distributed(`"ResultWriter":{},`)), "ResultWriter: needs Resource and Parameters, or WriterConfig"},
		{"writer transformation", oneState(distributed(`"ResultWriter":{"WriterConfig":{"Transformation":"ZIP"}},`)), `"ZIP" is not supported`},
		{"percentage", oneState(distributed(`"ToleratedFailurePercentage":101,`)), "ToleratedFailurePercentage: 101 is not within 0 to 100"},
		{"percentage twice", oneState(distributed(`"ToleratedFailurePercentage":1,"ToleratedFailurePercentagePath":"$.a",`)), "has both ToleratedFailurePercentage and"},
		{"name twice", oneState(strings.ReplaceAll(distributed(``), `"P"`, `"S"`)), "another state has this name"},
		{"map in a map", oneState(strings.Replace(distributed(``), `{"Type":"Pass","End":true}`, strings.ReplaceAll(distributed(``), `"P"`, `"Q"`), 1)), "cannot stand inside the EXPRESS child"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			_, err := Parse([]byte(test.definition))
			if err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("Parse(%s) = %v, want %q", test.definition, err, test.want)
			}
		})
	}
}

func TestParse_joins_all_problems(t *testing.T) {
	_, err := Parse([]byte(`{"StartAt":"A","Foo":1,"States":{"A":{"Type":"Pass","Next":"B","Bar":2},"C":{"Type":"Succeed"}}}`))
	for _, want := range []string{"Foo: unknown", "States.A.Bar: unknown", `there is no state "B"`, "States.C: nothing leads"} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("Parse = %v, want %q in it", err, want)
		}
	}
}

func FuzzParse(f *testing.F) {
	data, err := os.ReadFile("../resize.asl.json")
	if err != nil {
		f.Fatal(err)
	}
	f.Add(data)
	f.Add([]byte(oneState(`{"Type":"Pass","Parameters":{"a.$":"States.Format('{}\\'', $['x'][0])"},"End":true}`)))
	f.Add([]byte(oneState(`{"Type":"Choice","Choices":[{"And":[{"Variable":"$.a","StringMatches":"a*"}],"Next":"S"}]}`)))
	f.Add([]byte(oneState(distributed(`"Label":"L","ItemBatcher":{"MaxItemsPerBatchPath":"$.n"},`))))
	f.Fuzz(func(t *testing.T, definition []byte) {
		m, err := Parse(definition)
		if (m == nil) == (err == nil) {
			t.Errorf("Parse gives a machine or an error, not both or none: %v, %v", m, err)
		}
	})
}
