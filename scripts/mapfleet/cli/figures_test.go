package cli

import (
	"os"
	"regexp"
	"strings"
	"testing"
)

// TestFigures_are_those_of_the_page: what the terminal says of bytes stands in report.html, in the same words.
func TestFigures_are_those_of_the_page(t *testing.T) {
	in, out := album(t, 6), t.TempDir()
	stdout, stderr, status := mapfleet(t, "local", "resize", "--in", in, "--out", out, "--input", `{"variants":[{"name":"w200","width":200,"format":"png"}]}`)
	wants(t, stdout+stderr, status, ExitSucceeded, "6 written")
	said := regexp.MustCompile(`  (\S+ \S+) read, (\S+ \S+) written\n`).FindStringSubmatch(stdout)
	file := regexp.MustCompile(`  report   (\S+)\n`).FindStringSubmatch(stdout)
	if said == nil || file == nil {
		t.Fatalf("it says no bytes or no report:\n%s", stdout)
	}
	page, err := os.ReadFile(file[1])
	if err != nil {
		t.Fatal(err)
	}
	for _, figure := range said[1:] {
		if !strings.Contains(string(page), ">"+figure+"<") {
			t.Errorf("the terminal says %q, and the page does not", figure)
		}
	}
}

func TestFigures(t *testing.T) {
	for want, got := range map[string]string{
		"999 bytes": size(999), "246 MB": size(246_100_000), "1.00 kB": size(1000), "12.3 GB": size(12_345_678_901),
		"1,234,567": count(1_234_567), "999": count(999),
		"200 ms": duration(0.2), "8.9 s": duration(8.9), "1 min 30 s": duration(90),
		"400 µs": latency(0.4), "4.2 ms": latency(4.2), "250 ms": latency(250), "1.8 s": latency(1800),
	} {
		if got != want {
			t.Errorf("%q is written, want %q", got, want)
		}
	}
}
