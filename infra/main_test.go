package main

import (
	"debug/elf"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/jsii-runtime-go"

	"mapfleet/infra/config"
)

// beTheApp makes the test binary be the app instead: a process, and a kernel, of its own. "invalid" is
// the app with another stack, of a bucket that CloudFormation would refuse.
const beTheApp = "MAPFLEET_TEST_APP"

func TestMain(m *testing.M) {
	_ = os.Setenv("JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION", "20") // it still works there
	switch os.Getenv(beTheApp) {
	case "valid":
		main()
		return
	case "invalid":
		defer jsii.Close()
		app := awscdk.NewApp(nil)
		if err := newStack(app, config.Default(), "bin/lambda"); err != nil {
			panic(err)
		}
		awscdk.NewCfnResource(awscdk.NewStack(app, jsii.String("other"), nil), jsii.String("Wrong"), &awscdk.CfnResourceProps{
			Type:       jsii.String("AWS::S3::Bucket"),
			Properties: &map[string]any{"VersionConfiguration": map[string]any{"Status": "Enabled"}},
		})
		app.Synth(nil)
		return
	}
	// Validation takes most of a synth; TestApp, which has its own process, does it.
	os.Setenv("CDK_VALIDATION", "false")
	code := m.Run()
	hush()
	jsii.Close()
	os.Exit(code)
}

// needNode skips a test where there is no Node.js, which the constructs run in.
func needNode(t *testing.T) {
	t.Helper()
	if _, err := exec.LookPath("node"); err != nil {
		t.Skip("needs Node.js: there is no node in PATH")
	}
}

func TestApp(t *testing.T) {
	needNode(t)
	for _, test := range []struct {
		name, app string
		context   map[string]any
		file      string // mapfleet.json
		validated bool
		wants     string // in what it prints on failure; empty: it succeeds
	}{
		{"passes CloudFormation's rules with buckets that exist, and all that can be on", "valid", map[string]any{
			"sourceBucket": "my-photos", "sourcePrefix": "in/", "destinationBucket": "my-photos", "destinationPrefix": "out/",
		}, `{"uploads": true, "schedule": "rate(1 day)", "notificationEmail": "team@example.com", "reservedConcurrency": 10,
			"checks": true, "checksFile": "s3://my-lists/sites/uptime.csv", "checksAllowedNetworks": ["10.0.0.0/8"],
			"sourceKey": "` + sourceKey + `", "workKey": "` + workKey + `", "topicKey": "` + destinationKey + `", "tags": {"team": "photos"}}`, true, ""},
		{"passes CloudFormation's rules by default, and fails on what is refused beside it", "invalid", nil, "", true, "VersionConfiguration"},
		{"fails on a wrong key before anything is built", "valid", map[string]any{"sourcebucket": "my-photos"}, `{"bachSize": 1}`, false, "did you mean sourceBucket?"},
		{"names the file that a wrong key is in", "valid", nil, `{"bachSize": 1}`, false, "mapfleet.json: bachSize: no such key"},
		{"fails on binaries for another processor", "valid", map[string]any{"architecture": "x86_64"}, "", false, "make build GOARCH_LAMBDA=amd64"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel() // each is a process of its own
			directory := t.TempDir()
			writeBinaries(t, filepath.Join(directory, "bin", "lambda"), config.ARM64)
			if test.file != "" {
				if err := os.WriteFile(filepath.Join(directory, config.File), []byte(test.file), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			context := cdkContext(t)
			maps.Copy(context, test.context)
			out := filepath.Join(directory, "cdk.out")
			printed, err := runApp(t, test.app, directory, out, context)
			switch {
			case test.wants == "" && err != nil:
				t.Errorf("app: %v; it printed\n%s", err, printed)
			case test.wants != "" && (err == nil || !strings.Contains(printed, test.wants)):
				t.Errorf("app: %v; it printed\n%s\nwant a failure that says %q", err, printed, test.wants)
			}
			if test.validated {
				// Of what would be wrong the validator calls some errors and some warnings: want neither.
				for _, violation := range reported(t, out) {
					if test.wants == "" || !strings.Contains(violation, test.wants) {
						t.Error(violation)
					}
				}
			}
		})
	}
}

func TestAppNamesFunctionsThatAreNotBuilt(t *testing.T) {
	err := newStack(nil, checking(), t.TempDir())
	for _, name := range []string{"prepare", "resize", "report", "trigger", "checkplan", "function check:", "checkreport", "make build"} {
		if err == nil || !strings.Contains(err.Error(), name) {
			t.Errorf("newStack without binaries = %v, want an error that names %q", err, name)
		}
	}
}

func runApp(t *testing.T, app, directory, out string, context map[string]any) (printed string, err error) {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	values, err := json.Marshal(context)
	if err != nil {
		t.Fatal(err)
	}
	command := exec.CommandContext(t.Context(), self)
	command.Dir = directory
	command.Env = append(os.Environ(), beTheApp+"="+app, "CDK_VALIDATION=true", "CDK_OUTDIR="+out, "CDK_CONTEXT_JSON="+string(values))
	output, err := command.CombinedOutput()
	return string(output), err
}

// reported returns the violations in the validation report below out.
func reported(t *testing.T, out string) []string {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(out, "validation-report.json"))
	if err != nil {
		t.Fatal(err)
	}
	var report struct {
		PluginReports []struct {
			Violations []struct{ RuleName, Severity, Description string }
		}
	}
	if err := json.Unmarshal(data, &report); err != nil {
		t.Fatal(err)
	}
	var lines []string
	for _, plugin := range report.PluginReports {
		for _, v := range plugin.Violations {
			lines = append(lines, fmt.Sprintf("%s %s: %s", v.Severity, v.RuleName, v.Description))
		}
	}
	return lines
}

// cdkContext returns the context of cdk.json.
func cdkContext(t *testing.T) map[string]any {
	t.Helper()
	data, err := os.ReadFile("../cdk.json")
	if err != nil {
		t.Fatal(err)
	}
	var file struct{ Context map[string]any }
	if err := json.Unmarshal(data, &file); err != nil {
		t.Fatal(err)
	}
	return file.Context
}

// writeBinaries writes what stands for the functions' binaries: a header that says what they are built for.
func writeBinaries(t *testing.T, root string, architecture config.Architecture) {
	t.Helper()
	for _, name := range []string{"prepare", "resize", "resizeavif", "report", "trigger", "checkplan", "check", "checkreport"} {
		if err := os.MkdirAll(filepath.Join(root, name), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(root, name, "bootstrap"), program(architecture), 0o755); err != nil {
			t.Fatal(err)
		}
	}
}

// program returns an ELF file without a program.
func program(architecture config.Architecture) []byte {
	machine := elf.EM_AARCH64
	if architecture == config.X86 {
		machine = elf.EM_X86_64
	}
	data := make([]byte, 64)
	copy(data, elf.ELFMAG)
	data[elf.EI_CLASS], data[elf.EI_DATA], data[elf.EI_VERSION] = byte(elf.ELFCLASS64), byte(elf.ELFDATA2LSB), byte(elf.EV_CURRENT)
	binary.LittleEndian.PutUint16(data[16:], uint16(elf.ET_EXEC))
	binary.LittleEndian.PutUint16(data[18:], uint16(machine))
	binary.LittleEndian.PutUint32(data[20:], uint32(elf.EV_CURRENT))
	return data
}
