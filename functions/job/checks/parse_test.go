package checks

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"mapfleet/functions/job"
)

// plain is the check of a line that says no more than a URL.
func plain() Check {
	return Check{
		URL: "https://example.com/", Method: "GET", Timeout: 10 * time.Second, Redirects: RedirectsFollow,
		Connection: ConnectionFresh, MaxBody: 1 << 20, Expect: Expect{Status: []Status{2}},
	}
}

func TestParseCheck(t *testing.T) {
	full := Check{
		ID: "shop/7", URL: "HTTP://Shop.example:8080/a?b=c#d", Method: "POST", Headers: map[string]string{"X-Key": "s3cret", "Host": "other.example"},
		Body: "{}", Timeout: 2500 * time.Millisecond, Retry: true, Redirects: RedirectsNo, Connection: ConnectionShared, MaxBody: 5,
		Expect: Expect{Status: []Status{204, 3}, MaxLatency: 2 * time.Second, BodyContains: "fine ✓"},
	}
	one := func(change func(*Check)) Check {
		c := plain()
		change(&c)
		return c
	}
	for name, test := range map[string]struct {
		line string
		want Check
	}{
		"only a URL": {`{"url":"https://example.com/"}`, plain()},
		"everything": {`{"id":"shop/7","url":"HTTP://Shop.example:8080/a?b=c#d","method":"POST","headers":{"x-key":"s3cret","HOST":"other.example"},
			"body":"{}","timeout":"2.5s","retry":true,"redirects":"no","connection":"shared","maxBody":5,
			"expect":{"status":[204,"3xx"],"maxLatency":"2s","bodyContains":"fine ✓"}}`, full},
		"nulls and empty texts are as good as nothing": {`{"url":"https://example.com/","id":"","body":"","headers":null,"timeout":null,"expect":{"bodyContains":"","status":null}}`, plain()},
		"a number as a name":                           {`{"url":"https://example.com/","id":00.50}`, Check{}},
		"a name that is a number":                      {`{"url":"https://example.com/","id":-7.50}`, one(func(c *Check) { c.ID = "-7.50" })},
		"one status":                                   {`{"url":"https://example.com/","expect":{"status":404}}`, one(func(c *Check) { c.Expect.Status = []Status{404} })},
		"a class":                                      {`{"url":"https://example.com/","expect":{"status":"5xx"}}`, one(func(c *Check) { c.Expect.Status = []Status{5} })},
		"words in capitals, or without": {`{"url":"https://example.com/","method":"head","redirects":"FOLLOW","connection":"Shared","expect":{"status":["2XX","3Xx"]}}`, one(func(c *Check) {
			c.Method, c.Connection, c.Expect.Status = "HEAD", ConnectionShared, []Status{2, 3}
		})},
		"a redirect that is not followed will do": {`{"url":"https://example.com/","redirects":"no"}`, one(func(c *Check) {
			c.Redirects, c.Expect.Status = RedirectsNo, []Status{2, 3}
		})},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := ParseCheck([]byte(test.line))
			if test.want.URL == "" {
				if err == nil {
					t.Errorf("ParseCheck(%s) = %+v, want an error", test.line, got)
				}
				return
			}
			if err != nil {
				t.Fatalf("ParseCheck(%s): %v", test.line, err)
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("ParseCheck(%s) (-want +got):\n%s", test.line, diff)
			}
		})
	}
}

// TestRefusal: what is wrong is named with its place, what was given, and what would do.
func TestRefusal(t *testing.T) {
	for name, test := range map[string]struct{ line, want string }{
		"nothing":                         {``, "the line: given nothing; allowed: one JSON object"},
		"a list":                          {`[]`, "the line: given []; allowed: one JSON object"},
		"null":                            {`null`, "the line: given null; allowed: one JSON object"},
		"half":                            {`{"url":`, `the line: given {"url":; allowed: one JSON object`},
		"no UTF-8":                        {"{\"url\":\"http://a/\xff\"}", "allowed: UTF-8"},
		"no URL":                          {`{}`, "url: given nothing; allowed: an absolute URL"},
		"a URL of null":                   {`{"url":null}`, `url: given nothing; allowed: an absolute URL`},
		"an empty URL":                    {`{"url":""}`, `url: given ""; allowed: an absolute URL`},
		"a relative URL":                  {`{"url":"/health"}`, `url: given "/health"; allowed: an absolute URL`},
		"a file":                          {`{"url":"file:///etc/passwd"}`, "its scheme http or https"},
		"no host":                         {`{"url":"http://:80/"}`, "its scheme http or https"},
		"an opaque URL":                   {`{"url":"http:example.com"}`, "its scheme http or https"},
		"a zone":                          {`{"url":"http://[fe80::1%25eth0]/"}`, "its scheme http or https"},
		"a password in the URL":           {`{"url":"http://me:hunter2@example.com/"}`, "url: given one with a user in it; allowed: a URL without user and password"},
		"a port":                          {`{"url":"http://a:70000/"}`, "a port from 1 to 65535"},
		"a long URL":                      {`{"url":"http://a/` + strings.Repeat("x", 8192) + `"}`, "of at most 8192 bytes"},
		"a method":                        {`{"url":"http://a/","method":"gets"}`, `method: given "gets"; allowed: "GET", "HEAD"`},
		"a body with GET":                 {`{"url":"http://a/","body":"x"}`, "body: given one with GET; allowed: a body with the methods POST, PUT, PATCH, DELETE"},
		"a header's name":                 {`{"url":"http://a/","headers":{"a b":"c"}}`, "headers.a b: given this name"},
		"framing":                         {`{"url":"http://a/","headers":{"content-length":"5"}}`, "headers.content-length: given this name; allowed: any header but those of the connection"},
		"a header twice":                  {`{"url":"http://a/","headers":{"a":"1","A":"2"}}`, "headers.a: given it twice"},
		"a line break":                    {`{"url":"http://a/","headers":{"Authorization":"hunter2\r\nX: y"}}`, "headers.Authorization: given 17 bytes of JSON"},
		"a header of null":                {`{"url":"http://a/","headers":{"A":null}}`, "headers.A: given 4 bytes of JSON"},
		"a host that is none":             {`{"url":"http://a/","headers":{"host":"a b/c"}}`, "headers.host: given 7 bytes of JSON; allowed: a host, with its port if need be"},
		"headers as a list":               {`{"url":"http://a/","headers":["A"]}`, `headers: given ["A"]; allowed: a JSON object`},
		"a bare number":                   {`{"url":"http://a/","timeout":5}`, `timeout: given 5; allowed: a duration with its unit, such as "500ms" or "2.5s", from 10ms to 1m0s`},
		"too short":                       {`{"url":"http://a/","timeout":"1ms"}`, "from 10ms to 1m0s"},
		"too long":                        {`{"url":"http://a/","timeout":"61s"}`, "from 10ms to 1m0s"},
		"a flag":                          {`{"url":"http://a/","retry":"yes"}`, `retry: given "yes"; allowed: true or false`},
		"redirects":                       {`{"url":"http://a/","redirects":false}`, `redirects: given false; allowed: "follow", "no"`},
		"the body's limit":                {`{"url":"http://a/","maxBody":67108865}`, "maxBody: given 67108865; allowed: a whole number from 1 to 67108864"},
		"expect":                          {`{"url":"http://a/","expect":200}`, "expect: given 200; allowed: a JSON object"},
		"a status":                        {`{"url":"http://a/","expect":{"status":100}}`, "expect.status: given 100; allowed: a status from 200 to 599"},
		"a status as text":                {`{"url":"http://a/","expect":{"status":"200"}}`, `expect.status: given "200"`},
		"no status":                       {`{"url":"http://a/","expect":{"status":[]}}`, "expect.status: given []"},
		"a status of null":                {`{"url":"http://a/","expect":{"status":[null]}}`, "expect.status: given [null]"},
		"a latency that cannot be missed": {`{"url":"http://a/","timeout":"2s","expect":{"maxLatency":"3s"}}`, "expect.maxLatency: given \"3s\"; allowed: a duration with its unit, such as \"500ms\" or \"2.5s\", from 1ms to 2s"},
		"a text that cannot come":         {`{"url":"http://a/","method":"HEAD","expect":{"bodyContains":"x"}}`, "expect.bodyContains: given one with HEAD"},
		"an unknown field":                {`{"url":"http://a/","URL":"x"}`, `URL: given "x"; allowed: no such field; the fields are body, connection, expect, headers, id, maxBody, method, redirects, retry, timeout, url`},
		"an unknown field within":         {`{"url":"http://a/","expect":{"code":1}}`, "expect.code: given 1; allowed: no such field; the fields are bodyContains, maxLatency, status"},
		"a line number":                   {`{"url":"http://a/","line":1}`, "line: given 1; allowed: no such field; the fields are body, connection, expect, headers, id, maxBody, method, redirects, retry, timeout, url"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := ParseCheck([]byte(test.line))
			if _, ok := err.(job.InvalidInput); !ok {
				t.Fatalf("ParseCheck(%.200s): %T %v, want an InvalidInput", test.line, err, err)
			}
			if !strings.Contains(err.Error(), test.want) {
				t.Errorf("ParseCheck(%.200s): %v, want %q in it", test.line, err, test.want)
			}
			if strings.Contains(err.Error(), "url, url") {
				t.Errorf("ParseCheck(%.200s) names a field twice: %v", test.line, err)
			}
			if strings.Contains(err.Error(), "hunter2") {
				t.Errorf("ParseCheck(%.200s) tells a password: %v", test.line, err)
			}
		})
	}
}

func TestAllProblemsAreToldAtOnce(t *testing.T) {
	_, err := ParseCheck([]byte(`{"id":{},"url":"x","method":1,"headers":{"T E":"x"},"timeout":"x","retry":1,"redirects":1,"connection":1,"maxBody":0,"expect":{"status":0,"maxLatency":0,"bodyContains":0,"x":0},"y":0}`))
	var fields []string
	if e, ok := err.(job.InvalidInput); ok {
		for _, p := range e.Problems {
			fields = append(fields, p.Field)
		}
	}
	want := []string{"id", "url", "method", "headers.T E", "timeout", "retry", "redirects", "connection", "maxBody", "expect.status", "expect.maxLatency", "expect.bodyContains", "expect.x", "y"}
	if diff := cmp.Diff(want, fields); diff != "" {
		t.Errorf("problems (-want +got):\n%s", diff)
	}
}

func TestTooManyHeaders(t *testing.T) {
	var headers []string
	for i := range maxHeaders + 1 {
		headers = append(headers, fmt.Sprintf(`"h%d":"b"`, i))
	}
	_, err := ParseCheck([]byte(`{"url":"http://a/","headers":{` + strings.Join(headers, ",") + `}}`))
	if err == nil || !strings.Contains(err.Error(), "headers: given 65; allowed: at most 64") {
		t.Errorf("ParseCheck with 65 headers: %v", err)
	}
}

func TestLongest(t *testing.T) {
	c := plain()
	if got := c.Longest(); got != 10*time.Second {
		t.Errorf("Longest = %v, want 10s", got)
	}
	c.Retry = true
	if got := c.Longest(); got != 20300*time.Millisecond {
		t.Errorf("Longest with a retry = %v, want 20.3s", got)
	}
}

func TestHost(t *testing.T) {
	for given, want := range map[string]string{"http://A.Example/x": "a.example", "https://a:443/": "a:443", "http://[::1]:80": "[::1]:80", "://": ""} {
		if got := (Check{URL: given}).Host(); got != want {
			t.Errorf("Host(%q) = %q, want %q", given, got, want)
		}
	}
}

func TestStatusHolds(t *testing.T) {
	e := Expect{Status: []Status{2, 404}}
	for status, want := range map[int]bool{200: true, 299: true, 404: true, 403: false, 500: false, 2: true} {
		if got, why := e.StatusHolds(status); got != want || (why == "") != want {
			t.Errorf("StatusHolds(%d) = %v %q, want %v", status, got, why, want)
		}
	}
	if _, why := e.StatusHolds(503); why != "status 503, want 2xx or 404" {
		t.Errorf("StatusHolds(503): %q", why)
	}
}
