package main

import (
	"slices"
	"strings"
	"testing"
)

func TestRules_each_can_be_broken(t *testing.T) {
	for _, r := range rules {
		p := pkg{ImportPath: under1(r.From), Imports: []string{under1(r.To)}, Deps: []string{under1(r.To)}}
		if got := r.breaches(p); !slices.Equal(got, []string{under1(r.To)}) {
			t.Errorf("%s -> %s: %v is found, want the one breach", r.From, r.To, got)
		}
	}
}

// under1 names a package below root.
func under1(root string) string {
	if root[len(root)-1] == '/' {
		return root + "other"
	}
	return root + "/inner"
}

func TestRules_deep_ones_look_beyond_the_imports(t *testing.T) {
	for _, r := range rules {
		p := pkg{ImportPath: under1(r.From), Imports: []string{"fmt"}, Deps: []string{"fmt", under1(r.To)}}
		if got := len(r.breaches(p)) > 0; got != r.Deep {
			t.Errorf("%s -> %s by way of another is a breach: %v, want %v", r.From, r.To, got, r.Deep)
		}
	}
}

func TestJudge(t *testing.T) {
	fine := pkg{ImportPath: "mapfleet/functions/resize/batch", Imports: []string{"mapfleet/functions/job"}}
	wrong := pkg{ImportPath: "mapfleet/functions/lock", Imports: []string{"mapfleet/infra/config", "mapfleet/scripts/bench/photos"}}
	var said strings.Builder
	if err := judge(&said, []pkg{fine}); err != nil || said.Len() > 0 {
		t.Errorf("judge = %v, %q, want nothing of what is allowed", err, said.String())
	}
	err := judge(&said, []pkg{fine, wrong})
	if err == nil || err.Error() != "2 imports in forbidden directions" {
		t.Errorf("judge = %v, want an error that counts 2", err)
	}
	want := "mapfleet/functions/lock must not import mapfleet/infra/config: nobody imports infra\n" +
		"mapfleet/functions/lock must not import mapfleet/scripts/bench/photos: nobody imports scripts\n"
	if said.String() != want {
		t.Errorf("judge says\n%swant\n%s", said.String(), want)
	}
}

func TestPlain_takes_the_command_off_the_names(t *testing.T) {
	p := pkg{ImportPath: "a/b [c]", Imports: []string{"d [c]", "e"}, Deps: []string{"f [c]"}}
	p.plain()
	if p.ImportPath != "a/b" || !slices.Equal(p.Imports, []string{"d", "e"}) || !slices.Equal(p.Deps, []string{"f"}) {
		t.Errorf("plain = %+v", p)
	}
}

// TestRules_infra_knows_the_words_alone: what may be configured, and neither functions nor what they share.
func TestRules_infra_knows_the_words_alone(t *testing.T) {
	p := pkg{ImportPath: "mapfleet/infra/config", Imports: []string{
		"mapfleet/functions/job", "mapfleet/functions/job/checks", "mapfleet/functions/job/fields", "mapfleet/functions/jobber", "mapfleet/functions/prepare/plan",
	}}
	var got []string
	for _, r := range rules {
		got = append(got, r.breaches(p)...)
	}
	if !slices.Equal(got, p.Imports[2:]) {
		t.Errorf("%v is found, want %v", got, p.Imports[2:])
	}
}

func TestRules_who_may(t *testing.T) {
	for _, p := range []pkg{
		{ImportPath: "mapfleet/infra", Imports: []string{"mapfleet/infra/config", "mapfleet/statemachine"}},
		{ImportPath: "mapfleet/infra/config", Imports: []string{"mapfleet/functions/job", "mapfleet/functions/job/checks"}},
		{ImportPath: "mapfleet/scripts/mapfleet", Imports: []string{"mapfleet/scripts/mapfleet/cli"}},
		{ImportPath: "mapfleet/functions/resize/batch", Imports: []string{"mapfleet/functions/job"}, Deps: []string{"image", "github.com/aws/aws-sdk-go-v2"}},
		{ImportPath: "mapfleet/functions/jobber", Deps: []string{"github.com/aws/aws-sdk-go-v2"}},
		{ImportPath: "mapfleet/functions/job", Deps: []string{"imagery", "github.com/awsome/x"}},
	} {
		for _, r := range rules {
			if got := r.breaches(p); len(got) > 0 {
				t.Errorf("%s may import %v, but: %s", p.ImportPath, got, r.Why)
			}
		}
	}
}

func TestList_finds_this_module(t *testing.T) {
	t.Chdir("../..")
	packages, err := list()
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range packages {
		for _, name := range slices.Concat([]string{p.ImportPath}, p.Imports, p.Deps) {
			if strings.Contains(name, " ") {
				t.Errorf("%q is no import path", name)
			}
		}
	}
	if !slices.ContainsFunc(packages, func(p pkg) bool {
		return p.ImportPath == "mapfleet/functions/resize" && slices.Contains(p.Deps, "mapfleet/functions/job")
	}) {
		t.Error("the worker and what it depends on are not in the list")
	}
}
