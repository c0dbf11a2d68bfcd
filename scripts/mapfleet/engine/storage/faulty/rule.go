package faulty

import (
	"encoding/binary"
	"fmt"
	"hash/fnv"
)

// Randomly makes a share of all calls, 0 to 1, fail with one of faults. Which ones follows from seed, the
// call, and how often it has come: not from the order in which concurrent calls come in.
func Randomly(seed uint64, share float64, faults ...Fault) Rule {
	return func(c Call) Fault {
		hash := fnv.New64a()
		_ = binary.Write(hash, binary.BigEndian, seed)
		fmt.Fprintf(hash, "%s %s/%s %d", c.Method, c.Bucket, c.Key, c.Number)
		n := scatter(hash.Sum64())
		if float64(n>>11)/(1<<53) >= share {
			return None
		}
		return faults[int(scatter(n)%uint64(len(faults)))]
	}
}

// scatter makes neighbouring numbers differ in all their bits: the end of SplitMix64.
func scatter(x uint64) uint64 {
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
	x = (x ^ x>>27) * 0x94d049bb133111eb
	return x ^ x>>31
}

// Where makes every call fail with fault that match says yes to.
func Where(fault Fault, match func(Call) bool) Rule {
	return func(c Call) Fault {
		if match(c) {
			return fault
		}
		return None
	}
}
