package storage

import (
	"crypto/md5"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io"
	"os"
	"strings"

	"github.com/versity/versitygw/backend/meta"

	"mapfleet/functions/resize/batch"
)

// described is what was put with an object, as far as workers ask for it.
type described struct {
	cacheControl, contentDisposition, contentLanguage *string
	metadata                                          map[string]string
}

// describe reads what a file's attributes keep of a put. A file that came otherwise has none, and on a file
// system without attributes no file has. What an editor, or a copy over it, has made of an output of
// mapfleet keeps the attributes of the picture that was there before: they are not its own.
func describe(path string) (described, error) {
	names, err := meta.XattrMeta{}.ListAttributes("", path)
	if err != nil || len(names) == 0 {
		return described{}, nil
	}
	var d described
	var etag string
	for _, name := range names {
		switch name {
		case "etag", "metadata", "cache-control", "content-disposition", "content-language":
		default:
			continue
		}
		data, err := meta.XattrMeta{}.RetrieveAttribute(nil, "", path, name)
		if errors.Is(err, meta.ErrNoSuchKey) {
			continue // gone meanwhile
		}
		if err != nil {
			return described{}, err
		}
		value := string(data)
		switch name {
		case "etag":
			etag = strings.Trim(value, `"`)
		case "metadata":
			_ = json.Unmarshal(data, &d.metadata) // no JSON is another program's
		case "cache-control":
			d.cacheControl = &value
		case "content-disposition":
			d.contentDisposition = &value
		case "content-language":
			d.contentLanguage = &value
		}
	}
	if d.metadata[batch.MarkRecipe] == "" {
		return d, nil
	}
	same, err := hasMD5(path, etag)
	if err != nil || !same {
		return described{}, err
	}
	return d, nil
}

// hasMD5 says whether etag may be that of the file as it is; one that is no MD5 may be any file's.
func hasMD5(path, etag string) (bool, error) {
	want, err := hex.DecodeString(etag)
	if err != nil || len(want) != md5.Size {
		return true, nil
	}
	f, err := os.Open(path)
	if err != nil {
		return false, err
	}
	defer f.Close()
	sum := md5.New()
	if _, err := io.Copy(sum, f); err != nil {
		return false, err
	}
	return string(sum.Sum(nil)) == string(want), nil
}
