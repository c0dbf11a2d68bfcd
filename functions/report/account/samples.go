package account

import (
	"crypto/sha256"
	"encoding/binary"
	"slices"

	"mapfleet/functions/job"
)

// maxSamples is how many pictures the report shows.
const maxSamples = 12

// samples chooses the pictures with the smallest hashes of their keys: the same ones whatever the
// order in which batches ended, and from all over the bucket.
type samples struct {
	chosen []job.Sample // by hash
	hashes []uint64
}

// offer considers a sample. Of one key, the variant that comes first by name is kept.
func (s *samples) offer(sample job.Sample) {
	digest := sha256.Sum256([]byte(sample.Key))
	hash := binary.BigEndian.Uint64(digest[:])
	at, found := slices.BinarySearch(s.hashes, hash)
	switch {
	case found:
		if sample.Variant < s.chosen[at].Variant {
			s.chosen[at] = sample
		}
	case at < maxSamples:
		s.hashes = slices.Insert(s.hashes, at, hash)
		s.chosen = slices.Insert(s.chosen, at, sample)
		s.hashes = s.hashes[:min(len(s.hashes), maxSamples)]
		s.chosen = s.chosen[:min(len(s.chosen), maxSamples)]
	}
}
