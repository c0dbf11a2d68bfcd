package stepfunctions

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"
)

const (
	targetPrefix = "AWSStepFunctions."
	contentType  = "application/x-amz-json-1.0"
	maxRequest   = 4 << 20 // bytes; an input has at most 256 KiB, escaped at most six times that
)

// operation answers one kind of request.
type operation func(context.Context, *Service, []byte) (any, error)

// op is an operation whose request is an In. Members that In does not have are passed over, as AWS does.
func op[In any](answer func(*Service, context.Context, In) (any, error)) operation {
	return func(ctx context.Context, s *Service, body []byte) (any, error) {
		var in In
		if err := json.Unmarshal(body, &in); err != nil {
			return nil, refuse("SerializationException", "%v", err)
		}
		return answer(s, ctx, in)
	}
}

// operations are those that there are.
func operations(name string) (operation, bool) {
	o, ok := map[string]operation{
		"DescribeExecution":                op((*Service).describeExecution),
		"DescribeMapRun":                   op((*Service).describeMapRun),
		"DescribeStateMachine":             op((*Service).describeStateMachine),
		"DescribeStateMachineForExecution": op((*Service).describeStateMachineForExecution),
		"GetExecutionHistory":              op((*Service).getExecutionHistory),
		"ListExecutions":                   op((*Service).listExecutions),
		"ListMapRuns":                      op((*Service).listMapRuns),
		"ListStateMachines":                op((*Service).listStateMachines),
		"RedriveExecution":                 op((*Service).redriveExecution),
		"StartExecution":                   op((*Service).startExecution),
		"StopExecution":                    op((*Service).stopExecution),
		"UpdateMapRun":                     op((*Service).updateMapRun),
		"ValidateStateMachineDefinition":   op((*Service).validateStateMachineDefinition),
	}[name]
	return o, ok
}

// Takes says whether a request with this X-Amz-Target is for Step Functions.
func (s *Service) Takes(target string) bool { return strings.HasPrefix(target, targetPrefix) }

// ServeHTTP answers one request.
func (s *Service) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	answer, err := s.answer(r)
	status := http.StatusOK
	if err != nil {
		failed, ok := errors.AsType[*Error](err)
		if !ok {
			failed = internal(err)
		}
		if status = failed.Status; status == 0 {
			status = http.StatusBadRequest
		}
		w.Header().Set("X-Amzn-ErrorType", failed.Name)
		answer = map[string]string{"__type": failed.space() + failed.Name, "message": failed.Message}
	}
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(answer); err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", contentType)
	w.WriteHeader(status)
	_, _ = w.Write(bytes.TrimSuffix(b.Bytes(), []byte("\n")))
}

func (s *Service) answer(r *http.Request) (any, error) {
	e := s.engine.Load()
	if e == nil {
		return nil, unavailable("the server is starting")
	}
	body, err := io.ReadAll(io.LimitReader(r.Body, maxRequest+1))
	if err != nil {
		return nil, refuse("SerializationException", "read the request: %v", err)
	}
	if len(body) > maxRequest {
		return nil, &Error{Name: "RequestEntityTooLarge", Message: fmt.Sprintf("a request has at most %d bytes", maxRequest), Status: http.StatusRequestEntityTooLarge}
	}
	if err := verify(r, body, e.accessKey, e.secretKey, time.Now()); err != nil {
		return nil, err
	}
	name := strings.TrimPrefix(r.Header.Get("X-Amz-Target"), targetPrefix)
	o, ok := operations(name)
	if !ok {
		return nil, refuse("UnknownOperationException", "%s is not an operation of the local Step Functions", name)
	}
	return o(r.Context(), s, body)
}

// seconds is a time as the protocol writes it: seconds since 1970, with a fraction.
type seconds time.Time

// MarshalJSON gives milliseconds, as AWS does.
func (t seconds) MarshalJSON() ([]byte, error) {
	ms := time.Time(t).UnixMilli()
	return fmt.Appendf(nil, "%d.%03d", ms/1000, ms%1000), nil
}

// IsZero leaves out a time that is not there.
func (t seconds) IsZero() bool { return time.Time(t).IsZero() }
