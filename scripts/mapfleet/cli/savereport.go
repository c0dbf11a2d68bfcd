package cli

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"

	"mapfleet/scripts/mapfleet/stack"
)

// keep saves the report, and opens it if that is wished.
func (r *reportCommand) keep(ctx context.Context, s *stack.Stack, run stack.Run) error {
	dir, err := filepath.Join(r.save, run.Name), error(nil)
	if r.save == "" {
		if dir, err = os.MkdirTemp("", "mapfleet-"+run.Name+"-*"); err != nil { // left to the browser
			return err
		}
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return fmt.Errorf("save the report in a folder of its own: %w", err)
	}
	saved := 0
	for _, file := range s.ReportFiles() {
		if r.save == "" && file != stack.PageFile {
			continue
		}
		err := saveReport(ctx, s, run.Name, file, dir)
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return err
		}
		saved++
	}
	page := filepath.Join(dir, stack.PageFile)
	if _, err := os.Stat(page); err != nil && r.opens {
		if r.save == "" {
			_ = os.Remove(dir) // nobody was told of it
		}
		return fmt.Errorf("%s has no %s to open", run.Name, stack.PageFile)
	}
	if r.save != "" {
		fmt.Fprintf(r.stderr, "%s saved in %s\n", counted(saved, "file", "files"), dir)
	}
	if !r.opens {
		return nil
	}
	return openInBrowser(ctx, page)
}

func saveReport(ctx context.Context, s *stack.Stack, run, file, dir string) (err error) {
	body, err := s.ReportFile(ctx, run, file)
	if err != nil {
		return err
	}
	defer body.Close()
	f, err := newWholeFile(filepath.Join(dir, file))
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			f.discard()
		}
	}()
	if _, err := io.Copy(f, body); err != nil {
		return s.Explain(err)
	}
	return f.commit()
}

// openInBrowser hands a file to the program that the system has for such.
func openInBrowser(ctx context.Context, path string) error {
	command := []string{"xdg-open"}
	switch runtime.GOOS {
	case "darwin":
		command = []string{"open"}
	case "windows":
		command = []string{"rundll32", "url.dll,FileProtocolHandler"}
	}
	if out, err := exec.CommandContext(ctx, command[0], append(command[1:], path)...).CombinedOutput(); err != nil {
		why, _, _ := strings.Cut(strings.TrimSpace(string(out)), "\n") // the rest are its own attempts
		return fmt.Errorf("%s could not open the report (%s): open %s by hand", command[0], cmp.Or(why, err.Error()), path)
	}
	return nil
}
