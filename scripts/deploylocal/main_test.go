package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

func TestRunSaysHowToGetMoto(t *testing.T) {
	t.Setenv("PATH", t.TempDir())
	if err := run(t.Context(), os.Stdout); err == nil || !strings.Contains(err.Error(), "pip install 'moto[server]'") {
		t.Errorf("run without moto_server = %v, want how to get it", err)
	}
}

func TestAdapt(t *testing.T) {
	assembly := t.TempDir()
	if err := adapt(assembly); err == nil {
		t.Error("adapt of nothing gave no error")
	}
	path := filepath.Join(assembly, "s.template.json")
	if err := os.WriteFile(path, []byte(`{"Resources":{"R":{}},"Rules":{"CheckBootstrapVersion":{}},"Parameters":{"BootstrapVersion":{}}}`), 0o644); err != nil {
		t.Fatal(err)
	}
	if err := adapt(assembly); err != nil {
		t.Fatal(err)
	}
	if got, err := os.ReadFile(path); err != nil || string(got) != `{"Resources":{"R":{}}}` {
		t.Errorf("adapted template: %s, %v", got, err)
	}
}

func TestNothingOfARealAccountIsPassedOn(t *testing.T) {
	given := []string{"HOME=/home/me", "AWS_PROFILE=production", "AWS_ENDPOINT_URL_S3=https://s3.amazonaws.com", "CDK_DEFAULT_ACCOUNT=1", "PATH=/bin"}
	if got := environment(given); !slices.Equal(got, []string{"HOME=/home/me", "PATH=/bin"}) {
		t.Errorf("environment(%v) = %v", given, got)
	}
	m := moto{url: "http://localhost:1"}
	for _, want := range []string{"AWS_ENDPOINT_URL=http://localhost:1", "AWS_CONFIG_FILE=/dev/null", "AWS_SHARED_CREDENTIALS_FILE=/dev/null"} {
		if !slices.Contains(m.environment(), want) {
			t.Errorf("%s is not in the environment %v", want, m.environment())
		}
	}
}

// TestOneCDK holds the places that pin the CDK command line together.
func TestOneCDK(t *testing.T) {
	data, err := os.ReadFile("../../package.json")
	if err != nil {
		t.Fatal(err)
	}
	var file struct{ DevDependencies map[string]string }
	if err := json.Unmarshal(data, &file); err != nil {
		t.Fatal(err)
	}
	if got := "aws-cdk@" + file.DevDependencies["aws-cdk"]; got != pinned {
		t.Errorf("package.json has %s, deploylocal %s", got, pinned)
	}
	for _, name := range []string{"../../Makefile", "../../README.md"} {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		if strings.Count(string(text), "aws-cdk@") != strings.Count(string(text), pinned) {
			t.Errorf("%s pins another version than %s", name, pinned)
		}
	}
}
