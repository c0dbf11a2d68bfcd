package look

import (
	"cmp"
	"fmt"
	"maps"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// Count writes 1234567 as 1,234,567.
func Count[N int | int64](n N) string {
	digits := strconv.FormatInt(int64(n), 10)
	sign := ""
	if digits[0] == '-' {
		sign, digits = "-", digits[1:]
	}
	for i := len(digits) - 3; i > 0; i -= 3 {
		digits = digits[:i] + "," + digits[i:]
	}
	return sign + digits
}

// Size writes bytes in decimal units, three digits.
func Size(bytes int64) string {
	if bytes < 1000 {
		return Count(bytes) + " bytes"
	}
	value := float64(bytes)
	for _, unit := range []string{"kB", "MB", "GB", "TB", "PB"} {
		value /= 1000
		if value < 999.5 || unit == "PB" {
			return ThreeDigits(value) + " " + unit
		}
	}
	return ""
}

func ThreeDigits(v float64) string {
	switch {
	case v < 9.995:
		return strconv.FormatFloat(v, 'f', 2, 64)
	case v < 99.95:
		return strconv.FormatFloat(v, 'f', 1, 64)
	}
	return strconv.FormatFloat(v, 'f', 0, 64)
}

// Duration writes seconds as people say them.
func Duration(seconds float64) string {
	whole := int(math.Round(seconds))
	switch {
	case seconds < 0.0005:
		return "0 s"
	case seconds < 0.9995:
		return fmt.Sprintf("%.0f ms", seconds*1000)
	case seconds < 59.95:
		return fmt.Sprintf("%.1f s", seconds)
	case whole < 3600:
		return fmt.Sprintf("%d min %d s", whole/60, whole%60)
	case whole < 86400:
		return fmt.Sprintf("%d h %d min", whole/3600, whole%3600/60)
	}
	return fmt.Sprintf("%s d %d h", Count(whole/86400), whole%86400/3600)
}

// Latency writes a duration that may be very short.
func Latency(d time.Duration) string {
	switch {
	case d < time.Millisecond:
		return fmt.Sprintf("%d µs", d.Microseconds())
	case d < 10*time.Millisecond:
		return fmt.Sprintf("%.1f ms", d.Seconds()*1e3)
	}
	return Duration(d.Seconds())
}

// Date writes a time in UTC.
func Date(t time.Time) string {
	if t.IsZero() {
		return "at an unknown time"
	}
	return t.UTC().Format("2 January 2006, 15:04:05 UTC")
}

// PercentBeside writes p with one decimal, or as many as it takes to tell it from other.
func PercentBeside(p, other float64) string {
	for decimals := 1; ; decimals++ {
		text := strconv.FormatFloat(p, 'f', decimals, 64)
		if shown, _ := strconv.ParseFloat(text, 64); decimals == 6 || p == other || shown != other {
			return text + " %"
		}
	}
}

// Percent writes p with no more decimals than it has.
func Percent(p float64) string { return strconv.FormatFloat(p, 'f', -1, 64) + " %" }

// ByCount returns the names in counts, the most frequent first, then by name.
func ByCount(counts map[string]int) []string {
	return slices.SortedFunc(maps.Keys(counts), func(a, b string) int {
		return cmp.Or(cmp.Compare(counts[b], counts[a]), strings.Compare(a, b))
	})
}

// Clip cuts text to most bytes, between characters, and says so with an ellipsis.
func Clip(text string, most int) string {
	if len(text) <= most {
		return text
	}
	cut := most - len("…")
	for cut > 0 && !utf8.RuneStart(text[cut]) {
		cut--
	}
	return text[:cut] + "…"
}

// Middle cuts text in its middle to about most bytes, so that both ends of a key can be read.
func Middle(text string, most int) string {
	if len(text) <= most {
		return text
	}
	tail := len(text) - most/2
	for tail < len(text) && !utf8.RuneStart(text[tail]) {
		tail++
	}
	return Clip(text, most/2) + text[tail:]
}

// Sentence makes text one: a capital at its start, a full stop at its end.
func Sentence(text string) string {
	if text == "" {
		return ""
	}
	return Capital(text) + "."
}

func Capital(text string) string {
	first, width := utf8.DecodeRuneInString(text)
	if width == 0 {
		return ""
	}
	return strings.ToUpper(string(first)) + text[width:]
}
