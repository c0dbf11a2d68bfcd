// Command imports checks that the rooms of mapfleet import each other in the allowed directions only.
// It prints every breach and exits with 1 if there is one.
package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"slices"
	"strings"
)

func main() {
	if err := run(os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "imports:", err)
		os.Exit(1)
	}
}

// pkg is what go list tells of a package.
type pkg struct {
	ImportPath string
	Imports    []string
	Deps       []string
}

// rule forbids packages under From to reach packages under To: by their own imports, or (Deep) by any
// way at all.
type rule struct {
	From, To string
	Deep     bool
	Except   []string // importers that may
	But      []string // packages under To that are open to all
	Why      string
}

var rules = []rule{
	{From: "mapfleet/", To: "mapfleet/infra", Except: []string{"mapfleet/infra"}, Why: "nobody imports infra"},
	{From: "mapfleet/", To: "mapfleet/scripts", Except: []string{"mapfleet/scripts"}, Why: "nobody imports scripts"},
	// The words of a run know neither AWS nor pictures: by them, what every run would refuse is refused at synth.
	{From: "mapfleet/infra", To: "mapfleet/functions", But: []string{"mapfleet/functions/job", "mapfleet/functions/job/checks"}, Why: "functions come into infra as built assets only"},
	{From: "mapfleet/functions", To: "github.com/aws/aws-cdk-go", Deep: true, Why: "no CDK in a Lambda"},
	{From: "mapfleet/functions", To: "github.com/aws/jsii-runtime-go", Deep: true, Why: "no CDK in a Lambda"},
	{From: "mapfleet/functions", To: "github.com/versity/versitygw", Deep: true, Why: "no embedded server in a Lambda"},
	{From: "mapfleet/functions", To: "mapfleet/statemachine", Deep: true, Why: "functions do not know the state machine"},
	{From: "mapfleet/functions/job", To: "github.com/aws", Deep: true, Why: "job knows nothing of AWS"},
	{From: "mapfleet/functions/job", To: "image", Deep: true, Why: "job knows nothing of images"},
	{From: "mapfleet/functions/resize/picture", To: "github.com/aws", Deep: true, Why: "picture knows nothing of S3"},
	{From: "mapfleet/functions/resize/picture", To: "encoding/json", Why: "picture knows nothing of events"},
	{From: "mapfleet/functions/resize/picture", To: "mapfleet/functions/job", Why: "picture knows nothing of events"},
	{From: "mapfleet/functions/prepare", To: "image", Deep: true, Why: "only resize knows pixels"},
	{From: "mapfleet/functions/report", To: "image", Deep: true, Why: "only resize knows pixels"},
	{From: "mapfleet/functions/check", To: "image", Deep: true, Why: "only resize knows pixels"},
	{From: "mapfleet/functions/checkplan", To: "image", Deep: true, Why: "only resize knows pixels"},
	{From: "mapfleet/functions/checkreport", To: "image", Deep: true, Why: "only resize knows pixels"},
	{From: "mapfleet/functions/checkplan", To: "mapfleet/functions/check", Why: "planning makes no request"},
	{From: "mapfleet/functions/checkreport", To: "mapfleet/functions/check", Why: "reporting makes no request"},
	{From: "mapfleet/functions/job", To: "net/http", Deep: true, Why: "job makes no request itself"},
	{From: "mapfleet/statemachine", To: "github.com/", Deep: true, Why: "the state machine and its interpreter need the standard library only"},
	{From: "mapfleet/statemachine", To: "mapfleet/functions", Deep: true, Why: "the interpreter does not know what it runs"},
	{From: "mapfleet/scripts", To: "github.com/aws/aws-cdk-go", Deep: true, Why: "the command needs no CDK"},
}

func run(w io.Writer) error {
	packages, err := list()
	if err != nil {
		return err
	}
	return judge(w, packages)
}

// judge prints every breach of a rule; the error counts them.
func judge(w io.Writer, packages []pkg) error {
	breaches := 0
	for _, p := range packages {
		for _, r := range rules {
			for _, to := range r.breaches(p) {
				fmt.Fprintf(w, "%s must not import %s: %s\n", p.ImportPath, to, r.Why)
				breaches++
			}
		}
	}
	if breaches > 0 {
		return fmt.Errorf("%d imports in forbidden directions", breaches)
	}
	return nil
}

func (r rule) breaches(p pkg) []string {
	if !under(p.ImportPath, r.From) || slices.ContainsFunc(r.Except, func(e string) bool { return under(p.ImportPath, e) }) {
		return nil
	}
	reached := p.Imports
	if r.Deep {
		reached = p.Deps
	}
	var found []string
	for _, to := range reached {
		if under(to, r.To) && !slices.Contains(r.But, to) {
			found = append(found, to)
		}
	}
	return found
}

// plain takes off what go list adds to the name of a package that is compiled by a command's own profile:
// "a/b [command]".
func (p *pkg) plain() {
	for _, names := range [][]string{p.Imports, p.Deps} {
		for i, name := range names {
			names[i], _, _ = strings.Cut(name, " [")
		}
	}
	p.ImportPath, _, _ = strings.Cut(p.ImportPath, " [")
}

// under says whether path is root or lies below it; a root with a final slash is a plain prefix.
func under(path, root string) bool {
	return path == root || strings.HasPrefix(path, strings.TrimSuffix(root, "/")+"/")
}

func list() ([]pkg, error) {
	command := exec.Command("go", "list", "-json=ImportPath,Imports,Deps", "./...")
	var out, said bytes.Buffer
	command.Stdout, command.Stderr = &out, &said
	if err := command.Run(); err != nil {
		return nil, fmt.Errorf("go list: %w: %s", err, said.String())
	}
	var packages []pkg
	decoder := json.NewDecoder(&out)
	for {
		var p pkg
		err := decoder.Decode(&p)
		if errors.Is(err, io.EOF) {
			return packages, nil
		}
		if err != nil {
			return nil, fmt.Errorf("read go list: %w", err)
		}
		p.plain()
		packages = append(packages, p)
	}
}
