// Package fault sorts what S3 answers into the named errors of package job, once for all functions:
// the world's faults (throttled, unavailable, denied, bucket gone) are errors that the state machine
// matches by type; a missing object is Gone, which its caller judges.
package fault

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"slices"
	"strings"

	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
	"github.com/aws/smithy-go"

	"mapfleet/functions/job"
)

// Gone says that an object is not there.
type Gone struct{ Message string }

func (e Gone) Error() string { return e.Message }

// Changed says that a conditional write met another state of the object than it was made for.
type Changed struct{ Message string }

func (e Changed) Error() string { return e.Message }

// Archived says that an object must be restored before it can be read.
// https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html
type Archived struct{ Message string }

func (e Archived) Error() string { return e.Message }

// Refused says that S3 will not do what it was asked with this object, however often it is asked: it is encrypted
// with a key of its owner's (SSE-C), or, on a file system, its key leads through a file or is that of a folder.
type Refused struct{ Message string }

func (e Refused) Error() string { return e.Message }

// NoBucket says that a bucket is not there; the caller knows whether it is the source or the destination.
type NoBucket struct{ Message string }

func (e NoBucket) Error() string { return e.Message }

// Of names err, which the S3 call on bucket and key returned ("PutObject"). The result is one of
// job.Throttled, job.Unavailable, job.AccessDenied, job.DestinationFull, NoBucket, Gone, Archived and
// Changed, bare; the error of a cancelled context as it is; nil for nil.
// https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html
func Of(call, bucket, key string, err error) error {
	if err == nil {
		return nil
	}
	if errors.Is(err, context.Canceled) || late(err) {
		return err
	}
	where := fmt.Sprintf("%s s3://%s/%s", call, bucket, key)
	code, status := describe(err)
	switch {
	case code == "NoSuchBucket":
		return NoBucket{fmt.Sprintf("%s: there is no bucket %s", where, bucket)}
	case code == "SlowDown" || code == "Throttling" || code == "ThrottlingException" || code == "RequestLimitExceeded" ||
		status == http.StatusTooManyRequests || status == http.StatusServiceUnavailable:
		return job.Throttled{Message: fmt.Sprintf("%s: throttled (%s)", where, orStatus(code, status))}
	case code == "InvalidObjectState":
		return Archived{fmt.Sprintf("%s: it is archived and must be restored first", where)}
	case status == http.StatusInsufficientStorage || code == "QuotaExceeded":
		return job.DestinationFull{Message: fmt.Sprintf("%s: no room left (%s)", where, orStatus(code, status))}
	case status == http.StatusForbidden:
		return job.AccessDenied{Message: fmt.Sprintf("%s: denied (%s): the function's role needs %s%s", where, orStatus(code, status), permission(call), denial(err))}
	case status == http.StatusNotFound:
		return Gone{fmt.Sprintf("%s: there is no such object", where)}
	case status == http.StatusPreconditionFailed || code == "ConditionalRequestConflict":
		return Changed{fmt.Sprintf("%s: the object changed meanwhile", where)}
	default:
		return job.Unavailable{Message: fmt.Sprintf("%s: %s", where, reason(err, code, status))}
	}
}

// OfObject is Of for one object among many, whose own fault must not be blamed on the world: the result may
// also be Refused.
func OfObject(call, bucket, key string, err error) error {
	named := Of(call, bucket, key, err)
	if e, ok := named.(job.Unavailable); ok {
		if code, _ := describe(err); slices.Contains(refusals, code) {
			return Refused{e.Message}
		}
	}
	return named
}

// refusals are the codes of what S3 will not do with an object. Other codes of a bad request are of connections
// that broke (RequestTimeout, IncompleteBody, BadDigest) or of credentials (ExpiredToken), and pass. The last
// two are those of a file system that is served as S3.
var refusals = []string{"InvalidRequest", "InvalidArgument", "InvalidURI", "KeyTooLongError", "MethodNotAllowed",
	"ObjectParentIsFile", "ExistingObjectIsDirectory"}

// late says whether err is that of a context whose deadline has passed. The timeouts of net and net/http
// claim to be one (errors.Is), and are not: a connection took too long. Where the context did end, the
// SDK leaves no word of the connection.
func late(err error) bool {
	if _, connection := err.(*net.OpError); connection || err == nil {
		return false
	}
	if err == context.DeadlineExceeded {
		return true
	}
	switch e := err.(type) {
	case interface{ Unwrap() error }:
		return late(e.Unwrap())
	case interface{ Unwrap() []error }:
		return slices.ContainsFunc(e.Unwrap(), late)
	}
	return false
}

// permission names what IAM wants for a call.
// https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazons3.html
func permission(call string) string {
	switch call {
	case "GetObject":
		return "s3:GetObject on it, and kms:Decrypt on its KMS key if it has one"
	case "HeadObject":
		return "s3:GetObject on it, and s3:ListBucket on its bucket to be told that an object is missing"
	case "ListObjectsV2":
		return "s3:ListBucket on the bucket"
	case "PutObject":
		return "s3:PutObject on it, and kms:GenerateDataKey and kms:Decrypt on the bucket's KMS key if it has one"
	default:
		return "s3:" + call + " on it"
	}
}

func describe(err error) (code string, status int) {
	if api, ok := errors.AsType[smithy.APIError](err); ok {
		code = api.ErrorCode()
	}
	if response, ok := errors.AsType[*awshttp.ResponseError](err); ok {
		status = response.HTTPStatusCode()
	}
	return code, status
}

func orStatus(code string, status int) string {
	if code == "" {
		return fmt.Sprintf("HTTP %d", status)
	}
	return code
}

// denial is what S3 says of a denied call beyond that it is one: who may not do what.
func denial(err error) string {
	api, ok := errors.AsType[smithy.APIError](err)
	if !ok || api.ErrorMessage() == "" || strings.EqualFold(strings.TrimSuffix(api.ErrorMessage(), "."), "access denied") {
		return ""
	}
	return "; S3 says: " + clip(api.ErrorMessage())
}

// clip shortens what S3 says to a sentence's length.
func clip(message string) string {
	const most = 300
	if len(message) <= most {
		return message
	}
	return strings.ToValidUTF8(message[:most], "") + "…"
}

func reason(err error, code string, status int) string {
	switch {
	case code != "" && status != 0:
		text := fmt.Sprintf("%s (HTTP %d)", code, status)
		if api, ok := errors.AsType[smithy.APIError](err); ok && api.ErrorMessage() != "" {
			text += ": " + clip(api.ErrorMessage())
		}
		return text
	case code != "" || status >= http.StatusBadRequest:
		return orStatus(code, status)
	}
	// A connection that broke: the innermost error says how.
	for {
		inner := errors.Unwrap(err)
		if inner == nil {
			return err.Error()
		}
		err = inner
	}
}
