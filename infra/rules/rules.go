// Package rules holds what every template of ours has to keep to, whatever it deploys: permissions are
// named and narrow, data is encrypted at rest and on its way, and nothing is closed to observation. They
// are checked over the template itself, after all constructs have had their say.
package rules

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
)

// Check joins all breaches of a CloudFormation template in JSON, each with the resource's logical id, the
// rule, and what was found. It is nil if there are none.
func Check(template []byte) error {
	var t struct{ Resources resources }
	if err := json.Unmarshal(template, &t); err != nil {
		return fmt.Errorf("read the template: %w", err)
	}
	var errs []error
	for _, r := range all() {
		for _, id := range slices.Sorted(maps.Keys(t.Resources)) {
			resource := t.Resources[id]
			if r.of != "" && r.of != resource.Type {
				continue
			}
			for _, found := range r.broken(id, resource, t.Resources) {
				errs = append(errs, fmt.Errorf("%s: %s: %s", id, r.says, found))
			}
		}
	}
	return errors.Join(errs...)
}

type resources map[string]resource

type resource struct {
	Type, DeletionPolicy string
	Properties           map[string]any
}

// rule is one promise. broken returns what is wrong with a resource of the type, or of any type.
type rule struct {
	says   string
	of     string
	broken func(id string, r resource, all resources) []string
}

func all() []rule {
	return []rule{
		{"every permission has a name (Sid)", "AWS::IAM::Policy", unnamed},
		{"a policy is of letters that IAM takes", "AWS::IAM::Policy", foreignLetters},
		{"no action is a wildcard", "", wildActions},
		{"no resource is *, but for actions that know no resources", "", wildResources},
		{"no permission is all but something", "", allBut},
		{"only a Deny is for everybody", "", everybody},
		{"a service may act only on behalf of this account", "", onBehalf},
		{"a role has no policies but its own", "AWS::IAM::Role", foreign},
		{"a bucket blocks public access", "AWS::S3::Bucket", public},
		{"a bucket encrypts", "AWS::S3::Bucket", has("BucketEncryption", "ServerSideEncryptionConfiguration")},
		{"a bucket is over TLS only", "AWS::S3::Bucket", overTLS("AWS::S3::BucketPolicy", "Bucket")},
		{"a queue encrypts", "AWS::SQS::Queue", clearQueue},
		{"a queue is over TLS only", "AWS::SQS::Queue", overTLS("AWS::SQS::QueuePolicy", "Queues")},
		{"a topic is over TLS only", "AWS::SNS::Topic", overTLS("AWS::SNS::TopicPolicy", "Topics")},
		{"logs do not pile up for ever", "AWS::Logs::LogGroup", has("RetentionInDays")},
		{"a function is traced", "AWS::Lambda::Function", untraced},
		{"a function has a log group of its own", "AWS::Lambda::Function", has("LoggingConfig", "LogGroup")},
		{"a function says what processor it is built for", "AWS::Lambda::Function", has("Architectures")},
		{"a version stays as long as an execution may need it", "AWS::Lambda::Version", fleeting},
		{"who starts a run chooses no function, topic or queue", "AWS::StepFunctions::StateMachine", choosable},
		{"a run ends with the code that it started with", "AWS::StepFunctions::StateMachine", unpinned},
		{"a state machine is traced", "AWS::StepFunctions::StateMachine", has("TracingConfiguration", "Enabled")},
		{"a state machine logs", "AWS::StepFunctions::StateMachine", has("LoggingConfiguration", "Destinations")},
		{"a function has no address of its own", "AWS::Lambda::Url", address},
		{"what a rule cannot deliver is kept", "AWS::Events::Rule", undelivered("Targets")},
		{"what a schedule cannot start is told", "AWS::Scheduler::Schedule", undelivered("Target")},
		{"a message is worked on once at a time", "AWS::Lambda::EventSourceMapping", hidden},
		{"a message that nobody can work on is laid aside", "AWS::Lambda::EventSourceMapping", unread},
		{"who invokes a function is named", "AWS::Lambda::Permission", has("SourceArn")},
	}
}

// has returns the check that a property is there, and not false, 0 or "".
func has(path ...string) func(string, resource, resources) []string {
	return func(_ string, r resource, _ resources) []string {
		var at any = r.Properties
		for i, name := range path {
			object, _ := at.(map[string]any)
			at = object[name]
			if at == nil || at == false || at == 0.0 || at == "" {
				return []string{fmt.Sprintf("%v is %v", path[:i+1], at)}
			}
		}
		return nil
	}
}

func public(_ string, r resource, _ resources) (found []string) {
	block, _ := r.Properties["PublicAccessBlockConfiguration"].(map[string]any)
	for _, name := range []string{"BlockPublicAcls", "BlockPublicPolicy", "IgnorePublicAcls", "RestrictPublicBuckets"} {
		if block[name] != true {
			found = append(found, fmt.Sprintf("%s is %v", name, block[name]))
		}
	}
	return found
}

func clearQueue(_ string, r resource, _ resources) []string {
	if r.Properties["SqsManagedSseEnabled"] == true || r.Properties["KmsMasterKeyId"] != nil {
		return nil
	}
	return []string{"neither SqsManagedSseEnabled nor KmsMasterKeyId"}
}

func untraced(_ string, r resource, _ resources) []string {
	tracing, _ := r.Properties["TracingConfig"].(map[string]any)
	if tracing["Mode"] == "Active" {
		return nil
	}
	return []string{fmt.Sprintf("TracingConfig is %v", r.Properties["TracingConfig"])}
}

func foreign(_ string, r resource, _ resources) (found []string) {
	for _, name := range []string{"ManagedPolicyArns", "Policies"} {
		if value, ok := r.Properties[name]; ok {
			found = append(found, fmt.Sprintf("%s is %v", name, value))
		}
	}
	return found
}

func fleeting(_ string, r resource, _ resources) []string {
	if r.DeletionPolicy == "Retain" {
		return nil
	}
	return []string{fmt.Sprintf("DeletionPolicy is %q", r.DeletionPolicy)}
}
