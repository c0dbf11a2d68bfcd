package checks

import (
	"strings"
	"testing"
)

func TestShown(t *testing.T) {
	for url, want := range map[string]string{
		"https://a.example/x":                   "https://a.example/x",
		"https://a.example/x?token=hunter2":     "https://a.example/x?…",
		"https://a.example/x#access=hunter2":    "https://a.example/x#…",
		"https://medium.example/@name?a=1&b=2#": "https://medium.example/@name?…",
		"":                                      "",
	} {
		if got := Shown(url); got != want {
			t.Errorf("Shown(%q) = %q, want %q", url, got, want)
		}
	}
}

// TestRefusalsKeepSecrets: what is wrong with a line is told in alerts, logs and reports, and what the line
// holds may be a password, wherever it was put.
func TestRefusalsKeepSecrets(t *testing.T) {
	const secret = "hunter2-hunter2"
	for name, line := range map[string]string{
		"a user in the URL":               `{"url":"https://me:hunter2-hunter2@example.com/"}`,
		"a user in a wrong URL":           `{"url":"htps://me:hunter2-hunter2@example.com/"}`,
		"a slash in the password":         `{"url":"htps://me:hunter2-hunter2/x@example.com/"}`,
		"a query in a wrong URL":          `{"url":"example.com/?token=hunter2-hunter2"}`,
		"a query in a URL with a port":    `{"url":"https://example.com:99999/?token=hunter2-hunter2"}`,
		"a URL that is a list":            `{"url":["https://example.com/?token=hunter2-hunter2"]}`,
		"half an object":                  `{"url":"https://example.com/?token=hunter2-hunter2"`,
		"no object":                       `"https://example.com/?token=hunter2-hunter2"`,
		"no UTF-8":                        "{\"url\":\"https://example.com/?token=hunter2-hunter2\xff\"}",
		"a member that does not exist":    `{"url":"http://a/","authorization":"Bearer hunter2-hunter2"}`,
		"a body that is an object":        `{"url":"http://a/","method":"POST","body":{"password":"hunter2-hunter2"}}`,
		"a body with GET":                 `{"url":"http://a/","body":"hunter2-hunter2"}`,
		"headers as a list":               `{"url":"http://a/","headers":["Authorization: hunter2-hunter2"]}`,
		"a header of two lines":           `{"url":"http://a/","headers":{"Authorization":"hunter2-hunter2\n"}}`,
		"a text in the answer to a HEAD":  `{"url":"http://a/","method":"HEAD","expect":{"bodyContains":"hunter2-hunter2"}}`,
		"a member within that is unknown": `{"url":"http://a/","expect":{"body":"hunter2-hunter2"}}`,
	} {
		t.Run(name, func(t *testing.T) {
			_, err := ParseCheck([]byte(line))
			if err == nil || strings.Contains(err.Error(), secret) {
				t.Errorf("ParseCheck(%s): %v, want an error without %s", line, err, secret)
			}
		})
	}
	for name, file := range map[string]string{
		"no row of names":     "https://example.com/?token=hunter2-hunter2,Bearer hunter2-hunter2\n",
		"a stray quote":       "url,header.Authorization\nhttp://a/,hunter2-hunter2\"\n",
		"a quote without end": "url,header.Authorization\nhttp://a/,\"hunter2-hunter2\n",
		"a cell too many":     "url\nhttp://a/,hunter2-hunter2\n",
	} {
		t.Run(name, func(t *testing.T) {
			var said strings.Builder
			for item, err := range Read(strings.NewReader(file), FormatCSV) {
				if said.WriteString(item.Refused); err != nil {
					said.WriteString(err.Error())
				}
			}
			refused := said.String()
			if refused == "" || strings.Contains(refused, secret) {
				t.Errorf("Read(%q): %q, want a refusal without %s", file, refused, secret)
			}
		})
	}
}
