package telemetry

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"maps"
	"testing"

	"github.com/aws/aws-lambda-go/lambdacontext"
	"github.com/google/go-cmp/cmp"
)

// lines decodes what was logged, without the times.
func lines(t *testing.T, log *bytes.Buffer) []map[string]any {
	t.Helper()
	var all []map[string]any
	for decoder := json.NewDecoder(log); decoder.More(); {
		var line map[string]any
		if err := decoder.Decode(&line); err != nil {
			t.Fatal(err)
		}
		delete(line, "time")
		all = append(all, line)
	}
	return all
}

func TestLogOfAnInvocation(t *testing.T) {
	before := slog.Default()
	t.Cleanup(func() { slog.SetDefault(before) })
	ctx := lambdacontext.NewContext(t.Context(), &lambdacontext.LambdaContext{AwsRequestID: "r-1"})
	denied := errors.New("GetObject photos/a.jpg: denied")
	result := func(n int) []any { return []any{"items", n} }
	given := func(run string) []any { return []any{"letters", len(run)} }
	run := func(event string) string { return event }
	line := func(level, message string, more map[string]any) map[string]any {
		all := map[string]any{"level": level, "msg": message, "requestId": "r-1", "run": "nightly"}
		maps.Copy(all, more)
		return all
	}
	within := line("INFO", "within", nil)
	for name, c := range map[string]struct {
		log  Log[string, int]
		err  error
		want []map[string]any
	}{
		"it went well":              {Log[string, int]{Run: run, Given: given, Done: result}, nil, []map[string]any{within, line("INFO", "plan", map[string]any{"items": 7.0})}},
		"and is told elsewhere":     {Log[string, int]{Run: run, Given: given}, nil, []map[string]any{within}},
		"it failed":                 {Log[string, int]{Run: run, Done: result}, denied, []map[string]any{within, line("ERROR", "plan", map[string]any{"error": denied.Error()})}},
		"and the event is told too": {Log[string, int]{Run: run, Given: given}, denied, []map[string]any{within, line("ERROR", "plan", map[string]any{"error": denied.Error(), "letters": 7.0})}},
		"of no run": {Log[string, int]{Done: result}, nil, []map[string]any{
			{"level": "INFO", "msg": "within", "requestId": "r-1"}, {"level": "INFO", "msg": "plan", "requestId": "r-1", "items": 7.0},
		}},
	} {
		var out bytes.Buffer
		c.log.W, c.log.Name = &out, "plan"
		n, err := c.log.Handler(func(context.Context, string) (int, error) {
			slog.Info("within")
			return 7, c.err
		})(ctx, "nightly")
		if n != 7 || err != c.err {
			t.Errorf("%s: Handler returns %d, %v, want what the handler did, bare: a state machine matches its type", name, n, err)
		}
		if diff := cmp.Diff(c.want, lines(t, &out)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}
