// Package functions finds the Lambda functions that the local engine runs, and builds them where it
// has the source.
package functions

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// Names are the functions of all jobs.
var Names = []string{"prepare", "resize", "report", "checkplan", "check", "checkreport", "trigger"}

// Find returns the bootstrap of each function: in dir if it is given; else beside this executable, in
// functions/NAME/bootstrap, where a release has them; else built from the module in the working
// directory, into its bin/local. What the compiler says goes to stderr.
func Find(ctx context.Context, dir string, stderr io.Writer) (map[string]string, error) {
	if dir != "" {
		return in(dir)
	}
	if self, err := os.Executable(); err == nil {
		if found, err := in(filepath.Join(filepath.Dir(self), "functions")); err == nil {
			return found, nil
		}
	}
	root, err := module(ctx)
	if err != nil {
		return nil, err
	}
	return build(ctx, root, stderr)
}

func in(dir string) (map[string]string, error) {
	dir, err := filepath.Abs(dir)
	if err != nil {
		return nil, err
	}
	found := map[string]string{}
	for _, name := range Names {
		path := filepath.Join(dir, name, "bootstrap")
		if info, err := os.Stat(path); err != nil {
			return nil, fmt.Errorf("function %s: %w", name, err)
		} else if info.Mode()&0o111 == 0 {
			return nil, fmt.Errorf("function %s: %s is not executable", name, path)
		}
		found[name] = path
	}
	return found, nil
}

// module returns the folder of the mapfleet module that the working directory is in.
func module(ctx context.Context) (string, error) {
	out, err := exec.CommandContext(ctx, "go", "list", "-m", "-f", "{{.Path}} {{.Dir}}").Output()
	path, dir, _ := strings.Cut(strings.TrimSpace(string(out)), " ")
	if err != nil || path != "mapfleet" {
		return "", errors.New("the functions are not built, and this is not the mapfleet module to build them from: run in a checkout, take the folder that make dist builds there, or name the functions' folder with --functions")
	}
	return dir, nil
}

// build compiles all functions at once: what is up to date costs one look.
func build(ctx context.Context, root string, stderr io.Writer) (map[string]string, error) {
	folder := filepath.Join(root, "bin", "local") + string(filepath.Separator)
	args := []string{"build", "-tags", "lambda.norpc,nodynamic,avif", "-trimpath", "-buildvcs=false", "-ldflags", "-s -w", "-o", folder}
	found := map[string]string{}
	for _, name := range Names {
		args = append(args, "./functions/"+name)
		found[name] = folder + name
	}
	command := exec.CommandContext(ctx, "go", args...)
	command.Dir = root
	command.Env = append(os.Environ(), "CGO_ENABLED=0")
	var said bytes.Buffer
	command.Stdout, command.Stderr = &said, &said
	if err := command.Run(); err != nil {
		_, _ = said.WriteTo(stderr)
		return nil, fmt.Errorf("build the functions: %w", err)
	}
	return found, nil
}
