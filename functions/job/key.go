package job

import (
	"errors"
	"fmt"
	"path"
	"slices"
	"strconv"
	"strings"
)

// DefaultKey is the template of a variant that names none: a folder per variant, and below it the
// source's own path. See OutputKey for the words in it.
const DefaultKey = "{variant}/{dir}{stem}{ext}"

// MaxKeyBytes is S3's limit on the length of a key.
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-keys.html
const MaxKeyBytes = 1024

// Of the words that a template may hold, the first row is the same for every source.
var (
	constantWords = []string{"variant", "width", "height", "prefix"}
	sourceWords   = []string{"dir", "stem", "ext"}
)

// part is a piece of a template: literal text, or the name of a word.
type part struct {
	literal string
	word    string
}

// OutputKey returns the key of v's output for the source key, which must start with prefix, the
// deployment's source prefix. It depends on nothing else, so that writing twice equals writing once.
//
//   - {prefix} is the source prefix as it is
//   - {dir} is the source's folder below the prefix, with its final slash, or nothing
//   - {stem} is the file name without its extension
//   - {ext} is the extension with its dot. Where the variant's format is another than the extension
//     says, the format's own follows it, as in .png.jpg: a.png and a.jpg never meet in one key
//   - {variant}, {width} and {height} are the variant's (a free side is 0)
//
// It is an error if the key is longer than MaxKeyBytes, or has a . or .. folder, by which a file system
// or a URL would leave the folder that it belongs in.
func OutputKey(v Variant, prefix, source string) (string, error) {
	parts, err := parseTemplate(v.Key)
	if err != nil {
		return "", err
	}
	rest, ok := strings.CutPrefix(source, prefix)
	if !ok {
		return "", fmt.Errorf("the key does not start with the source prefix %q", prefix)
	}
	dir, name := path.Split(rest)
	ext := path.Ext(name)
	if ext == name { // .hidden has no extension
		ext = ""
	}
	var key strings.Builder
	for _, p := range parts {
		switch p.word {
		case "":
			key.WriteString(p.literal)
		case "dir":
			key.WriteString(dir)
		case "stem":
			key.WriteString(strings.TrimSuffix(name, ext))
		case "ext":
			key.WriteString(outputExt(ext, v.Format))
		default:
			key.WriteString(constant(v, p.word, prefix))
		}
	}
	out := key.String()
	if len(out) > MaxKeyBytes {
		return "", fmt.Errorf("the output's key would be %d bytes long; S3 allows %d", len(out), MaxKeyBytes)
	}
	if hasDotSegment(out) {
		return "", fmt.Errorf("the output's key %q would have a . or .. folder", out)
	}
	return out, nil
}

func constant(v Variant, word, prefix string) string {
	switch word {
	case "variant":
		return v.Name
	case "width":
		return strconv.Itoa(v.Width)
	case "height":
		return strconv.Itoa(v.Height)
	default:
		return prefix
	}
}

var formatExts = map[Format][]string{
	FormatJPEG: {".jpg", ".jpeg", ".jpe", ".jfif"},
	FormatPNG:  {".png"},
	FormatGIF:  {".gif"},
	FormatWebP: {".webp"},
	FormatAVIF: {".avif"},
}

func outputExt(ext string, format Format) string {
	exts, ok := formatExts[format]
	if !ok || slices.Contains(exts, strings.ToLower(ext)) {
		return ext
	}
	return ext + exts[0]
}

// parseTemplate splits a key template into its parts.
func parseTemplate(template string) ([]part, error) {
	var parts []part
	for rest := template; rest != ""; {
		open := strings.IndexAny(rest, "{}")
		if open < 0 {
			parts = append(parts, part{literal: rest})
			break
		}
		word, after, closed := strings.Cut(rest[open+1:], "}")
		known := slices.Contains(constantWords, word) || slices.Contains(sourceWords, word)
		if rest[open] == '}' || !closed || !known {
			return nil, errors.New("text with {prefix}, {dir}, {stem}, {ext}, {variant}, {width} and {height}, and no other braces")
		}
		if open > 0 {
			parts = append(parts, part{literal: rest[:open]})
		}
		parts = append(parts, part{word: word})
		rest = after
	}
	switch {
	case !slices.Contains(parts, part{word: "stem"}):
		return nil, errors.New("a template with {stem} in it, so that every picture has its own key")
	case strings.HasPrefix(template, "/") || strings.Contains(template, "//") || hasDotSegment(template):
		return nil, errors.New("a relative key without a leading slash, //, or . and .. folders")
	}
	return parts, nil
}

func hasDotSegment(key string) bool {
	for segment := range strings.SplitSeq(key, "/") {
		if segment == "." || segment == ".." {
			return true
		}
	}
	return false
}

// mayCollide says whether a and b could give the same key of one source. It errs on the side of yes:
// the answer is no only if the text before the first word that depends on the source, or the text
// after the last such word, can never be the same. (Keys of two sources that meet are found by the
// worker, which never overwrites the output of another source.)
func mayCollide(a, b Variant) bool {
	sameExt := a.Format == b.Format && strings.HasSuffix(a.Key, "{ext}") && strings.HasSuffix(b.Key, "{ext}")
	frontA, backA := ends(a, sameExt)
	frontB, backB := ends(b, sameExt)
	return !diverge(frontA, frontB) && !diverge(reverse(backA), reverse(backB))
}

// ends returns the constant text before the first and after the last word of v's template that depends
// on the source. With withoutExt, an {ext} at the very end is left out: it is the same for both.
func ends(v Variant, withoutExt bool) (front, back string) {
	parts, err := parseTemplate(v.Key)
	if err != nil {
		return "", ""
	}
	if last := len(parts) - 1; withoutExt && parts[last].word == "ext" {
		parts = parts[:last]
	}
	constantText := func(p part) (text string, ok bool) {
		switch {
		case p.word == "":
			return p.literal, true
		case p.word == "prefix" || slices.Contains(sourceWords, p.word):
			return "", false
		default:
			return constant(v, p.word, ""), true
		}
	}
	for _, p := range parts {
		text, ok := constantText(p)
		if !ok {
			break
		}
		front += text
	}
	for _, p := range slices.Backward(parts) {
		text, ok := constantText(p)
		if !ok {
			break
		}
		back = text + back
	}
	return front, back
}

// diverge says whether the strings differ at some place that both have.
func diverge(a, b string) bool {
	n := min(len(a), len(b))
	return a[:n] != b[:n]
}

func reverse(s string) string {
	bytes := []byte(s)
	slices.Reverse(bytes)
	return string(bytes)
}
