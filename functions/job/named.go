package job

import (
	"path"
	"slices"
	"strings"
)

var pictureExts = []string{".jpg", ".jpeg", ".jpe", ".jfif", ".png", ".gif", ".webp", ".bmp", ".tif", ".tiff",
	".heic", ".heif", ".avif", ".jxl", ".jp2"} // the last row cannot be read, and the report says so

// NamedAsPicture says whether a key claims to be a picture: what is not one by content either is
// ignored instead of failed, and its upload starts no run. A name without an extension claims it too.
func NamedAsPicture(key string) bool {
	ext := strings.ToLower(path.Ext(key))
	return ext == "" || slices.Contains(pictureExts, ext)
}
