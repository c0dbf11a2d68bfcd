package asl

import "slices"

// fieldsOf is the allow-list: what each type of state may have (A09).
func fieldsOf(kind string) []string {
	common := []string{"Type", "Comment"}
	paths := []string{"InputPath", "OutputPath"}
	next := []string{"Next", "End"}
	result := []string{"ResultSelector", "ResultPath", "Retry", "Catch"}
	switch kind {
	case "Task":
		return slices.Concat(common, paths, next, result, []string{"Resource", "Parameters", "TimeoutSeconds", "TimeoutSecondsPath"})
	case "Pass":
		return slices.Concat(common, paths, next, []string{"Parameters", "Result", "ResultPath"})
	case "Choice":
		return slices.Concat(common, paths, []string{"Choices", "Default"})
	case "Wait":
		return slices.Concat(common, paths, next, []string{"Seconds", "SecondsPath", "Timestamp", "TimestampPath"})
	case "Succeed":
		return slices.Concat(common, paths)
	case "Fail":
		return slices.Concat(common, []string{"Error", "ErrorPath", "Cause", "CausePath"})
	case "Map":
		return slices.Concat(common, paths, next, result, []string{"ItemProcessor", "ItemsPath", "ItemSelector", "MaxConcurrency", "MaxConcurrencyPath"})
	}
	return nil
}

// distributedFields are what a Map may have besides if it is DISTRIBUTED.
var distributedFields = []string{
	"Label", "ItemReader", "ItemBatcher", "ResultWriter", "ToleratedFailureCount", "ToleratedFailureCountPath",
	"ToleratedFailurePercentage", "ToleratedFailurePercentagePath",
}

func (p *parser) state(name string, v any, place string) *state {
	s := &state{name: name}
	f, ok := p.object(v, place)
	if !ok {
		return s
	}
	kind := f.required("Type")
	s.kind = kind
	allowed := fieldsOf(kind)
	if allowed == nil {
		if kind != "" {
			p.problem(f.at("Type"), "state type %q is not supported", kind)
		}
		return s
	}
	if kind == "Map" && isDistributed(f) {
		allowed = append(allowed, distributedFields...)
	}
	f.allow(allowed...)
	f.text("Comment")
	s.input, s.output, s.result = f.selector("InputPath"), f.selector("OutputPath"), f.selector("ResultPath")
	s.parameters, s.results = f.template("Parameters"), f.template("ResultSelector")
	s.retry, s.catch = p.retriers(f), p.catchers(f, s)
	if slices.Contains(allowed, "Next") {
		p.next(f, s)
	}
	s.do = p.action(kind, f, s)
	return s
}

func (p *parser) next(f *fields, s *state) {
	f.exclusive(true, "Next", "End")
	if f.has("End") && f.values["End"] != true {
		p.problem(f.at("End"), "is not true")
	}
	if f.has("Next") {
		s.next = f.required("Next")
		s.edges = append(s.edges, edge{s.next, f.at("Next")})
	}
}

func (p *parser) action(kind string, f *fields, s *state) action {
	switch kind {
	case "Task":
		return p.task(f)
	case "Pass":
		return p.pass(f)
	case "Choice":
		return p.choice(f, s)
	case "Wait":
		return p.wait(f)
	case "Fail":
		return p.fail(f)
	case "Map":
		return p.mapState(f, s)
	}
	return pass{} // Succeed
}
