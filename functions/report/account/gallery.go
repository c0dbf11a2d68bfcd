package account

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"html/template"
	"io"
	"math"
	"net/http"
	"strings"

	"golang.org/x/sync/errgroup"

	"mapfleet/functions/job"
	"mapfleet/functions/report/look"
)

// What pictures may add to the report, before base64.
const (
	maxPictureBytes = 400 << 10
	maxGalleryBytes = 4 << 20
	fetchesAtOnce   = 6
)

// exhibit is a sample with the pictures that could be had: data: URIs, empty where there is none.
type exhibit struct {
	job.Sample
	BeforeURI, AfterURI template.URL
	Note                string // why a picture is not shown
}

var errTooLarge = errors.New("too large to be shown here")

// gallery fetches the pictures of samples. What cannot be had is noted and left out: a report without
// pictures is still a report.
func (s store) gallery(ctx context.Context, work, destination string, chosen []job.Sample) []exhibit {
	before, after := make([]fetched, len(chosen)), make([]fetched, len(chosen))
	var group errgroup.Group
	group.SetLimit(fetchesAtOnce)
	for i, sample := range chosen {
		group.Go(func() error {
			before[i] = s.picture(ctx, work, sample.Preview, 0)
			return nil
		})
		group.Go(func() error {
			after[i] = s.picture(ctx, destination, sample.Output, sample.After.Bytes)
			return nil
		})
	}
	_ = group.Wait() // the goroutines return nil
	exhibits := make([]exhibit, len(chosen))
	left := maxGalleryBytes
	for i, sample := range chosen {
		e := exhibit{Sample: sample}
		e.BeforeURI = e.show("source", before[i], &left)
		e.AfterURI = e.show("output", after[i], &left)
		exhibits[i] = e
	}
	return exhibits
}

// fetched is the content of a picture, or why there is none.
type fetched struct {
	data []byte
	err  error
}

// picture gets an object of at most maxPictureBytes; bytes is its size if known.
func (s store) picture(ctx context.Context, bucket, key string, bytes int64) fetched {
	switch {
	case key == "":
		return fetched{err: errors.New("not kept")}
	case bytes > maxPictureBytes:
		return fetched{err: errTooLarge}
	}
	body, err := s.Open(ctx, bucket, key)
	if err != nil {
		return fetched{err: err}
	}
	defer body.Close()
	data, err := io.ReadAll(io.LimitReader(body, maxPictureBytes+1))
	if err == nil && len(data) > maxPictureBytes {
		err = errTooLarge
	}
	return fetched{data, err}
}

// show returns a picture as a data: URI while there is room left, or notes why not. The type is that
// of its bytes, never what a name says, and only of kinds that hold no script.
func (e *exhibit) show(which string, f fetched, left *int) template.URL {
	kind := contentType(f.data)
	switch {
	case f.err != nil:
	case len(f.data) > *left:
		f.err = errors.New("no room left in this report")
	case !strings.HasPrefix(kind, "image/"):
		f.err = errors.New("not of a kind that browsers show")
	}
	if f.err != nil {
		e.Note = strings.TrimPrefix(e.Note+fmt.Sprintf("; %s not shown: %v", which, f.err), "; ")
		return ""
	}
	*left -= len(f.data)
	return template.URL("data:" + kind + ";base64," + base64.StdEncoding.EncodeToString(f.data))
}

// contentType is the type of a file by its first bytes. The standard library does not know AVIF, whose first box
// names it (ISO/IEC 14496-12).
func contentType(data []byte) string {
	if len(data) >= 12 && string(data[4:12]) == "ftypavif" {
		return "image/avif"
	}
	return http.DetectContentType(data)
}

// Caption is the key, cut in its middle if it is very long.
func (e exhibit) Caption() string { return look.Short(e.Key) }

// Ratio tells the sizes apart in words.
func (e exhibit) Ratio() string {
	before, after := float64(e.Before.Bytes), float64(e.After.Bytes)
	switch {
	case before <= 0 || after <= 0:
		return ""
	case after <= before/1.95:
		return look.ThreeDigits(before/after) + "× smaller"
	case math.Abs(after/before-1) < 0.005:
		return "the same size"
	case after < before:
		return fmt.Sprintf("%.0f %% smaller", 100*(1-after/before))
	case after >= before*1.95:
		return look.ThreeDigits(after/before) + "× larger"
	}
	return fmt.Sprintf("%.0f %% larger", 100*(after/before-1))
}
