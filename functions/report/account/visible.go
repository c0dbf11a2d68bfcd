package account

import (
	"fmt"
	"strings"
	"unicode"
)

// visible writes control characters, and those that turn the direction of text, as their code points:
// a key may hold anything, and must look like what it is. Escaping for HTML is the template's work.
func visible(text string) string {
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

// short is visible, cut in its middle if it is very long.
func short(key string) string { return middle(visible(key), 160) }

func hidden(r rune) bool { return unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r) }
