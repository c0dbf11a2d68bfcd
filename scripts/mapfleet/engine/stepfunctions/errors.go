package stepfunctions

import (
	"fmt"
	"net/http"
)

// Error is a refusal, in the shape that SDKs know.
type Error struct {
	Name    string // such as ExecutionDoesNotExist
	Message string
	Status  int // of HTTP; 0: 400
}

func (e *Error) Error() string { return e.Name + ": " + e.Message }

func refuse(name, format string, args ...any) *Error {
	return &Error{Name: name, Message: fmt.Sprintf(format, args...)}
}

// invalid is what AWS says of a member that its own rules refuse.
func invalid(format string, args ...any) *Error {
	return refuse("ValidationException", "1 validation error detected: "+format, args...)
}

// needed refuses a member that is missing.
func needed(member, value string) error {
	if value == "" {
		return invalid("Value null at '%s' failed to satisfy constraint: Member must not be null", member)
	}
	return nil
}

// unavailable is for a moment in which nothing can be started.
func unavailable(message string) *Error {
	return &Error{Name: "ServiceUnavailable", Message: message, Status: http.StatusServiceUnavailable}
}

// internal is for what went wrong here: a full disk, a record that cannot be read.
func internal(err error) *Error {
	return &Error{Name: "InternalFailure", Message: err.Error(), Status: http.StatusInternalServerError}
}

// space returns the namespace that AWS puts before a name.
func (e *Error) space() string {
	switch e.Name {
	case "ValidationException":
		return "com.amazon.coral.validate#"
	case "UnknownOperationException", "SerializationException", "InternalFailure", "ServiceUnavailable",
		"InvalidSignatureException", "UnrecognizedClientException", "MissingAuthenticationTokenException":
		return "com.amazon.coral.service#"
	}
	return "com.amazonaws.swf.service.v2.model#"
}
