package manifest

import (
	"fmt"
	"slices"
	"strings"
)

// csvReader reads a CSV whose first record may say what its columns are. Without such a header it holds
// keys and nothing else, one a line, or it is laid out as for S3 Batch Operations, with the source bucket
// in the first column: bucket, key and maybe a version, the key URL-encoded. Several columns whose
// meaning nobody tells are refused: a key with a comma in it, not quoted, would be taken for a shorter one.
type csvReader struct {
	records records
	scope   Scope
	layout  *layout // nil before the first record
}

func (r *csvReader) Next() (Entry, error) {
	record, err := r.records.next()
	if err != nil {
		return Entry{}, err
	}
	if r.layout == nil {
		var header bool
		if r.layout, header, err = guessLayout(record, r.scope); err != nil {
			return Entry{}, err
		}
		if header {
			return r.Next()
		}
	}
	return r.layout.entry(record, r.scope)
}

// guessLayout tells from the first record what the columns are, and whether it is a header.
func guessLayout(first record, scope Scope) (l *layout, header bool, err error) {
	names := make([]column, len(first.fields))
	known := 0
	for i, field := range first.fields {
		if names[i] = columnOf(string(field)); names[i] != columnOther {
			known++
		}
	}
	switch {
	case slices.Contains(names, columnKey):
		l, refused := newLayout(names, false)
		if refused != "" {
			return nil, false, first.at.end(first.raw, refused)
		}
		return l, true, nil
	case known > 0 && known == len(names):
		return nil, false, first.at.end(first.raw, `a header with a column "key"`)
	case len(first.fields) == 1 && separatedOtherwise(first.raw):
		return nil, false, first.at.end(first.raw, "columns with commas between them")
	case len(first.fields) == 1:
		return &layout{columns: []column{columnKey}}, false, nil
	case string(first.fields[0]) == scope.Bucket:
		columns := make([]column, len(first.fields))
		columns[0], columns[1] = columnBucket, columnKey
		return &layout{columns: columns, encoded: true}, false, nil
	}
	return nil, false, first.at.end(first.raw, fmt.Sprintf(
		`one column of keys (those with a comma in quotes), or a header that names the column "key", or the columns of S3 Batch Operations: %s, then the key`, scope.Bucket))
}

// separatedOtherwise says whether a header has semicolons or tabs between its columns.
func separatedOtherwise(line []byte) bool {
	for _, separator := range []string{";", "\t"} {
		for name := range strings.SplitSeq(string(line), separator) {
			if columnOf(strings.Trim(strings.TrimSpace(name), `"`)) == columnKey {
				return true
			}
		}
	}
	return false
}
