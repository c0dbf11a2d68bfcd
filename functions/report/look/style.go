// Package look is how reports look: their style sheet and the policy that lets a browser apply it, bars,
// and how numbers, times and foreign text are written.
package look

import (
	"crypto/sha256"
	_ "embed"
	"encoding/base64"
	"html/template"
	"strings"
)

//go:embed report.css
var style string

// Style returns the style sheet.
func Style() template.CSS { return template.CSS(style) }

// Funcs are the functions of this package that templates use.
func Funcs() template.FuncMap {
	return template.FuncMap{
		"count":    Count[int],
		"size":     Size,
		"date":     Date,
		"duration": Duration,
		"percent":  Percent,
		"prose":    Prose,
		"visible":  Visible,
		"short":    Short,
		"upper":    strings.ToUpper,
		"style":    Style,
		"policy":   Policy,
	}
}

// Prose makes text a sentence in which no line ends before a percent sign.
func Prose(text string) string {
	return strings.ReplaceAll(Sentence(Visible(text)), " %", "\u00a0%")
}

// Policy returns the Content-Security-Policy as an element.
func Policy() template.HTML {
	digest := sha256.Sum256([]byte(style))
	return template.HTML(`<meta http-equiv="Content-Security-Policy" content="default-src 'none'; img-src data:; style-src 'sha256-` +
		base64.StdEncoding.EncodeToString(digest[:]) + `'; base-uri 'none'; form-action 'none'">`)
}
