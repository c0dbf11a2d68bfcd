package storage

import (
	"errors"
	"fmt"
	"io/fs"
	"net/http"

	"github.com/versity/versitygw/s3err"
)

// refusal turns what a file system will not do, however often it is asked, into S3's answer for that; other
// errors are answered as the server's own, which clients try again.
func refusal(err error) error {
	if _, ok := errors.AsType[noKey](err); ok {
		return s3err.APIError{Code: "InvalidRequest", Description: err.Error(), HTTPStatusCode: http.StatusBadRequest}
	}
	if errors.Is(err, fs.ErrPermission) {
		return s3err.APIError{Code: "AccessDenied", Description: err.Error(), HTTPStatusCode: http.StatusForbidden}
	}
	return err
}

// plain puts an error of S3, whose text is the XML of an answer, into words.
func plain(err error) error {
	if e, ok := errors.AsType[s3err.S3Error](err); ok {
		return fmt.Errorf("%s: %s", e.BaseError().Code, e.BaseError().Description)
	}
	return err
}
