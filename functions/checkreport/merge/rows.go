package merge

import (
	"bufio"
	"encoding/csv"
	"encoding/json"
	"io"
	"strconv"
	"strings"
	"time"

	"mapfleet/functions/job/checks"
)

// rows writes results, one a line of the file.
type rows interface {
	write(checks.Finding) error
	flush() error
}

// newRows writes CSV or JSON Lines, as the key says.
func newRows(w io.Writer, key string) rows {
	out := bufio.NewWriterSize(w, 64<<10)
	if isTable(key) {
		return &table{out: csv.NewWriter(out), buffer: out}
	}
	encoder := json.NewEncoder(out)
	encoder.SetEscapeHTML(false)
	return &lines{encoder, out}
}

func isTable(key string) bool { return strings.HasSuffix(strings.ToLower(key), ".csv") }

// lines is results as JSON Lines: each is a checks.Finding.
type lines struct {
	*json.Encoder
	buffer *bufio.Writer
}

// unknown is a result of which nothing is known.
type unknown struct {
	Line    int         `json:"line"`
	ID      string      `json:"id,omitzero"`
	URL     string      `json:"url,omitzero"`
	Code    checks.Code `json:"code"`
	Message string      `json:"message"`
}

func (l *lines) write(f checks.Finding) error {
	if f.Code == checks.NotDone {
		return l.Encode(unknown{f.Line, f.ID, f.URL, f.Code, f.Message})
	}
	return l.Encode(f)
}

func (l *lines) flush() error { return l.buffer.Flush() }

// columns are the names of a Finding's members.
var columns = []string{"line", "id", "url", "code", "status", "milliseconds.total", "milliseconds.firstByte", "milliseconds.dns",
	"milliseconds.connect", "milliseconds.tls", "bytes", "at", "attempts", "firstCode", "redirects", "protocol", "address", "certificateEnds", "message"}

// table is results as CSV, with the names of columns first. What is not known or does not apply is empty.
type table struct {
	out    *csv.Writer
	buffer *bufio.Writer
	begun  bool
}

func (t *table) write(f checks.Finding) error {
	if !t.begun {
		t.begun = true
		if err := t.out.Write(columns); err != nil {
			return err
		}
	}
	l := f.Latency
	return t.out.Write([]string{
		strconv.Itoa(f.Line), f.ID, f.URL, string(f.Code), number(f.Status), milliseconds(l.Total), milliseconds(l.FirstByte), milliseconds(l.DNS),
		milliseconds(l.Connect), milliseconds(l.TLS), number(f.Bytes), moment(f.At), number(f.Attempts), string(f.FirstCode),
		number(f.Redirects), f.Protocol, f.Address, moment(f.CertificateEnds), f.Message,
	})
}

func (t *table) flush() error {
	t.out.Flush()
	if err := t.out.Error(); err != nil {
		return err
	}
	return t.buffer.Flush()
}

func number[N int | int64](n N) string {
	if n == 0 {
		return ""
	}
	return strconv.FormatInt(int64(n), 10)
}

func milliseconds(d time.Duration) string {
	if d == 0 {
		return ""
	}
	return strconv.FormatFloat(float64(d.Microseconds())/1e3, 'f', -1, 64)
}

func moment(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format("2006-01-02T15:04:05.000Z")
}
