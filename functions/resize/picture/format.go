package picture

import "bytes"

// Format is a file format by its usual lower-case name.
type Format string

// All but AVIF can be read; JPEG, PNG, GIF and lossy WebP can be written, and AVIF where a Variant brings the encoder.
const (
	// Same writes the source's format. BMP and TIFF, which cannot be written, become PNG.
	Same Format = ""
	JPEG Format = "jpeg"
	PNG  Format = "png"
	GIF  Format = "gif"
	WebP Format = "webp"
	BMP  Format = "bmp"
	TIFF Format = "tiff"
	AVIF Format = "avif"
)

// SniffLen is how many leading bytes Sniff can make use of.
const SniffLen = 32

// ContentType returns the media type, or "application/octet-stream" for anything but the seven formats.
func (f Format) ContentType() string {
	switch f {
	case JPEG, PNG, GIF, WebP, BMP, TIFF, AVIF:
		return "image/" + string(f)
	}
	return "application/octet-stream"
}

// Extension returns the usual file name extension with its dot, or "" for anything but the seven formats.
func (f Format) Extension() string {
	switch f {
	case JPEG:
		return ".jpg"
	case PNG, GIF, WebP, BMP, TIFF, AVIF:
		return "." + string(f)
	}
	return ""
}

// Writable tells whether Render can write the format by itself.
func (f Format) Writable() bool { return f == JPEG || f == PNG || f == GIF || f == WebP }

// Sniff names the format of a file from its first bytes; SniffLen of them are enough. It answers false for everything that
// Render cannot read.
func Sniff(head []byte) (Format, bool) {
	switch {
	case bytes.HasPrefix(head, []byte("\xff\xd8\xff")):
		return JPEG, true
	case bytes.HasPrefix(head, []byte("\x89PNG\r\n\x1a\n")):
		return PNG, true
	case bytes.HasPrefix(head, []byte("GIF87a")), bytes.HasPrefix(head, []byte("GIF89a")):
		return GIF, true
	case len(head) >= 12 && string(head[:4]) == "RIFF" && string(head[8:12]) == "WEBP":
		return WebP, true
	case bytes.HasPrefix(head, []byte("II*\x00")), bytes.HasPrefix(head, []byte("MM\x00*")):
		return TIFF, true
	case isBMP(head):
		return BMP, true
	}
	return "", false
}

// isBMP asks for more than the two letters, which many a text begins with: the upper half of the DIB header's size is zero.
func isBMP(head []byte) bool {
	return len(head) >= 18 && string(head[:2]) == "BM" && head[14] >= 12 && head[15] == 0 && head[16] == 0 && head[17] == 0
}

// foreign names picture formats that are known but cannot be read, so that the report can say what a file is.
func foreign(head []byte) string {
	signatures := []struct{ name, prefix string }{
		{"bigtiff", "II+\x00"}, {"bigtiff", "MM\x00+"},
		{"jpeg xl", "\xff\x0a"}, {"jpeg xl", "\x00\x00\x00\x0cJXL "},
		{"jpeg 2000", "\x00\x00\x00\x0cjP  "}, {"jpeg 2000", "\xff\x4f\xff\x51"},
		{"psd", "8BPS"}, {"pdf", "%PDF-"}, {"ico", "\x00\x00\x01\x00"}, {"svg", "<svg"},
	}
	for _, s := range signatures {
		if bytes.HasPrefix(head, []byte(s.prefix)) {
			return s.name
		}
	}
	if len(head) < 12 || string(head[4:8]) != "ftyp" {
		return ""
	}
	switch string(head[8:12]) {
	case "avif", "avis":
		return "avif"
	case "heic", "heix", "hevc", "hevx", "heim", "heis", "mif1", "msf1":
		return "heic"
	}
	return ""
}
