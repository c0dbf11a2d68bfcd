package job

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"mapfleet/functions/job/fields"
)

// Filter narrows a listing or a manifest. Its zero value lets everything pass.
type Filter struct {
	// Suffixes are the endings that pass, without regard to case; empty: all.
	Suffixes []string `json:"suffixes,omitzero"`
	// MinBytes and MaxBytes bound the object's size; MaxBytes 0 is no bound.
	MinBytes int64 `json:"minBytes,omitzero"`
	MaxBytes int64 `json:"maxBytes,omitzero"`
	// ModifiedAfter and ModifiedBefore bound when the object was last written; zero is no bound.
	ModifiedAfter  time.Time `json:"modifiedAfter,omitzero"`
	ModifiedBefore time.Time `json:"modifiedBefore,omitzero"`
}

// Passes says whether the filter lets item through. What an item does not tell (an explicit key has
// neither size nor date) cannot stop it.
func (f Filter) Passes(item Item) bool {
	switch {
	case len(f.Suffixes) > 0 && !slices.ContainsFunc(f.Suffixes, func(suffix string) bool {
		return strings.HasSuffix(strings.ToLower(item.Key), strings.ToLower(suffix))
	}):
		return false
	case item.Size >= 0 && (item.Size < f.MinBytes || f.MaxBytes > 0 && item.Size > f.MaxBytes):
		return false
	case item.LastModified.IsZero():
		return true
	case !f.ModifiedAfter.IsZero() && !item.LastModified.After(f.ModifiedAfter):
		return false
	case !f.ModifiedBefore.IsZero() && !item.LastModified.Before(f.ModifiedBefore):
		return false
	}
	return true
}

func parseFilter(path string, data []byte, problems *[]Problem) Filter {
	var filter Filter
	f := fields.Read(path, data, problems)
	if f.Raw == nil {
		return filter
	}
	switch endings := f.Texts("suffixes", &filter.Suffixes, `a list of endings such as ".jpg"`); {
	case endings && slices.Contains(filter.Suffixes, ""):
		f.Refuse("suffixes", f.Raw["suffixes"], `no empty ending: leave "suffixes" out to let every key pass`)
	case endings && len(f.Raw["suffixes"]) > maxSuffixesBytes:
		f.Refuse("suffixes", f.Raw["suffixes"], fmt.Sprintf("at most %d bytes of JSON", maxSuffixesBytes))
	}
	f.Whole64("minBytes", &filter.MinBytes, 0, math.MaxInt64)
	f.Whole64("maxBytes", &filter.MaxBytes, 1, math.MaxInt64)
	f.Moment("modifiedAfter", &filter.ModifiedAfter)
	f.Moment("modifiedBefore", &filter.ModifiedBefore)
	f.End()
	if filter.MaxBytes > 0 && filter.MaxBytes < filter.MinBytes {
		f.Refuse("maxBytes", f.Raw["maxBytes"], fmt.Sprintf("no less than minBytes, %d", filter.MinBytes))
	}
	if !filter.ModifiedAfter.IsZero() && !filter.ModifiedBefore.IsZero() && !filter.ModifiedBefore.After(filter.ModifiedAfter) {
		f.Refuse("modifiedBefore", f.Raw["modifiedBefore"], "a time after modifiedAfter")
	}
	return filter
}
