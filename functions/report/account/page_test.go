package account

import (
	"encoding/base64"
	"encoding/xml"
	"io"
	"regexp"
	"slices"
	"strings"
	"testing"

	"mapfleet/functions/job"
)

// A picture of one pixel.
const gif = "GIF89a\x01\x00\x01\x00\x80\x00\x00\x00\x00\x00\xff\xff\xff!\xf9\x04\x01\x00\x00\x00\x00,\x00\x00\x00\x00\x01\x00\x01\x00\x00\x02\x02D\x01\x00;"

var nasty = "in/<script>alert('1')</script>/\u202e" + strings.Repeat("very-long", 90) + "🏔️\".jpg"

// avif begins as files of that format do.
const avif = "\x00\x00\x00\x1cftypavif\x00\x00\x00\x00avifmif1miaf"

// illustrated is a run with samples and hostile keys.
func illustrated() *run {
	r := newRun(62)
	r.plan.Limits.ToleratedFailurePercentage = 50
	picture := job.Picture{Format: "jpeg", Width: 4000, Height: 3000, Bytes: 2_500_000}
	small := job.Picture{Format: "jpeg", Width: 256, Height: 192, Bytes: 25_000}
	result := written(62)
	result.Done.Written, result.Done.Failed = 2, 60
	result.Done.FailedBy = map[string]int{"DecodeFailed": 59, "Mystery<b>": 1}
	for range 59 {
		result.Done.Failures = append(result.Done.Failures, job.Failure{Key: nasty, Variant: "thumb", Code: "DecodeFailed", Message: "<img src=x onerror=alert(2)>"})
	}
	result.Done.Samples = []job.Sample{
		{Key: nasty, Before: picture, Preview: "p/1", Variant: "thumb", After: small, Output: "o/1"},
		{Key: "in/b.jpg", Before: picture, Preview: "p/denied", Variant: "thumb", After: small, Output: "o/page"},
		{Key: "in/c.jpg", Before: picture, Preview: "p/none", Variant: "thumb", After: picture, Output: "o/large"},
	}
	r.s3.objects["work/p/1"], r.s3.objects["thumbs/o/1"] = gif, avif
	r.s3.faults["GET work/p/denied"] = answer(403, "AccessDenied")
	r.s3.objects["thumbs/o/page"] = "<html><script>alert(3)</script>"
	r.mapRun(files{"SUCCEEDED_0.jsonl": line(result)})
	return r
}

func TestPageHoldsWhatPeopleLookFor(t *testing.T) {
	r := illustrated()
	r.mustReport(t, "")
	html := r.html()
	for _, want := range []string{
		`<html lang="en">`, `<h1><span class="status">Failed</span> <bdi>nightly</bdi></h1>`, "<strong>62</strong> listed", "21 November 2026, 01:23:45 UTC, took 8.4 s",
		"Written 2 (3.2 %), Current 0 (0 %), Ignored 0 (0 %), Failed 60 (96.8 %)", "90.0 %", "4,000 × 3,000", "2.50 MB", "100× smaller",
		"The file is truncated or corrupt.", "Upload the original again", "The worker gave this reason", "The first 50 of 59 lines", "s3://work/reports/nightly/failures.jsonl",
		"Batches over time", "Mean batch</dt><dd>2.0 s", "Where the time went", "Decode", "The manifest s3://work/work/nightly/manifest.jsonl", "256 × 256", "inside",
		`{&#34;retryFailuresOf&#34;:&#34;nightly&#34;}`, "It has the variants, overwrite and filter of this run, and tries every picture", "arn:aws:states:eu-west-1:123456789012:stateMachine:Resize",
		"too large to be shown here", "not of a kind that browsers show", "AccessDenied", `src="data:image/gif;base64,` + base64.StdEncoding.EncodeToString([]byte(gif)),
		`src="data:image/avif;base64,` + base64.StdEncoding.EncodeToString([]byte(avif)),
	} {
		if !strings.Contains(strings.ReplaceAll(strings.ReplaceAll(html, "&#43;", "+"), "\u00a0", " "), want) {
			t.Errorf("report.html does not hold %q", want)
		}
	}
}

func TestPageEscapesAndLoadsNothing(t *testing.T) {
	r := illustrated()
	r.mustReport(t, "")
	html := r.html()
	for _, bad := range []string{"<script", "<img src=x", "Mystery<b>", "\u202e", "http://", "https://", "url(", " style=", " onerror=\"", "ZgotmplZ", "javascript:", "<link", "@import"} {
		if strings.Contains(html, bad) {
			t.Errorf("report.html holds %q", bad)
		}
	}
	if !strings.Contains(html, "&lt;script&gt;alert(&#39;1&#39;)&lt;/script&gt;/⟨U&#43;202E⟩") {
		t.Error("report.html does not show the key with its markup")
	}
	if !strings.Contains(html, "default-src 'none'; img-src data:; style-src 'sha256-") {
		t.Error("report.html has no policy")
	}
}

func TestPageIsWellFormed(t *testing.T) {
	r := illustrated()
	r.mustReport(t, "")
	d := xml.NewDecoder(strings.NewReader(r.html()))
	d.Strict, d.AutoClose, d.Entity = false, xml.HTMLAutoClose, xml.HTMLEntity
	var open, headings []string
	ids := map[string]int{}
	var labels []string
	for {
		token, err := d.Token()
		if err == io.EOF {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		switch e := token.(type) {
		case xml.StartElement:
			open = append(open, e.Name.Local)
			if regexp.MustCompile(`^h[1-6]$`).MatchString(e.Name.Local) {
				headings = append(headings, e.Name.Local)
			}
			names := map[string]string{}
			for _, a := range e.Attr {
				names[a.Name.Local] = a.Value
			}
			if id := names["id"]; id != "" {
				ids[id]++
			}
			if label := names["aria-labelledby"]; label != "" {
				labels = append(labels, label)
			}
			if e.Name.Local == "img" && names["alt"] == "" || e.Name.Local == "th" && names["scope"] == "" ||
				e.Name.Local == "svg" && names["aria-label"] == "" && names["aria-hidden"] == "" {
				t.Errorf("a %s without its text or scope: %v", e.Name.Local, names)
			}
		case xml.EndElement:
			if last := open[len(open)-1]; last != e.Name.Local {
				t.Fatalf("</%s> closes <%s>", e.Name.Local, last)
			}
			open = open[:len(open)-1]
		}
	}
	if len(open) > 0 || slices.Index(headings, "h1") != 0 || slices.Contains(headings[1:], "h1") {
		t.Errorf("left open: %v; headings: %v", open, headings)
	}
	for _, label := range labels {
		if ids[label] != 1 {
			t.Errorf("%d elements have the id %q", ids[label], label)
		}
	}
}

func TestGalleryStaysWithinItsBudget(t *testing.T) {
	r := newRun(30)
	result := written(30)
	for i := range 30 {
		key := string(rune('A' + i))
		r.s3.objects["work/p/"+key] = gif + strings.Repeat("x", maxPictureBytes-len(gif))
		r.s3.objects["thumbs/o/"+key] = gif + strings.Repeat("x", maxPictureBytes)
		result.Done.Samples = append(result.Done.Samples, job.Sample{Key: key, Preview: "p/" + key, Output: "o/" + key, Variant: "thumb"})
	}
	r.mapRun(files{"SUCCEEDED_0.jsonl": line(result)})
	r.mustReport(t, "")
	if n := strings.Count(r.html(), "<figure>"); n != maxSamples {
		t.Errorf("%d samples, want %d", n, maxSamples)
	}
	if n, want := strings.Count(r.html(), "src=\"data:"), maxGalleryBytes/maxPictureBytes; n != want {
		t.Errorf("%d pictures, want %d", n, want)
	}
}
