package stepfunctions

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
)

const (
	usualPage = 100
	maxPage   = 1000
)

// pageSize is maxResults, 0 or absent meaning the usual.
func pageSize(given int) (int, error) {
	switch {
	case given < 0:
		return 0, invalid("Value '%d' at 'maxResults' failed to satisfy constraint: Member must have value greater than or equal to 0", given)
	case given > maxPage:
		return 0, invalid("Value '%d' at 'maxResults' failed to satisfy constraint: Member must have value less than or equal to %d", given, maxPage)
	case given == 0:
		return usualPage, nil
	}
	return given, nil
}

// token names the place behind which the next page of a list begins. of says which list it is: a token is
// good for the request that it was given for, and for no other.
func token(of, place string) string {
	return base64.RawURLEncoding.EncodeToString(append(check(of, place), place...))
}

// placeIn returns the place of a token; "" for none.
func placeIn(given, of string) (string, error) {
	if given == "" {
		return "", nil
	}
	data, err := base64.RawURLEncoding.DecodeString(given)
	if err != nil || len(data) <= checkLen || !bytes.Equal(data[:checkLen], check(of, string(data[checkLen:]))) {
		return "", refuse("InvalidToken", "Invalid Token: '%s'", given)
	}
	return string(data[checkLen:]), nil
}

const checkLen = 8 // bytes

func check(of, place string) []byte {
	sum := sha256.Sum256([]byte(of + "\x00" + place))
	return sum[:checkLen]
}
