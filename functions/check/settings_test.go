package main

import (
	"net/netip"
	"strconv"
	"strings"
	"testing"

	"mapfleet/functions/check/batch"
)

func env(pairs ...string) func(string) string {
	return func(name string) string {
		for i := 0; i < len(pairs); i += 2 {
			if pairs[i] == name {
				return pairs[i+1]
			}
		}
		return ""
	}
}

func TestSettings(t *testing.T) {
	s, err := settingsFromEnv(env())
	if err != nil || s.connections != batch.DefaultConnections || s.perHost != batch.DefaultPerHost || s.perOwnHost != batch.DefaultPerHost || s.guard.Allowed != nil || s.guard.Never != nil {
		t.Errorf("by default: %+v, %v", s, err)
	}
	s, err = settingsFromEnv(env("ALLOWED_NETWORKS", "10.20.0.0/16, 127.0.0.1/32", "CONNECTIONS", "50", "CONNECTIONS_PER_HOST", "5", "AWS_LAMBDA_RUNTIME_API", "127.0.0.1:9001"))
	if err != nil || s.connections != 50 || s.perHost != 5 || s.perOwnHost != 5 || len(s.guard.Allowed) != 2 {
		t.Errorf("as given: %+v, %v", s, err)
	}
	for to, allowed := range map[string]bool{"10.20.3.4:80": true, "10.21.0.1:80": false, "127.0.0.1:9000": true, "127.0.0.1:9001": false} {
		if err := s.guard.Check(netip.MustParseAddrPort(to)); (err == nil) != allowed {
			t.Errorf("%s: %v, want it to be allowed: %v", to, err, allowed)
		}
	}
}

func TestSettingsOfOwnHosts(t *testing.T) {
	s, err := settingsFromEnv(env("CONNECTIONS_PER_OWN_HOST", "200"))
	if err != nil || s.perHost != batch.DefaultPerHost || s.perOwnHost != 200 {
		t.Errorf("%+v, %v, want 200 to own hosts and the usual number to others", s, err)
	}
}

func TestSettingsTakeTheEndsOfTheirRange(t *testing.T) {
	for _, n := range []int{1, maxConnections} {
		s, err := settingsFromEnv(env("CONNECTIONS", strconv.Itoa(n), "CONNECTIONS_PER_HOST", strconv.Itoa(n)))
		if err != nil || s.connections != n || s.perHost != n {
			t.Errorf("%d: %+v, %v", n, s, err)
		}
	}
	for _, text := range []string{"0", "-1", "251", "1.5"} {
		if s, err := settingsFromEnv(env("CONNECTIONS", text)); err == nil {
			t.Errorf("%s is taken: %+v", text, s)
		}
	}
}

func TestSettingsAreRefused(t *testing.T) {
	_, err := settingsFromEnv(env("ALLOWED_NETWORKS", "10.20.0.1", "CONNECTIONS", "251", "CONNECTIONS_PER_HOST", "many"))
	if err == nil {
		t.Fatal("wrong settings are taken")
	}
	for _, want := range []string{`ALLOWED_NETWORKS: ["10.20.0.1"]: not a network`, `CONNECTIONS is "251", must be a whole number from 1 to 250`, `CONNECTIONS_PER_HOST is "many"`} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("%v, want %q in it", err, want)
		}
	}
}
