package cli

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// TestREADME runs the README's commands as they stand there: those of mapfleet for real, those of make
// as far as make's own look (-n), since the tests run inside one of them.
func TestREADME(t *testing.T) {
	root, err := filepath.Abs("../../..")
	if err != nil {
		t.Fatal(err)
	}
	readme, err := os.ReadFile(filepath.Join(root, "README.md"))
	if err != nil {
		t.Fatal(err)
	}
	// The commands write to out/ below the folder they run in.
	dir := t.TempDir()
	if err := os.Symlink(filepath.Join(root, "scripts"), filepath.Join(dir, "scripts")); err != nil {
		t.Fatal(err)
	}
	ran, printed := map[string]int{}, map[string]string{}
	for _, block := range regexp.MustCompile("(?s)```sh\n(.*?)```").FindAllStringSubmatch(string(readme), -1) {
		for line := range strings.Lines(block[1]) {
			line = strings.TrimSpace(line)
			name, _, _ := strings.Cut(line, " ")
			var command *exec.Cmd
			switch {
			case strings.HasPrefix(line, "go run ./scripts/mapfleet "):
				command = exec.Command("sh", "-c", strings.Replace(line, "go run ./scripts/mapfleet", executable, 1))
				command.Dir = dir
			case name == "make":
				command = exec.Command("sh", "-c", strings.Replace(line, "make", "make -n", 1))
				command.Dir = root
			default:
				t.Errorf("no word on how to test %q", line)
				continue
			}
			out, err := command.CombinedOutput()
			if err != nil {
				t.Errorf("%s: %v\n%s", line, err, out)
			}
			ran[name]++
			printed[line] = string(out)
		}
	}
	if ran["go"] == 0 || ran["make"] == 0 {
		t.Errorf("ran %v: want commands of go and of make", ran)
	}
	for line, out := range printed {
		if strings.Contains(line, " audit ") {
			wantShown(t, string(readme), out)
		}
	}
	// "make run", in a folder of its own.
	run := exec.Command(executable, "local", "resize", "--in", "scripts/photos", "--out", "out/photos", "--input", "scripts/photos.json")
	run.Dir = dir
	out, err := run.Output()
	if err != nil {
		t.Errorf("what make run does: %v", err)
	}
	wantShown(t, string(readme), string(out))
	for _, name := range []string{"run", "test"} {
		if !strings.Contains(string(readme), "\nmake "+name+"\n") {
			t.Errorf("the README does not show make %s", name)
		}
	}
}

// wantShown holds what the README shows to what was printed, but for its first line, which has a time, and paths.
func wantShown(t *testing.T, readme, printed string) {
	t.Helper()
	for line := range strings.Lines(printed[strings.Index(printed, "\n")+1:]) {
		if !strings.Contains(line, "/") && !strings.Contains(readme, line) {
			t.Errorf("this was printed, and the README does not show it: %q", line)
		}
	}
}
