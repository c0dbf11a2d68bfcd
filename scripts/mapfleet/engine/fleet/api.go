package fleet

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"time"
)

type event struct {
	id       string
	deadline time.Time
	payload  []byte
}

type answer struct {
	payload []byte
	failed  bool
	kind    string // Lambda-Runtime-Function-Error-Type
}

func (e *environment) routes() http.Handler {
	const root = "/2018-06-01/runtime/"
	mux := http.NewServeMux()
	mux.HandleFunc("GET "+root+"invocation/next", e.next)
	mux.HandleFunc("POST "+root+"invocation/{id}/response", func(w http.ResponseWriter, r *http.Request) { e.take(w, r, false) })
	mux.HandleFunc("POST "+root+"invocation/{id}/error", func(w http.ResponseWriter, r *http.Request) { e.take(w, r, true) })
	mux.HandleFunc("POST "+root+"init/error", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusAccepted) })
	return mux
}

// next is the process's long poll for an event.
func (e *environment) next(w http.ResponseWriter, r *http.Request) {
	e.polling <- struct{}{}
	select {
	case event := <-e.events:
		header := w.Header()
		header.Set("Content-Type", "application/json")
		header.Set("Lambda-Runtime-Aws-Request-Id", event.id)
		header.Set("Lambda-Runtime-Deadline-Ms", fmt.Sprint(event.deadline.UnixMilli()))
		header.Set("Lambda-Runtime-Invoked-Function-Arn", "arn:aws:lambda:us-east-1:000000000000:function:"+e.function.Name)
		_, _ = w.Write(event.payload)
	case <-r.Context().Done():
	}
}

func (e *environment) take(w http.ResponseWriter, r *http.Request, failed bool) {
	payload, err := io.ReadAll(r.Body)
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	e.answer(r.PathValue("id"), answer{payload, failed, r.Header.Get("Lambda-Runtime-Function-Error-Type")})
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(http.StatusAccepted)
}

// expect returns where the answer to an event is going to come, until it is forgotten.
func (e *environment) expect(id string) <-chan answer {
	e.mu.Lock()
	defer e.mu.Unlock()
	answers := make(chan answer, 1)
	e.answers[id] = answers
	return answers
}

func (e *environment) forget(id string) {
	e.mu.Lock()
	defer e.mu.Unlock()
	delete(e.answers, id)
}

// answer hands on what the process says of an event, unless nobody waits for it any more.
func (e *environment) answer(id string, a answer) {
	e.mu.Lock()
	defer e.mu.Unlock()
	select {
	case e.answers[id] <- a:
	default:
	}
}

func (a answer) result() ([]byte, error) {
	if !a.failed {
		return a.payload, nil
	}
	var described struct {
		ErrorType string `json:"errorType"`
	}
	_ = json.Unmarshal(a.payload, &described)
	if described.ErrorType == "" {
		described.ErrorType = a.kind
	}
	return nil, &Error{described.ErrorType, string(a.payload)}
}
