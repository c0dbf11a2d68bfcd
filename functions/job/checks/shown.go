package checks

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"mapfleet/functions/job/fields"
)

// Shown is a URL as alerts, reports, logs and screens show it: without what follows its question mark or its
// number sign, which may be a token. The results, which are the owner's own, have it whole.
func Shown(url string) string {
	if i := strings.IndexAny(url, "?#"); i >= 0 {
		return url[:i+1] + "…"
	}
	return url
}

// plainMembers are those of a line that hold no secret where they are what they should be.
var plainMembers = []string{"id", "method", "timeout", "retry", "redirects", "connection", "maxBody", "status", "maxLatency"}

// told is what a message may tell of what a line gives, for it goes where Shown is for: a URL without user,
// password and query, and of what may be a secret the length, unless that is too short for one.
func told(member string, given []byte) string {
	const shortest = 8 // bytes of JSON that may be a secret
	given = bytes.TrimSpace(given)
	switch {
	case len(given) <= shortest || slices.Contains(plainMembers, member):
		return fields.Clip(given)
	case member == "url":
		return toldURL(given)
	}
	return fmt.Sprintf("%d bytes of JSON", len(given))
}

// toldURL is told of something that may be no URL at all.
func toldURL(given []byte) string {
	var url string
	if json.Unmarshal(given, &url) != nil {
		return fmt.Sprintf("%d bytes of JSON", len(given))
	}
	return fields.Clip([]byte(strconv.Quote(masked(url))))
}

// masked is Shown of what may be no URL, so that a user and a password may stand anywhere in it.
func masked(url string) string {
	url = Shown(url)
	if i := strings.LastIndexByte(url, '@'); i >= 0 {
		url = "…" + url[i:]
	}
	return url
}

// toldText is told of text that could not be taken apart.
func toldText(given []byte) string {
	const shortest = 8
	if len(given) <= shortest {
		return fields.Clip(given)
	}
	return fmt.Sprintf("%d bytes", len(given))
}
