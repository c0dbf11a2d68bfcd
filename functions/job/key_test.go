package job

import (
	"strings"
	"testing"
)

func TestOutputKey(t *testing.T) {
	const long = "in/" // 3 bytes of prefix
	for _, c := range []struct {
		name, template string
		format         Format
		source, want   string
	}{
		{"the default", DefaultKey, FormatSame, "in/2026/cat.jpg", "s/2026/cat.jpg"},
		{"no folder", DefaultKey, FormatSame, "in/cat.jpg", "s/cat.jpg"},
		{"an extension in upper case is kept", DefaultKey, FormatSame, "in/CAT.JPG", "s/CAT.JPG"},
		{"JPEG under JPEG's other names", DefaultKey, FormatJPEG, "in/a.JPEG", "s/a.JPEG"},
		{"jfif is a JPEG", DefaultKey, FormatJPEG, "in/a.jfif", "s/a.jfif"},
		{"PNG to JPEG", DefaultKey, FormatJPEG, "in/a.png", "s/a.png.jpg"},
		{"JPEG to PNG", DefaultKey, FormatPNG, "in/a.JPG", "s/a.JPG.png"},
		{"PNG stays PNG", DefaultKey, FormatPNG, "in/a.Png", "s/a.Png"},
		{"GIF from WebP", DefaultKey, FormatGIF, "in/a.webp", "s/a.webp.gif"},
		{"AVIF from JPEG", DefaultKey, FormatAVIF, "in/a.jpg", "s/a.jpg.avif"},
		{"AVIF of one that is named so", DefaultKey, FormatAVIF, "in/a.AVIF", "s/a.AVIF"},
		{"no extension", DefaultKey, FormatSame, "in/a", "s/a"},
		{"no extension to JPEG", DefaultKey, FormatJPEG, "in/a", "s/a.jpg"},
		{"a dotfile has no extension", "{stem}|{ext}", FormatSame, "in/.hidden", ".hidden|"},
		{"a dotfile to PNG", DefaultKey, FormatPNG, "in/d/.png", "s/d/.png.png"},
		{"several dots", "{stem}|{ext}", FormatSame, "in/a.b.c", "a.b|.c"},
		{"a dot at the end", "{stem}|{ext}", FormatJPEG, "in/a.", "a|..jpg"},
		{"a dot in a folder is no extension", "{dir}|{stem}|{ext}", FormatSame, "in/v1.2/a", "v1.2/|a|"},
		{"unicode", DefaultKey, FormatSame, "in/été/猫.jpg", "s/été/猫.jpg"},
		{"spaces, plus and percent stand for themselves", DefaultKey, FormatSame, "in/a b+c%20d/e f.jpg", "s/a b+c%20d/e f.jpg"},
		{"braces in a key are text", DefaultKey, FormatSame, "in/{ext}{variant}.jpg", "s/{ext}{variant}.jpg"},
		{"every word", "{prefix}{variant}/{width}x{height}/{dir}{stem}{ext}", FormatSame, "in/d/a.gif", "in/s/64x0/d/a.gif"},
		{"words twice", "{stem}/{stem}{ext}{ext}", FormatSame, "in/a.gif", "a/a.gif.gif"},
		{"text only around", "x-{stem}-y", FormatSame, "in/d/a.gif", "x-a-y"},
		{"exactly as long as S3 allows", "{dir}{stem}{ext}", FormatSame, long + strings.Repeat("x", 1024), strings.Repeat("x", 1024)},
	} {
		t.Run(c.name, func(t *testing.T) {
			v := Variant{Name: "s", Width: 64, Format: c.format, Key: c.template}
			got, err := OutputKey(v, "in/", c.source)
			if err != nil || got != c.want {
				t.Errorf("OutputKey(%s, %q) = %q, %v, want %q", c.template, c.source, got, err, c.want)
			}
		})
	}
}

func TestOutputKeyRefuses(t *testing.T) {
	for _, c := range []struct{ name, template, source, want string }{
		{"outside the prefix", DefaultKey, "out/a.jpg", `does not start with the source prefix "in/"`},
		{"a byte too long", "{dir}{stem}{ext}", "in/" + strings.Repeat("x", 1025), "1025 bytes long; S3 allows 1024"},
		{"too long in bytes, not in letters", "{dir}{stem}", "in/" + strings.Repeat("猫", 342), "1026 bytes long"},
		{"a folder that climbs", DefaultKey, "in/../../a.jpg", ". or .. folder"},
		{"a folder that stays", DefaultKey, "in/./a.jpg", ". or .. folder"},
		{"a name that climbs", DefaultKey, "in/..", ". or .. folder"},
		{"a wrong template", "{what}", "in/a.jpg", "no other braces"},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, err := OutputKey(Variant{Name: "s", Key: c.template}, "in/", c.source)
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("OutputKey(%s, %.40q) = %.40q, %v, want an error with %q", c.template, c.source, got, err, c.want)
			}
		})
	}
}

func TestMayCollide(t *testing.T) {
	for _, c := range []struct {
		name             string
		keyA             string
		formatA, formatB Format
		keyB             string
		want             bool
	}{
		{"folders by variant", DefaultKey, FormatSame, FormatSame, DefaultKey, false},
		{"folders by variant, other formats", DefaultKey, FormatJPEG, FormatPNG, DefaultKey, false},
		{"the same place", "{dir}{stem}{ext}", FormatSame, FormatSame, "{dir}{stem}{ext}", true},
		{"the same place in other formats, for a.png.jpg is a name too", "{dir}{stem}{ext}", FormatJPEG, FormatPNG, "{dir}{stem}{ext}", true},
		{"suffixes before the same extension", "{stem}-{variant}{ext}", FormatSame, FormatSame, "{stem}-{variant}{ext}", false},
		{"suffixes before extensions that may differ", "{stem}-{variant}{ext}", FormatJPEG, FormatSame, "{stem}-{variant}{ext}", true},
		{"an extension in letters may be the source's", "{stem}-x{ext}", FormatSame, FormatSame, "{stem}-x.jpg", true},
		{"an extension against other letters", "{stem}{ext}", FormatSame, FormatSame, "{stem}.jpg", true},
		{"extensions in letters", "{stem}.jpg", FormatJPEG, FormatPNG, "{stem}.png", false},
		{"one starts as the other does", "a/{stem}", FormatSame, FormatSame, "a/b/{stem}", true},
		{"sizes tell them apart", "{width}/{stem}", FormatSame, FormatSame, "{width}/{stem}", false},
		{"heights that are the same", "{height}/{stem}", FormatSame, FormatSame, "{height}/{stem}", true},
		{"a prefix in front hides the variant", "{prefix}{variant}/{stem}", FormatSame, FormatSame, "{prefix}{variant}/{stem}", true},
		{"text in front differs", "x{stem}", FormatSame, FormatSame, "y{stem}", false},
		{"text behind differs", "{stem}x", FormatSame, FormatSame, "{stem}y", false},
		{"text behind that ends as the other's does", "{stem}.jpg", FormatSame, FormatSame, "{stem}-b.jpg", true},
		{"text in the middle does not help", "{dir}x{stem}", FormatSame, FormatSame, "{dir}y{stem}", true},
		{"a template that cannot be read", "{", FormatSame, FormatSame, "{stem}", true},
	} {
		t.Run(c.name, func(t *testing.T) {
			a := Variant{Name: "one", Width: 1, Format: c.formatA, Key: c.keyA}
			b := Variant{Name: "two", Width: 2, Format: c.formatB, Key: c.keyB}
			if got := mayCollide(a, b); got != c.want {
				t.Errorf("mayCollide(%s, %s) = %v, want %v", c.keyA, c.keyB, got, c.want)
			}
			if mayCollide(a, b) != mayCollide(b, a) {
				t.Errorf("mayCollide(%s, %s) depends on their order", c.keyA, c.keyB)
			}
		})
	}
}
