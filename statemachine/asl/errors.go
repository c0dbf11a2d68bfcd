package asl

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
)

// Error is a failure in the sense of the Amazon States Language: Name is what ErrorEquals of a Retry
// or Catch matches, Cause is for people. Tasks return one to choose the name.
type Error struct {
	Name, Cause string
	timedOut    bool // an execution reached its own time limit: TIMED_OUT, not FAILED
	unkept      bool // the journal failed: see journalFault
}

// Error returns "Name: Cause".
func (e *Error) Error() string {
	if e.Cause == "" {
		return e.Name
	}
	return e.Name + ": " + e.Cause
}

// ErrAborted is wrapped by the error of a Run whose context ended before its execution did. That
// error wraps the context's error too.
var ErrAborted = errors.New("execution aborted")

// TimedOut reports whether err ended an execution because the time limit of the machine (or the five
// minutes of an EXPRESS child) ran out, as opposed to a state that failed with States.Timeout.
func TimedOut(err error) bool {
	e, ok := errors.AsType[*Error](err)
	return ok && e.timedOut
}

const (
	errorAll            = "States.ALL"
	errorDataLimit      = "States.DataLimitExceeded"
	errorIntrinsic      = "States.IntrinsicFailure"
	errorItemReader     = "States.ItemReaderFailed"
	errorNoChoice       = "States.NoChoiceMatched"
	errorParameterPath  = "States.ParameterPathFailure"
	errorResultPath     = "States.ResultPathMatchFailure"
	errorResultWriter   = "States.ResultWriterFailed"
	errorRuntime        = "States.Runtime"
	errorTaskFailed     = "States.TaskFailed"
	errorTimeout        = "States.Timeout"
	errorToleranceLimit = "States.ExceedToleratedFailureThreshold"
)

// stateErrors are the reserved names that a Retry or Catch may match (A10).
var stateErrors = []string{
	errorAll, errorDataLimit, errorIntrinsic, errorItemReader, errorNoChoice, errorParameterPath,
	errorResultPath, errorResultWriter, errorTaskFailed, errorTimeout, errorToleranceLimit,
	"States.HeartbeatTimeout", "States.Permissions",
}

// lambdaErrors are the names under which Lambda's own faults arrive (A11). What a function reports
// itself (A62) has no prefix, nor has the end of its process (A60).
var lambdaErrors = []string{
	"AWSLambdaException", "ClientExecutionTimeoutException", "SdkClientException", "ServiceException",
	"TooManyRequestsException", "Unknown", "EC2AccessDeniedException", "EC2ThrottledException",
	"EC2UnexpectedException", "EFSIOException", "EFSMountConnectivityException",
	"EFSMountFailureException", "EFSMountTimeoutException", "ENILimitReachedException",
	"InvalidParameterValueException", "InvalidRequestContentException", "InvalidRuntimeException",
	"InvalidSecurityGroupIDException", "InvalidSubnetIDException", "InvalidZipFileException",
	"KMSAccessDeniedException", "KMSDisabledException", "KMSInvalidStateException",
	"KMSNotFoundException", "RecursiveInvocationException", "RequestTooLargeException",
	"ResourceConflictException", "ResourceNotFoundException", "ResourceNotReadyException",
	"SnapStartException", "SnapStartNotReadyException", "SnapStartTimeoutException",
	"SubnetIPAddressLimitReachedException", "UnsupportedMediaTypeException",
}

// errorNameProblem says why name may not stand in ErrorEquals, or returns "".
func errorNameProblem(name string) string {
	switch {
	case name == "" || strings.ContainsAny(name, " \t\r\n"):
		return fmt.Sprintf("%q is not an error name", name)
	case name == errorRuntime:
		return "States.Runtime is never retried nor caught" // A12
	case strings.HasPrefix(name, "States.") && !slices.Contains(stateErrors, name):
		return fmt.Sprintf("unknown error name %q", name)
	case strings.HasPrefix(name, "Lambda.") && !slices.Contains(lambdaErrors, name[len("Lambda."):]):
		return fmt.Sprintf("unknown error name %q", name)
	}
	return ""
}

// matches reports whether a Retry or Catch that names names takes an error called name (A12).
func matches(names []string, name string) bool {
	if name == errorRuntime {
		return false
	}
	for _, n := range names {
		switch {
		case n == name,
			n == errorAll && name != errorDataLimit,
			n == errorTaskFailed && name != errorTimeout && name != errorDataLimit:
			return true
		}
	}
	return false
}

func failure(name, format string, args ...any) *Error {
	return &Error{Name: name, Cause: fmt.Sprintf(format, args...)}
}

// asError gives any error of a service the shape of an ASL failure; name is used if it has none.
func asError(err error, name string) *Error {
	if e, ok := errors.AsType[*Error](err); ok {
		return e
	}
	return &Error{Name: name, Cause: err.Error()}
}

// stopped says why ctx ended: the *Error of a time limit or of a failed Map Run, or an abort.
func stopped(ctx context.Context) error {
	cause := context.Cause(ctx)
	if e, ok := errors.AsType[*Error](cause); ok {
		return e
	}
	if errors.Is(cause, ctx.Err()) {
		return fmt.Errorf("%w: %w", ErrAborted, cause)
	}
	return fmt.Errorf("%w: %w: %w", ErrAborted, ctx.Err(), cause)
}
