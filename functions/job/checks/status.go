package checks

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"

	"mapfleet/functions/job/fields"
)

// Status is an HTTP status that will do, 200 to 599, or a whole class of them, 2 to 5. Its JSON is the
// number 204, or the text "2xx".
type Status int

// Holds says whether an answer's status is this one, or of this class.
func (s Status) Holds(status int) bool {
	return int(s) == status || int(s) == status/100
}

func (s Status) String() string {
	if s < 10 {
		return strconv.Itoa(int(s)) + "xx"
	}
	return strconv.Itoa(int(s))
}

// MarshalJSON writes a number or a class.
func (s Status) MarshalJSON() ([]byte, error) {
	if s < 10 {
		return strconv.AppendQuote(nil, s.String()), nil
	}
	return strconv.AppendInt(nil, int64(s), 10), nil
}

// UnmarshalJSON reads a number from 200 to 599 or a class from "2xx" to "5xx", in any case.
func (s *Status) UnmarshalJSON(data []byte) error {
	if status, err := strconv.Atoi(string(data)); err == nil && status >= 200 && status <= 599 {
		*s = Status(status)
		return nil
	}
	var text string
	if json.Unmarshal(data, &text) == nil && len(text) == 3 && text[0] >= '2' && text[0] <= '5' && strings.EqualFold(text[1:], "xx") {
		*s = Status(text[0] - '0')
		return nil
	}
	return fmt.Errorf("read status %s: it is neither a number from 200 to 599 nor a class such as \"2xx\"", fields.Clip(data))
}

// wanted lists statuses for a message.
func wanted(statuses []Status) string {
	words := make([]string, len(statuses))
	for i, s := range statuses {
		words[i] = s.String()
	}
	return strings.Join(words, " or ")
}

// StatusHolds says whether an answer's status is as expected, and if not, why in words.
func (e Expect) StatusHolds(status int) (ok bool, why string) {
	for _, s := range e.Status {
		if s.Holds(status) {
			return true, ""
		}
	}
	return false, fmt.Sprintf("status %d, want %s", status, wanted(e.Status))
}
