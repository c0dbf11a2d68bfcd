package cli

import (
	"strings"

	"mapfleet/functions/check/address"
	"mapfleet/scripts/mapfleet/engine"
)

// addChecks adds the second job, if it is wanted.
func (r *serveCommand) addChecks(config *engine.Config) error {
	switch {
	case !r.checks && (len(r.allow) > 0 || r.perHost != 0):
		return usagef("--allow and --per-host are of checks: serve them with --checks")
	case r.perHost < 0 || r.perHost > 200:
		return usagef("--per-host: given %d, allowed 1 to 200", r.perHost)
	case !r.checks:
		return nil
	}
	config.Also, config.PerHost, config.Networks = []engine.Job{engine.Checks}, r.perHost, strings.Join(r.allow, ",")
	if _, err := address.ParseNetworks(config.Networks); err != nil {
		return usagef("--allow: %w", err)
	}
	return nil
}
