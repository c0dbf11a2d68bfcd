package main

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// serve answers every request with a status and a body, and returns its address.
func serve(t *testing.T, status int, body string) string {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/index/db.json" {
			t.Errorf("%s was asked for", r.URL.Path)
		}
		w.WriteHeader(status)
		_, _ = io.WriteString(w, body)
	}))
	t.Cleanup(server.Close)
	return server.URL
}

func TestRun(t *testing.T) {
	const index = `{"modified":"2026-11-20T10:00:00Z"}`
	folder := t.TempDir()
	if err := os.Mkdir(filepath.Join(folder, "index"), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(folder, "index", "db.json"), []byte(index), 0o644); err != nil {
		t.Fatal(err)
	}
	gone := httptest.NewServer(nil)
	gone.Close()

	clean := func(context.Context, io.Writer, string) error { return nil }
	never := func(context.Context, io.Writer, string) error { t.Error("it was scanned"); return nil }
	vulnerable := errors.New("the code reaches the vulnerabilities above")
	for _, test := range []struct {
		name, database string
		scan           func(context.Context, io.Writer, string) error
		prints         string
		want           error
	}{
		{"nothing is found", serve(t, 200, index), clean, "none known", nil},
		{"nothing is found, by a database in a folder", "file://" + folder, clean, "none known", nil},
		{"something is found", serve(t, 200, index), func(context.Context, io.Writer, string) error { return vulnerable }, "", vulnerable},
		{"there is no network", gone.URL, never, "NOT CHECKED: the database http://127.0.0.1", nil},
		{"a proxy answers in its place", serve(t, 200, "<html>Sign in</html>"), never, "NOT CHECKED", nil},
		{"a proxy answers JSON in its place", serve(t, 200, "{}"), never, "its index has no time", nil},
		{"the database is refused", serve(t, 403, "{}"), never, "403 Forbidden", nil},
		{"the folder is not there", "file:///nowhere", never, "NOT CHECKED", nil},
		{"govulncheck cannot be had", serve(t, 200, index), func(context.Context, io.Writer, string) error { return unchecked{errors.New("go install: offline")} },
			"NOT CHECKED: go install: offline", nil},
	} {
		t.Run(test.name, func(t *testing.T) {
			var out strings.Builder
			err := run(t.Context(), &out, test.database, test.scan)
			if !errors.Is(err, test.want) || (err == nil) != (test.want == nil) {
				t.Errorf("run = %v, want %v", err, test.want)
			}
			if !strings.Contains(out.String(), test.prints) || test.prints == "" && out.String() != "" {
				t.Errorf("it printed %q, want %q", out.String(), test.prints)
			}
			if strings.Contains(out.String(), "none known") && strings.Contains(out.String(), "NOT CHECKED") {
				t.Errorf("it claims to have passed: %q", out.String())
			}
		})
	}
}

func TestDatabase(t *testing.T) {
	if got := database(func(string) string { return "" }); got != "https://vuln.go.dev" {
		t.Errorf("database by default: %s", got)
	}
	if got := database(func(name string) string { return "of " + name }); got != "of GOVULNDB" {
		t.Errorf("database by the environment: %s", got)
	}
}
