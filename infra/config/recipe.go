package config

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"mapfleet/functions/job"
)

// maxEnvironmentBytes leaves room for the rest in the 4 KB that a function's environment may hold.
// https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
const maxEnvironmentBytes = 3000

// json reads a JSON text, or the value that cdk.json holds in its place, as compact JSON.
func (r *reader) json(key string, target *string) {
	given := r.take(key)
	if given == nil {
		return
	}
	text, ok := given.(string)
	if !ok {
		data, err := json.Marshal(given)
		if err != nil {
			r.refuse(key, given, "JSON")
			return
		}
		text = string(data)
	}
	var compact bytes.Buffer
	if err := json.Compact(&compact, []byte(text)); err != nil {
		r.refuse(key, given, fmt.Sprintf("JSON (%v)", err))
		return
	}
	*target = compact.String()
}

// recipe refuses what every run would refuse, by the very rules of the functions.
func (v *validator) recipe(key string, c Config) {
	variants, err := job.ParseVariants([]byte(c.Recipe))
	v.asRuns(err, func(field string) string { return key + strings.TrimPrefix(field, "variants") })
	for i, variant := range variants {
		if variant.Format == job.FormatAVIF && !c.Avif {
			v.refuse(fmt.Sprintf("%s[%d].format", key, i), "avif", "avif only beside the option avif, which has to be true")
		}
	}
}

// asRuns refuses what is wrong by err, a job.InvalidInput; keyOf turns the names that runs have for fields into
// keys.
func (v *validator) asRuns(err error, keyOf func(field string) string) {
	refused, _ := errors.AsType[job.InvalidInput](err)
	for _, p := range refused.Problems {
		v.refuse(keyOf(p.Field), shown(p.Given), p.Allowed)
	}
}
