package cli

import (
	"encoding"
	"encoding/json"
	"reflect"
	"strings"
	"testing"
	"time"
)

// TestJSON_speaks_one_language: whatever --json prints has names that begin with a small letter, each of them given,
// and no number of nanoseconds.
func TestJSON_speaks_one_language(t *testing.T) {
	for _, printed := range []any{
		resizeEstimate{}, tasksEstimate{}, checksEstimate{}, dryRun{}, localReport{}, remoteReport{}, checksReport{}, remoteChecks{},
		auditReport{}, started{}, listedRun{}, retryReport{},
	} {
		of := reflect.TypeOf(printed)
		wantNames(t, of.Name(), of, map[reflect.Type]bool{})
	}
}

// wantNames looks at a type and all that is in it.
func wantNames(t *testing.T, path string, of reflect.Type, seen map[reflect.Type]bool) {
	t.Helper()
	if of.Implements(reflect.TypeFor[json.Marshaler]()) || of.Implements(reflect.TypeFor[encoding.TextMarshaler]()) {
		return
	}
	if of == reflect.TypeFor[time.Duration]() {
		t.Errorf("%s is printed in nanoseconds", path)
	}
	switch of.Kind() {
	case reflect.Pointer, reflect.Slice, reflect.Map:
		wantNames(t, path, of.Elem(), seen)
	case reflect.Struct:
		if seen[of] {
			return
		}
		seen[of] = true
		for field := range of.Fields() {
			name, _, _ := strings.Cut(field.Tag.Get("json"), ",")
			within := path + "." + field.Name
			switch {
			case name == "-" || !field.IsExported() && !field.Anonymous:
				continue
			case !field.Anonymous && (name == "" || strings.ToLower(name[:1]) != name[:1]):
				t.Errorf("%s is printed as %q", within, name)
			}
			wantNames(t, within, field.Type, seen)
		}
	}
}
