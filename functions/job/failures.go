package job

import (
	"bytes"
	"cmp"
	"encoding/json"
	"slices"
	"strings"
)

// Failure is one picture, or one variant of it, that could not be made. It can be read as an Item.
type Failure struct {
	Key     string `json:"key"`
	Variant string `json:"variant,omitzero"` // empty: all of them
	Code    string `json:"code"`
	Message string `json:"message"`
}

// Failures is a list of them. Its JSON is a list too; neighbours that tell no more than key and code,
// as Shrink leaves them, share one member {"keys":[…],"code":…}, which is never longer than the
// items' own JSON was.
type Failures []Failure

type failureJSON struct {
	Failure
	Keys []string `json:"keys"`
}

// MarshalJSON folds neighbours without variant and message.
func (f Failures) MarshalJSON() ([]byte, error) {
	list := make([]any, 0, len(f))
	for rest := f; len(rest) > 0; {
		first := rest[0]
		same := slices.IndexFunc(rest, func(o Failure) bool { return o != Failure{Key: o.Key, Code: first.Code} })
		if same < 0 {
			same = len(rest)
		}
		if same < 2 {
			list = append(list, first)
			rest = rest[1:]
			continue
		}
		keys := make([]string, same)
		for i, o := range rest[:same] {
			keys[i] = o.Key
		}
		list = append(list, struct {
			Keys []string `json:"keys"`
			Code string   `json:"code"`
		}{keys, first.Code})
		rest = rest[same:]
	}
	return marshal(list)
}

// UnmarshalJSON gives one Failure for every key.
func (f *Failures) UnmarshalJSON(data []byte) error {
	var list []failureJSON
	if err := json.Unmarshal(data, &list); err != nil {
		return err
	}
	*f = make(Failures, 0, len(list))
	for _, one := range list {
		if one.Keys == nil {
			*f = append(*f, one.Failure)
		}
		for _, key := range one.Keys {
			*f = append(*f, Failure{Key: key, Code: one.Code})
		}
	}
	return nil
}

// Shrink cuts messages, and then folds the failures of one item into one, until r's JSON has at most
// limit bytes. No item and no code of an item's first failure is lost, and one example of every code
// keeps its message: a batch of at most 96 KiB of items always fits into MaxResultBytes.
func (r *Result) Shrink(limit int) {
	for _, most := range []int{300, 120, 40} {
		if size(r) <= limit {
			return
		}
		if most == 40 {
			r.Done.Samples = nil
			r.Done.Failures = r.Done.Failures.onePerItem()
		}
		r.Done.Failures = r.Done.Failures.shorten(most)
	}
	if size(r) > limit {
		r.Done.Failures = r.Done.Failures.bare()
	}
}

// maxCauseBytes bounds the message of an error: Step Functions keeps 32,768 characters of a Cause, and
// quoting inside it may double the message's length.
const maxCauseBytes = 14 << 10

// NewBatchFailed returns the error for a batch of which t is the whole account. As many failures as
// its message can hold are in it; the report takes the items that are not from the child's input.
func NewBatchFailed(t Tally) BatchFailed {
	t.Samples = nil
	for _, most := range []int{300, 120, 40} {
		t.Failures = t.Failures.shorten(most)
		if size(t) <= maxCauseBytes {
			break
		}
	}
	if size(t) > maxCauseBytes {
		t.Failures = t.Failures.onePerItem().bare()
	}
	for size(t) > maxCauseBytes && len(t.Failures) > 0 {
		t.Failures = t.Failures[:len(t.Failures)*3/4]
	}
	data, _ := marshal(t)
	return BatchFailed{string(data)}
}

// Tally returns the account that NewBatchFailed put into the message.
func (e BatchFailed) Tally() (Tally, error) {
	var t Tally
	err := json.Unmarshal([]byte(e.Message), &t)
	return t, err
}

// shorten cuts every message to at most so many bytes.
func (f Failures) shorten(most int) Failures {
	short := slices.Clone(f)
	for i := range short {
		short[i].Message = cut(short[i].Message, most)
	}
	return short
}

// onePerItem keeps the first failure of each item, as a failure of all its variants if there are more.
func (f Failures) onePerItem() Failures {
	var one Failures
	for _, failure := range f {
		if n := len(one); n > 0 && one[n-1].Key == failure.Key {
			one[n-1].Variant = ""
			continue
		}
		one = append(one, failure)
	}
	return one
}

// bare sorts failures by code, and leaves no more than key and code of all but the first of each.
func (f Failures) bare() Failures {
	sorted := slices.SortedStableFunc(slices.Values(f), func(a, b Failure) int { return cmp.Compare(a.Code, b.Code) })
	for i := range sorted {
		if i == 0 || sorted[i].Code != sorted[i-1].Code {
			continue
		}
		sorted[i].Variant, sorted[i].Message = "", ""
	}
	return sorted
}

// cut shortens text to at most so many bytes, at a rune's end.
func cut(text string, most int) string {
	if len(text) <= most {
		return text
	}
	return strings.ToValidUTF8(text[:most], "")
}

// size is the length of v's JSON as Lambda returns it.
func size(v any) int {
	data, _ := marshal(v)
	return len(data)
}

// marshal writes JSON as Lambda does: <, > and & stand for themselves, which json.Marshal makes six
// bytes long.
func marshal(v any) ([]byte, error) {
	var out bytes.Buffer
	encoder := json.NewEncoder(&out)
	encoder.SetEscapeHTML(false)
	err := encoder.Encode(v)
	return bytes.TrimSuffix(out.Bytes(), []byte("\n")), err
}
