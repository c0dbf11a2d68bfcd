// Command vulncheck looks for known vulnerabilities that the code reaches, by govulncheck. Where the
// database of vulnerabilities, or govulncheck itself, is out of reach, it says that nothing was checked,
// and that is no failure.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
)

// govulncheck is pinned, so that two checkouts find the same.
const govulncheck = "golang.org/x/vuln/cmd/govulncheck@v1.3.0"

func main() {
	if err := run(context.Background(), os.Stdout, database(os.Getenv), scan); err != nil {
		fmt.Fprintln(os.Stderr, "vulncheck:", err)
		os.Exit(1)
	}
}

// unchecked is why nothing was looked at.
type unchecked struct{ why error }

func (u unchecked) Error() string { return u.why.Error() }

// run checks by scan, if the database is there. The error says what was found, or that scan failed.
func run(ctx context.Context, out io.Writer, database string, scan func(ctx context.Context, out io.Writer, database string) error) error {
	err := reach(ctx, database)
	if err == nil {
		err = scan(ctx, out, database)
	}
	if u, ok := errors.AsType[unchecked](err); ok {
		fmt.Fprintf(out, "vulnerabilities: NOT CHECKED: %v\n", u)
		return nil
	}
	if err == nil {
		fmt.Fprintln(out, "vulnerabilities: none known that the code reaches")
	}
	return err
}

// found is the status that govulncheck ends with if it found something.
// https://pkg.go.dev/golang.org/x/vuln/cmd/govulncheck#hdr-Exit_codes
const found = 3

// scan runs govulncheck over the module. It is installed first, for `go run` hides how a program ended.
func scan(ctx context.Context, out io.Writer, database string) error {
	directory, err := os.MkdirTemp("", "vulncheck")
	if err != nil {
		return err
	}
	defer os.RemoveAll(directory)
	install := exec.CommandContext(ctx, "go", "install", govulncheck)
	install.Env = append(os.Environ(), "GOBIN="+directory, "GOFLAGS=")
	if said, err := install.CombinedOutput(); err != nil {
		return unchecked{fmt.Errorf("go install %s: %w: %s", govulncheck, err, said)}
	}
	check := exec.CommandContext(ctx, filepath.Join(directory, "govulncheck"), "-db", database, "./...")
	check.Stdout, check.Stderr = out, out
	err = check.Run()
	if exit, ok := errors.AsType[*exec.ExitError](err); ok && exit.ExitCode() == found {
		return errors.New("the code reaches the vulnerabilities above")
	}
	if err != nil {
		return fmt.Errorf("govulncheck: %w", err)
	}
	return nil
}
