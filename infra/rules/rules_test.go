package rules

import (
	"slices"
	"strings"
	"testing"
)

const (
	policy = `{"Type":"AWS::IAM::Policy","Properties":{"PolicyDocument":{"Statement":[`
	block  = `"PublicAccessBlockConfiguration":{"BlockPublicAcls":true,"BlockPublicPolicy":true,"IgnorePublicAcls":true,"RestrictPublicBuckets":true}`
	sealed = `"BucketEncryption":{"ServerSideEncryptionConfiguration":[{}]}`
	tls    = `{"PolicyDocument":{"Statement":[{"Effect":"Deny","Action":"x:*","Principal":{"AWS":"*"},"Resource":"*","Condition":{"Bool":{"aws:SecureTransport":"false"}}}]},`
)

const redrive = `"RedrivePolicy":{"deadLetterTargetArn":"a","maxReceiveCount":5}`

// mapping is what R reads of a queue of these properties, by a function that may take a minute.
func mapping(queue string) string {
	return `{"Type":"AWS::Lambda::EventSourceMapping","Properties":{"EventSourceArn":{"Fn::GetAtt":["Q","Arn"]},"FunctionName":{"Ref":"F"},
		"MaximumBatchingWindowInSeconds":60}}, "Q":{"Type":"AWS::SQS::Queue","Properties":{` + queue + `}},
		"F":{"Type":"AWS::Lambda::Function","Properties":{"Timeout":60}}`
}

// machine is one of this definition, with a value for its ${F}.
func machine(definition, value string) string {
	return `{"Type":"AWS::StepFunctions::StateMachine","Properties":{"DefinitionString":"` + definition + `","DefinitionSubstitutions":{"F":` + value + `}}},
		"F":{"Type":"AWS::Lambda::Function"},"V":{"Type":"AWS::Lambda::Version","DeletionPolicy":"Retain"}`
}

// cases are a resource R, beside others, that breaks a rule, by what the rule says.
var cases = map[string]string{
	"every permission has a name (Sid)":     policy + `{"Effect":"Allow","Action":"s3:GetObject","Resource":"a"}]}}}`,
	"no action is a wildcard":               policy + `{"Sid":"S","Effect":"Allow","Action":["s3:Get*"],"Resource":"a"}]}}}`,
	"no resource is *, but for actions":     policy + `{"Sid":"S","Effect":"Allow","Action":["xray:PutTraceSegments","s3:GetObject"],"Resource":["a","*"]}]}}}`,
	"only a Deny is for everybody":          `{"Type":"AWS::S3::BucketPolicy","Properties":{"PolicyDocument":{"Statement":{"Effect":"Allow","Action":"s3:GetObject","Principal":{"AWS":["*"]},"Resource":"a"}}}}`,
	"a service may act only on behalf of":   `{"Type":"AWS::SQS::QueuePolicy","Properties":{"PolicyDocument":{"Statement":[{"Effect":"Allow","Action":"sqs:SendMessage","Principal":{"Service":"events.amazonaws.com"},"Resource":"a"}]}}}`,
	"a policy is of letters that IAM takes": policy + `{"Sid":"S","Effect":"Allow","Action":"s3:GetObject","Resource":"arn:aws:s3:::b/日本/*"}]}}}`,
	"no permission is all but something":    policy + `{"Sid":"S","Effect":"Allow","NotAction":"iam:*","Resource":"a"}]}}}`,
	"a role has no policies but its own":    `{"Type":"AWS::IAM::Role","Properties":{"ManagedPolicyArns":["arn:aws:iam::aws:policy/AdministratorAccess"]}}`,
	"a bucket blocks public access":         `{"Type":"AWS::S3::Bucket","Properties":{` + sealed + `,"PublicAccessBlockConfiguration":{"BlockPublicAcls":true}}}`,
	"a bucket encrypts":                     `{"Type":"AWS::S3::Bucket","Properties":{` + block + `}}`,
	"a bucket is over TLS only":             `{"Type":"AWS::S3::Bucket","Properties":{` + block + `,` + sealed + `}}, "P":{"Type":"AWS::S3::BucketPolicy","Properties":` + tls + `"Bucket":{"Ref":"Other"}}}`,
	"a queue encrypts":                      `{"Type":"AWS::SQS::Queue"}`,
	"a queue is over TLS only":              `{"Type":"AWS::SQS::Queue","Properties":{"SqsManagedSseEnabled":true}}`,
	"a topic is over TLS only":              `{"Type":"AWS::SNS::Topic"}`,
	"logs do not pile up for ever":          `{"Type":"AWS::Logs::LogGroup","Properties":{"LogGroupName":"l"}}`,
	"a function is traced":                  `{"Type":"AWS::Lambda::Function","Properties":{"TracingConfig":{"Mode":"PassThrough"}}}`,
	"a function has a log group of":         `{"Type":"AWS::Lambda::Function","Properties":{"TracingConfig":{"Mode":"Active"}}}`,
	"a function says what processor":        `{"Type":"AWS::Lambda::Function","Properties":{}}`,
	"a version stays as long as":            `{"Type":"AWS::Lambda::Version","DeletionPolicy":"Delete"}`,
	"who starts a run chooses no":           machine(`{\"FunctionName.$\":\"$.function\"}`, `{"Ref":"V"}`),
	"a run ends with the code that":         machine(`{\"FunctionName\":\"${F}\"}`, `{"Fn::GetAtt":["F","Arn"]}`),
	"a state machine is traced":             `{"Type":"AWS::StepFunctions::StateMachine","Properties":{"TracingConfiguration":{"Enabled":false}}}`,
	"a state machine logs":                  `{"Type":"AWS::StepFunctions::StateMachine","Properties":{}}`,
	"a function has no address of its own":  `{"Type":"AWS::Lambda::Url","Properties":{"AuthType":"NONE"}}`,
	"what a rule cannot deliver is kept":    `{"Type":"AWS::Events::Rule","Properties":{"Targets":[{"Arn":"a","DeadLetterConfig":{"Arn":"b"}},{"Arn":"c"}]}}`,
	"what a schedule cannot start is told":  `{"Type":"AWS::Scheduler::Schedule","Properties":{"Target":{"Arn":"a"}}}`,
	"a message is worked on once at a":      mapping(`"VisibilityTimeout":419,` + redrive),
	"a message that nobody can work on":     mapping(`"VisibilityTimeout":420`),
	"who invokes a function is named":       `{"Type":"AWS::Lambda::Permission","Properties":{"Principal":"events.amazonaws.com"}}`,
}

func TestEachRuleCanBeBroken(t *testing.T) {
	for says := range cases {
		if !slices.ContainsFunc(all(), func(r rule) bool { return strings.HasPrefix(r.says, says) }) {
			t.Errorf("no rule says %q", says)
		}
	}
	for _, r := range all() {
		t.Run(r.says, func(t *testing.T) {
			broken := ""
			for says, resource := range cases {
				if strings.HasPrefix(r.says, says) {
					broken = resource
				}
			}
			if broken == "" {
				t.Fatal("no case breaks it")
			}
			err := Check([]byte(`{"Resources":{"R":` + broken + `}}`))
			if err == nil || !strings.Contains(err.Error(), "R: "+r.says+": ") {
				t.Errorf("Check(%s) = %v", broken, err)
			}
		})
	}
}

// TestServicesThatActOnBehalf: each that assumes a role says for whom, but for Lambda.
func TestServicesThatActOnBehalf(t *testing.T) {
	for service, bounded := range map[string]bool{"states": true, "events": true, "scheduler": true, "lambda": false} {
		role := `{"Resources":{"R":{"Type":"AWS::IAM::Role","Properties":{"AssumeRolePolicyDocument":{"Statement":[
			{"Effect":"Allow","Action":"sts:AssumeRole","Principal":{"Service":"` + service + `.amazonaws.com"}}]}}}}}`
		if err := Check([]byte(role)); (err != nil) != bounded {
			t.Errorf("a role for %s without a condition: %v, want refused: %v", service, err, bounded)
		}
	}
}

// TestResourcesThatAreAsGoodAsAll are wildcards that do not look like one.
func TestResourcesThatAreAsGoodAsAll(t *testing.T) {
	for resource, wild := range map[string]bool{
		`"*"`: true, `"arn:aws:s3:::*"`: true, `"arn:aws:s3:::*/*"`: true, `"arn:*"`: true,
		`{"Fn::Join":["",["arn:",{"Ref":"AWS::Partition"},":s3:::*"]]}`:                                           true,
		`{"Fn::Join":["",["arn:",{"Ref":"AWS::Partition"},":states:",{"Ref":"AWS::Region"},":1:*"]]}`:             true,
		`{"Fn::Sub":"arn:${AWS::Partition}:sqs:*"}`:                                                               true,
		`"arn:aws:s3:::my-photos/*"`:                                                                              false,
		`{"Fn::Join":["",[{"Fn::GetAtt":["Source","Arn"]},"/*"]]}`:                                                false,
		`{"Fn::Join":["",["arn:",{"Ref":"AWS::Partition"},":states:",{"Ref":"AWS::Region"},":1:execution:m:*"]]}`: false,
	} {
		err := Check([]byte(`{"Resources":{"R":` + policy + `{"Sid":"S","Effect":"Allow","Action":"s3:GetObject","Resource":` + resource + `}]}}}}}`))
		if (err != nil) != wild {
			t.Errorf("resource %s: %v, want refused: %v", resource, err, wild)
		}
	}
}

func TestWhatKeepsToTheRulesPasses(t *testing.T) {
	for name, resources := range map[string]string{
		"nothing": ``,
		"a bucket": `"R":{"Type":"AWS::S3::Bucket","Properties":{` + block + `,` + sealed + `}},
			"P":{"Type":"AWS::S3::BucketPolicy","Properties":` + tls + `"Bucket":{"Ref":"R"}}}`,
		"a queue that one rule may send to": `"R":{"Type":"AWS::SQS::Queue","Properties":{"KmsMasterKeyId":"k"}},
			"P":{"Type":"AWS::SQS::QueuePolicy","Properties":` + tls + `"Queues":[{"Ref":"R"}]}},
			"S":{"Type":"AWS::SQS::QueuePolicy","Properties":{"PolicyDocument":{"Statement":[{"Effect":"Allow","Action":"sqs:SendMessage",
				"Principal":{"Service":"events.amazonaws.com"},"Resource":"a","Condition":{"ArnEquals":{"aws:SourceArn":["a"]}}}]}}}`,
		"a rule and a schedule": `"R":{"Type":"AWS::Events::Rule","Properties":{"Targets":[{"Arn":"a","DeadLetterConfig":{"Arn":"b"}}]}},
			"S":{"Type":"AWS::Scheduler::Schedule","Properties":{"Target":{"Arn":"a","DeadLetterConfig":{"Arn":"b"}}}}`,
		"traces": `"R":` + policy + `{"Sid":"S","Effect":"Allow","Action":"xray:PutTraceSegments","Resource":"*"}]}}}`,
	} {
		t.Run(name, func(t *testing.T) {
			if err := Check([]byte(`{"Resources":{` + resources + `}}`)); err != nil {
				t.Error(err)
			}
		})
	}
}

func TestCheckRefusesWhatIsNoTemplate(t *testing.T) {
	if err := Check([]byte(`[]`)); err == nil {
		t.Error("Check of a list gave no error")
	}
}
