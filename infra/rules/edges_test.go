package rules

import (
	"strings"
	"testing"
)

// TestOnlyADenialOfPlainHTTPIsOverTLS: neither another denial nor another statement of the condition is one.
func TestOnlyADenialOfPlainHTTPIsOverTLS(t *testing.T) {
	for statement, fine := range map[string]bool{
		`{"Effect":"Deny","Condition":{"Bool":{"aws:SecureTransport":"false"}}}`:  true,
		`{"Effect":"Allow","Condition":{"Bool":{"aws:SecureTransport":"false"}}}`: false,
		`{"Effect":"Deny","Condition":{"Bool":{"aws:SecureTransport":"true"}}}`:   false,
		`{"Effect":"Deny","Condition":{"Bool":{"aws:ViaAWSService":"false"}}}`:    false,
		`{"Effect":"Deny"}`: false,
	} {
		err := Check([]byte(`{"Resources":{"R":{"Type":"AWS::S3::Bucket","Properties":{` + block + `,` + sealed + `}},
			"P":{"Type":"AWS::S3::BucketPolicy","Properties":{"Bucket":{"Ref":"R"},"PolicyDocument":{"Statement":[` + statement + `]}}}}}`))
		if refused := err != nil && strings.Contains(err.Error(), "R: a bucket is over TLS only"); refused == fine {
			t.Errorf("a bucket with %s: %v, want it to be fine: %v", statement, err, fine)
		}
	}
}

// TestMessagesAreHidden for six timeouts of the function and the window, and no less, by a function that is known.
func TestMessagesAreHidden(t *testing.T) {
	const once = "R: a message is worked on once"
	for _, c := range []struct {
		name, resources, says string // says "": nothing of this rule
	}{
		{"as long as it must be", mapping(`"VisibilityTimeout":420,` + redrive), ""},
		{"a second less", mapping(`"VisibilityTimeout":419,` + redrive), "VisibilityTimeout is 419 s, less than six timeouts of the function and the window, 420 s"},
		{"by default", mapping(redrive), "VisibilityTimeout is 0 s"},
		{"a function of another template", strings.Replace(mapping(`"VisibilityTimeout":420,`+redrive), `{"Ref":"F"}`, `"arn:theirs"`, 1), "no function of the template reads it, but arn:theirs"},
		{"no queue", strings.Replace(mapping(``), "AWS::SQS::Queue", "AWS::Kinesis::Stream", 1), ""},
	} {
		err := Check([]byte(`{"Resources":{"R":` + c.resources + `}}`))
		told := ""
		if err != nil {
			for line := range strings.Lines(err.Error()) {
				if strings.HasPrefix(line, once) {
					told = line
				}
			}
		}
		if (told == "") != (c.says == "") || !strings.Contains(told, c.says) {
			t.Errorf("%s: %q, want %q", c.name, told, c.says)
		}
	}
	err := Check([]byte(`{"Resources":{"R":` + strings.Replace(mapping(``), "AWS::SQS::Queue", "AWS::Kinesis::Stream", 1) + `}}`))
	if err != nil && strings.Contains(err.Error(), "RedrivePolicy") {
		t.Errorf("a stream: %v, want no word of a queue's RedrivePolicy", err)
	}
}
