package cli

import (
	"runtime/debug"
	"strings"
	"testing"
)

func TestVersion(t *testing.T) {
	info := func(version string, settings ...debug.BuildSetting) *debug.BuildInfo {
		return &debug.BuildInfo{GoVersion: "go1.26.8", Main: debug.Module{Version: version}, Settings: append(settings,
			debug.BuildSetting{Key: "GOOS", Value: "linux"}, debug.BuildSetting{Key: "GOARCH", Value: "arm64"})}
	}
	commit := debug.BuildSetting{Key: "vcs.revision", Value: "0123456789abcdef0123456789abcdef01234567"}
	time := debug.BuildSetting{Key: "vcs.time", Value: "2026-11-21T17:00:00Z"}
	for _, c := range []struct {
		info *debug.BuildInfo
		want string
	}{
		{info("v1.2.3"), "v1.2.3, go1.26.8 linux/arm64"},
		{info("(devel)", commit, time), "0123456789ab of 2026-11-21T17:00:00Z, go1.26.8 linux/arm64"},
		{info("(devel)", commit, time, debug.BuildSetting{Key: "vcs.modified", Value: "true"}), "0123456789ab of 2026-11-21T17:00:00Z, changed, go1.26.8 linux/arm64"},
	} {
		if got := version(c.info, true); got != c.want {
			t.Errorf("version = %q, want %q", got, c.want)
		}
	}
	if got := version(nil, false); got != "unknown" {
		t.Errorf("version of a binary that does not know = %q", got)
	}
	var out, said strings.Builder
	if status := Run(t.Context(), []string{"--version"}, &out, &said); status != ExitSucceeded || !strings.HasPrefix(out.String(), "mapfleet version ") {
		t.Errorf("--version: exit %d, %q, %q", status, out.String(), said.String())
	}
}
