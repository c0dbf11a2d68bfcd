package account

import (
	"bytes"
	"crypto/sha256"
	_ "embed"
	"encoding/base64"
	"fmt"
	"html/template"
	"strings"

	"mapfleet/functions/job"
)

//go:embed report.gohtml
var reportTemplate string

//go:embed report.css
var reportStyle string

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
	t, err := template.New("report").Funcs(template.FuncMap{
		"count":    count[int],
		"size":     size,
		"date":     date,
		"duration": duration,
		"percent":  plainPercent,
		"prose":    prose,
		"visible":  visible,
		"short":    short,
		"upper":    strings.ToUpper,
		"style":    func() template.CSS { return template.CSS(reportStyle) },
		"policy":   policy,
	}).Parse(reportTemplate)
	if err != nil {
		return nil, fmt.Errorf("parse the report's template: %w", err)
	}
	var out bytes.Buffer
	if err := t.Execute(&out, p); err != nil {
		return nil, fmt.Errorf("write the report: %w", err)
	}
	return out.Bytes(), nil
}

// prose makes text a sentence in which no line ends before a percent sign.
func prose(text string) string {
	return strings.ReplaceAll(sentence(visible(text)), " %", "\u00a0%")
}

// policy returns the Content-Security-Policy as an element.
func policy() template.HTML {
	digest := sha256.Sum256([]byte(reportStyle))
	return template.HTML(`<meta http-equiv="Content-Security-Policy" content="default-src 'none'; img-src data:; style-src 'sha256-` +
		base64.StdEncoding.EncodeToString(digest[:]) + `'; base-uri 'none'; form-action 'none'">`)
}
