package asl

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// TestBeliefs holds doc.go and the lines that lean on it together.
func TestBeliefs(t *testing.T) {
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	stated, cited := map[string]bool{}, map[string]bool{}
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, number := range regexp.MustCompile(`\bA[0-9]{2}\b`).FindAllString(string(data), -1) {
			if file == "doc.go" {
				stated[number] = true
			} else if !strings.HasSuffix(file, "_test.go") {
				cited[number] = true
			}
		}
	}
	for number := range stated {
		if !cited[number] {
			t.Errorf("doc.go states %s, and no line cites it", number)
		}
	}
	for number := range cited {
		if !stated[number] {
			t.Errorf("%s is cited, and doc.go does not state it", number)
		}
	}
}
