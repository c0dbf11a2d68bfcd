package manifest

import (
	"fmt"
	"net/url"
	"slices"
	"strings"

	"mapfleet/functions/job"
)

// column is what a column holds.
type column int

const (
	columnOther column = iota // nothing that matters here
	columnKey
	columnBucket
	columnSize
	columnETag
	columnModified
	columnClass
	columnIsLatest
	columnIsDeleteMarker
	columns
)

// columnOf tells a column by its name, as S3's listings, S3 Inventory and people write it.
func columnOf(name string) column {
	switch strings.NewReplacer("_", "", "-", "", " ", "").Replace(strings.ToLower(name)) {
	case "key":
		return columnKey
	case "bucket":
		return columnBucket
	case "size":
		return columnSize
	case "etag":
		return columnETag
	case "lastmodified", "lastmodifieddate":
		return columnModified
	case "storageclass":
		return columnClass
	case "islatest":
		return columnIsLatest
	case "isdeletemarker":
		return columnIsDeleteMarker
	}
	return columnOther
}

func (c column) String() string {
	return [columns]string{"another", "Key", "Bucket", "Size", "ETag", "LastModified", "StorageClass", "IsLatest", "IsDeleteMarker"}[c]
}

// layout says what the columns of a CSV are.
type layout struct {
	columns []column
	encoded bool // keys are URL-encoded
	// outside leaves out, instead of refusing, what lies outside the scope's prefix.
	outside bool
}

// newLayout refuses a column that is there twice.
func newLayout(names []column, encoded bool) (l *layout, refused string) {
	for i, c := range names {
		if c != columnOther && slices.Contains(names[:i], c) {
			return nil, fmt.Sprintf("each column once: there are two for %v", c)
		}
	}
	return &layout{columns: names, encoded: encoded}, ""
}

// entry reads one record.
func (l *layout) entry(r record, scope Scope) (Entry, error) {
	e := Entry{Item: job.Item{Size: -1}}
	if len(r.fields) != len(l.columns) {
		names := "the first line"
		if l.outside { // a list of an Inventory has no header
			names = "the Inventory's fileSchema"
		}
		return e, r.at.refuse(r.raw, fmt.Sprintf("as many columns as %s, %d; this one has %d (a field with a comma in it needs quotes)", names, len(l.columns), len(r.fields)))
	}
	var v version
	var given [columns]string
	for i, c := range l.columns {
		if c != columnOther {
			given[c] = string(r.fields[i])
		}
	}
	refused := v.flags(given[columnIsLatest], given[columnIsDeleteMarker])
	if l.encoded && refused == "" {
		given[columnKey], refused = decodeKey(given[columnKey])
	}
	if refused != "" {
		return e, r.at.refuse(r.raw, refused)
	}
	var err error
	if e.Item, err = job.ParseItem(given[columnKey], given[columnETag], given[columnSize], given[columnModified], given[columnClass]); err != nil {
		return e, r.at.refuse(r.raw, `a key, and in the columns, if there, "Size" a number of bytes and "LastModified" a date`)
	}
	if e.Left = v.left(); e.Left == "" && l.outside && !strings.HasPrefix(e.Item.Key, scope.Prefix) {
		e.Left = job.LeftOutside
	}
	return e, scope.allows(r.at, r.raw, given[columnBucket], e)
}

// decodeKey undoes what S3 Inventory and S3 Batch Operations do to keys (A52 and A53 of package asl): a
// space is +, and all that is special %XX.
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/storage-inventory.html
func decodeKey(encoded string) (key, refused string) {
	key, err := url.QueryUnescape(encoded)
	if err != nil {
		return "", "a URL-encoded key (a percent sign itself is %25): so they are in an Inventory, and in a CSV of buckets and keys without a header"
	}
	return key, ""
}
