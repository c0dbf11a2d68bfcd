package checks

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestItemKeepsItsCheck(t *testing.T) {
	for _, line := range []string{
		`{"url":"https://example.com/"}`,
		`{"url":"https://example.com/?a=1&b=<2>","redirects":"no","retry":true,"maxBody":1048577}`,
		`{"id":7,"url":"http://a/","method":"PUT","headers":{"x-a":"","X-B":"c"},"body":"é","timeout":"1m","connection":"shared","expect":{"status":[200,"3xx"],"maxLatency":"1ms","bodyContains":"<x>"}}`,
		`{"url":"http://a/","redirects":"no","expect":{"status":"2xx"}}`,
	} {
		c, err := ParseCheck([]byte(line))
		if err != nil {
			t.Fatalf("ParseCheck(%s): %v", line, err)
		}
		want := Item{Line: 12, Check: c}
		data, err := want.MarshalJSON()
		if err != nil {
			t.Fatal(err)
		}
		var got Item
		if err := json.Unmarshal(data, &got); err != nil {
			t.Fatalf("read %s: %v", data, err)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s comes back (-want +got):\n%s", data, diff)
		}
		if most := len(line) + len(`"line":12,`) + 30; len(data) > most {
			t.Errorf("%s of %d bytes, want at most %d: what is the default is left out", data, len(data), most)
		}
	}
}

func TestItemIsShort(t *testing.T) {
	data, err := Item{Line: 3, Check: plain()}.MarshalJSON()
	if want := `{"line":3,"url":"https://example.com/"}`; err != nil || string(data) != want {
		t.Errorf("item = %s, %v, want %s", data, err, want)
	}
}

// TestItemOfWrongLine: what stands in a batch with a line number is an item, whatever else is wrong in it.
func TestItemOfWrongLine(t *testing.T) {
	for name, test := range map[string]struct{ line, id, refused string }{
		"refused by whoever read the file": {`{"line":5,"id":"x","refused":"url: gone"}`, "x", "url: gone"},
		"refused, with more":               {`{"line":5,"refused":"url: gone","url":"http://a/"}`, "", "url: gone"},
		"no URL":                           {`{"line":5,"id":"x"}`, "x", "url: given nothing"},
		"a field of another version":       {`{"line":5,"url":"http://a/","color":"red"}`, "", "color: given"},
	} {
		t.Run(name, func(t *testing.T) {
			var i Item
			if err := json.Unmarshal([]byte(test.line), &i); err != nil {
				t.Fatal(err)
			}
			if i.Line != 5 || i.Check.ID != test.id || !strings.Contains(i.Refused, test.refused) || i.Check.URL != "" {
				t.Errorf("%s is read as %+v", test.line, i)
			}
			data, err := i.MarshalJSON()
			if err != nil {
				t.Fatal(err)
			}
			var again Item
			if err := json.Unmarshal(data, &again); err != nil || again.Refused != i.Refused || again.Check.ID != i.Check.ID {
				t.Errorf("%s comes back as %+v, %v", data, again, err)
			}
		})
	}
	for _, line := range []string{`[]`, `{"url":"http://a/"}`, `{"line":0,"url":"http://a/"}`, `{"line":"1"}`} {
		if err := json.Unmarshal([]byte(line), new(Item)); err == nil {
			t.Errorf("%s is read as an item", line)
		}
	}
}

// TestItemsFitIntoABatch: text that grows in JSON is refused before it is too long to pass on.
func TestItemsFitIntoABatch(t *testing.T) {
	c := plain()
	c.Method, c.Body = "POST", strings.Repeat("\x01", MaxLineBytes/4)
	i := newItem(9, nil, c, nil)
	if !strings.Contains(i.Refused, "bytes of JSON") {
		t.Errorf("an item of %d control characters is not refused: %.100s", len(c.Body), i.Refused)
	}
}
