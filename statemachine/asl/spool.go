package asl

import (
	"bufio"
	"io"
	"os"
)

// maxPart is how large one result file becomes (A27).
const maxPart = 5 << 30

// spool holds the rows of result files on disk, so that memory does not grow with the Map Run.
type spool struct {
	lines bool // JSON Lines; else one JSON array
	most  int64
	parts []*part
}

// part is one result file to be.
type part struct {
	file  *os.File
	out   *bufio.Writer
	bytes int64
}

// write adds a row, to a new part if the last one is full.
func (s *spool) write(row []byte) error {
	most := s.most
	if most == 0 {
		most = maxPart
	}
	if n := len(s.parts); n == 0 || s.parts[n-1].bytes+int64(len(row))+2 > most {
		file, err := os.CreateTemp("", "maprun-*")
		if err != nil {
			return err
		}
		_ = os.Remove(file.Name()) // where that can be done, nothing is left if the process is killed
		s.parts = append(s.parts, &part{file: file, out: bufio.NewWriter(file)})
	}
	p := s.parts[len(s.parts)-1]
	before, after := "", "\n"
	if !s.lines {
		before, after = ",", ""
		if p.bytes == 0 {
			before = "["
		}
	}
	for _, piece := range [][]byte{[]byte(before), row, []byte(after)} {
		n, err := p.out.Write(piece)
		p.bytes += int64(n)
		if err != nil {
			return err
		}
	}
	return nil
}

// finish returns the content of a part from its beginning, and its length.
func (p *part) finish(lines bool) (io.ReadSeeker, int64, error) {
	if !lines {
		if err := p.out.WriteByte(']'); err != nil {
			return nil, 0, err
		}
		p.bytes++
	}
	if err := p.out.Flush(); err != nil {
		return nil, 0, err
	}
	_, err := p.file.Seek(0, io.SeekStart)
	return p.file, p.bytes, err
}

// close removes what is on disk.
func (s *spool) close() {
	for _, p := range s.parts {
		_ = p.file.Close()
		_ = os.Remove(p.file.Name())
	}
	s.parts = nil
}
