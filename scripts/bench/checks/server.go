package main

import (
	"fmt"
	"io"
	"log"
	"math"
	"net"
	"net/http"
	"strconv"
	"strings"
	"time"

	"mapfleet/functions/job/checks"
)

// spread returns a number from 0 to 1 that follows from a line, and looks like any other.
func spread(line int) float64 { return float64(uint32(line)*2654435761) / (1 << 32) }

// mixed is how long the server takes for a line: 0.5 s on average, mostly less, up to 1.8 s.
func mixed(line int) time.Duration {
	return 50*time.Millisecond + time.Duration(1.75*math.Pow(spread(line), 2.89)*float64(time.Second))
}

// long is how long it takes in the second part: 5 to 6 s.
func long(line int) time.Duration {
	return 5*time.Second + time.Duration(spread(line)*float64(time.Second))
}

// kind is one way in which the server answers.
type kind struct {
	path, more string // of the line: the path, and further members
	want       checks.Code
}

var (
	plain = kind{"ok", `,"expect":{"status":200,"maxLatency":"9s","bodyContains":"all is well"}`, checks.OK}
	// others are told apart by their line's number.
	others = map[int]kind{
		0: {"broken", ``, checks.WrongStatus},
		1: {"ok", `,"expect":{"bodyContains":"nobody says this"}`, checks.TextMissing},
		2: {"ok", `,"expect":{"maxLatency":"10ms"}`, checks.TooSlow},
		3: {"close", ``, checks.Reset},
		4: {"redirect", `,"expect":{"bodyContains":"all is well"}`, checks.OK},
	}
	hanging = kind{"hang", `,"timeout":"3s"`, checks.Timeout}
)

// kindOf says how a line of the first part is answered: fifteen of twenty plainly, and one of 500 never.
func kindOf(line int) kind {
	if line%500 == 5 {
		return hanging
	}
	if k, ok := others[line%20]; ok {
		return k
	}
	return plain
}

// serve starts the server on loopback. The paths are /KIND/LINE/MILLISECONDS.
func serve() (address string, stop func() error, err error) {
	listener, err := net.Listen("tcp4", "127.0.0.1:0")
	if err != nil {
		return "", nil, err
	}
	server := &http.Server{Handler: http.HandlerFunc(answer), ErrorLog: log.New(io.Discard, "", 0)}
	go func() { _ = server.Serve(listener) }() // ends when it is stopped
	return listener.Addr().String(), server.Close, nil
}

func answer(w http.ResponseWriter, r *http.Request) {
	parts := strings.Split(r.URL.Path, "/")
	wait, err := strconv.Atoi(parts[len(parts)-1])
	if err != nil || len(parts) != 4 {
		http.NotFound(w, r)
		return
	}
	if parts[1] == "hang" {
		wait = math.MaxInt32
	}
	select {
	case <-time.After(time.Duration(wait) * time.Millisecond):
	case <-r.Context().Done():
		return
	}
	switch parts[1] {
	case "broken":
		w.WriteHeader(http.StatusInternalServerError)
	case "close":
		panic(http.ErrAbortHandler)
	case "redirect":
		http.Redirect(w, r, "/ok/"+parts[2]+"/0", http.StatusFound)
	default:
		fmt.Fprintf(w, "line %s: all is well", parts[2])
	}
}
