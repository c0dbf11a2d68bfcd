package cli

import (
	"fmt"
	"runtime/debug"
)

// version says which mapfleet this is, as far as the build knows: the version of the module, or the commit
// and whether the checkout was changed.
func version(info *debug.BuildInfo, known bool) string {
	if !known {
		return "unknown"
	}
	settings := map[string]string{}
	for _, s := range info.Settings {
		settings[s.Key] = s.Value
	}
	text := info.Main.Version
	if commit := settings["vcs.revision"]; commit != "" {
		text = fmt.Sprintf("%.12s of %s", commit, settings["vcs.time"])
		if settings["vcs.modified"] == "true" {
			text += ", changed"
		}
	}
	return fmt.Sprintf("%s, %s %s/%s", text, info.GoVersion, settings["GOOS"], settings["GOARCH"])
}
