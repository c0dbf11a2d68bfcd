// Package logtest tests what functions log.
package logtest

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"testing"

	"github.com/google/go-cmp/cmp"

	"mapfleet/functions/telemetry"
)

// Says holds that an invocation which ends with result, or with fault, which is returned as it is, logs one line: the
// JSON of want, and its time.
func Says[E, R any](t *testing.T, logged func(io.Writer) telemetry.Log[E, R], event E, result R, fault error, want string) {
	t.Helper()
	before := slog.Default()
	defer slog.SetDefault(before)
	var out bytes.Buffer
	_, err := logged(&out).Handler(func(context.Context, E) (R, error) { return result, fault })(t.Context(), event)
	if err != fault {
		t.Errorf("Handler returns %v, want %v as it is", err, fault)
	}
	var line, wanted map[string]any
	if err := errors.Join(json.Unmarshal(out.Bytes(), &line), json.Unmarshal([]byte(want), &wanted)); err != nil {
		t.Fatalf("one line is no JSON: %v\n%s", err, out.String())
	}
	if _, timed := line["time"]; !timed {
		t.Errorf("no time in %s", out.String())
	}
	delete(line, "time")
	if diff := cmp.Diff(wanted, line); diff != "" {
		t.Errorf("line (-want +got):\n%s", diff)
	}
}
