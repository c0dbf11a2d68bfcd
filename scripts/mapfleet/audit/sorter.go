package audit

import (
	"bufio"
	"container/heap"
	"errors"
	"fmt"
	"io"
	"iter"
	"os"
	"slices"
)

// sorter sorts any number of records: a chunk at a time in memory, and sorted chunks on disk, which are
// merged as they are read.
type sorter struct {
	dir   string
	most  int // records in memory
	chunk []record
	file  *os.File // chunk after chunk; nil as long as all is in memory
	ends  []int64  // of the chunks in file
}

// defaultChunk is 12 MB of records.
const defaultChunk = 1 << 19

// mergeMemory is shared by the buffers of all chunks that are merged.
const mergeMemory = 16 << 20

func newSorter(dir string, chunk int) *sorter {
	if chunk <= 0 {
		chunk = defaultChunk
	}
	return &sorter{dir: dir, most: chunk}
}

// add takes in one record.
func (s *sorter) add(r record) error {
	if len(s.chunk) == s.most {
		if err := s.spill(); err != nil {
			return spoolFault(err)
		}
	}
	s.chunk = append(s.chunk, r)
	return nil
}

func (s *sorter) spill() (err error) {
	if s.file == nil {
		if s.file, err = os.CreateTemp(s.dir, "sorted-*"); err != nil {
			return err
		}
	}
	slices.SortFunc(s.chunk, compareRecords)
	out := bufio.NewWriterSize(s.file, 256<<10)
	for _, r := range s.chunk {
		if _, err := out.Write(r[:]); err != nil {
			return err
		}
	}
	s.ends = append(s.ends, s.end()+int64(len(s.chunk)*len(record{})))
	s.chunk = s.chunk[:0]
	return out.Flush()
}

func (s *sorter) end() int64 {
	if len(s.ends) == 0 {
		return 0
	}
	return s.ends[len(s.ends)-1]
}

// sorted goes over all records in their order, once. Nothing may be added any more.
func (s *sorter) sorted() iter.Seq2[record, error] {
	return func(yield func(record, error) bool) {
		slices.SortFunc(s.chunk, compareRecords)
		runs := make(runs, 0, len(s.ends)+1)
		if len(s.chunk) > 0 {
			runs = append(runs, &sortedRun{rest: s.chunk[1:], head: s.chunk[0]})
		}
		buffer := min(max(mergeMemory/(len(s.ends)+1), 4<<10), 64<<10)
		start := int64(0)
		for _, end := range s.ends {
			run := &sortedRun{file: bufio.NewReaderSize(io.NewSectionReader(s.file, start, end-start), buffer)}
			if _, err := run.next(); err != nil {
				yield(record{}, spoolFault(err))
				return
			}
			runs = append(runs, run)
			start = end
		}
		heap.Init(&runs)
		for len(runs) > 0 {
			if !yield(runs[0].head, nil) {
				return
			}
			more, err := runs[0].next()
			switch {
			case err != nil:
				yield(record{}, spoolFault(err))
				return
			case more:
				heap.Fix(&runs, 0)
			default:
				heap.Pop(&runs)
			}
		}
	}
}

// close gives the memory and the disk back.
func (s *sorter) close() {
	s.chunk = nil
	if s.file != nil {
		s.file.Close()
		os.Remove(s.file.Name())
	}
}

// sortedRun is one chunk while it is merged: in memory, or in a file.
type sortedRun struct {
	head record
	rest []record
	file *bufio.Reader
}

// next moves head on. It answers false behind the last record.
func (r *sortedRun) next() (bool, error) {
	if r.file == nil {
		if len(r.rest) == 0 {
			return false, nil
		}
		r.head, r.rest = r.rest[0], r.rest[1:]
		return true, nil
	}
	_, err := io.ReadFull(r.file, r.head[:])
	if errors.Is(err, io.EOF) {
		return false, nil
	}
	return err == nil, err
}

// runs is a heap.Interface by the runs' heads.
type runs []*sortedRun

func (r runs) Len() int           { return len(r) }
func (r runs) Less(i, j int) bool { return compareRecords(r[i].head, r[j].head) < 0 }
func (r runs) Swap(i, j int)      { r[i], r[j] = r[j], r[i] }
func (r *runs) Push(x any)        { *r = append(*r, x.(*sortedRun)) }

func (r *runs) Pop() any {
	last := (*r)[len(*r)-1]
	*r = (*r)[:len(*r)-1]
	return last
}

func spoolFault(err error) error {
	return fmt.Errorf("spool the listings (TMPDIR names the folder): %w", err)
}
