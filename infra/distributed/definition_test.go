package distributed

import (
	"strings"
	"testing"

	"github.com/aws/aws-cdk-go/awscdk/v2/awsiam"
	"github.com/aws/aws-cdk-go/awscdk/v2/awslambda"
	"github.com/google/go-cmp/cmp"

	"mapfleet/statemachine"
)

func TestReadDefinition(t *testing.T) {
	d, err := readDefinition(statemachine.Resize())
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"ResizeListing", "ResizeManifest"}, d.labels); diff != "" {
		t.Errorf("labels (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]string{invoke, read, list, write}, d.resources); diff != "" {
		t.Errorf("resources (-want +got):\n%s", diff)
	}
}

func TestPropsThatDoNotFit(t *testing.T) {
	const distributedMap = `{"States":{"Each":{"Type":"Map","ItemReader":{"Resource":"arn:aws:states:::s3:listObjectsV2"},
		"ItemProcessor":{"ProcessorConfig":{"Mode":"DISTRIBUTED"},"States":{"Do":{"Type":"Task","Resource":"arn:aws:states:::sqs:sendMessage"}}}}}}`
	for _, test := range []struct {
		name  string
		props Props
		wants []string
	}{
		{"no JSON", Props{Definition: "{"}, []string{"read the definition:"}},
		{"all at once", Props{Name: "a job", Alarms: Alarms{Topic: "arn", Email: "a@b.example"}, Definition: distributedMap, Functions: map[string]awslambda.Function{"Other": nil}, Worker: "None",
			Allow: map[string][]awsiam.PolicyStatement{"arn:aws:states:::sns:publish": nil}}, []string{
			"job a job: state Each: its Label is \"\"; a Distributed Map needs one of 1 to 40 characters",
			"placeholders: the definition has ; Functions and Values have Other",
			`name: given "a job"; allowed: 1 to 50 letters, digits and hyphens`,
			"functions: Other is nil",
			`worker: given "None"; allowed: the key of the function that is watched, one of Other`,
			"alarms: given a topic and its email or key",
			"source: none is given, but a state uses arn:aws:states:::s3:listObjectsV2",
			"allow: a state uses arn:aws:states:::sqs:sendMessage; say what that needs",
			"allow: no state uses arn:aws:states:::sns:publish",
		}},
	} {
		t.Run(test.name, func(t *testing.T) {
			_, err := test.props.check()
			for _, want := range test.wants {
				if err == nil || !strings.Contains(err.Error(), want) {
					t.Errorf("error:\n%v\nwant in it: %s", err, want)
				}
			}
		})
	}
}
