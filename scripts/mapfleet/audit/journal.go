package audit

import (
	"bufio"
	"compress/flate"
	"encoding/json"
	"io"
	"os"

	"mapfleet/functions/job"
)

// journal keeps any number of items on disk, compressed, to be found again by the place at which they
// were added.
type journal struct {
	file  *os.File
	out   *bufio.Writer
	zip   *flate.Writer
	count uint64 // items so far: the place of the next

	lines *bufio.Reader // once it is read
	at    uint64        // the place of the next line
}

func newJournal(dir string) (*journal, error) {
	file, err := os.CreateTemp(dir, "journal-*")
	if err != nil {
		return nil, spoolFault(err)
	}
	out := bufio.NewWriterSize(file, 256<<10)
	zip, err := flate.NewWriter(out, flate.BestSpeed)
	return &journal{file: file, out: out, zip: zip}, err
}

func (j *journal) add(item job.Item) error {
	j.count++
	return writeItem(j.zip, item)
}

// writeItem writes item as one line of JSON.
func writeItem(w io.Writer, item job.Item) error {
	line, err := item.MarshalJSON()
	if err != nil {
		return err
	}
	_, err = w.Write(append(line, '\n'))
	return err
}

// item returns the item at a place, which must not lie before the last one that was asked for. From the
// first call on nothing can be added.
func (j *journal) item(place uint64) (item job.Item, err error) {
	if j.lines == nil {
		if err := j.rewind(); err != nil {
			return item, spoolFault(err)
		}
	}
	for {
		line, err := j.lines.ReadSlice('\n')
		if err != nil {
			return item, spoolFault(err)
		}
		j.at++
		if j.at > place {
			return item, json.Unmarshal(line, &item)
		}
	}
}

func (j *journal) rewind() error {
	if err := j.zip.Close(); err != nil {
		return err
	}
	if err := j.out.Flush(); err != nil {
		return err
	}
	if _, err := j.file.Seek(0, io.SeekStart); err != nil {
		return err
	}
	// A line is a key of 1 KiB, each byte six in JSON at the most, and some figures.
	j.lines = bufio.NewReaderSize(flate.NewReader(bufio.NewReader(j.file)), 64<<10)
	return nil
}

func (j *journal) close() {
	j.file.Close()
	os.Remove(j.file.Name())
}
