package cli

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"mapfleet/functions/report/look"
)

// by lists counts by code, the largest first: " (3 Empty, 1 Filtered)".
func by(counts map[string]int) string {
	if len(counts) == 0 {
		return ""
	}
	var codes []string
	for code := range counts {
		codes = append(codes, code)
	}
	slices.SortFunc(codes, func(a, b string) int {
		if counts[a] != counts[b] {
			return counts[b] - counts[a]
		}
		return strings.Compare(a, b)
	})
	for i, code := range codes {
		codes[i] = fmt.Sprintf("%s %s", count(counts[code]), code)
	}
	return " (" + strings.Join(codes, ", ") + ")"
}

// Figures are written as report.html has them, so that nobody has to tell whether two are the same.

func count[N int | int64](n N) string { return look.Count(n) }

func size(bytes int64) string { return look.Size(bytes) }

func duration(seconds float64) string { return look.Duration(seconds) }

func latency(ms float64) string { return look.Latency(time.Duration(ms * float64(time.Millisecond))) }
