package manifest

import (
	"bytes"
	"encoding/json"
	"strconv"
	"strings"
	"unicode/utf8"

	"mapfleet/functions/job"
)

// lineReader reads JSON Lines.
type lineReader struct {
	source source
	scope  Scope
}

func (r *lineReader) Next() (Entry, error) {
	line, err := r.source.nextFilled()
	if err != nil {
		return Entry{}, err
	}
	return parseElement(line, r.source.place(), r.scope)
}

const element = `a string, or an object with at least a "Key"; "Size", if there, a number of bytes, and "LastModified" a date`

// parseElement reads one line of JSON Lines or one element of an array: a key, or an object in one of
// the shapes that job.Item knows.
func parseElement(raw []byte, at place, scope Scope) (Entry, error) {
	raw = bytes.TrimSpace(raw)
	if !utf8.Valid(raw) {
		return Entry{}, at.refuse(raw, "UTF-8, as all keys are: save the list in that encoding")
	}
	if len(raw) > 0 && raw[0] == '"' {
		e := Entry{Item: job.Item{Size: -1}}
		if err := json.Unmarshal(raw, &e.Item.Key); err != nil {
			return e, at.refuse(raw, element)
		}
		if halved(raw, e.Item.Key) {
			return e, at.refuse(raw, pairs)
		}
		return e, scope.allows(at, raw, "", e)
	}
	var e Entry
	switch {
	case len(raw) == 0 || raw[0] != '{' || json.Unmarshal(raw, &e.Item) != nil:
		return e, at.refuse(raw, element)
	case halved(raw, e.Item.Key):
		return e, at.refuse(raw, pairs)
	case hasTwoKeys(raw):
		return e, at.refuse(raw, `one member "Key" an object`)
	}
	more, refused := parseVersion(raw)
	if refused != "" {
		return e, at.refuse(raw, refused)
	}
	e.Left = more.left()
	return e, scope.allows(at, raw, more.Bucket, e)
}

const pairs = `\\ud800 to \\udfff in pairs, a character each`

// halved says whether a key was read as another than what was written: JSON may escape half a character,
// which package json replaces.
func halved(raw []byte, key string) bool {
	return strings.Contains(key, "\uFFFD") && !bytes.Contains(raw, []byte("\uFFFD")) && !bytes.Contains(bytes.ToLower(raw), []byte(`\ufffd`))
}

// hasTwoKeys says whether an object names two keys, of which package json would take the last. A look at
// the bytes spares most lists a second parse.
func hasTwoKeys(object []byte) bool {
	n := 0
	for _, name := range []string{`"Key"`, `"key"`, `"KEY"`} {
		n += bytes.Count(object, []byte(name))
	}
	if n < 2 {
		return false
	}
	n = 0
	members := json.NewDecoder(bytes.NewReader(object))
	_, err := members.Token() // the brace
	for err == nil && members.More() {
		var name json.Token
		if name, err = members.Token(); err != nil {
			break
		}
		if text, ok := name.(string); ok && strings.EqualFold(text, "key") {
			n++
		}
		var value json.RawMessage
		err = members.Decode(&value)
	}
	return n > 1
}

// version is what an object may say beside its item: its bucket, and whether it is what the bucket now
// holds under the key.
type version struct {
	Bucket         string
	IsLatest       json.RawMessage
	IsDeleteMarker json.RawMessage

	old, deleted bool
}

// parseVersion reads the members of a version. Few lists have them: a look at the bytes spares all
// others a second parse.
func parseVersion(raw []byte) (v version, refused string) {
	if !bytes.Contains(raw, []byte("ucket")) && !bytes.Contains(raw, []byte("UCKET")) && !bytes.Contains(raw, []byte("sLatest")) && !bytes.Contains(raw, []byte("sDeleteMarker")) {
		return v, ""
	}
	if json.Unmarshal(raw, &v) != nil {
		return v, `"Bucket", if there, a string`
	}
	return v, v.flags(strings.Trim(string(v.IsLatest), `"`), strings.Trim(string(v.IsDeleteMarker), `"`))
}

// flags reads isLatest and isDeleteMarker as S3 Inventory writes them; "" and "null" are not given.
func (v *version) flags(isLatest, isDeleteMarker string) (refused string) {
	for _, flag := range []struct {
		name, text string
		when       bool
		target     *bool
	}{{"IsLatest", isLatest, false, &v.old}, {"IsDeleteMarker", isDeleteMarker, true, &v.deleted}} {
		if flag.text == "" || flag.text == "null" {
			continue
		}
		value, err := strconv.ParseBool(flag.text)
		if err != nil {
			return `"` + flag.name + `", if there, true or false`
		}
		*flag.target = value == flag.when
	}
	return ""
}

func (v version) left() string {
	switch {
	case v.old:
		return job.LeftOldVersion
	case v.deleted:
		return job.LeftDeleted
	}
	return ""
}
