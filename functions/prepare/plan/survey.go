package plan

import (
	"mapfleet/functions/cost"
	"mapfleet/functions/job"
)

// The codes that workers give to what they need not fetch, as package batch has them.
const (
	ignoredEmpty   = "Empty"
	ignoredFilter  = "Filtered"
	failedArchived = "Archived"
)

// assumedBytes is the size of an object that does not tell its own: a JPEG of 12 megapixels.
const assumedBytes = 2_800_000

// survey counts items by what a worker would do with them. Its size does not depend on how many.
type survey struct {
	filter job.Filter
	cut    bool // the time was over before the items were
	lists  int  // LIST requests that were made

	items, unknownSizes, unknownETags int
	bytes                             int64
	empty, filtered, archived         int
	piles                             cost.Piles // to be fetched and written
	classes                           map[string]cost.Pile
}

// add counts an item, in the order in which a worker looks at it.
func (s *survey) add(item job.Item) {
	s.items++
	if item.Size > 0 {
		s.bytes += item.Size
	}
	switch {
	case item.Placeholder():
		s.empty++
		return
	case !s.filter.Passes(item):
		s.filtered++
		return
	case item.Archived():
		s.archived++
		return
	}
	size := item.Size
	if size < 0 {
		s.unknownSizes++
		size = assumedBytes
	}
	if item.ETag == "" {
		s.unknownETags++
	}
	s.piles.Add(cost.KindOf(item.Key), size)
	if class := item.StorageClass; class != "" && class != "STANDARD" {
		if s.classes == nil {
			s.classes = map[string]cost.Pile{}
		}
		if p, known := s.classes[class]; known || len(s.classes) < maxClasses {
			s.classes[class] = cost.Pile{Items: p.Items + 1, Bytes: p.Bytes + size}
		}
	}
}

// maxClasses bounds the storage classes that are told apart: a manifest may name any.
const maxClasses = 20

// merge counts another survey, of other items, into s.
func (s *survey) merge(o survey) {
	s.cut = s.cut || o.cut
	s.lists += o.lists
	s.items += o.items
	s.unknownSizes += o.unknownSizes
	s.unknownETags += o.unknownETags
	s.bytes += o.bytes
	s.empty += o.empty
	s.filtered += o.filtered
	s.archived += o.archived
	for kind, pile := range o.piles {
		s.piles[kind] = sum(s.piles[kind], pile)
	}
	for class, pile := range o.classes {
		if s.classes == nil {
			s.classes = map[string]cost.Pile{}
		}
		s.classes[class] = sum(s.classes[class], pile)
	}
}

func sum(a, b cost.Pile) cost.Pile {
	return cost.Pile{Items: a.Items + b.Items, Bytes: a.Bytes + b.Bytes}
}
