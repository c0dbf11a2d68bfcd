package main

import (
	"go/ast"
	"go/parser"
	"go/token"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// takes says which action each call of the SDK takes, and "" of those that the tests below explain.
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/using-with-s3-policy-actions.html
var takes = map[string][]string{
	// HEAD and GET of a key that is not there are answered 404 only to who may list, else 403.
	"s3.GetObject":               {"s3:GetObject", "s3:ListBucket"},
	"s3.HeadObject":              {"s3:GetObject", "s3:ListBucket"},
	"s3.PutObject":               {"s3:PutObject"},
	"s3.DeleteObject":            {"s3:DeleteObject"},
	"s3.DeleteObjects":           {"s3:DeleteObject"},
	"s3.ListObjectsV2":           {"s3:ListBucket"},
	"s3.HeadBucket":              {"s3:ListBucket"},
	"s3.CreateMultipartUpload":   {"s3:PutObject"},
	"s3.UploadPart":              {"s3:PutObject"},
	"s3.CompleteMultipartUpload": {"s3:PutObject"},
	"s3.AbortMultipartUpload":    {"s3:AbortMultipartUpload"},
	"sfn.StartExecution":         {"states:StartExecution"},
	"sfn.DescribeExecution":      {"states:DescribeExecution"},
}

// notCalls are actions that a role has for other than the function's own calls: the runtime's logs and
// traces, what Lambda does for an event source mapping and a failed invocation, and what S3 does with keys.
func notCalls(action string) bool {
	for _, prefix := range []string{"logs:", "xray:", "sqs:", "kms:"} {
		if strings.HasPrefix(action, prefix) {
			return true
		}
	}
	return false
}

// TestFunctionsMayDoWhatTheyCall compares both ways: what the code of a function calls is allowed, and
// nothing else is.
func TestFunctionsMayDoWhatTheyCall(t *testing.T) {
	resizing, checking := synth(t, everything()), synth(t, checking())
	for _, test := range []struct {
		s                 template
		construct, folder string
	}{
		{resizing, "Prepare", "prepare"}, {resizing, "Resize", "resize"}, {resizing, "Report", "report"}, {resizing, "Trigger", "trigger"},
		{checking, "CheckPlan", "checkplan"}, {checking, "CheckWorker", "check"}, {checking, "CheckReport", "checkreport"},
	} {
		t.Run(test.construct, func(t *testing.T) {
			needed := map[string]bool{}
			calls := callsOf(t, "mapfleet/functions/"+test.folder)
			if len(calls) == 0 {
				t.Fatal("no call was found: does it use an SDK at all?")
			}
			for _, call := range calls {
				actions, ok := takes[call]
				if !ok {
					t.Errorf("%s: say in this test what that takes", call)
				}
				for _, action := range actions {
					needed[action] = true
				}
			}
			allowed := map[string]bool{}
			for _, st := range test.s.statements(t, test.construct) {
				for _, action := range st.actions {
					if !notCalls(action) {
						allowed[action] = true
					}
				}
			}
			if diff := cmp.Diff(slices.Sorted(maps.Keys(needed)), slices.Sorted(maps.Keys(allowed))); diff != "" {
				t.Errorf("actions (-called +allowed), by %v:\n%s", calls, diff)
			}
		})
	}
}

// callsOf returns the calls of AWS that a package and all of ours that it imports make, such as
// "s3.GetObject", sorted: each has an input of its own type, which has to be named somewhere.
func callsOf(t *testing.T, path string) []string {
	t.Helper()
	calls, seen := map[string]bool{}, map[string]bool{}
	var visit func(path string)
	visit = func(path string) {
		if seen[path] {
			return
		}
		seen[path] = true
		directory := filepath.Join("..", filepath.FromSlash(strings.TrimPrefix(path, "mapfleet/")))
		files, err := os.ReadDir(directory)
		if err != nil {
			t.Fatal(err)
		}
		for _, file := range files {
			if filepath.Ext(file.Name()) != ".go" || strings.HasSuffix(file.Name(), "_test.go") {
				continue
			}
			parsed, err := parser.ParseFile(token.NewFileSet(), filepath.Join(directory, file.Name()), nil, parser.SkipObjectResolution)
			if err != nil {
				t.Fatal(err)
			}
			services := map[string]bool{}
			for _, each := range parsed.Imports {
				imported, _ := strconv.Unquote(each.Path.Value)
				if strings.HasPrefix(imported, "mapfleet/functions/") {
					visit(imported)
				}
				if service, ok := strings.CutPrefix(imported, "github.com/aws/aws-sdk-go-v2/service/"); ok {
					services[service] = true
				}
			}
			ast.Inspect(parsed, func(node ast.Node) bool {
				literal, ok := node.(*ast.CompositeLit)
				if !ok {
					return true
				}
				if name, ok := literal.Type.(*ast.SelectorExpr); ok {
					service, _ := name.X.(*ast.Ident)
					if call, ok := strings.CutSuffix(name.Sel.Name, "Input"); ok && service != nil && services[service.Name] {
						calls[service.Name+"."+call] = true
					}
				}
				return true
			})
		}
	}
	visit(path)
	return slices.Sorted(maps.Keys(calls))
}

// TestInputsAreLiterals guards the search above: an input that is declared and filled would not be found.
func TestInputsAreLiterals(t *testing.T) {
	err := filepath.WalkDir(filepath.Join("..", "functions"), func(path string, _ os.DirEntry, err error) error {
		if err != nil || filepath.Ext(path) != ".go" || strings.HasSuffix(path, "_test.go") {
			return err
		}
		parsed, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		ast.Inspect(parsed, func(node ast.Node) bool {
			declared, ok := node.(*ast.ValueSpec)
			if !ok {
				return true
			}
			if name, ok := declared.Type.(*ast.SelectorExpr); ok && strings.HasSuffix(name.Sel.Name, "Input") {
				t.Errorf("%s: var of type %s: write it as a literal", path, name.Sel.Name)
			}
			return true
		})
		return nil
	})
	if err != nil {
		t.Error(err)
	}
}
