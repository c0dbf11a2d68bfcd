package cli

import (
	"errors"
	"fmt"
	"strings"

	"github.com/agnivade/levenshtein"
	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// flagFault words what is wrong with a flag.
func flagFault(c *cobra.Command, err error) error {
	if e, ok := errors.AsType[*pflag.InvalidValueError](err); ok {
		if allowed := allowedValue(e.GetFlag().Value.Type()); allowed != "" {
			err = fmt.Errorf("--%s: given %q, allowed %s", e.GetFlag().Name, e.GetValue(), allowed)
		}
	}
	if e, ok := errors.AsType[*pflag.NotExistError](err); ok && e.GetSpecifiedShortnames() == "" {
		err = fmt.Errorf("%s has no flag --%s", c.CommandPath(), e.GetSpecifiedName())
		if near := nearestFlag(c.Flags(), e.GetSpecifiedName()); near != "" {
			err = fmt.Errorf("%w; did you mean --%s?", err, near)
		}
	}
	return usagef("%w\nRun '%s -h' for the flags.", err, c.CommandPath())
}

// allowedValue says what a flag of this type takes, or nothing.
func allowedValue(kind string) string {
	return map[string]string{
		"int": "a whole number, such as 1000", "float64": "a number, such as 12.5", "duration": "a time with its unit, such as 500ms or 10m", "bool": "true or false",
	}[kind]
}

// nearestFlag is the flag that name was meant for, as far as its letters tell; or nothing.
func nearestFlag(flags *pflag.FlagSet, name string) (near string) {
	least := 3
	flags.VisitAll(func(f *pflag.Flag) {
		d := levenshtein.ComputeDistance(f.Name, name)
		if strings.HasPrefix(name, f.Name) || len(name) > 1 && strings.HasPrefix(f.Name, name) {
			d = min(d, 2) // --output for --out, --man for --manifest
		}
		if d < least && d < len(f.Name) {
			near, least = f.Name, d
		}
	})
	return near
}
