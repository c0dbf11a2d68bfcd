package asl

import (
	"context"
	"fmt"
)

// pageItems is how many items files and arrays hand on at once.
const pageItems = 1000

// place is how far a source has been read.
type place struct {
	Items int    `json:"upTo"`            // how many items lie before it
	Token string `json:"token,omitempty"` // of a listing: leads to the next page
	Sum   uint64 `json:"sum,omitempty"`   // of a file: hash of the items before it
	Last  bool   `json:"last,omitempty"`  // nothing lies behind it
}

// source yields items from a place on, a page at a time and with the place behind it, until yield
// returns false. It returns why it could not go on.
type source func(ctx context.Context, from place, yield func(items []any, upTo place) bool) error

func sliceSource(items []any) source {
	return func(_ context.Context, from place, yield func([]any, place) bool) error {
		for at := from.Items; at < len(items); {
			page := items[at:min(at+pageItems, len(items))]
			at += len(page)
			if !yield(page, place{Items: at}) {
				return nil
			}
		}
		return nil
	}
}

// atMost ends a source after n items.
func atMost(read source, n int) source {
	return func(ctx context.Context, from place, yield func([]any, place) bool) error {
		if from.Items >= n {
			return nil
		}
		return read(ctx, from, func(items []any, upTo place) bool {
			if over := upTo.Items - n; over >= 0 {
				items, upTo = items[:len(items)-over], place{Items: n, Last: true}
			}
			return yield(items, upTo) && !upTo.Last
		})
	}
}

// listSource follows every page of a listing.
func listSource(objects Objects, bucket, prefix string) source {
	return func(ctx context.Context, from place, yield func([]any, place) bool) error {
		for at := from; !at.Last; {
			items, next, err := objects.List(ctx, bucket, prefix, at.Token)
			if err != nil {
				return fmt.Errorf("list s3://%s/%s: %w", bucket, prefix, err)
			}
			list, err := plain(items)
			if err != nil {
				return fmt.Errorf("list s3://%s/%s: %w", bucket, prefix, err)
			}
			before := at.Token
			at = place{Items: at.Items + len(items), Token: next, Last: next == ""}
			if items, _ := list.([]any); !yield(items, at) {
				return nil
			}
			if !at.Last && at.Token == before {
				return fmt.Errorf("list s3://%s/%s: the listing does not advance", bucket, prefix)
			}
		}
		return nil
	}
}
