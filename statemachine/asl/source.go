package asl

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
)

const (
	pageItems = 1000     // items handed on at once by files and arrays
	maxLine   = 16 << 20 // bytes of one line of JSON Lines
)

// source yields items, a page at a time, until yield returns false. It returns why it could not go on.
type source func(ctx context.Context, yield func(items []any) bool) error

func sliceSource(items []any) source {
	return func(_ context.Context, yield func([]any) bool) error {
		for len(items) > 0 {
			n := min(len(items), pageItems)
			if !yield(items[:n]) {
				return nil
			}
			items = items[n:]
		}
		return nil
	}
}

// atMost ends a source after n items.
func atMost(from source, n int) source {
	return func(ctx context.Context, yield func([]any) bool) error {
		left := n
		return from(ctx, func(items []any) bool {
			items = items[:min(len(items), left)]
			left -= len(items)
			return yield(items) && left > 0
		})
	}
}

// listSource follows every page of a listing.
func listSource(objects Objects, bucket, prefix string) source {
	return func(ctx context.Context, yield func([]any) bool) error {
		for continuation := ""; ; {
			items, next, err := objects.List(ctx, bucket, prefix, continuation)
			if err != nil {
				return fmt.Errorf("list s3://%s/%s: %w", bucket, prefix, err)
			}
			list, err := plain(items)
			if err != nil {
				return fmt.Errorf("list s3://%s/%s: %w", bucket, prefix, err)
			}
			if items, _ := list.([]any); !yield(items) || next == "" {
				return nil
			}
			if next == continuation {
				return fmt.Errorf("list s3://%s/%s: the listing does not advance", bucket, prefix)
			}
			continuation = next
		}
	}
}

// objectSource reads a file of items, gzipped or not.
func objectSource(objects Objects, bucket, key, input string) source {
	return func(ctx context.Context, yield func([]any) bool) (err error) {
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
		if input == "JSON" {
			return readArray(ctx, unpacked, yield)
		}
		return readLines(ctx, unpacked, yield)
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

// pager gathers items into pages.
type pager struct {
	page  []any
	yield func([]any) bool
}

func (p *pager) add(item any) bool {
	p.page = append(p.page, item)
	return len(p.page) < pageItems || p.flush()
}

func (p *pager) flush() bool {
	page := p.page
	p.page = nil
	return len(page) == 0 || p.yield(page)
}

func readLines(ctx context.Context, r io.Reader, yield func([]any) bool) error {
	lines := bufio.NewScanner(r)
	lines.Buffer(nil, maxLine)
	page := pager{yield: yield}
	for number := 1; lines.Scan(); number++ {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		line := bytes.TrimSpace(lines.Bytes())
		if len(line) == 0 {
			continue
		}
		item, err := decode(line)
		if err != nil {
			return fmt.Errorf("line %d: %w", number, err)
		}
		if !page.add(item) {
			return nil
		}
	}
	if err := lines.Err(); err != nil {
		return err
	}
	page.flush()
	return nil
}

func readArray(ctx context.Context, r io.Reader, yield func([]any) bool) error {
	d := json.NewDecoder(r)
	d.UseNumber()
	if token, err := d.Token(); err != nil || token != json.Delim('[') {
		return errors.Join(errors.New("not a JSON array"), err)
	}
	page := pager{yield: yield}
	for d.More() {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		var item any
		if err := d.Decode(&item); err != nil {
			return err
		}
		if !page.add(item) {
			return nil
		}
	}
	if _, err := d.Token(); err != nil {
		return err
	}
	page.flush()
	return nil
}
