package asl

import (
	"bytes"
	"context"
	"encoding/json"
	"maps"
	"slices"
	"sync"
	"testing"
)

// counter is a Tasks whose children return the keys of their items, and counts how often each key was
// worked on.
type counter struct {
	mu     sync.Mutex
	worked map[string]int
	before func(ctx context.Context, key string) error // asked with the first key of a batch
}

func (c *counter) Invoke(ctx context.Context, _ string, parameters any) (any, error) {
	var keys []string
	for _, item := range parameters.(map[string]any)["Payload"].(map[string]any)["Items"].([]any) {
		keys = append(keys, item.(map[string]any)["Key"].(string))
	}
	c.mu.Lock()
	if c.worked == nil {
		c.worked = map[string]int{}
	}
	for _, key := range keys {
		c.worked[key]++
	}
	before := c.before
	c.mu.Unlock()
	if before != nil {
		if err := before(ctx, keys[0]); err != nil {
			return nil, err
		}
	}
	return map[string]any{"Payload": map[string]any{"keys": keys}}, nil
}

// forget returns how many keys were worked on since the last time, and begins anew.
func (c *counter) forget() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	n := len(c.worked)
	c.worked = nil
	return n
}

// resulting returns how often each key is in the result files that the manifest names, by status.
func resulting(t *testing.T, s *store) map[string]map[string]int {
	t.Helper()
	var m manifest
	if err := json.Unmarshal(resultFilesOf(t, s)["manifest.json"], &m); err != nil {
		t.Fatal(err)
	}
	found := map[string]map[string]int{}
	for status, files := range map[string][]resultFile{"SUCCEEDED": m.ResultFiles.SUCCEEDED, "FAILED": m.ResultFiles.FAILED, "PENDING": m.ResultFiles.PENDING} {
		found[status] = map[string]int{}
		for _, file := range files {
			data := s.objects["out/"+file.Key]
			if status == "SUCCEEDED" {
				for line := range bytes.Lines(data) {
					var row struct{ Keys []string }
					if err := json.Unmarshal(line, &row); err != nil {
						t.Fatal(err)
					}
					for _, key := range row.Keys {
						found[status][key]++
					}
				}
				continue
			}
			var rows []record
			if err := json.Unmarshal(data, &rows); err != nil {
				t.Fatal(err)
			}
			for _, row := range rows {
				var input struct{ Items []struct{ Key string } }
				if err := json.Unmarshal([]byte(row.Input), &input); err != nil {
					t.Fatal(err)
				}
				for _, item := range input.Items {
					found[status][item.Key]++
				}
			}
		}
	}
	return found
}

// wantOnce checks that every one of n keys is in the successes once, and nothing elsewhere.
func wantOnce(t *testing.T, s *store, n int) {
	t.Helper()
	found := resulting(t, s)
	twice := slices.DeleteFunc(slices.Collect(maps.Keys(found["SUCCEEDED"])), func(key string) bool { return found["SUCCEEDED"][key] == 1 })
	if len(found["SUCCEEDED"]) != n || len(twice) > 0 || len(found["FAILED"])+len(found["PENDING"]) > 0 {
		t.Errorf("the result files have %d keys as successes, %v of them twice, %d as failed, %d as pending, want %d once as successes",
			len(found["SUCCEEDED"]), twice, len(found["FAILED"]), len(found["PENDING"]), n)
	}
}

const tens = `"ItemBatcher":{"MaxItemsPerBatch":10},`

// fleetOf is a journalled execution over n listed objects in batches of ten.
func fleetOf(n int) (Execution, *store, *memory, *counter, *journal) {
	x, s, j, c, events := execution1(`{"prefix":"runs"}`), filled(n), &memory{}, &counter{}, &journal{}
	x.Objects, x.Journal, x.Tasks, x.Observe = s, j, c, events.observe
	return x, s, j, c, events
}
