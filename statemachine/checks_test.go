package statemachine

import (
	"encoding/json"
	"slices"
	"testing"
)

func TestChecks_is_JSON_with_four_placeholders(t *testing.T) {
	if !json.Valid([]byte(Checks())) {
		t.Error("checks.asl.json is no JSON")
	}
	want := []string{"AlertTopic", "CheckFunction", "PlanFunction", "ReportFunction"}
	if got := Placeholders(Checks()); !slices.Equal(got, want) {
		t.Errorf("placeholders %v, want %v", got, want)
	}
}
