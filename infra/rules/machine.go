package rules

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
)

// chosen are parameters of integrations that say who is called: by a path they would be the caller's to say.
var chosen = regexp.MustCompile(`"(FunctionName|TopicArn|TargetArn|QueueUrl|StateMachineArn)\.\$"`)

func choosable(_ string, r resource, _ resources) (found []string) {
	definition, _ := r.Properties["DefinitionString"].(string)
	for _, parameter := range chosen.FindAllString(definition, -1) {
		found = append(found, "the definition has "+parameter)
	}
	return found
}

// unpinned finds functions that a definition names without a version: a deployment would change their code
// under the runs that are on their way.
func unpinned(_ string, r resource, all resources) (found []string) {
	values, _ := r.Properties["DefinitionSubstitutions"].(map[string]any)
	for _, name := range slices.Sorted(maps.Keys(values)) {
		if of, ok := referred(values[name], all); ok && of.Type == "AWS::Lambda::Function" {
			found = append(found, fmt.Sprintf("${%s} is a function, not a version of it", name))
		}
	}
	return found
}
