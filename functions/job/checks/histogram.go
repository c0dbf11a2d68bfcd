package checks

import (
	"encoding/json"
	"fmt"
	"math"
	"math/bits"
	"slices"
	"time"

	"mapfleet/functions/job/fields"
)

// Histogram counts durations in fixed buckets, so that those of many workers add up to that of the run
// in constant memory. Its zero value is empty.
//
// Durations are whole microseconds v. Below 16 µs each has a bucket of its own; above, every power of
// two has 16 buckets of equal width: with e = bits.Len64(v) - 5 the bucket is 16e + (v >> e). A bucket is
// at most 1/16 wide of where it begins, so that a quantile is right within 3.2 %. One minute falls into
// bucket 364; the last bucket, 511, takes all from 9.2 hours up.
type Histogram struct {
	Count   int64
	Sum     time.Duration
	Max     time.Duration // exact
	Buckets []int64       // by bucket number, as far as there are any
}

const lastBucket = 511

func bucketOf(d time.Duration) int {
	v := uint64(max(0, d.Microseconds()))
	if v < 16 {
		return int(v)
	}
	e := bits.Len64(v) - 5
	return min(16*e+int(v>>e), lastBucket)
}

// bucketMiddle returns the duration that stands for a bucket.
func bucketMiddle(bucket int) time.Duration {
	if bucket < 16 {
		return time.Duration(bucket) * time.Microsecond
	}
	e := bucket/16 - 1
	low := int64(bucket-16*e) << e
	return time.Duration(low)*time.Microsecond + time.Duration(int64(1)<<e-1)*time.Microsecond/2
}

// BucketStart returns the shortest duration of a bucket.
func BucketStart(bucket int) time.Duration {
	if bucket < 16 {
		return time.Duration(bucket) * time.Microsecond
	}
	e := bucket/16 - 1
	return time.Duration(bucket-16*e) << e * time.Microsecond
}

// Add counts one duration.
func (h *Histogram) Add(d time.Duration) {
	h.add(bucketOf(d), 1)
	h.Count++
	h.Sum += d
	h.Max = max(h.Max, d)
}

func (h *Histogram) add(bucket int, n int64) {
	if missing := bucket + 1 - len(h.Buckets); missing > 0 {
		h.Buckets = append(h.Buckets, make([]int64, missing)...)
	}
	h.Buckets[bucket] += n
}

// Merge adds what another has counted.
func (h *Histogram) Merge(o Histogram) {
	for bucket, n := range o.Buckets {
		if n > 0 {
			h.add(bucket, n)
		}
	}
	h.Count += o.Count
	h.Sum += o.Sum
	h.Max = max(h.Max, o.Max)
}

// Quantile returns the duration that the share q of all, 0 to 1, does not exceed: the middle of its
// bucket. It is 0 if there are none.
func (h *Histogram) Quantile(q float64) time.Duration {
	rank := max(1, int64(math.Ceil(q*float64(h.Count))))
	for bucket, n := range h.Buckets {
		if rank -= n; rank <= 0 {
			return min(bucketMiddle(bucket), h.Max)
		}
	}
	return h.Max
}

// Mean returns the average, 0 if there are none.
func (h *Histogram) Mean() time.Duration {
	if h.Count == 0 {
		return 0
	}
	return h.Sum / time.Duration(h.Count)
}

// IsZero says whether nothing is counted.
func (h Histogram) IsZero() bool { return h.Count == 0 }

// histogramJSON has microseconds, and [bucket, count] for each bucket that holds something.
type histogramJSON struct {
	Sum     int64      `json:"sum"`
	Max     int64      `json:"max"`
	Buckets [][2]int64 `json:"buckets"`
}

// MarshalJSON writes {"sum":…,"max":…,"buckets":[[number,count],…]}, durations in microseconds.
func (h Histogram) MarshalJSON() ([]byte, error) {
	raw := histogramJSON{Sum: h.Sum.Microseconds(), Max: h.Max.Microseconds(), Buckets: [][2]int64{}}
	for bucket, n := range h.Buckets {
		if n > 0 {
			raw.Buckets = append(raw.Buckets, [2]int64{int64(bucket), n})
		}
	}
	return json.Marshal(raw)
}

// UnmarshalJSON reads what MarshalJSON writes.
func (h *Histogram) UnmarshalJSON(data []byte) error {
	var raw histogramJSON
	if err := json.Unmarshal(data, &raw); err != nil {
		return fmt.Errorf("read histogram %s: %w", fields.Clip(data), err)
	}
	read := Histogram{Sum: time.Duration(raw.Sum) * time.Microsecond, Max: time.Duration(raw.Max) * time.Microsecond}
	for _, b := range raw.Buckets {
		if b[0] < 0 || b[0] > lastBucket || b[1] < 0 {
			return fmt.Errorf("read histogram: %d in bucket %d; buckets go from 0 to %d", b[1], b[0], lastBucket)
		}
		read.add(int(b[0]), b[1])
		read.Count += b[1]
	}
	*h = read
	return nil
}

// Clone returns a copy that shares nothing with h.
func (h Histogram) Clone() Histogram {
	h.Buckets = slices.Clone(h.Buckets)
	return h
}
