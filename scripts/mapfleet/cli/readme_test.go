package cli

import (
	"encoding/json"
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
	root, err := filepath.Abs(root)
	if err != nil {
		t.Fatal(err)
	}
	readme := readReadme(t)
	// The commands write to out/ below the folder they run in.
	dir := t.TempDir()
	if err := os.Symlink(filepath.Join(root, "scripts"), filepath.Join(dir, "scripts")); err != nil {
		t.Fatal(err)
	}
	ran, printed := map[string]int{}, map[string]string{}
	for _, block := range regexp.MustCompile("(?s)```sh\n(.*?)```").FindAllStringSubmatch(readme, -1) {
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
			wantShown(t, readme, out)
		}
	}
	// "make run", in a folder of its own.
	run := exec.Command(executable, "local", "resize", "--in", "scripts/photos", "--out", "out/photos", "--input", "scripts/photos.json")
	run.Dir = dir
	out, err := run.Output()
	if err != nil {
		t.Errorf("what make run does: %v", err)
	}
	wantShown(t, readme, string(out))
	wantLogs(t, filepath.Join(dir, "out/photos/.mapfleet"), "prepare", "report")
	wantLogs(t, filepath.Join(dir, "out/.mapfleet"), "checkplan", "checkreport")
	for line, out := range printed {
		if strings.Contains(out, `"requestId"`) || strings.Contains(out, `"msg"`) {
			t.Errorf("%s prints what belongs into the log:\n%s", line, out)
		}
	}
}

// wantLogs looks for what the README says of logs: each function's lines name a request and the run.
func wantLogs(t *testing.T, state string, functions ...string) {
	t.Helper()
	for _, name := range functions {
		data, err := os.ReadFile(filepath.Join(state, "logs", name+"-1.log"))
		if err != nil {
			t.Error(err)
			continue
		}
		for line := range strings.Lines(string(data)) {
			var said struct{ Level, Msg, RequestID, Run string }
			if err := json.Unmarshal([]byte(line), &said); err != nil || said.Level != "INFO" || said.Msg == "" || said.RequestID == "" || !strings.HasPrefix(said.Run, "run-") {
				t.Errorf("the log of %s says %s", name, line)
			}
		}
		if len(data) == 0 {
			t.Errorf("the log of %s says nothing", name)
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
