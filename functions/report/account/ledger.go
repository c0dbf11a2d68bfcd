package account

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"os"

	"mapfleet/functions/job"
	"mapfleet/functions/report/look"
)

// maxShown is how many failures the report lists; failures.jsonl has them all.
const maxShown = 50

// ledger spools failures to a temporary file, one JSON object a line. An Item can be read from each
// line: the file is a manifest.
type ledger struct {
	file     *os.File
	buffered *bufio.Writer
	lines    int
	first    []job.Failure          // at most maxShown
	examples map[string]job.Failure // the first of each code, at most maxCodes
}

func newLedger() (*ledger, error) {
	file, err := os.CreateTemp("", "failures-*.jsonl")
	if err != nil {
		return nil, fmt.Errorf("spool failures: %w", err)
	}
	return &ledger{file: file, buffered: bufio.NewWriterSize(file, 64<<10), examples: map[string]job.Failure{}}, nil
}

func (l *ledger) add(f job.Failure) error {
	line, err := json.Marshal(f)
	if err != nil {
		return fmt.Errorf("spool failure of %s: %w", f.Key, err)
	}
	if _, err := l.buffered.Write(append(line, '\n')); err != nil {
		return fmt.Errorf("spool failures: %w", err)
	}
	l.lines++
	if len(l.first) < maxShown {
		l.first = append(l.first, f)
	}
	code := look.Clip(f.Code, maxCodeBytes)
	if _, ok := l.examples[code]; !ok && len(l.examples) < maxCodes {
		l.examples[code] = f
	}
	return nil
}

// content returns the whole file from its start. It is valid until the next add or close.
func (l *ledger) content() (io.ReadSeeker, error) {
	if err := l.buffered.Flush(); err != nil {
		return nil, fmt.Errorf("spool failures: %w", err)
	}
	if _, err := l.file.Seek(0, io.SeekStart); err != nil {
		return nil, fmt.Errorf("spool failures: %w", err)
	}
	return l.file, nil
}

// close removes the file.
func (l *ledger) close() {
	_ = l.file.Close()
	_ = os.Remove(l.file.Name())
}
