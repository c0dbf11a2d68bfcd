package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/jsii-runtime-go"

	"mapfleet/infra/config"
)

// template is what CloudFormation gets, as far as the tests look.
type template struct {
	raw       []byte
	Resources map[string]resource
	Outputs   map[string]struct{ Value any }
}

type resource struct {
	Type, DeletionPolicy, UpdateReplacePolicy string
	Properties                                map[string]any
}

// synthesised are the templates of this process, by configuration: tests look at them, and change none.
var synthesised = map[config.Config]template{}

// synth returns the template of one deployment.
func synth(t *testing.T, c config.Config) template {
	t.Helper()
	needNode(t)
	if s, ok := synthesised[c]; ok {
		return s
	}
	if err := c.Validate(); err != nil {
		t.Fatal(err)
	}
	binaries, out := t.TempDir(), t.TempDir()
	writeBinaries(t, binaries, c.Architecture)
	context := cdkContext(t)
	app := awscdk.NewApp(&awscdk.AppProps{Context: &context, Outdir: &out, AnalyticsReporting: jsii.Bool(false)})
	if err := newStack(app, c, binaries); err != nil {
		t.Fatal(err)
	}
	app.Synth(nil)
	raw, err := os.ReadFile(filepath.Join(out, c.StackName+".template.json"))
	if err != nil {
		t.Fatal(err)
	}
	s := template{raw: raw}
	if err := json.Unmarshal(raw, &s); err != nil {
		t.Fatal(err)
	}
	synthesised[c] = s
	return s
}

// all returns the resources of one type by logical id.
func (s template) all(kind string) map[string]resource {
	found := map[string]resource{}
	for id, r := range s.Resources {
		if r.Type == kind {
			found[id] = r
		}
	}
	return found
}

// only returns the one resource of type kind whose logical id starts with prefix.
func (s template) only(t *testing.T, kind, prefix string) resource {
	t.Helper()
	var found []resource
	for id, r := range s.all(kind) {
		if strings.HasPrefix(id, prefix) {
			found = append(found, r)
		}
	}
	if len(found) != 1 {
		t.Fatalf("%d resources of type %s start with %s, want 1", len(found), kind, prefix)
	}
	return found[0]
}

// statement is one of a policy's, with everything as text: see text.
type statement struct {
	sid                string
	actions, resources []string
	condition          string
}

// statements returns the statements of the role below the construct called id, by Sid; those that CDK
// adds have none, and go by their first action.
func (s template) statements(t *testing.T, id string) map[string]statement {
	t.Helper()
	found := map[string]statement{}
	policy := s.only(t, "AWS::IAM::Policy", id+"RoleDefaultPolicy")
	for _, each := range policy.Properties["PolicyDocument"].(map[string]any)["Statement"].([]any) {
		fields := each.(map[string]any)
		st := statement{actions: texts(fields["Action"]), resources: texts(fields["Resource"])}
		st.sid, _ = fields["Sid"].(string)
		if condition, ok := fields["Condition"]; ok {
			data, _ := json.Marshal(condition)
			st.condition = string(data)
		}
		if st.sid == "" {
			found[st.actions[0]] = st
			continue
		}
		found[st.sid] = st
	}
	return found
}

// text renders what CloudFormation would compute: "${Id}" for a Ref, "${Id.Arn}" for a GetAtt, and the
// whole of a Join.
func text(value any) string {
	switch v := value.(type) {
	case string:
		return v
	case map[string]any:
		if ref, ok := v["Ref"]; ok {
			return fmt.Sprintf("${%v}", ref)
		}
		if get, ok := v["Fn::GetAtt"].([]any); ok {
			return fmt.Sprintf("${%v.%v}", get[0], get[1])
		}
		if join, ok := v["Fn::Join"].([]any); ok {
			return strings.Join(texts(join[1]), text(join[0]))
		}
	}
	return fmt.Sprint(value)
}

func texts(value any) []string {
	list, ok := value.([]any)
	if !ok {
		return []string{text(value)}
	}
	var all []string
	for _, each := range list {
		all = append(all, text(each))
	}
	return all
}
