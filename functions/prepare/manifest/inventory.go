package manifest

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"

	"mapfleet/functions/job"
)

// Inventory is the manifest.json of an S3 Inventory, which says where the lists are and what stands in
// their columns (A52 of package asl).
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/storage-inventory-location.html
type Inventory struct {
	Bucket string // where its files are
	Files  []InventoryFile

	name    string
	columns []column
}

// InventoryFile is one list of an Inventory.
type InventoryFile struct {
	Key  string
	Size int64  // bytes
	MD5  string // hexadecimal, of the file as it is stored
}

// maxInventoryBytes bounds a manifest.json: at 200 bytes for a list of a million objects, that is far
// beyond what a Map Run may read.
const maxInventoryBytes = 4 << 20

// IsInventory says whether a JSON list, which Unpack has unpacked, is an Inventory's manifest.json: one
// object, where a list has an array. It returns the list from its start again.
func IsInventory(list io.Reader) (inventory bool, same io.Reader, err error) {
	in := bufio.NewReaderSize(list, 64<<10)
	for n := 1; ; n++ {
		start, err := in.Peek(n)
		switch {
		case err == io.EOF || err == bufio.ErrBufferFull:
			return false, in, nil
		case err != nil:
			return false, nil, err
		case !isSpace(start[n-1]):
			return start[n-1] == '{', in, nil
		}
	}
}

// ReadInventory reads a manifest.json, which must be of the scope's bucket. The error is a
// job.InvalidInput that names each wrong member, or that of reading.
func ReadInventory(list io.Reader, name string, scope Scope) (Inventory, error) {
	v := Inventory{name: name}
	data, err := io.ReadAll(io.LimitReader(list, maxInventoryBytes+1))
	if err != nil {
		return v, err
	}
	var problems []job.Problem
	refuse := func(member, given, allowed string) {
		where := name
		if member != "" {
			where += ", " + member
		}
		problems = append(problems, job.Problem{Field: where, Given: clip([]byte(given)), Allowed: allowed})
	}
	var raw struct {
		SourceBucket      string `json:"sourceBucket"`
		DestinationBucket string `json:"destinationBucket"`
		FileFormat        string `json:"fileFormat"`
		FileSchema        string `json:"fileSchema"`
		Files             []struct {
			Key  string `json:"key"`
			Size int64  `json:"size"`
			MD5  string `json:"MD5checksum"`
		} `json:"files"`
	}
	switch err := json.Unmarshal(data, &raw); {
	case len(data) > maxInventoryBytes:
		refuse("", fmt.Sprintf("more than %d bytes", maxInventoryBytes), "the manifest.json of an S3 Inventory, or a JSON array of strings or objects")
	case err != nil || raw.FileSchema == "" && raw.FileFormat == "":
		refuse("", string(data), "the manifest.json of an S3 Inventory, with fileFormat, fileSchema and files, or a JSON array of strings or objects")
	}
	if problems != nil {
		return v, job.InvalidInput{Problems: problems}
	}
	if raw.FileFormat != "CSV" {
		refuse("fileFormat", raw.FileFormat, "CSV (ORC and Parquet are not read: let the Inventory be delivered as CSV)")
	}
	if raw.SourceBucket != scope.Bucket {
		refuse("sourceBucket", raw.SourceBucket, "the source bucket "+scope.Bucket)
	}
	if v.Bucket = raw.DestinationBucket[strings.LastIndex(raw.DestinationBucket, ":")+1:]; v.Bucket == "" {
		refuse("destinationBucket", raw.DestinationBucket, "the ARN of the bucket that the lists are in")
	}
	for name := range strings.SplitSeq(raw.FileSchema, ",") {
		v.columns = append(v.columns, columnOf(strings.TrimSpace(name)))
	}
	if _, refused := newLayout(v.columns, true); refused != "" || !slices.Contains(v.columns, columnKey) {
		refuse("fileSchema", raw.FileSchema, `columns with commas between them, "Key" among them, each once`)
	}
	if raw.Files == nil {
		refuse("files", "", "the list of its files, which may be empty")
	}
	for i, f := range raw.Files {
		if f.Key == "" || len(f.MD5) != 32 {
			refuse(fmt.Sprintf("files[%d]", i), fmt.Sprintf("key %q, MD5checksum %q", f.Key, f.MD5), "a key, and an MD5checksum of 32 hexadecimal digits")
		}
		v.Files = append(v.Files, InventoryFile{Key: f.Key, Size: f.Size, MD5: strings.ToLower(f.MD5)})
	}
	if problems != nil {
		return v, job.InvalidInput{Problems: problems[:min(len(problems), maxProblems)]}
	}
	return v, nil
}
