package config

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

// TestRangesHaveTheirEnds: what is told as allowed is, to its ends, and nothing beyond.
func TestRangesHaveTheirEnds(t *testing.T) {
	whole := func(field func(*Config) *int) func(*Config, float64) {
		return func(c *Config, v float64) { *field(c) = int(v) }
	}
	for _, r := range []struct {
		key       string
		low, high float64
		step      float64
		set       func(c *Config, v float64)
	}{
		{"batchSize", 1, 1000, 1, func(c *Config, v float64) { c.BatchSize, c.MaxBatchSize = int(v), 1000 }},
		{"maxBatchSize", 1, 1000, 1, func(c *Config, v float64) { c.BatchSize, c.MaxBatchSize = 1, int(v) }},
		{"maxConcurrency", 1, 10000, 1, func(c *Config, v float64) { c.MaxConcurrency, c.MaxConcurrencyCeiling = int(v), 10000 }},
		{"maxConcurrencyCeiling", 1, 10000, 1, func(c *Config, v float64) { c.MaxConcurrency, c.MaxConcurrencyCeiling = 1, int(v) }},
		{"toleratedFailurePercentage", 0, 100, 0.1, func(c *Config, v float64) { c.ToleratedFailurePercentage = v }},
		{"memory", 512, 10240, 1, whole(func(c *Config) *int { return &c.Memory })},
		{"reservedConcurrency", 8, 10000, 1, whole(func(c *Config) *int { return &c.ReservedConcurrency })},
		{"timeout", 10, MaxTimeout.Seconds(), 1, func(c *Config, v float64) { c.Timeout = time.Duration(v) * time.Second }},
		{"uploadWindow", 1, 300, 1, func(c *Config, v float64) { c.UploadWindow = time.Duration(v) * time.Second }},
		{"alarmThrottles", 1, 1_000_000, 1, whole(func(c *Config) *int { return &c.AlarmThrottles })},
		{"alarmDurationPercent", 50, 100, 1, whole(func(c *Config) *int { return &c.AlarmDurationPercent })},
		{"alarmSpendPerHour", 0.01, 100_000, 0.01, func(c *Config, v float64) { c.AlarmSpendPerHour = v }},
		{"workExpirationDays", 14, 3650, 1, whole(func(c *Config) *int { return &c.WorkExpirationDays })},
	} {
		for v, allowed := range map[float64]bool{r.low: true, r.high: true, r.low - r.step: false, r.high + r.step: false} {
			c := Default()
			r.set(&c, v)
			err := c.Validate()
			refused := err != nil && strings.Contains(err.Error(), r.key+": given ")
			if refused == allowed {
				t.Errorf("%s of %v: %v, want it to be allowed: %v", r.key, v, err, allowed)
			}
		}
	}
}

func TestTagsHaveTheirLengths(t *testing.T) {
	for _, c := range []struct {
		name, value int
		allowed     bool
	}{
		{1, 0, true}, {128, 256, true}, {129, 1, false}, {0, 1, false}, {1, 257, false},
	} {
		config := Default()
		config.Tags = fmt.Sprintf(`{%q:%q}`, strings.Repeat("é", c.name), strings.Repeat("ü", c.value))
		if err := config.Validate(); (err == nil) != c.allowed {
			t.Errorf("a name of %d letters with a value of %d: %v, want it to be allowed: %v", c.name, c.value, err, c.allowed)
		}
	}
	config := Default()
	config.Tags = `{"team":7}`
	if err := config.Validate(); err == nil {
		t.Error("a number is taken for a tag")
	}
}
