package cli

import (
	"encoding/json"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// root is the checkout.
const root = "../../.."

func readReadme(t *testing.T) string {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(root, "README.md"))
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

// shown is one command that the README shows.
type shown struct {
	text  string
	where string // "sh" or "console", by its fence; "session" in a fence of no name; "indented", "inline"
}

var (
	fence = regexp.MustCompile("(?ms)^```(\\w*)\n(.*?)^```\n")
	// program is what a command in the middle of a sentence begins with. What stands in a block by itself is always
	// taken for a command.
	program = regexp.MustCompile(`^(\.|source|sudo|sh|bash|make|go|mapfleet|\./\S+|aws|npx|npm|cdk|pip3?|python3?|docker|apt-get|brew|curl|git|cfn-lint)( |$)`)
)

// commands returns every command of the README once. A fence without a name has commands behind "$ ", if any, and
// what they print; one of json has none.
func commands(t *testing.T, readme string) []shown {
	t.Helper()
	var all []shown
	add := func(where, text string) {
		if c := (shown{strings.Join(strings.Fields(text), " "), where}); c.text != "" && !slices.Contains(all, c) {
			all = append(all, c)
		}
	}
	for _, block := range fence.FindAllStringSubmatch(readme, -1) {
		for line := range strings.Lines(block[2]) {
			command, prompted := strings.CutPrefix(line, "$ ")
			switch name := block[1]; {
			case name == "sh":
				add(name, line)
			case name == "console" && prompted:
				add(name, command)
			case name == "" && prompted:
				add("session", command)
			case name == "" || name == "json":
			default:
				t.Errorf("no word on how to test a block of %q, with %q", name, line)
			}
		}
	}
	prose := fence.ReplaceAllString(readme, "")
	for line := range strings.Lines(prose) {
		if text, indented := strings.CutPrefix(line, "    "); indented {
			add("indented", text)
		}
	}
	for _, code := range regexp.MustCompile("`([^`]+)`").FindAllStringSubmatch(prose, -1) {
		if program.MatchString(code[1]) {
			add("inline", strings.ReplaceAll(code[1], `\|`, "|"))
		}
	}
	return all
}

// TestREADME_every_command tries each as far as it goes here; those of blocks that others run are left to them.
func TestREADME_every_command(t *testing.T) {
	all := commands(t, readReadme(t))
	for _, want := range []string{"make run", "make test", "aws s3 rm s3://BUCKET --recursive", "go build -o mapfleet ./scripts/mapfleet"} {
		if !slices.ContainsFunc(all, func(c shown) bool { return c.text == want }) {
			t.Errorf("the README does not show %s", want)
		}
	}
	for _, c := range all {
		if (c.where == "sh" || c.where == "console" || c.where == "session") && !strings.HasPrefix(c.text, "mapfleet ") {
			continue // TestREADME, TestREADME_of_the_server
		}
		if err := try(t, c.text); err != "" {
			t.Errorf("%s: %s", c.text, err)
		}
	}
}

// TestREADME_every_command_that_is_wrong is found to be.
func TestREADME_every_command_that_is_wrong(t *testing.T) {
	for _, c := range []string{
		"docker run mapfleet", "make everything", "mapfleet resise", "mapfleet start --inputs x", "mapfleet local resize --n x", "go run ./scripts/none", "go build -o mapfleet ./scripts/none",
		"npx aws-cdk@1.0.0 deploy", "npx aws-cdk@latest deploy", "npx aws-cdk@2.1148.1 start", "pip install moto", "source <(mapfleet completion basic)", "go vet ./...",
		`aws s3api put-bucket-notification-configuration --bucket b --notification-configuration '{"EventBridgeConfiguration":}'`,
		`aws s3api put-bucket-notification-configuration --bucket b --notification-configuration '{"EventBridge":{}}'`,
	} {
		if err := try(t, c); err == "" {
			t.Errorf("nothing is found wrong with %q", c)
		}
	}
	if got := commands(t, "```sh\nrm -rf out\n```\n    wget x\n"); !slices.Equal(got, []shown{{"rm -rf out", "sh"}, {"wget x", "indented"}}) {
		t.Errorf("commands = %v: those of a block are of any program", got)
	}
}

// try says what is wrong with a command, or nothing.
func try(t *testing.T, command string) string {
	t.Helper()
	words := strings.Fields(command)
	switch {
	case words[0] == "make":
		return carryOut(t, "make -n"+strings.TrimPrefix(command, "make"))
	case words[0] == "mapfleet":
		return parse(words[1:])
	case strings.HasPrefix(command, "go run ./scripts/mapfleet"):
		return parse(words[3:])
	case strings.HasPrefix(command, "go run ./"):
		return carryOut(t, "go list "+strings.Join(words[2:], " "))
	case strings.HasPrefix(command, "go build -o mapfleet "):
		return carryOut(t, strings.Replace(command, "mapfleet", filepath.Join(t.TempDir(), "mapfleet"), 1))
	case strings.HasPrefix(command, "npx aws-cdk@"):
		return pinned(t, words[1:])
	case strings.HasPrefix(command, "source <("):
		return inShells(t, command)
	case strings.HasPrefix(command, "pip install "):
		return mentioned(t, "scripts/deploylocal/main.go", command)
	case strings.HasPrefix(command, "aws s3 "):
		return "" // TestREADME_of_the_server
	case words[0] == "aws":
		return asked(t, command)
	}
	return "no word on how to test it"
}

// carryOut runs a command in the checkout.
func carryOut(t *testing.T, line string, environment ...string) string {
	t.Helper()
	command := exec.Command("sh", "-c", line)
	command.Dir, command.Env = root, append(os.Environ(), environment...)
	if out, err := command.CombinedOutput(); err != nil {
		return err.Error() + "\n" + string(out)
	}
	return ""
}

// parse takes the words as far as the command line's own look at them goes: subcommands and flags.
func parse(words []string) string {
	command := newRoot(io.Discard, io.Discard)
	command.InitDefaultCompletionCmd(words...)
	command.InitDefaultHelpCmd()
	found, left, err := command.Find(words)
	if err != nil {
		return err.Error()
	}
	found.InitDefaultHelpFlag()
	if err := found.ParseFlags(left); err != nil && !strings.Contains(err.Error(), "help requested") {
		return err.Error()
	}
	if rest := found.Flags().Args(); found.HasSubCommands() && len(rest) > 0 {
		return found.CommandPath() + " has no command " + rest[0]
	}
	return ""
}

// pinned compares the CDK command line with the one of package.json. Its -c are checked beside infra/config.
func pinned(t *testing.T, words []string) string {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(root, "package.json"))
	if err != nil {
		t.Fatal(err)
	}
	var file struct{ DevDependencies map[string]string }
	if err := json.Unmarshal(data, &file); err != nil {
		t.Fatal(err)
	}
	if want := "aws-cdk@" + file.DevDependencies["aws-cdk"]; words[0] != want {
		return "package.json has " + want
	}
	if len(words) < 2 || !slices.Contains([]string{"bootstrap", "deploy", "destroy", "diff", "synth"}, words[1]) {
		return "no such command of the CDK is known here"
	}
	return ""
}

func mentioned(t *testing.T, path, text string) string {
	t.Helper()
	if data, err := os.ReadFile(filepath.Join(root, path)); err != nil || !strings.Contains(string(data), text) {
		return path + " says otherwise"
	}
	return ""
}

// asked has AWS's own command line look at a command's arguments, and send nothing. What is JSON in them is
// looked at where there is no such command line, too.
func asked(t *testing.T, command string) string {
	t.Helper()
	for _, text := range regexp.MustCompile(`'(\{[^']*)'`).FindAllStringSubmatch(command, -1) {
		var argument map[string]any
		if err := json.Unmarshal([]byte(text[1]), &argument); err != nil {
			return err.Error()
		}
		if _, ok := argument["EventBridgeConfiguration"]; !ok && strings.Contains(command, "put-bucket-notification") {
			return "EventBridge is told nothing"
		}
	}
	if _, err := exec.LookPath("aws"); err != nil {
		return ""
	}
	if !strings.HasPrefix(command, "aws configure ") {
		skeleton := " --generate-cli-skeleton input" // of an operation alone
		if strings.Contains(command, " --") {
			skeleton = " --generate-cli-skeleton output"
		}
		command += skeleton
	}
	return carryOut(t, command, "AWS_CONFIG_FILE="+filepath.Join(t.TempDir(), "config"), "AWS_SHARED_CREDENTIALS_FILE=/dev/null", "AWS_DEFAULT_REGION=us-east-1", "AWS_PAGER=")
}

// inShells has each shell that is installed read its completion, and complete by it.
func inShells(t *testing.T, command string) string {
	t.Helper()
	for shell, script := range map[string]string{
		"bash": "set -e\n" + command + "\ncomplete -p mapfleet | grep -q __start_mapfleet",
		"zsh":  "autoload -U compinit && compinit -D -u && " + strings.Replace(command, "bash", "zsh", 1) + ` && [[ -n $_comps[mapfleet] ]]`,
		"fish": "mapfleet completion fish | source; complete --do-complete 'mapfleet ret' | string match -q 'retry*'",
	} {
		if _, err := exec.LookPath(shell); err != nil {
			continue
		}
		home := t.TempDir()
		run := exec.Command(shell, "-c", script)
		run.Env = append(os.Environ(), "PATH="+filepath.Dir(executable)+":"+os.Getenv("PATH"), "HOME="+home, "XDG_CONFIG_HOME="+home, "XDG_DATA_HOME="+home, "ZDOTDIR="+home)
		if out, err := run.CombinedOutput(); err != nil || strings.Contains(string(out), "rror") {
			return shell + ": " + string(out)
		}
	}
	return ""
}

// TestREADME_permissions: what the commands ask of AWS is what the README says that they have to be allowed.
func TestREADME_permissions(t *testing.T) {
	_, told, found := strings.Cut(readReadme(t), "What they need to be allowed:")
	told, _, _ = strings.Cut(told, "\n\n")
	sources, err := filepath.Glob("../stack/*.go")
	if err != nil || !found {
		t.Fatalf("the README does not say what the commands need, %v", err)
	}
	asks := regexp.MustCompile(`&(sfn|cloudformation|s3)\.(\w+)Input\{`)
	operations := 0
	for _, path := range sources {
		data, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		for _, operation := range asks.FindAllStringSubmatch(string(data), -1) {
			if operation[2] == "ListStateMachines" { // asked of an endpoint alone, never of AWS
				continue
			}
			if !strings.HasSuffix(path, "_test.go") && !strings.Contains(told, operation[2]) {
				t.Errorf("%s asks for %s, which the README does not name", path, operation[0])
			}
			operations++
		}
	}
	// Objects of a bucket with a key of KMS are not read by permission on the bucket alone.
	for _, want := range []string{"`kms:Decrypt` on `workKey`", "`kms:Decrypt` on `sourceKey` and", "`kms:GenerateDataKey` on `workKey`"} {
		if !strings.Contains(strings.Join(strings.Fields(told), " "), want) {
			t.Errorf("the README does not say %s", want)
		}
	}
	if operations == 0 {
		t.Error("no operation was found")
	}
}
