package audit

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"encoding/binary"
)

// record is what is sorted in place of keys: 24 bytes, whatever a key's length. Its order is that of its
// bytes.
//
// A record of a key has 12 bytes of the key's SHA-256 (that two of 200 million share them has a
// probability of one in a million million), 8 bytes of a number, and 4 of the SHA-256 of the source that
// wants the key. A record of a place has a number first, and so sorts by it.
type record [24]byte

func keyRecord(key string, number uint64, source string) record {
	var r record
	sum := sha256.Sum256([]byte(key))
	copy(r[:12], sum[:])
	binary.BigEndian.PutUint64(r[12:20], number)
	if source != "" {
		sum = sha256.Sum256([]byte(source))
		copy(r[20:], sum[:])
	}
	return r
}

// sameKey says whether both are records of one key.
func (r record) sameKey(o record) bool { return bytes.Equal(r[:12], o[:12]) }

// sameSource says whether one source wants both.
func (r record) sameSource(o record) bool { return bytes.Equal(r[20:], o[20:]) }

// number is what keyRecord was given.
func (r record) number() uint64 { return binary.BigEndian.Uint64(r[12:20]) }

// placeRecord is of the item at a place in a journal, and of one of its variants.
func placeRecord(place uint64, variant int, collides bool) record {
	var r record
	binary.BigEndian.PutUint64(r[:8], place)
	r[8] = byte(variant)
	if collides {
		r[9] = 1
	}
	return r
}

func (r record) place() (place uint64, variant int, collides bool) {
	return binary.BigEndian.Uint64(r[:8]), int(r[8]), r[9] == 1
}

func compareRecords(a, b record) int {
	if c := cmp.Compare(binary.BigEndian.Uint64(a[:8]), binary.BigEndian.Uint64(b[:8])); c != 0 {
		return c
	}
	return bytes.Compare(a[8:], b[8:])
}
