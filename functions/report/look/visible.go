package look

import (
	"fmt"
	"strings"
	"unicode"
)

// Visible writes control characters, and those that turn the direction of text, as their code points:
// a key may hold anything, and must look like what it is. Escaping for HTML is the template's work.
func Visible(text string) string {
	if !strings.ContainsFunc(text, hidden) {
		return text
	}
	var shown strings.Builder
	for _, r := range text {
		if hidden(r) {
			fmt.Fprintf(&shown, "⟨U+%04X⟩", r)
			continue
		}
		shown.WriteRune(r)
	}
	return shown.String()
}

// Short is visible, cut in its middle if it is very long.
func Short(key string) string { return Middle(Visible(key), 160) }

func hidden(r rune) bool { return unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r) }
