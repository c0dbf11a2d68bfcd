package checks

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/textproto"
	"slices"
	"strconv"
	"strings"

	"mapfleet/functions/job/fields"
)

const maxHeaders = 64

// ownHeaders are set by whoever speaks the protocol: given by hand they would break a message in two.
var ownHeaders = []string{"Connection", "Content-Length", "Http2-Settings", "Keep-Alive", "Proxy-Authenticate", "Proxy-Authorization",
	"Proxy-Connection", "Te", "Trailer", "Transfer-Encoding", "Upgrade"}

// parseHeaders reads an object of names and texts. What a message tells of a value is its length: it may
// be a password.
func (c *Check) parseHeaders(m *fields.Object) {
	inner := m.Within("headers")
	if len(inner.Raw) > maxHeaders {
		m.Say("headers", strconv.Itoa(len(inner.Raw)), fmt.Sprintf("at most %d", maxHeaders))
		return
	}
	for _, name := range slices.Sorted(maps.Keys(inner.Raw)) {
		canonical := textproto.CanonicalMIMEHeaderKey(name)
		raw := inner.Raw[name]
		var value *string
		err := json.Unmarshal(raw, &value)
		_, twice := c.Headers[canonical]
		switch {
		case !token(name):
			inner.Say(fields.Clip([]byte(name)), "this name", "letters, digits, - and _ in a header's name")
		case slices.Contains(ownHeaders, canonical):
			inner.Say(name, "this name", "any header but those of the connection itself")
		case twice:
			inner.Say(name, "it twice", "every header once; upper and lower case are the same")
		case err != nil || value == nil || len(*value) > maxURLBytes || !headerText(*value):
			inner.Say(name, fmt.Sprintf("%d bytes of JSON", len(raw)), fmt.Sprintf(
				"a text of at most %d bytes without line breaks, control characters, or blanks at its ends", maxURLBytes))
		case canonical == "Host" && !hostText(*value):
			inner.Say(name, fmt.Sprintf("%d bytes of JSON", len(raw)), "a host, with its port if need be")
		default:
			if c.Headers == nil {
				c.Headers = map[string]string{}
			}
			c.Headers[canonical] = *value
		}
	}
}

// token says whether a header may have the name: https://www.rfc-editor.org/rfc/rfc9110#name-tokens
// without the signs that nobody uses.
func token(name string) bool {
	return name != "" && len(name) <= 128 && !strings.ContainsFunc(name, func(r rune) bool {
		return !(r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || r == '-' || r == '_')
	})
}

// headerText says whether a header may have the value.
func headerText(value string) bool {
	return value == strings.TrimSpace(value) &&
		!strings.ContainsFunc(value, func(r rune) bool { return r < ' ' && r != '\t' || r == 0x7f })
}

// hostText says whether a Host header may have the value: a name or an address, and a port.
func hostText(value string) bool {
	return value != "" && !strings.ContainsFunc(value, func(r rune) bool {
		return !(r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || strings.ContainsRune("-._:[]", r))
	})
}
