package rules

import (
	"encoding/json"
	"fmt"
	"strings"
)

// undelivered is for rules and schedules, whose target, or targets, are a property.
func undelivered(targets string) func(string, resource, resources) []string {
	return func(_ string, r resource, _ resources) (found []string) {
		for i, each := range list(r.Properties[targets]) {
			if target, _ := each.(map[string]any); target["DeadLetterConfig"] == nil {
				found = append(found, fmt.Sprintf("target %d has no DeadLetterConfig", i))
			}
		}
		return found
	}
}

// hidden compares what is read of a queue with who reads it: as long as a message may be worked on, and is
// tried again within Lambda, nobody else may be given it.
// https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html
func hidden(_ string, r resource, all resources) []string {
	source, ok := referred(r.Properties["EventSourceArn"], all)
	if !ok || source.Type != "AWS::SQS::Queue" {
		return nil
	}
	function, ok := referred(r.Properties["FunctionName"], all)
	if !ok {
		return []string{fmt.Sprintf("no function of the template reads it, but %v", r.Properties["FunctionName"])}
	}
	timeout, _ := function.Properties["Timeout"].(float64)
	window, _ := r.Properties["MaximumBatchingWindowInSeconds"].(float64)
	visibility, _ := source.Properties["VisibilityTimeout"].(float64)
	if least := 6*timeout + window; visibility < least {
		return []string{fmt.Sprintf("VisibilityTimeout is %v s, less than six timeouts of the function and the window, %v s", visibility, least)}
	}
	return nil
}

// unread says that a queue that is read keeps what cannot be worked on for ever, in the way of the rest.
func unread(_ string, r resource, all resources) []string {
	source, ok := referred(r.Properties["EventSourceArn"], all)
	if ok && source.Type == "AWS::SQS::Queue" && source.Properties["RedrivePolicy"] == nil {
		return []string{"the queue has no RedrivePolicy"}
	}
	return nil
}

// referred is the resource that a Ref or a GetAtt names.
func referred(value any, all resources) (resource, bool) {
	object, _ := value.(map[string]any)
	id, _ := object["Ref"].(string)
	if path, ok := object["Fn::GetAtt"].([]any); ok && len(path) > 0 {
		id, _ = path[0].(string)
	}
	r, ok := all[id]
	return r, ok
}

// text renders a value as CloudFormation would, but for what only it knows: ${} stands for that.
func text(value any) string {
	switch value := value.(type) {
	case string:
		return value
	case map[string]any:
		if sub, ok := value["Fn::Sub"].(string); ok {
			return sub
		}
		if join, ok := value["Fn::Join"].([]any); ok && len(join) == 2 {
			var parts []string
			for _, part := range list(join[1]) {
				parts = append(parts, text(part))
			}
			return strings.Join(parts, text(join[0]))
		}
	}
	return "${}"
}

// asGoodAsAll says whether a resource is a wildcard before it names anything: arn:aws:s3:::*.
func asGoodAsAll(value any) bool {
	arn := text(value)
	if !strings.HasPrefix(arn, "arn:") {
		return arn == "*"
	}
	fields := strings.SplitN(strings.ReplaceAll(arn, "AWS::", ""), ":", 6)
	last := len(fields) - 1
	return strings.Contains(strings.Join(fields[:last], ":"), "*") || strings.HasPrefix(fields[last], "*")
}

func address(_ string, r resource, _ resources) []string {
	data, _ := json.Marshal(r.Properties["AuthType"]) // it was read from JSON
	return []string{"anybody who knows it may call; AuthType is " + string(data)}
}
