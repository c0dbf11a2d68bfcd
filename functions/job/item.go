package job

import (
	"encoding/json"
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"

	"mapfleet/functions/job/fields"
)

// Item is one object to work on. It reads every shape in which AWS names an object (the listing of a
// Distributed Map, an S3 Inventory line, a line of a manifest or of failures.jsonl), and writes the
// listing's shape. Members that it does not know are ignored: AWS adds some now and then.
type Item struct {
	Key          string
	ETag         string    // without quotes; empty if unknown
	Size         int64     // bytes; -1 if unknown
	LastModified time.Time // zero if unknown
	StorageClass string    // empty if unknown
}

// Archived says whether the object must be restored before it can be read.
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/storage-class-intro.html
func (i Item) Archived() bool {
	return i.StorageClass == "GLACIER" || i.StorageClass == "DEEP_ARCHIVE"
}

// Placeholder says whether the item is an empty object or a folder that a console made: nothing to
// make a picture of.
func (i Item) Placeholder() bool { return i.Size == 0 || strings.HasSuffix(i.Key, "/") }

// itemJSON has the listing's member names. Go matches them without regard to case, which covers key,
// etag, ETag and so on.
type itemJSON struct {
	Key          string          `json:"Key"`
	ETag         string          `json:"Etag,omitzero"`
	Size         json.RawMessage `json:"Size,omitzero"`
	LastModified json.RawMessage `json:"LastModified,omitzero"`
	StorageClass string          `json:"StorageClass,omitzero"`
}

// UnmarshalJSON accepts a size as number or string, a date as epoch seconds or ISO 8601, and an ETag
// with or without its quotes.
func (i *Item) UnmarshalJSON(data []byte) error {
	var raw itemJSON
	if err := json.Unmarshal(data, &raw); err != nil {
		return fmt.Errorf("read item %s: %w", fields.Clip(data), err)
	}
	if raw.Key == "" {
		return fmt.Errorf("read item %s: no Key", fields.Clip(data))
	}
	var err error
	*i, err = ParseItem(raw.Key, raw.ETag, given(raw.Size), given(raw.LastModified), raw.StorageClass)
	return err
}

// given returns the text of a JSON number or string, and nothing for null.
func given(raw json.RawMessage) string {
	if string(raw) == "null" {
		return ""
	}
	return strings.Trim(string(raw), `"`)
}

// ParseItem reads an item from texts, of which all but the key may be empty: the ETag with or without its
// quotes, the size in bytes, the date as epoch seconds, ISO 8601, or 2006-01-02 15:04:05 in UTC.
func ParseItem(key, etag, size, modified, class string) (Item, error) {
	i := Item{Key: key, ETag: strings.Trim(etag, `"`), Size: -1, StorageClass: class}
	if size != "" {
		n, err := strconv.ParseFloat(size, 64)
		if err != nil || !(n >= 0 && n <= maxSize) || n != math.Trunc(n) {
			return i, fmt.Errorf("read item %q: Size %q is not a number of bytes", key, fields.Clip([]byte(size)))
		}
		i.Size = int64(n)
	}
	if modified != "" {
		t, err := parseMoment(modified)
		if err != nil {
			return i, fmt.Errorf("read item %q: LastModified %q is not a date", key, fields.Clip([]byte(modified)))
		}
		i.LastModified = t
	}
	return i, nil
}

// The bounds of what an item may tell: sizes that a float64 holds exactly, seconds up to the year 9999.
const (
	maxSize    = 1 << 53
	maxSeconds = 253402300799
)

func parseMoment(text string) (time.Time, error) {
	if seconds, err := strconv.ParseFloat(text, 64); err == nil {
		if !(math.Abs(seconds) <= maxSeconds) {
			return time.Time{}, fmt.Errorf("%s is beyond the year 9999", text)
		}
		whole, fraction := math.Modf(seconds)
		return time.Unix(int64(whole), int64(math.Round(fraction*1e3))*1e6).UTC(), nil
	}
	if t, err := time.Parse(time.DateTime, text); err == nil {
		return t, nil
	}
	return time.Parse(time.RFC3339, text)
}

// MarshalJSON writes the listing's shape, unknown members left out.
func (i Item) MarshalJSON() ([]byte, error) {
	raw := itemJSON{Key: i.Key, StorageClass: i.StorageClass}
	if i.ETag != "" {
		raw.ETag = `"` + i.ETag + `"`
	}
	if i.Size >= 0 {
		raw.Size = strconv.AppendInt(nil, i.Size, 10)
	}
	if !i.LastModified.IsZero() {
		raw.LastModified = strconv.AppendFloat(nil, float64(i.LastModified.UnixMilli())/1e3, 'f', -1, 64)
	}
	return marshal(raw)
}
