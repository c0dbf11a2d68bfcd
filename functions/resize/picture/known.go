package picture

import (
	"bytes"
	"sync/atomic"
)

// known is the profile that was read last, with what followed from it: most pictures of a batch are of one camera or one program.
// It never changes a result.
var known atomic.Pointer[profile]

// mostKnown bounds what is remembered. The profiles of cameras have up to 4 kB.
const mostKnown = 64 << 10

// readProfile parses a profile and works out whether it is plain, and its transform if not. The result is shared.
func readProfile(raw []byte) (*profile, bool) {
	if p := known.Load(); p != nil && bytes.Equal(p.raw, raw) {
		return p, true
	}
	p, ok := parseProfile(raw)
	if !ok {
		return nil, false
	}
	if len(p.raw) <= mostKnown { // a copy, so that it does not keep a whole file in memory
		p, _ = parseProfile(bytes.Clone(p.raw))
		defer known.Store(p)
	}
	if p.plain = p.isPlain(); !p.plain {
		p.transform = newTransform(p)
	}
	return p, true
}
