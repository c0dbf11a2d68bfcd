package cli

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// TestREADME_of_a_session carries out what the README shows of a stack, one command after another, with the engine
// of this machine in the place of AWS. The first is left by Ctrl-C, as it is there.
func TestREADME_of_a_session(t *testing.T) {
	readme := readReadme(t)
	var session []string
	for _, c := range commands(t, readme) {
		if c.where == "session" {
			session = append(session, c.text)
		}
	}
	if len(session) == 0 || !strings.HasPrefix(session[0], "mapfleet start ") {
		t.Fatalf("the README shows no session as it is run here: %q", session)
	}
	in, out, dir := album(t, 80), t.TempDir(), t.TempDir()
	write(t, filepath.Join(dir, "two-sizes.json"), []byte(`{"batchSize":4,"variants":[{"name":"w200","width":200,"format":"webp"},{"name":"w400","width":400,"format":"webp"}]}`))
	server := serve(t, in, out)
	server.asAWS(t)
	t.Setenv("PATH", filepath.Dir(executable)+":"+os.Getenv("PATH"))
	var said strings.Builder
	for i, line := range session {
		command := exec.Command("sh", "-c", "exec "+line)
		command.Dir, command.Stdout, command.Stderr = dir, &said, &said
		if err := command.Start(); err != nil {
			t.Fatal(err)
		}
		want := ExitSucceeded
		if i == 0 {
			want = ExitLeft
			eventually(t, "some pictures are made", func() bool { return len(files(t, out)) > 10 })
			if err := command.Process.Signal(syscall.SIGINT); err != nil {
				t.Fatal(err)
			}
		}
		_ = command.Wait()
		if status := command.ProcessState.ExitCode(); status != want {
			t.Fatalf("%s: exit %d, want %d\n%s", line, status, want, said.String())
		}
	}
	_, block, _ := strings.Cut(readme, "$ "+session[0]+"\n")
	block, _, _ = strings.Cut(block, "```")
	words := func(text string) string { return strings.Join(strings.Fields(text), " ") }
	for line := range strings.Lines(block) {
		// Numbers are other ones each time.
		if !strings.HasPrefix(line, "$ ") && !strings.ContainsAny(line, "0123456789") && !strings.Contains(words(said.String()), words(line)) {
			t.Errorf("the README shows %q, and this was printed:\n%s", line, said.String())
		}
	}
}
