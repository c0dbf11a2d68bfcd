package asl

// amount is a number that a state gives as X, or takes from its input as XPath.
type amount struct {
	field     string
	value     float64
	given     bool
	path      *path
	low, high float64
	whole     bool
}

// amount reads the pair name and namePath.
func (f *fields) amount(name string, low, high float64, whole bool) amount {
	f.exclusive(false, name, name+"Path")
	return f.amountAlone(name, low, high, whole)
}

// amountAlone is amount without the check of the pair, where more than the pair excludes another.
func (f *fields) amountAlone(name string, low, high float64, whole bool) amount {
	a := amount{field: name, low: low, high: high, whole: whole}
	if whole {
		var v int64
		v, a.given = f.integer(name, int64(low), int64(high))
		a.value = float64(v)
	} else {
		a.value, a.given = f.number(name, low, high)
	}
	if a.path = f.path(name + "Path"); a.path != nil {
		a.field, a.given = name+"Path", true
	}
	return a
}

// in returns the number for one input, or absent if the state gives none.
func (a amount) in(root any, c *contextObject, absent float64) (float64, error) {
	if !a.given {
		return absent, nil
	}
	if a.path == nil {
		return a.value, nil
	}
	v, err := a.path.find(root, c, a.field)
	if err != nil {
		return 0, err
	}
	n, ok := number(v)
	if !ok {
		return 0, failure(errorRuntime, "%s: %s is not a number", a.field, a.path.text)
	}
	if n < a.low || n > a.high || a.whole && n != float64(int64(n)) {
		return 0, failure(errorRuntime, "%s: %s is %v, not within %s to %s", a.field, a.path.text, n, digits(a.low), digits(a.high))
	}
	return n, nil
}
