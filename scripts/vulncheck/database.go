package main

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"time"
)

// patience is how long the database may take to answer: who is offline shall not wait.
const patience = 5 * time.Second

// database returns where vulnerabilities are listed: GOVULNDB, as Go's other tools have it, or Go's own.
func database(getenv func(string) string) string {
	return cmp.Or(getenv("GOVULNDB"), "https://vuln.go.dev")
}

// reach is an unchecked if the database does not answer as one: what answers in its place, a proxy's page,
// would end in a failure that is nobody's fault.
// https://go.dev/doc/security/vuln/database#api
func reach(ctx context.Context, database string) error {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	modified, err := index(ctx, database)
	if err == nil && modified.IsZero() {
		err = errors.New("its index has no time")
	}
	if err != nil {
		return unchecked{fmt.Errorf("the database %s does not answer: %w", database, err)}
	}
	return nil
}

// index returns when the database was changed last.
func index(ctx context.Context, database string) (time.Time, error) {
	var head struct{ Modified time.Time }
	place, err := url.Parse(database)
	if err != nil {
		return head.Modified, err
	}
	if place.Scheme == "file" {
		data, err := os.ReadFile(filepath.Join(filepath.FromSlash(place.Path), "index", "db.json"))
		if err != nil {
			return head.Modified, err
		}
		err = json.Unmarshal(data, &head)
		return head.Modified, err
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, place.JoinPath("index", "db.json").String(), nil)
	if err != nil {
		return head.Modified, err
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return head.Modified, err
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		return head.Modified, errors.New(response.Status)
	}
	err = json.NewDecoder(response.Body).Decode(&head)
	return head.Modified, err
}
