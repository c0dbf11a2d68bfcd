package manifest

import (
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode"
	"unicode/utf8"

	"mapfleet/functions/job"
)

// MaxEntryBytes bounds one line of a list, one record of a CSV, or one element of a JSON array, and with
// it the memory that a Reader takes.
const MaxEntryBytes = 64 << 10

// Scope is what the entries of a list may name: keys of one bucket that start with a prefix.
type Scope struct{ Bucket, Prefix string }

// Entry is one object of a list.
type Entry struct {
	Item job.Item
	// Left is empty for an object of the run. Else it is one of the Left codes of package job, and says
	// why an Inventory's line is none.
	Left string
}

// Bad is something wrong with a list. It is a sentence for whoever wrote the list.
type Bad struct {
	job.Problem
	// Last says that nothing can be read behind it.
	Last bool
}

func (b *Bad) Error() string { return b.Problem.String() }

// Reader reads a list.
type Reader interface {
	// Next returns the next entry, or io.EOF at the end. Behind a Bad that is not Last it may be called
	// again.
	Next() (Entry, error)
}

// NewReader reads list, which Unpack has unpacked, in a format; name stands for it in messages. A JSON
// list must be an array: IsInventory tells the other kind.
func NewReader(format job.ManifestFormat, list io.Reader, name string, scope Scope) Reader {
	switch format {
	case job.ManifestCSV:
		return &csvReader{records: records{source: newSource(list, name)}, scope: scope}
	case job.ManifestJSON:
		return newArrayReader(list, name, scope)
	default:
		return &lineReader{source: newSource(list, name), scope: scope}
	}
}

// ReadAll calls entry for each entry of r, until it returns an error, which ReadAll returns. It goes on
// behind bad lines, without entry, to name several at once: up to maxProblems of them are a
// job.InvalidInput. Any other error is that of reading.
func ReadAll(r Reader, entry func(Entry) error) error {
	var problems []job.Problem
	for {
		e, err := r.Next()
		bad, isBad := errors.AsType[*Bad](err)
		switch {
		case isBad:
			problems = append(problems, bad.Problem)
			if bad.Last || len(problems) == maxProblems {
				return job.InvalidInput{Problems: problems}
			}
		case err == io.EOF && problems != nil:
			return job.InvalidInput{Problems: problems}
		case err == io.EOF:
			return nil
		case err != nil:
			return err
		case problems == nil:
			if err := entry(e); err != nil {
				return err
			}
		}
	}
}

// maxProblems is how many wrong lines one refusal names.
const maxProblems = 10

// place is where something stands in a list.
type place struct {
	name string
	line int
	item int // of a JSON array, from 1; 0 elsewhere
}

func (p place) String() string {
	if p.item > 0 {
		return fmt.Sprintf("%s, line %d, item %d", p.name, p.line, p.item)
	}
	return fmt.Sprintf("%s, line %d", p.name, p.line)
}

// refuse says what is wrong at a place, and that reading can go on.
func (p place) refuse(given []byte, allowed string) *Bad {
	return &Bad{Problem: job.Problem{Field: p.String(), Given: clip(given), Allowed: allowed}}
}

// end is refuse where nothing can be read behind.
func (p place) end(given []byte, allowed string) *Bad {
	bad := p.refuse(given, allowed)
	bad.Last = true
	return bad
}

// allows checks that e, which stands at p as raw, is of the scope. bucket is empty where the list does
// not say. What is left out may lie outside the prefix.
func (s Scope) allows(p place, raw []byte, bucket string, e Entry) error {
	key := e.Item.Key
	switch {
	case bucket != "" && bucket != s.Bucket:
		return p.refuse(raw, "objects of the source bucket "+s.Bucket)
	case key == "" || len(key) > job.MaxKeyBytes || e.Left == "" && !strings.HasPrefix(key, s.Prefix):
		return p.refuse(raw, fmt.Sprintf("a key of 1 to %d bytes that starts with the deployment's prefix %q", job.MaxKeyBytes, s.Prefix))
	case !utf8.ValidString(key):
		return p.refuse(raw, "UTF-8, as all keys are: save the list in that encoding")
	case strings.Contains(key, "\x00"): // with one, all of a worker's batch would fail
		return p.refuse(raw, "a key without NUL, which no listing and no file system can hold")
	}
	return nil
}

// clip shortens what was given, for a message. What a terminal would obey is taken out.
func clip(given []byte) string {
	const most = 120
	text := strings.ToValidUTF8(strings.TrimSpace(string(given[:min(len(given), 4*most)])), "\uFFFD")
	text = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) && r != '\n' && r != '\t' {
			return '\uFFFD'
		}
		return r
	}, text)
	if text == "" {
		return "nothing"
	}
	if len(text) > most {
		return strings.ToValidUTF8(text[:most], "") + "…"
	}
	return text
}
