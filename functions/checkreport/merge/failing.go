package merge

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io"
	"time"

	"mapfleet/functions/job/checks"
)

// failing is a line of failing.jsonl: a check that is not OK.
type failing struct {
	Line    int         `json:"line"`
	ID      string      `json:"id,omitzero"`
	URL     string      `json:"url,omitzero"`  // as it is shown
	Mark    string      `json:"mark,omitzero"` // identity.mark
	Code    checks.Code `json:"code"`
	Message string      `json:"message,omitzero"`
	Status  int         `json:"status,omitzero"`
	Since   time.Time   `json:"since"` // when it was first found so, without being OK since
}

func (f failing) identity() identity { return identity{f.ID, f.Mark} }

// size is about how many bytes of memory f takes.
func (f failing) size() int {
	return 200 + len(f.ID) + len(f.URL) + len(f.Mark) + len(f.Message)
}

// identity is what a check is known by in a file that was edited: its name, and a mark of what is asked,
// since a URL's query may be a secret.
type identity struct{ id, mark string }

// line is what matters here of an item.
type line struct {
	Line   int    `json:"line"`
	ID     string `json:"id"`
	URL    string `json:"url"`
	Method string `json:"method"` // empty: GET
	Given  string `json:"given"`  // of a line that was refused, as is
	Mark   string `json:"mark"`   // this
}

func (l line) identity() identity {
	switch {
	case l.Mark != "":
		return identity{l.ID, l.Mark}
	case l.Method != "":
		return identity{l.ID, mark(l.Method + " " + l.URL)}
	}
	return identity{l.ID, mark(l.URL)}
}

// shown is the URL of the line as the results have it: whole where it is one.
func (l line) shown() string { return cmp.Or(l.URL, l.Given) }

func mark(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:8])
}

// damaged says whether err means that a file is not what this package writes. A connection that breaks is
// another error.
func damaged(err error) bool {
	_, syntax := errors.AsType[*json.SyntaxError](err)
	_, shape := errors.AsType[*json.UnmarshalTypeError](err)
	return syntax || shape || errors.Is(err, io.ErrUnexpectedEOF)
}
