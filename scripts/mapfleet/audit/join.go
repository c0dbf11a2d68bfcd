package audit

import "iter"

// match is one record of a join. Exactly one of its three meanings holds.
type match struct {
	record      record
	present     bool // wanted, and there
	missing     bool // wanted, but not there
	unexplained bool // there, but not wanted

	collides bool // wanted by another source before: the first one in the records' order has the key
}

// join goes over two sequences of sorted key records: what is wanted, where several may want one key, and
// what is there. An error of either ends it.
func join(wanted, there iter.Seq2[record, error]) iter.Seq2[match, error] {
	return func(yield func(match, error) bool) {
		next, stop := iter.Pull2(there)
		defer stop()
		at, err, more := next()
		claimed := false // at was wanted
		// advance goes on to the next that is there.
		advance := func() bool {
			if !claimed && !yield(match{record: at, unexplained: true}, nil) {
				return false
			}
			at, err, more = next()
			claimed = false
			return true
		}
		var first record // that wants the same key
		for w, failed := range wanted {
			if failed != nil {
				yield(match{}, failed)
				return
			}
			for more && err == nil && before(at, w) {
				if !advance() {
					return
				}
			}
			if err != nil {
				break
			}
			if !w.sameKey(first) {
				first = w
			}
			m := match{record: w, collides: !w.sameSource(first)}
			m.present = more && at.sameKey(w)
			m.missing = !m.present
			claimed = claimed || m.present
			if !yield(m, nil) {
				return
			}
		}
		for more && err == nil {
			if !advance() {
				return
			}
		}
		if err != nil {
			yield(match{}, err)
		}
	}
}

// before says whether a's key comes before b's.
func before(a, b record) bool { return !a.sameKey(b) && compareRecords(a, b) < 0 }
