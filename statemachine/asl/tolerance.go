package asl

// assumedItems is how many items a Map Run is taken to have, at least, while they are still being
// read: one bad batch at the beginning is not yet 100 percent of a large run (A33).
const assumedItems = 1000

// tolerance is how many items of a Map Run may fail. Either limit fails the run; without any, the
// first failed item does (A32).
type tolerance struct {
	count      int64   // -1: none
	percentage float64 // -1: none
}

func toleranceFor(d *distributedMap, c *contextObject, input any) (t tolerance, err error) {
	count, err := d.count.in(input, c, -1)
	if err != nil {
		return t, err
	}
	percentage, err := d.percentage.in(input, c, -1)
	return tolerance{int64(count), percentage}, err
}

// exceeded reports whether failed items out of total are too many; listed says whether total is final.
func (t tolerance) exceeded(failed, total int64, listed bool) bool {
	if t.count < 0 && t.percentage < 0 {
		return failed > 0
	}
	if !listed {
		total = max(total, assumedItems)
	}
	return t.count >= 0 && failed > t.count ||
		t.percentage >= 0 && float64(failed)*100 > t.percentage*float64(total)
}
