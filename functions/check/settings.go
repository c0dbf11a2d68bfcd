package main

import (
	"errors"
	"fmt"
	"net/netip"
	"strconv"

	"mapfleet/functions/check/address"
	"mapfleet/functions/check/batch"
)

// settings is what the owner of a deployment has decided, and no line of a file can change.
type settings struct {
	guard                            address.Guard
	connections, perHost, perOwnHost int
}

// maxConnections is what leaves room among the 1,024 files that a Lambda may have open.
const maxConnections = 250

// settingsFromEnv reads, each of them optional: ALLOWED_NETWORKS, CIDR prefixes that may be asked though
// they are not public; CONNECTIONS and CONNECTIONS_PER_HOST, how many requests of a batch are under way at
// a time; CONNECTIONS_PER_OWN_HOST, how many to one in ALLOWED_NETWORKS, as to any other by default. The address of the Runtime API, which Lambda sets, may never be asked.
func settingsFromEnv(getenv func(string) string) (settings, error) {
	s := settings{connections: batch.DefaultConnections, perHost: batch.DefaultPerHost}
	var errs []error
	var err error
	if s.guard.Allowed, err = address.ParseNetworks(getenv("ALLOWED_NETWORKS")); err != nil {
		errs = append(errs, fmt.Errorf("ALLOWED_NETWORKS: %w", err))
	}
	whole := func(name string, target *int) {
		text := getenv(name)
		if text == "" {
			return
		}
		n, err := strconv.Atoi(text)
		if err != nil || n < 1 || n > maxConnections {
			errs = append(errs, fmt.Errorf("%s is %q, must be a whole number from 1 to %d", name, text, maxConnections))
		}
		*target = n
	}
	whole("CONNECTIONS", &s.connections)
	whole("CONNECTIONS_PER_HOST", &s.perHost)
	s.perOwnHost = s.perHost
	whole("CONNECTIONS_PER_OWN_HOST", &s.perOwnHost)
	if runtime, err := netip.ParseAddrPort(getenv("AWS_LAMBDA_RUNTIME_API")); err == nil {
		s.guard.Never = append(s.guard.Never, runtime)
	}
	return s, errors.Join(errs...)
}
