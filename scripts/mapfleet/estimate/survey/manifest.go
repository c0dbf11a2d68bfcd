package survey

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/s3"

	"mapfleet/functions/fault"
	"mapfleet/functions/job"
	"mapfleet/functions/prepare/manifest"
	"mapfleet/scripts/mapfleet/audit"
)

// Manifest is a list of objects to be counted: a CSV, JSON or JSON Lines, or the manifest.json of an S3
// Inventory, gzipped or not, as a run reads them.
type Manifest struct {
	Name  string // a file of this machine, or s3://BUCKET/KEY
	Scope manifest.Scope
	Store func() (Store, error) // opened if something lies in S3
	Most  int                   // items that are counted; 0 is all

	counted func(items int)
	survey  *Survey
	last    string // key
}

// errEnough ends the reading of a list.
var errEnough = errors.New("enough")

// Manifest adds what a list names, as a run would count it: a key that repeats the one before is left
// out. What is wrong with the list is a job.InvalidInput.
func (s *Survey) Manifest(ctx context.Context, m Manifest, counted func(items int)) error {
	m.survey, m.counted = s, counted
	s.Lines = true
	err := m.read(ctx)
	if errors.Is(err, errEnough) {
		return nil
	}
	if bad, ok := errors.AsType[*manifest.Bad](err); ok {
		return job.InvalidInput{Problems: []job.Problem{bad.Problem}}
	}
	return err
}

func (m *Manifest) read(ctx context.Context) error {
	format, ok := job.ManifestFormatOf(m.Name)
	if !ok {
		return job.InvalidInput{Problems: []job.Problem{{Field: "the manifest's name", Given: m.Name,
			Allowed: "one that ends in .csv, .json, .jsonl or .ndjson, or in that and .gz"}}}
	}
	body, err := m.open(ctx, m.Name)
	if err != nil {
		return err
	}
	defer body.Close()
	text, err := manifest.Unpack(body, m.Name)
	if err != nil {
		return err
	}
	if format == job.ManifestJSON {
		inventory, same, err := manifest.IsInventory(text)
		if err != nil {
			return err
		}
		if inventory {
			return m.inventory(ctx, same)
		}
		text = same
	}
	return manifest.ReadAll(manifest.NewReader(format, text, m.Name, m.Scope), m.take)
}

// maxInventory bounds a manifest.json: package manifest refuses what is longer.
const maxInventory = 5 << 20

// inventory reads the lists that a manifest.json names. Where the source bucket is not known, the Inventory
// tells it.
func (m *Manifest) inventory(ctx context.Context, text io.Reader) error {
	data, err := io.ReadAll(io.LimitReader(text, maxInventory))
	if err != nil {
		return err
	}
	if m.Scope.Bucket == "" {
		var of struct{ SourceBucket string }
		_ = json.Unmarshal(data, &of) // what is wrong with it is said below
		m.Scope.Bucket = of.SourceBucket
	}
	inventory, err := manifest.ReadInventory(strings.NewReader(string(data)), m.Name, m.Scope)
	if err != nil {
		return err
	}
	for _, file := range inventory.Files {
		if err := m.list(ctx, inventory, file); err != nil {
			return err
		}
	}
	return nil
}

func (m *Manifest) list(ctx context.Context, inventory manifest.Inventory, file manifest.InventoryFile) error {
	name := "s3://" + inventory.Bucket + "/" + file.Key
	if !strings.HasPrefix(m.Name, "s3://") {
		var err error
		if name, err = beside(m.Name, file.Key); err != nil {
			return err
		}
	}
	body, err := m.open(ctx, name)
	if err != nil {
		return err
	}
	defer body.Close()
	lines, err := inventory.NewReader(file, body, m.Scope)
	if err != nil {
		return err
	}
	return manifest.ReadAll(lines, m.take)
}

// beside finds a list of an Inventory that was copied to this machine with its manifest.json: below one of
// the folders that this one lies in, under the end of its key.
func beside(manifestJSON, key string) (string, error) {
	folder, err := filepath.Abs(filepath.Dir(manifestJSON))
	if err != nil {
		return "", err
	}
	for range 8 {
		for rest, more := key, true; more; _, rest, more = strings.Cut(rest, "/") {
			name := filepath.Join(folder, filepath.FromSlash(rest))
			if info, err := os.Stat(name); err == nil && info.Mode().IsRegular() {
				return name, nil
			}
		}
		folder = filepath.Dir(folder)
	}
	return "", fmt.Errorf("%s names the list %s, which lies neither beside it nor in a folder around it: copy it, or name the manifest.json as s3://BUCKET/KEY", manifestJSON, key)
}

func (m *Manifest) take(e manifest.Entry) error {
	s := m.survey
	switch {
	case e.Left != "":
		s.LeftOut[e.Left]++
		return nil
	case e.Item.Key == m.last:
		s.LeftOut[job.LeftRepeated]++
		return nil
	case m.Most > 0 && s.Items == m.Most:
		return errEnough
	}
	m.last = e.Item.Key
	s.Add(e.Item)
	if s.Items%10_000 == 0 {
		m.counted(s.Items)
	}
	return nil
}

// open reads a file or an object; the caller closes it.
func (m *Manifest) open(ctx context.Context, name string) (io.ReadCloser, error) {
	rest, inS3 := strings.CutPrefix(name, "s3://")
	if !inS3 {
		f, err := os.Open(name)
		if errors.Is(err, fs.ErrNotExist) {
			return nil, job.SourceMissing{Message: name + ": there is no such file"}
		}
		return interruptible{ctx, f}, err
	}
	bucket, key, _ := strings.Cut(rest, "/")
	store, err := m.Store()
	if err != nil {
		return nil, err
	}
	out, err := store.GetObject(ctx, &s3.GetObjectInput{Bucket: &bucket, Key: &key}, patient)
	if err != nil {
		return nil, audit.ForPerson(fault.Of("GetObject", bucket, key, err))
	}
	return out.Body, nil
}

// interruptible ends the reading of a file with its context.
type interruptible struct {
	ctx context.Context
	io.ReadCloser
}

func (i interruptible) Read(p []byte) (int, error) {
	if err := i.ctx.Err(); err != nil {
		return 0, err
	}
	return i.ReadCloser.Read(p)
}
