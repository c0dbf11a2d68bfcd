package checks

import (
	"bytes"
	"encoding/csv"
	"fmt"
)

// parseRow splits one record, which may have line breaks in quotes.
func parseRow(record []byte, comma rune) ([]string, error) {
	r := csv.NewReader(bytes.NewReader(record))
	r.FieldsPerRecord, r.Comma = -1, comma
	row, err := r.Read()
	if err != nil {
		return nil, refusal("the row", toldText(record), fmt.Sprintf("cells with %[1]s between them; a cell with %[1]s, a quote or a line break in quotes, and its quotes doubled", between[comma]))
	}
	return row, nil
}

// between names what stands between cells.
var between = map[rune]string{',': "commas", ';': "semicolons", '\t': "tabs"}

// openQuote says whether a quoted cell is still open at the end of a line that began inside one, or not. ok
// is false where a quote stands that cannot: inside of a cell without quotes, or before more of its cell.
func openQuote(line []byte, inside bool, comma rune) (open, ok bool) {
	start := !inside // at the start of a cell
	for i := 0; i < len(line); i++ {
		more := i+1 < len(line)
		switch b := line[i]; {
		case inside && b == '"' && more && line[i+1] == '"':
			i++
		case inside && b == '"':
			if more && rune(line[i+1]) != comma {
				return false, false
			}
			inside = false
		case inside:
		case rune(b) == comma:
			start = true
			continue
		case b == '"' && !start:
			return false, false
		case b == '"':
			inside = true
		}
		start = false
	}
	return inside, true
}
