package main

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"mapfleet/infra/config"
	"mapfleet/statemachine"
)

func TestMachine(t *testing.T) {
	s := synth(t, config.Default())
	machine := s.only(t, "AWS::StepFunctions::StateMachine", "Workflow").Properties

	t.Run("is a standard one, named after the stack", func(t *testing.T) {
		if machine["StateMachineType"] != "STANDARD" || machine["StateMachineName"] != "mapfleet-resize" {
			t.Errorf("type %v, name %v", machine["StateMachineType"], machine["StateMachineName"])
		}
	})
	t.Run("runs the file as it stands", func(t *testing.T) {
		if diff := cmp.Diff(statemachine.Resize(), machine["DefinitionString"]); diff != "" {
			t.Errorf("definition (-file +template):\n%s", diff)
		}
	})
	t.Run("has a function for each placeholder", func(t *testing.T) {
		got := map[string]string{}
		for name, value := range machine["DefinitionSubstitutions"].(map[string]any) {
			got[name] = text(value)
		}
		if diff := cmp.Diff(statemachine.Placeholders(statemachine.Resize()), slices.Sorted(maps.Keys(got))); diff != "" {
			t.Errorf("placeholders (-file +template):\n%s", diff)
		}
		for name, arn := range got {
			// PrepareFunction stands for the function of the construct Prepare.
			if !strings.HasPrefix(arn, "${"+name) {
				t.Errorf("${%s} is %s", name, arn)
			}
		}
	})
	t.Run("logs errors to a vended log group", func(t *testing.T) {
		logs := s.only(t, "AWS::Logs::LogGroup", "Workflow").Properties["LogGroupName"]
		if logs != "/aws/vendedlogs/states/mapfleet-resize" || at(machine["LoggingConfiguration"], "Level") != "ERROR" {
			t.Errorf("level %v to %v", machine["LoggingConfiguration"], logs)
		}
	})
}

func TestOutputsTellHowToStart(t *testing.T) {
	outputs := synth(t, config.Default()).Outputs
	for id, want := range map[string]string{
		"Console":           "https://${AWS::Region}.console.aws.amazon.com/states/home?region=${AWS::Region}#/statemachines/view/${Workflow",
		"Start":             "aws stepfunctions start-execution --region ${AWS::Region} --state-machine-arn ${Workflow",
		"StateMachineArn":   "${Workflow",
		"SourceBucket":      "${Source",
		"DestinationBucket": "${Destination",
		"WorkBucket":        "${Work",
	} {
		if got := text(outputs[id].Value); !strings.HasPrefix(got, want) {
			t.Errorf("output %s = %s, want %s…", id, got, want)
		}
	}
}

// made is a state machine of a template.
type made struct {
	s                           template
	construct, name, definition string
	functions                   map[string]string // placeholder → construct
}

// machines are those of both jobs, the worker of pictures with the longest timeout that it may have.
func machines(t *testing.T) []made {
	t.Helper()
	c := config.Default()
	c.Timeout = config.MaxTimeout
	return []made{
		{synth(t, c), "Workflow", "mapfleet-resize", statemachine.Resize(),
			map[string]string{"PrepareFunction": "Prepare", "ResizeFunction": "Resize", "ReportFunction": "Report"}},
		{synth(t, checking()), "Checks", "mapfleet-checks", statemachine.Checks(),
			map[string]string{"PlanFunction": "CheckPlan", "CheckFunction": "CheckWorker", "ReportFunction": "CheckReport"}},
	}
}

func TestFunctionsEndBeforeStatesStopWaiting(t *testing.T) {
	for _, machine := range machines(t) {
		tasks, margin := 0, 10.0
		if machine.construct == "Checks" {
			margin = 5
		}
		for name, state := range states(t, machine.definition) {
			placeholder := strings.Trim(at(state, "Parameters", "FunctionName"), "${}")
			if placeholder == "" {
				continue
			}
			tasks++
			waits, _ := state["TimeoutSeconds"].(float64)
			takes := machine.s.only(t, "AWS::Lambda::Function", machine.functions[placeholder]).Properties["Timeout"].(float64)
			if takes+margin > waits {
				t.Errorf("state %s waits %v s for %s, which may take %v s: want %v s more", name, waits, placeholder, takes, margin)
			}
		}
		if tasks == 0 {
			t.Errorf("%s: no state invokes a function", machine.name)
		}
	}
}

// TestErrorNames holds the names that Retry and Catch match to the types whose names Lambda reports.
func TestErrorNames(t *testing.T) {
	// Of Step Functions, of its Lambda integration, and of Lambda, where a process ends without an answer.
	theirs := regexp.MustCompile(`^(States|Lambda|Runtime|Sandbox)\.`)
	ours := errorTypes(t, filepath.Join("..", "functions", "job"))
	for job, definition := range map[string]string{"resize": statemachine.Resize(), "checks": statemachine.Checks()} {
		for name, state := range states(t, definition) {
			for _, field := range []string{"Retry", "Catch"} {
				rules, _ := state[field].([]any)
				for _, rule := range rules {
					for _, each := range rule.(map[string]any)["ErrorEquals"].([]any) {
						e := fmt.Sprint(each)
						if !theirs.MatchString(e) && !slices.Contains(ours, e) {
							t.Errorf("%s, %s, %s: no error type is called %s; there are %v", job, name, field, e, ours)
						}
					}
				}
			}
		}
	}
}

// errorTypes returns the names of the exported types in directory that have an Error method.
func errorTypes(t *testing.T, directory string) (names []string) {
	t.Helper()
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
		for _, declaration := range parsed.Decls {
			method, ok := declaration.(*ast.FuncDecl)
			if !ok || method.Recv == nil || method.Name.Name != "Error" {
				continue
			}
			receiver := method.Recv.List[0].Type
			if star, ok := receiver.(*ast.StarExpr); ok {
				receiver = star.X
			}
			if name, ok := receiver.(*ast.Ident); ok && name.IsExported() {
				names = append(names, name.Name)
			}
		}
	}
	return names
}
