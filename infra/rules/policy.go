package rules

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
)

// statement is one of a policy's.
type statement struct {
	sid, effect        string
	actions, resources []any
	principal          any
	condition          string   // JSON
	not                []string // of NotAction, NotResource, NotPrincipal, those that are there
}

// statements are those of every policy document of a resource: of roles, of buckets, queues and topics, and
// of who may assume a role.
func statements(r resource) (found []statement) {
	for _, name := range []string{"PolicyDocument", "AssumeRolePolicyDocument"} {
		document, _ := r.Properties[name].(map[string]any)
		for _, each := range list(document["Statement"]) {
			fields, _ := each.(map[string]any)
			s := statement{actions: list(fields["Action"]), resources: list(fields["Resource"]), principal: fields["Principal"]}
			s.sid, _ = fields["Sid"].(string)
			s.effect, _ = fields["Effect"].(string)
			if fields["Condition"] != nil {
				data, _ := json.Marshal(fields["Condition"]) // it was read from JSON
				s.condition = string(data)
			}
			for _, name := range []string{"NotAction", "NotResource", "NotPrincipal"} {
				if fields[name] != nil {
					s.not = append(s.not, name)
				}
			}
			found = append(found, s)
		}
	}
	return found
}

func list(value any) []any {
	switch value := value.(type) {
	case nil:
		return nil
	case []any:
		return value
	}
	return []any{value}
}

func (s statement) String() string {
	if s.sid != "" {
		return s.sid
	}
	return fmt.Sprintf("%s %v", s.effect, s.actions)
}

func unnamed(_ string, r resource, _ resources) (found []string) {
	for _, s := range statements(r) {
		if s.sid == "" {
			found = append(found, s.String())
		}
	}
	return found
}

// foreignLetters are those beyond Latin-1.
// https://docs.aws.amazon.com/IAM/latest/APIReference/API_PutRolePolicy.html
func foreignLetters(_ string, r resource, _ resources) []string {
	document, _ := json.Marshal(r.Properties["PolicyDocument"]) // it was read from JSON
	if i := strings.IndexFunc(string(document), func(r rune) bool { return r > 0xff }); i >= 0 {
		return []string{fmt.Sprintf("it has %q", []rune(string(document[i:]))[0])}
	}
	return nil
}

func wildActions(_ string, r resource, _ resources) (found []string) {
	for _, s := range statements(r) {
		for _, action := range s.actions {
			if name, _ := action.(string); s.effect == "Allow" && strings.Contains(name, "*") {
				found = append(found, fmt.Sprintf("%v allows %s", s, name))
			}
		}
	}
	return found
}

// withoutResources are actions that a policy can only allow on *.
var withoutResources = []string{
	// https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsx-ray.html
	"xray:PutTraceSegments", "xray:PutTelemetryRecords", "xray:GetSamplingRules", "xray:GetSamplingTargets",
	// Delivery of vended logs. https://docs.aws.amazon.com/step-functions/latest/dg/cw-logs.html
	"logs:CreateLogDelivery", "logs:GetLogDelivery", "logs:UpdateLogDelivery", "logs:DeleteLogDelivery",
	"logs:ListLogDeliveries", "logs:PutResourcePolicy", "logs:DescribeResourcePolicies", "logs:DescribeLogGroups",
}

func wildResources(_ string, r resource, _ resources) (found []string) {
	for _, s := range statements(r) {
		i := slices.IndexFunc(s.resources, asGoodAsAll)
		if s.effect != "Allow" || i < 0 {
			continue
		}
		for _, action := range s.actions {
			if name, _ := action.(string); !slices.Contains(withoutResources, name) {
				found = append(found, fmt.Sprintf("%v allows %s on %s", s, name, text(s.resources[i])))
			}
		}
	}
	return found
}

func allBut(_ string, r resource, _ resources) (found []string) {
	for _, s := range statements(r) {
		for _, name := range s.not {
			found = append(found, fmt.Sprintf("%v has a %s", s, name))
		}
	}
	return found
}

func everybody(_ string, r resource, _ resources) (found []string) {
	for _, s := range statements(r) {
		principal, _ := json.Marshal(s.principal)
		if s.effect == "Allow" && strings.Contains(string(principal), `"*"`) {
			found = append(found, fmt.Sprintf("%v allows %s", s, principal))
		}
	}
	return found
}

// unconditional are services that assume a role only for what the role's own account has made, and whose
// pages ask for no condition.
var unconditional = []string{"lambda.amazonaws.com"}

// onBehalf is against the confused deputy. https://docs.aws.amazon.com/IAM/latest/UserGuide/confused-deputy.html
func onBehalf(_ string, r resource, _ resources) (found []string) {
	for _, s := range statements(r) {
		principal, _ := s.principal.(map[string]any)
		for _, service := range list(principal["Service"]) {
			name, _ := service.(string)
			if s.effect == "Allow" && !slices.Contains(unconditional, name) &&
				!strings.Contains(s.condition, `"aws:SourceArn"`) && !strings.Contains(s.condition, `"aws:SourceAccount"`) {
				found = append(found, fmt.Sprintf("%v allows %s without aws:SourceArn or aws:SourceAccount", s, name))
			}
		}
	}
	return found
}

// overTLS returns the check that a policy of a type, which names what it is for in a property, denies what
// does not come over TLS.
func overTLS(policy, property string) func(string, resource, resources) []string {
	return func(id string, _ resource, all resources) []string {
		for _, r := range all {
			target, _ := json.Marshal(r.Properties[property])
			if r.Type != policy || !strings.Contains(string(target), `"`+id+`"`) {
				continue
			}
			for _, s := range statements(r) {
				if s.effect == "Deny" && strings.Contains(s.condition, `"aws:SecureTransport":"false"`) {
					return nil
				}
			}
		}
		return []string{"no " + policy + " denies what is not"}
	}
}
