package asl

import (
	"bytes"
	"encoding/json"
	"fmt"
	"iter"
)

// Journal keeps what an execution has done, so that Redrive can go on from there, in another process
// too. It holds logs by name; a log is a list of records and is there from its first record on. Many
// goroutines call it at once, also for the same log.
type Journal interface {
	// Append adds a record, one JSON value on one line, to the end of a log. It returns once the record
	// survives the end of this process; the record is the caller's again.
	Append(log string, record []byte) error
	// Sync returns once all records of a log survive the end of the machine, too.
	Sync(log string) error
	// Read yields the records of a log in their order; none if there is no such log. A record is valid
	// until the next one. What is appended meanwhile may be yielded or not.
	Read(log string) iter.Seq2[[]byte, error]
	// Drop forgets a log, if it is there.
	Drop(log string) error
}

// The logs of an execution: its own steps, and for each Map Run the items that it read and how its
// children ended.
const stepsLog = "steps"

func itemsLog(mapRun string) string    { return mapRun + ".items" }
func childrenLog(mapRun string) string { return mapRun + ".children" }

// keep appends v to a log; a nil Journal keeps nothing.
func keep(j Journal, log string, v any) error {
	if j == nil {
		return nil
	}
	data, err := encode(v)
	if err == nil {
		err = j.Append(log, data)
	}
	return journalFault(log, err)
}

// keepSafe is keep for what must not be lost even if the machine stops.
func keepSafe(j Journal, log string, v any) error {
	if err := keep(j, log, v); err != nil || j == nil {
		return err
	}
	return journalFault(log, j.Sync(log))
}

// kept yields the records of a log. Numbers in values of no fixed type are json.Number.
func kept[T any](j Journal, log string) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		number := 0
		for data, err := range j.Read(log) {
			var v T
			if number++; err == nil {
				d := json.NewDecoder(bytes.NewReader(data))
				d.UseNumber()
				err = d.Decode(&v)
			}
			if err != nil {
				yield(v, journalFault(log, fmt.Errorf("record %d: %w", number, err)))
				return
			}
			if !yield(v, nil) {
				return
			}
		}
	}
}

// journalFault is the error of an execution whose journal cannot be kept or read. It is of the journal
// alone: what was kept before stays good for a redrive.
func journalFault(log string, err error) error {
	if err == nil {
		return nil
	}
	return &Error{Name: errorRuntime, Cause: fmt.Sprintf("journal %s: %v", log, err), unkept: true}
}
