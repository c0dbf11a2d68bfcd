package stack

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/retry"
	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
	"github.com/aws/smithy-go"
	smithyhttp "github.com/aws/smithy-go/transport/http"
)

// Fault is what keeps a call from being made, and what to do about it.
type Fault struct {
	What, Next string // each a line, Next maybe empty
}

func (f Fault) Error() string {
	if f.Next == "" {
		return f.What
	}
	return f.What + ": " + f.Next
}

// The codes by which the services say the same in different ways.
// https://docs.aws.amazon.com/step-functions/latest/apireference/CommonErrors.html
// https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html
var (
	expiredCodes = []string{"ExpiredToken", "ExpiredTokenException", "RequestExpired", "TokenRefreshRequired"}
	unknownCodes = []string{"UnrecognizedClientException", "InvalidClientTokenId", "InvalidAccessKeyId", "SignatureDoesNotMatch",
		"InvalidSignatureException", "IncompleteSignature", "MissingAuthenticationToken", "MissingAuthenticationTokenException"}
	elsewhereCodes = []string{"AuthorizationHeaderMalformed", "PermanentRedirect", "TemporaryRedirect", "IllegalLocationConstraintException", "301"}
	deniedCodes    = []string{"AccessDenied", "AccessDeniedException", "UnauthorizedOperation", "NotAuthorized", "KmsAccessDeniedException"}
)

// Explain words the error of a call for a person. Errors of an ended context, those of this package and nil
// stay as they are.
func (s *Stack) Explain(err error) error {
	if err == nil || errors.Is(err, context.Canceled) {
		return err
	}
	if _, ok := errors.AsType[Fault](err); ok {
		return err
	}
	code, message := "", ""
	if api, ok := errors.AsType[smithy.APIError](err); ok {
		code, message = api.ErrorCode(), api.ErrorMessage()
	}
	call := callOf(err)
	switch {
	case slices.Contains(expiredCodes, code):
		return Fault{"the credentials have expired", "renew them, " + s.login() + ", and try again; runs that were started go on meanwhile"}
	case slices.Contains(unknownCodes, code) && s.Local():
		return Fault{fmt.Sprintf("%s does not know the credentials (%s)", s.server(), code), s.environment()}
	case slices.Contains(unknownCodes, code):
		return Fault{fmt.Sprintf("%s does not know the credentials (%s)", s.server(), code), "are they for another account or server, or mistyped? " + s.whose()}
	case slices.Contains(deniedCodes, code) || statusOf(err) == http.StatusForbidden:
		return Fault{fmt.Sprintf("the credentials do not allow %s%s", call.permission(), said(message)), "add it to their policy, or use others. " + s.whose()}
	case throttled(err):
		return Fault{fmt.Sprintf("%s asks to slow down (%s)", s.server(), call.permission()), "try again in a minute"}
	case code == "StateMachineDoesNotExist" || code == "StateMachineDeleting":
		return Fault{fmt.Sprintf("there is no state machine %s", s.StateMachine), "is the stack deployed, and in this Region? --stack, --state-machine and --region say where to look"}
	case slices.Contains(elsewhereCodes, code):
		return Fault{fmt.Sprintf("the bucket is in another Region than %s%s", s.Region, said(message)), "name the stack's by --region"}
	case code == "InvalidArn":
		return Fault{fmt.Sprintf("%q is no ARN that %s takes", s.StateMachine, call.name), "name the state machine by --stack or --state-machine"}
	case code == "NoSuchBucket":
		return Fault{fmt.Sprintf("there is no work bucket %s", s.Work), "name it by --work-bucket"}
	case statusOf(err) >= http.StatusInternalServerError:
		return Fault{fmt.Sprintf("%s failed (%s: %d %s)", s.server(), call.permission(), statusOf(err), cmp.Or(http.StatusText(statusOf(err)), code)), "try again in a minute"}
	case code != "":
		return Fault{What: fmt.Sprintf("%s: %s%s", call.permission(), code, said(message))}
	case strings.Contains(err.Error(), "get credentials:"): // they could not be renewed
		return s.noCredentials(err)
	case unread(err):
		return Fault{fmt.Sprintf("cannot read the answer of %s (%s)", s.server(), innermost(err)), s.reach()}
	case unreachable(err):
		return Fault{fmt.Sprintf("cannot reach %s (%s)", s.server(), innermost(err)), s.reach()}
	}
	return Fault{What: fmt.Sprintf("%s: %s", call.permission(), innermost(err))}
}

func (s *Stack) server() string {
	if s.Local() {
		return s.endpoint
	}
	return "AWS in " + s.Region
}

func (s *Stack) reach() string {
	if s.Local() {
		return `is "mapfleet serve" running, and at this URL?`
	}
	return "is the network up, and the Region's name right?"
}

func (s *Stack) whose() string {
	return `"aws sts get-caller-identity" tells whose they are`
}

// environment is where the credentials of a server on this machine are.
func (s *Stack) environment() string {
	return `"mapfleet serve" keeps them in serve.env of its state folder: ". OUT/.mapfleet/serve.env"`
}

// login is how most people renew credentials.
func (s *Stack) login() string {
	if s.profile != "" {
		return fmt.Sprintf(`as by "aws sso login --profile %s"`, s.profile)
	}
	return `as by "aws sso login"`
}

// noCredentials says that the chain of providers came to nothing.
func (s *Stack) noCredentials(err error) error {
	if text := strings.ToLower(err.Error()); strings.Contains(text, "expired") || strings.Contains(text, "sso") {
		return Fault{fmt.Sprintf("the credentials cannot be had (%s)", innermost(err)), "log in anew, " + s.login()}
	}
	if s.Local() {
		return Fault{"no credentials were found for " + s.endpoint, s.environment()}
	}
	return Fault{"no AWS credentials were found", `set AWS_PROFILE or --profile, or log in by "aws sso login" or "aws configure"`}
}

// Passing says whether an error may be gone at the next try: throttled, not reached, failed inside AWS.
func Passing(err error) bool {
	if errors.Is(err, context.Canceled) {
		return false
	}
	return throttled(err) || unreachable(err) || statusOf(err) >= http.StatusInternalServerError ||
		retry.IsErrorRetryables(retry.DefaultRetryables).IsErrorRetryable(err) == aws.TrueTernary
}

func throttled(err error) bool {
	return retry.IsErrorThrottles(retry.DefaultThrottles).IsErrorThrottle(err) == aws.TrueTernary
}

// unreachable says whether no answer came, or one that broke off.
func unreachable(err error) bool {
	if _, ok := errors.AsType[*smithyhttp.RequestSendError](err); ok {
		return true
	}
	return unread(err)
}

// unread says whether an answer broke off, or is none of the service's, such as the page of a proxy.
func unread(err error) bool {
	_, broken := errors.AsType[*smithy.DeserializationError](err)
	return broken
}

func statusOf(err error) int {
	if response, ok := errors.AsType[*awshttp.ResponseError](err); ok {
		return response.HTTPStatusCode()
	}
	return 0
}

// call is the service and the operation of an error.
type call struct{ service, name string }

func callOf(err error) call {
	if op, ok := errors.AsType[*smithy.OperationError](err); ok {
		return call{op.ServiceID, op.OperationName}
	}
	return call{"AWS", "the call"}
}

// permission is what IAM calls an operation.
func (c call) permission() string {
	switch {
	case c.service == "SFN":
		return "states:" + c.name
	case c.service == "S3" && c.name == "GetObject": // all that is asked of S3
		return "s3:GetObject, s3:ListBucket to be told that an object is not there, and kms:Decrypt where a KMS key encrypts the bucket"
	}
	return strings.ToLower(c.service) + ":" + c.name
}

// said is a service's own message in brackets, if it has one.
func said(message string) string {
	if message == "" {
		return ""
	}
	return " (" + message + ")"
}

// innermost is the text of the error that the others wrap.
func innermost(err error) string {
	for inner := errors.Unwrap(err); inner != nil; inner = errors.Unwrap(err) {
		err = inner
	}
	return err.Error()
}
