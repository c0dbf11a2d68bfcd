package asl

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"hash/crc64"
	"io"
)

// maxLine is how many bytes one line of JSON Lines may have.
const maxLine = 16 << 20

// objectSource reads a file of items, gzipped or not. Going on from a place, it first passes by the
// items before it, and refuses a file in which they are no longer what they were.
func objectSource(objects Objects, bucket, key, input string) source {
	return func(ctx context.Context, from place, yield func([]any, place) bool) (err error) {
		if from.Last {
			return nil
		}
		defer func() {
			if err != nil {
				err = fmt.Errorf("read s3://%s/%s: %w", bucket, key, err)
			}
		}()
		content, err := objects.Open(ctx, bucket, key)
		if err != nil {
			return err
		}
		defer content.Close()
		unpacked, err := unpack(content)
		if err != nil {
			return err
		}
		page := pager{from: from, yield: yield}
		read := readLines
		if input == "JSON" {
			read = readArray
		}
		if err := read(ctx, unpacked, page.add); err != nil {
			return err
		}
		return page.end()
	}
}

// unpack looks at the first bytes, not at the name.
func unpack(r io.Reader) (io.Reader, error) {
	buffered := bufio.NewReaderSize(r, 64<<10)
	start, err := buffered.Peek(4)
	switch {
	case err != nil && !errors.Is(err, io.EOF):
		return nil, err
	case bytes.HasPrefix(start, []byte{0x1f, 0x8b}):
		return gzip.NewReader(buffered)
	case bytes.HasPrefix(start, []byte{0x28, 0xb5, 0x2f, 0xfd}):
		return nil, errors.New("zstd is not supported")
	}
	return buffered, nil
}

// errStop ends reading where no more is wanted.
var errStop = errors.New("no more is wanted")

// pager gathers items into pages.
type pager struct {
	from    place
	at      place
	page    []any
	stopped bool
	yield   func([]any, place) bool
}

// add takes the JSON of the next item.
func (p *pager) add(item []byte) error {
	p.at.Items++
	table := crc64.MakeTable(crc64.ECMA)
	p.at.Sum = crc64.Update(crc64.Update(p.at.Sum, table, item), table, []byte{'\n'})
	if p.at.Items <= p.from.Items {
		if p.at.Items == p.from.Items && p.at.Sum != p.from.Sum {
			return p.changed()
		}
		return nil
	}
	v, err := decode(item)
	if err != nil {
		return err
	}
	p.page = append(p.page, v)
	if len(p.page) == pageItems {
		p.flush()
	}
	if p.stopped {
		return errStop
	}
	return nil
}

func (p *pager) flush() {
	page := p.page
	p.page = nil
	p.stopped = p.stopped || len(page) > 0 && !p.yield(page, p.at)
}

func (p *pager) end() error {
	if p.at.Items < p.from.Items {
		return p.changed()
	}
	p.flush()
	return nil
}

func (p *pager) changed() error {
	return fmt.Errorf("the file is not what it was: its first %d items, which this Map Run had read, are others now", p.from.Items)
}

func readLines(ctx context.Context, r io.Reader, add func(item []byte) error) error {
	lines := bufio.NewScanner(r)
	lines.Buffer(nil, maxLine)
	for number := 1; lines.Scan(); number++ {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		line := bytes.TrimSpace(lines.Bytes())
		if len(line) == 0 {
			continue
		}
		if err := add(line); errors.Is(err, errStop) {
			return nil
		} else if err != nil {
			return fmt.Errorf("line %d: %w", number, err)
		}
	}
	return lines.Err()
}

func readArray(ctx context.Context, r io.Reader, add func(item []byte) error) error {
	d := json.NewDecoder(r)
	if token, err := d.Token(); err != nil || token != json.Delim('[') {
		return errors.Join(errors.New("not a JSON array"), err)
	}
	for d.More() {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		var item json.RawMessage
		if err := d.Decode(&item); err != nil {
			return err
		}
		if err := add(item); errors.Is(err, errStop) {
			return nil
		} else if err != nil {
			return err
		}
	}
	_, err := d.Token()
	return err
}
