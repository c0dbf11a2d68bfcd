package uploads

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"mapfleet/functions/job"
)

// maxInputBytes bounds the JSON of one run's input. A state may have 256 KiB, and the input travels
// through Prepare together with what is said of the run.
const maxInputBytes = 128 << 10

// upload is a key with the newest of its events, and the messages that told of it.
type upload struct {
	event
	messages []string
}

func (u upload) key() string { return u.Detail.Object.Key }

// start is one run to start.
type start struct {
	machine  string // ARN
	name     string
	input    string
	messages []string
}

// fold adds an event to those of the same key: of several the newest counts, and all their messages
// are done with it.
func fold(uploads map[string]upload, e event, message string) {
	key := e.Detail.Object.Key
	u, known := uploads[key]
	if !known || later(e, u.event) {
		u.event = e
	}
	u.messages = append(u.messages, message)
	uploads[key] = u
}

// group splits uploads into runs of a bounded size. Uploads are sorted first: the order in which a
// queue delivers its messages changes neither the runs nor their names.
func group(uploads []upload) []start {
	slices.SortFunc(uploads, func(a, b upload) int { return cmp.Compare(a.key(), b.key()) })
	var starts []start
	for len(uploads) > 0 {
		n, size := 0, 0
		for ; n < min(len(uploads), job.MaxKeys); n++ {
			if size += encodedLen(uploads[n].key()) + 1; size > maxInputBytes && n > 0 {
				break
			}
		}
		starts = append(starts, overKeys(uploads[:n]))
		uploads = uploads[n:]
	}
	return starts
}

func overKeys(uploads []upload) start {
	s := start{name: name("upload", uploads)}
	keys := make([]string, len(uploads))
	for i, u := range uploads {
		keys[i] = u.key()
		s.messages = append(s.messages, u.messages...)
	}
	s.input = encode(map[string]any{"keys": keys, "comment": fmt.Sprintf("started by %d uploads", len(keys))})
	return s
}

// overFile is a run over one file, whose URL the member of its input names.
func overFile(prefix, member string, u upload) start {
	url := "s3://" + u.Detail.Bucket.Name + "/" + u.key()
	return start{
		name:     name(prefix, []upload{u}),
		input:    encode(map[string]any{member: url, "comment": "started by the upload of this " + member}),
		messages: u.messages,
	}
}

// name is a pure function of which objects were created in which state.
func name(prefix string, uploads []upload) string {
	hash := sha256.New()
	for _, u := range uploads {
		o := u.Detail.Object
		for _, part := range []string{u.Detail.Bucket.Name, o.Key, o.ETag, o.Version, o.Sequencer} {
			fmt.Fprintf(hash, "%d:%s", len(part), part)
		}
	}
	return prefix + "-" + hex.EncodeToString(hash.Sum(nil)[:20])
}

// encode returns JSON with < and & as they are, since people read it in the console.
func encode(v any) string {
	var b strings.Builder
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	_ = e.Encode(v) // maps of strings always encode
	return strings.TrimSpace(b.String())
}

func encodedLen(key string) int { return len(encode(key)) }
