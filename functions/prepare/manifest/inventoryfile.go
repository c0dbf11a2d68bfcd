package manifest

import (
	"crypto/md5"
	"encoding/hex"
	"hash"
	"io"
)

// NewReader reads one of the files of an Inventory, as it is stored. Its keys are URL-encoded. Lines of
// old versions, of deleted objects and of other prefixes than the scope's are left out. At the end the
// file's MD5 is checked: what was read before counts only then.
func (v Inventory) NewReader(file InventoryFile, list io.Reader, scope Scope) (Reader, error) {
	name := "s3://" + v.Bucket + "/" + file.Key
	sum := md5.New()
	stored := io.TeeReader(list, sum)
	lines, err := Unpack(stored, name)
	if err != nil {
		return nil, err
	}
	return &fileReader{
		csvReader: csvReader{records{source: newSource(lines, name)}, scope, &layout{columns: v.columns, encoded: true, outside: true}},
		file:      file,
		stored:    stored,
		sum:       sum,
	}, nil
}

// fileReader is a csvReader that checks what it has read.
type fileReader struct {
	csvReader
	file   InventoryFile
	stored io.Reader
	sum    hash.Hash
}

func (r *fileReader) Next() (Entry, error) {
	e, err := r.csvReader.Next()
	if err != io.EOF {
		return e, err
	}
	if _, err := io.Copy(io.Discard, r.stored); err != nil {
		return e, err
	}
	if sum := hex.EncodeToString(r.sum.Sum(nil)); sum != r.file.MD5 {
		at := r.records.source.place()
		return e, at.end([]byte("a file with MD5 "+sum), "the file that the Inventory was made with, MD5 "+r.file.MD5)
	}
	return e, io.EOF
}
