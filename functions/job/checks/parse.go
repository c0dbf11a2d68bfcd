package checks

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"mapfleet/functions/job"
	"mapfleet/functions/job/fields"
)

// The bounds of what a line may hold.
const (
	// MaxLineBytes bounds one line of a file: a JSON object, or a row of CSV with its line breaks.
	MaxLineBytes = 64 << 10

	maxIDBytes   = 256
	maxURLBytes  = 8 << 10
	maxTextBytes = 4 << 10
)

// ParseCheck reads one check as a JSON object. Only url is needed. The error is a job.InvalidInput that
// names every unknown field, wrong type and value out of range; beside it the Check has the ID and the URL
// that were given, as far as they can be read.
//
//	{"id":…, "url":…, "method":…, "headers":{NAME:VALUE}, "body":…, "timeout":"10s", "retry":false,
//	 "redirects":"follow"|"no", "connection":"fresh"|"shared", "maxBody":1048576,
//	 "expect":{"status":200|"2xx"|[…], "maxLatency":"2s", "bodyContains":…}}
func ParseCheck(data []byte) (Check, error) {
	var raw map[string]json.RawMessage
	switch err := json.Unmarshal(data, &raw); {
	case len(data) > MaxLineBytes:
		return Check{}, refusal("the line", strconv.Itoa(len(data))+" bytes", fmt.Sprintf("at most %d bytes", MaxLineBytes))
	case !utf8.Valid(data):
		return Check{}, refusal("the line", toldText(data), "UTF-8")
	case err != nil || raw == nil:
		return Check{}, refusal("the line", toldText(bytes.TrimSpace(data)), `one JSON object, {"url":…} at the least`+fields.Syntax(err))
	}
	return parse(raw)
}

func refusal(field, given, allowed string) job.InvalidInput {
	return job.InvalidInput{Problems: []job.Problem{{Field: field, Given: given, Allowed: allowed}}}
}

func parse(raw map[string]json.RawMessage) (Check, error) {
	var problems []job.Problem
	m := &fields.Object{Raw: raw, Problems: &problems, Quote: told}
	c := Check{
		Method: "GET", Timeout: DefaultTimeout, Redirects: RedirectsFollow, Connection: ConnectionFresh, MaxBody: DefaultMaxBody,
	}
	c.parseID(m)
	c.parseURL(m)
	oneOf(m, "method", &c.Method, methods...)
	c.parseHeaders(m)
	body := m.ShortText("body", &c.Body, MaxLineBytes, "a text")
	if body && !slices.Contains(bodyMethods, c.Method) {
		m.Say("body", "one with "+c.Method, "a body with the methods "+strings.Join(bodyMethods, ", "))
	}
	m.Duration("timeout", &c.Timeout, MinTimeout, MaxTimeout)
	m.Flag("retry", &c.Retry)
	oneOf(m, "redirects", &c.Redirects, RedirectsFollow, RedirectsNo)
	oneOf(m, "connection", &c.Connection, ConnectionFresh, ConnectionShared)
	m.Whole64("maxBody", &c.MaxBody, 1, MaxMaxBody)
	c.parseExpect(m.Within("expect"))
	m.End()
	if problems != nil {
		return Check{ID: c.ID, URL: c.URL}, job.InvalidInput{Problems: problems}
	}
	return c, nil
}

// oneOf is fields.OneOf of words that mean the same in upper and lower case.
func oneOf[T ~string](m *fields.Object, name string, target *T, allowed ...T) {
	var given string
	if json.Unmarshal(m.Raw[name], &given) == nil {
		if i := slices.IndexFunc(allowed, func(a T) bool { return strings.EqualFold(string(a), given) }); i >= 0 {
			m.Raw[name] = quote(string(allowed[i]))
		}
	}
	fields.OneOf(m, name, target, allowed...)
}

// parseID takes a text, or a number as it is written.
func (c *Check) parseID(m *fields.Object) {
	if raw := m.Raw["id"]; len(raw) > 0 && (raw[0] == '-' || raw[0] >= '0' && raw[0] <= '9') && len(raw) <= maxIDBytes {
		c.ID = string(m.Take("id"))
		return
	}
	m.ShortText("id", &c.ID, maxIDBytes, "a text or a number")
}

func (c *Check) parseURL(m *fields.Object) {
	const allowed = "an absolute URL, such as https://example.com/health"
	given := m.Raw["url"]
	if !m.Has("url") {
		given = nil
	}
	before := len(*m.Problems)
	if !m.ShortText("url", &c.URL, maxURLBytes, allowed+",") {
		if len(*m.Problems) == before {
			m.Refuse("url", given, allowed)
		}
		return
	}
	u, err := url.Parse(c.URL)
	switch {
	case err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Hostname() == "" || u.Opaque != "" || strings.Contains(u.Host, "%"):
		m.Refuse("url", given, allowed+"; its scheme http or https")
	case u.User != nil:
		m.Say("url", "one with a user in it", "a URL without user and password: they belong into headers, as Authorization")
	case !portFits(u.Port()):
		m.Refuse("url", given, "a port from 1 to 65535")
	}
}

func portFits(port string) bool {
	n, err := strconv.Atoi(port)
	return port == "" || err == nil && n >= 1 && n <= 65535
}

func (c *Check) parseExpect(m *fields.Object) {
	if !statuses(m, &c.Expect.Status) {
		c.Expect.Status = usual(c.Redirects)
	}
	m.Duration("maxLatency", &c.Expect.MaxLatency, time.Millisecond, c.Timeout)
	if m.ShortText("bodyContains", &c.Expect.BodyContains, maxTextBytes, "a text") && c.Method == "HEAD" {
		m.Say("bodyContains", "one with HEAD", "a method whose answers have a body")
	}
	m.End()
}

// usual is the status that is expected unless the line says so.
func usual(redirects Redirects) []Status {
	if redirects == RedirectsNo {
		return []Status{2, 3}
	}
	return []Status{2}
}

// statuses reads one status or a list of them. It says whether the member is there.
func statuses(m *fields.Object, target *[]Status) bool {
	const most = 20
	raw := m.Take("status")
	if raw == nil {
		return false
	}
	list := raw
	if raw[0] != '[' {
		list = slices.Concat([]byte("["), raw, []byte("]"))
	}
	var statuses []Status
	if json.Unmarshal(list, &statuses) != nil || len(statuses) == 0 || len(statuses) > most || bytes.Contains(list, []byte("null")) {
		m.Refuse("status", raw, fmt.Sprintf(`a status from 200 to 599, a class from "2xx" to "5xx", or a list of 1 to %d of them`, most))
	}
	*target = statuses
	return true
}
