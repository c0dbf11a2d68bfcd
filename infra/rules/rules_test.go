package rules

import (
	"strings"
	"testing"
)

const (
	policy = `{"Type":"AWS::IAM::Policy","Properties":{"PolicyDocument":{"Statement":[`
	block  = `"PublicAccessBlockConfiguration":{"BlockPublicAcls":true,"BlockPublicPolicy":true,"IgnorePublicAcls":true,"RestrictPublicBuckets":true}`
	sealed = `"BucketEncryption":{"ServerSideEncryptionConfiguration":[{}]}`
	tls    = `{"PolicyDocument":{"Statement":[{"Effect":"Deny","Action":"x:*","Principal":{"AWS":"*"},"Resource":"*","Condition":{"Bool":{"aws:SecureTransport":"false"}}}]},`
)

// cases are a resource R, beside others, that breaks a rule, by what the rule says.
var cases = map[string]string{
	"every permission has a name (Sid)":   policy + `{"Effect":"Allow","Action":"s3:GetObject","Resource":"a"}]}}}`,
	"no action is a wildcard":             policy + `{"Sid":"S","Effect":"Allow","Action":["s3:Get*"],"Resource":"a"}]}}}`,
	"no resource is *, but for actions":   policy + `{"Sid":"S","Effect":"Allow","Action":["xray:PutTraceSegments","s3:GetObject"],"Resource":["a","*"]}]}}}`,
	"only a Deny is for everybody":        `{"Type":"AWS::S3::BucketPolicy","Properties":{"PolicyDocument":{"Statement":{"Effect":"Allow","Action":"s3:GetObject","Principal":{"AWS":["*"]},"Resource":"a"}}}}`,
	"a service may act only on behalf of": `{"Type":"AWS::SQS::QueuePolicy","Properties":{"PolicyDocument":{"Statement":[{"Effect":"Allow","Action":"sqs:SendMessage","Principal":{"Service":"events.amazonaws.com"},"Resource":"a"}]}}}`,
	"a role has no policies but its own":  `{"Type":"AWS::IAM::Role","Properties":{"ManagedPolicyArns":["arn:aws:iam::aws:policy/AdministratorAccess"]}}`,
	"a bucket blocks public access":       `{"Type":"AWS::S3::Bucket","Properties":{` + sealed + `,"PublicAccessBlockConfiguration":{"BlockPublicAcls":true}}}`,
	"a bucket encrypts":                   `{"Type":"AWS::S3::Bucket","Properties":{` + block + `}}`,
	"a bucket is over TLS only":           `{"Type":"AWS::S3::Bucket","Properties":{` + block + `,` + sealed + `}}, "P":{"Type":"AWS::S3::BucketPolicy","Properties":` + tls + `"Bucket":{"Ref":"Other"}}}`,
	"a queue encrypts":                    `{"Type":"AWS::SQS::Queue"}`,
	"a queue is over TLS only":            `{"Type":"AWS::SQS::Queue","Properties":{"SqsManagedSseEnabled":true}}`,
	"a topic is over TLS only":            `{"Type":"AWS::SNS::Topic"}`,
	"logs do not pile up for ever":        `{"Type":"AWS::Logs::LogGroup","Properties":{"LogGroupName":"l"}}`,
	"a function is traced":                `{"Type":"AWS::Lambda::Function","Properties":{"TracingConfig":{"Mode":"PassThrough"}}}`,
	"a function has a log group of":       `{"Type":"AWS::Lambda::Function","Properties":{"TracingConfig":{"Mode":"Active"}}}`,
	"a function says what processor":      `{"Type":"AWS::Lambda::Function","Properties":{}}`,
	"a version stays as long as":          `{"Type":"AWS::Lambda::Version","DeletionPolicy":"Delete"}`,
	"a state machine is traced":           `{"Type":"AWS::StepFunctions::StateMachine","Properties":{"TracingConfiguration":{"Enabled":false}}}`,
	"a state machine logs":                `{"Type":"AWS::StepFunctions::StateMachine","Properties":{}}`,
	"who invokes a function is named":     `{"Type":"AWS::Lambda::Permission","Properties":{"Principal":"events.amazonaws.com"}}`,
}

func TestEachRuleCanBeBroken(t *testing.T) {
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

func TestWhatKeepsToTheRulesPasses(t *testing.T) {
	for name, resources := range map[string]string{
		"nothing": ``,
		"a bucket": `"R":{"Type":"AWS::S3::Bucket","Properties":{` + block + `,` + sealed + `}},
			"P":{"Type":"AWS::S3::BucketPolicy","Properties":` + tls + `"Bucket":{"Ref":"R"}}}`,
		"a queue that one rule may send to": `"R":{"Type":"AWS::SQS::Queue","Properties":{"KmsMasterKeyId":"k"}},
			"P":{"Type":"AWS::SQS::QueuePolicy","Properties":` + tls + `"Queues":[{"Ref":"R"}]}},
			"S":{"Type":"AWS::SQS::QueuePolicy","Properties":{"PolicyDocument":{"Statement":[{"Effect":"Allow","Action":"sqs:SendMessage",
				"Principal":{"Service":"events.amazonaws.com"},"Resource":"a","Condition":{"ArnEquals":{"aws:SourceArn":["a"]}}}]}}}`,
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
