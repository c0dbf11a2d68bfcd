package config

import (
	"encoding/json"
	"os"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// deploying is the part of README.md on deployment.
func deploying(t *testing.T) string {
	t.Helper()
	data, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	_, section, _ := strings.Cut(string(data), "\n## Deploy it\n")
	section, _, _ = strings.Cut(section, "\n## ")
	return section
}

// TestReadmeNamesTheKeys compares the table in README.md with Config, both ways.
func TestReadmeNamesTheKeys(t *testing.T) {
	_, table, _ := strings.Cut(deploying(t), "| keys | say |")
	table, _, _ = strings.Cut(table, "\n\n")
	var documented, keys []string
	for line := range strings.Lines(table) {
		cells := strings.Split(line, "|")
		if len(cells) < 2 {
			continue
		}
		for _, name := range regexp.MustCompile("`([A-Za-z]+)`").FindAllStringSubmatch(cells[1], -1) {
			documented = append(documented, name[1])
		}
	}
	for _, field := range reflect.VisibleFields(reflect.TypeFor[Config]()) {
		keys = append(keys, strings.ToLower(field.Name[:1])+field.Name[1:])
	}
	slices.Sort(documented)
	slices.Sort(keys)
	if diff := cmp.Diff(keys, documented); diff != "" {
		t.Errorf("keys (-Config +README):\n%s", diff)
	}
}

// TestReadmeShowsAConfigurationThatIsRight reads every mapfleet.json that README.md shows.
func TestReadmeShowsAConfigurationThatIsRight(t *testing.T) {
	shown := regexp.MustCompile("(?s)```json\n(.*?)```").FindAllStringSubmatch(deploying(t), -1)
	if len(shown) == 0 {
		t.Fatal("README.md shows none")
	}
	for _, block := range shown {
		var file map[string]any
		if err := json.Unmarshal([]byte(block[1]), &file); err != nil {
			t.Fatal(err)
		}
		if _, err := Read(nil, file); err != nil {
			t.Errorf("%s%v", block[1], err)
		}
	}
}

// TestReadmeGivesKeysByFlagsThatAreRight reads every -c that README.md shows.
func TestReadmeGivesKeysByFlagsThatAreRight(t *testing.T) {
	shown := regexp.MustCompile("-c ([A-Za-z]+)=([^\\s`]+)").FindAllStringSubmatch(deploying(t), -1)
	if len(shown) == 0 {
		t.Fatal("README.md shows none")
	}
	for _, flag := range shown {
		if _, err := Read(map[string]any{flag[1]: flag[2]}, nil); err != nil {
			t.Errorf("%s: %v", flag[0], err)
		}
	}
}
