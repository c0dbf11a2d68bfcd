package main

import (
	"crypto/md5"
	"encoding/hex"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"strconv"
	"time"
)

// store answers as an S3 would that is so far away: a bucket full of pictures, and one into which
// everything can be put and in which nothing is found.
type store struct {
	files    [][]byte
	etags    []string
	get, put time.Duration // until the first byte of the answer, from the request's last
}

func newStore(files [][]byte, get, put time.Duration) *store {
	s := &store{files: files, get: get, put: put}
	for _, data := range files {
		s.etags = append(s.etags, etag(data))
	}
	return s
}

func etag(data []byte) string {
	sum := md5.Sum(data)
	return `"` + hex.EncodeToString(sum[:]) + `"`
}

// serve prints the store's address and answers until the process ends.
func (s *store) serve() error {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	if _, err := fmt.Fprintf(os.Stdout, "http://%s\n", listener.Addr()); err != nil {
		return err
	}
	return http.Serve(listener, s)
}

func (s *store) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	switch r.Method {
	case http.MethodGet:
		var n int
		if _, err := fmt.Sscanf(r.URL.Path, "/"+sourceBucket+"/"+keyFormat, &n); err != nil {
			http.Error(w, "no such key", http.StatusNotFound)
			return
		}
		n %= len(s.files)
		time.Sleep(s.get)
		w.Header().Set("ETag", s.etags[n])
		w.Header().Set("Content-Length", strconv.Itoa(len(s.files[n])))
		_, _ = w.Write(s.files[n])
	case http.MethodPut:
		data, err := io.ReadAll(r.Body)
		if err != nil || len(data) == 0 {
			http.Error(w, "no body", http.StatusBadRequest)
			return
		}
		time.Sleep(s.put)
		w.Header().Set("ETag", etag(data))
	default: // HEAD: an output is never there
		time.Sleep(s.get)
		w.WriteHeader(http.StatusNotFound)
	}
}
