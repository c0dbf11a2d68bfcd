package asl

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// TestBeliefs holds doc.go and the lines that lean on it together, here and in the rooms that use it.
func TestBeliefs(t *testing.T) {
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	for _, room := range []string{"functions", "infra", "scripts"} {
		err := filepath.WalkDir(filepath.Join("..", "..", room), func(path string, _ fs.DirEntry, err error) error {
			if strings.HasSuffix(path, ".go") {
				files = append(files, path)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
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
