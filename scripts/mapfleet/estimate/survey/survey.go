// Package survey counts the objects that a run would go over, by what a worker would do with them, in
// memory that does not grow with how many there are. Its nouns: a Survey is what was counted; a class is
// how large an object is, within a fifth; a prefix is a part of the bucket for which S3 bounds requests;
// the order is which objects stand beside each other, and so share a batch.
package survey

import (
	"strings"

	"mapfleet/functions/cost"
	"mapfleet/functions/job"
	"mapfleet/functions/resize/batch"
)

// AssumedBytes is the size of an object that does not tell its own: a JPEG of 12 megapixels.
const AssumedBytes = 2_800_000

// Survey is what was counted. It is for one goroutine.
type Survey struct {
	Items, UnknownSizes, UnknownETags int
	Bytes                             int64 // of all items whose size is known
	KeyBytes                          int64 // of all keys

	Piles     cost.Piles           // to be fetched
	Classes   map[string]cost.Pile // of those, by storage class, where it is not STANDARD; at most maxClasses
	IgnoredBy map[string]int       // by the codes of workers
	FailedBy  map[string]int
	LeftOut   map[string]int // lines of a manifest that are no items, by the codes of package job

	NotNamed int // of Piles: no pictures by their names; workers look at the content
	TooLarge int // of Piles: larger than a worker fetches unless it is set up otherwise

	Largest Object
	Lists   int  // LIST requests that were made, or would be for a folder
	Lines   bool // counted from a manifest

	filter   job.Filter
	sizes    histogram
	order    order
	prefixes prefixes
}

// Object is one of those that were counted.
type Object struct {
	Key   string
	Bytes int64
}

// New returns a Survey of what passes a filter; the zero Filter lets all pass.
func New(filter job.Filter) *Survey {
	return &Survey{
		filter: filter, prefixes: newPrefixes(), order: order{blocks: maxBlocks},
		Classes: map[string]cost.Pile{}, IgnoredBy: map[string]int{}, FailedBy: map[string]int{}, LeftOut: map[string]int{},
	}
}

// maxClasses bounds the storage classes that are told apart: a manifest may name any.
const maxClasses = 20

// Add counts an item, in the order in which a run comes to it.
func (s *Survey) Add(item job.Item) {
	s.Items++
	s.KeyBytes += int64(len(item.Key))
	s.Bytes += max(item.Size, 0)
	switch {
	case item.Placeholder():
		s.skip(s.IgnoredBy, batch.IgnoredEmpty)
	case !s.filter.Passes(item):
		s.skip(s.IgnoredBy, batch.IgnoredFilter)
	case item.Archived():
		s.skip(s.FailedBy, batch.FailedArchived)
	default:
		s.fetch(item)
	}
}

// skip counts an item that a worker does not fetch.
func (s *Survey) skip(by map[string]int, code string) {
	by[code]++
	s.order.add(nothing, 0)
}

// fetch counts an item that a worker fetches.
func (s *Survey) fetch(item job.Item) {
	size := item.Size
	if size < 0 {
		s.UnknownSizes++
		size = AssumedBytes
	}
	if item.ETag == "" {
		s.UnknownETags++
	}
	if !job.NamedAsPicture(item.Key) {
		s.NotNamed++
	}
	if size > batch.DefaultMaxSourceBytes {
		s.TooLarge++
	}
	if size > s.Largest.Bytes {
		s.Largest = Object{strings.Clone(item.Key), size}
	}
	kind := cost.KindOf(item.Key)
	s.Piles.Add(kind, size)
	if c := item.StorageClass; c != "" && c != "STANDARD" {
		if p, known := s.Classes[c]; known || len(s.Classes) < maxClasses {
			s.Classes[c] = cost.Pile{Items: p.Items + 1, Bytes: p.Bytes + size}
		}
	}
	class := classOf(size, kind)
	s.sizes.add(class, size)
	prefix, moved := s.prefixes.add(item.Key)
	if moved != nil {
		s.order.move(moved)
	}
	s.order.add(class, prefix)
}

// Fetched is how many items are fetched, at most.
func (s *Survey) Fetched() int { return s.Piles.All().Items }
