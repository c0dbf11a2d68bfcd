package account

import (
	"bytes"
	_ "embed"
	"fmt"
	"html/template"

	"mapfleet/functions/job"
	"mapfleet/functions/report/look"
)

//go:embed report.gohtml
var reportTemplate string

// page is what report.html is made from: the fields, and the methods in view.go.
type page struct {
	Summary job.Summary
	Verdict string
	Plan    job.Plan
	Planned bool
	Notes   []string
	Gallery []exhibit

	ledger   *ledger
	timeline *timeline
}

// render returns the page: one file that loads nothing. Its own policy lets a browser apply the one
// style sheet in it and show data: pictures, and nothing else.
func (p page) render() ([]byte, error) {
	t, err := template.New("report").Funcs(look.Funcs()).Parse(reportTemplate)
	if err != nil {
		return nil, fmt.Errorf("parse the report's template: %w", err)
	}
	var out bytes.Buffer
	if err := t.Execute(&out, p); err != nil {
		return nil, fmt.Errorf("write the report: %w", err)
	}
	return out.Bytes(), nil
}
