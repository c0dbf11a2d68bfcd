package checks

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
)

// Item is one line of the input on its way to a worker: its check, or why there is none in it. As JSON
// it is one object: {"line":7, …} with the members that ParseCheck reads, defaults left out, or
// {"line":7,"id":…,"refused":…,"given":…,"mark":…}. A line that is refused becomes a Finding like any
// other: no line of a file goes without a word.
type Item struct {
	// Line is where the item stands in its file, and its identity: the number of the line it begins on
	// for CSV and JSON Lines, of the element for a JSON list, counted from 1.
	Line    int
	Check   Check
	Refused string // the problems of the line, in words; then Check has no more than an ID
	Given   string // of a refused line: what it gives as its URL, as it may be shown; empty where nobody can tell
	Mark    string // of a refused line: tells it from others, without what it holds; empty where it is too long to be read
}

// MaxItemBytes bounds an Item's JSON, so that each fits into a batch.
const MaxItemBytes = MaxLineBytes + 4<<10

// maxRefusedBytes bounds Item.Refused.
const maxRefusedBytes = 1 << 10

// maxGivenBytes bounds Item.Given.
const maxGivenBytes = 200

// newItem puts together what parsing a line gave. text is the line as it stands in its file, nil if it was
// not read.
func newItem(line int, text []byte, c Check, err error) Item {
	item := Item{Line: line, Check: c}
	if err == nil {
		data, wrong := item.MarshalJSON()
		if wrong == nil && len(data) <= MaxItemBytes {
			return item
		}
		err = refusal("the line", fmt.Sprintf("%d bytes of JSON", len(data)), fmt.Sprintf("at most %d", MaxItemBytes))
	}
	return Item{Line: line, Check: Check{ID: c.ID}, Refused: cut(err.Error(), maxRefusedBytes), Given: cut(masked(c.URL), maxGivenBytes), Mark: markOf(text)}
}

// markOf is of a line that nobody can tell by its URL.
func markOf(text []byte) string {
	if text == nil {
		return ""
	}
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:8])
}

type itemJSON struct {
	Line       int               `json:"line"`
	ID         string            `json:"id,omitzero"`
	Refused    string            `json:"refused,omitzero"`
	Given      string            `json:"given,omitzero"`
	Mark       string            `json:"mark,omitzero"`
	URL        string            `json:"url,omitzero"`
	Method     string            `json:"method,omitzero"`
	Headers    map[string]string `json:"headers,omitzero"`
	Body       string            `json:"body,omitzero"`
	Timeout    string            `json:"timeout,omitzero"`
	Retry      bool              `json:"retry,omitzero"`
	Redirects  Redirects         `json:"redirects,omitzero"`
	Connection Connection        `json:"connection,omitzero"`
	MaxBody    int64             `json:"maxBody,omitzero"`
	Expect     expectJSON        `json:"expect,omitzero"`
}

type expectJSON struct {
	Status       []Status `json:"status,omitempty"`
	MaxLatency   string   `json:"maxLatency,omitzero"`
	BodyContains string   `json:"bodyContains,omitzero"`
}

// IsZero says whether all is left out.
func (e expectJSON) IsZero() bool {
	return e.Status == nil && e.MaxLatency == "" && e.BodyContains == ""
}

// MarshalJSON writes the shape that is described at Item.
func (i Item) MarshalJSON() ([]byte, error) {
	if i.Refused != "" {
		return marshal(itemJSON{Line: i.Line, ID: i.Check.ID, Refused: i.Refused, Given: i.Given, Mark: i.Mark})
	}
	c := i.Check
	raw := itemJSON{
		Line: i.Line, ID: c.ID, URL: c.URL, Headers: c.Headers, Body: c.Body, Retry: c.Retry,
		Method: unless(c.Method, "GET"), Timeout: written(c.Timeout, DefaultTimeout),
		Redirects: unless(c.Redirects, RedirectsFollow), Connection: unless(c.Connection, ConnectionFresh), MaxBody: unless(c.MaxBody, DefaultMaxBody),
		Expect: expectJSON{MaxLatency: written(c.Expect.MaxLatency, 0), BodyContains: c.Expect.BodyContains},
	}
	if !slices.Equal(c.Expect.Status, usual(c.Redirects)) {
		raw.Expect.Status = c.Expect.Status
	}
	return marshal(raw)
}

func unless[T comparable](value, standard T) T {
	if value == standard {
		var zero T
		return zero
	}
	return value
}

func written(d, standard time.Duration) string {
	if d == standard {
		return ""
	}
	return d.String()
}

// UnmarshalJSON reads what MarshalJSON writes. An object with a line number is always an Item: what is
// wrong in the rest is Refused.
func (i *Item) UnmarshalJSON(data []byte) error {
	var raw map[string]json.RawMessage
	if err := json.Unmarshal(data, &raw); err != nil {
		return fmt.Errorf("read item: %w", err)
	}
	var known struct {
		Line    int    `json:"line"`
		Refused string `json:"refused"`
		Given   string `json:"given"`
		Mark    string `json:"mark"`
	}
	if err := json.Unmarshal(data, &known); err != nil || known.Line < 1 {
		return errors.New("read item: no line number from 1 up in it")
	}
	delete(raw, "line")
	if known.Refused == "" {
		c, err := parse(raw)
		*i = newItem(known.Line, nil, c, err)
		return nil
	}
	*i = Item{Line: known.Line, Refused: cut(known.Refused, maxRefusedBytes), Given: cut(known.Given, maxGivenBytes), Mark: known.Mark}
	_ = json.Unmarshal(raw["id"], &i.Check.ID) // a name that is none is no loss here
	return nil
}

// marshal writes JSON as Lambda does: <, > and & stand for themselves.
func marshal(v any) ([]byte, error) {
	var out bytes.Buffer
	encoder := json.NewEncoder(&out)
	encoder.SetEscapeHTML(false)
	err := encoder.Encode(v)
	return bytes.TrimSuffix(out.Bytes(), []byte("\n")), err
}

// cut shortens text to at most so many bytes, at a rune's end.
func cut(text string, most int) string {
	if len(text) <= most {
		return text
	}
	return strings.ToValidUTF8(text[:most], "")
}
