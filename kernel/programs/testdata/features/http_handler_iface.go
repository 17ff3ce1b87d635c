// ServeHTTP called through a variable; ResponseWriter wrapped.
package main

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
)

type rec struct {
	http.ResponseWriter
	code int
}

func (r *rec) WriteHeader(c int) { r.code = c; r.ResponseWriter.WriteHeader(c) }

type count struct {
	h http.Handler
	n map[int]int
}

func (c *count) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	rw := &rec{w, 200}
	c.h.ServeHTTP(rw, r)
	c.n[rw.code]++
}
func main() {
	mux := http.NewServeMux()
	mux.HandleFunc("/ok", func(w http.ResponseWriter, r *http.Request) { fmt.Fprint(w, "ok ", r.Method) })
	mux.Handle("/no", http.NotFoundHandler())
	var h http.Handler = &count{mux, map[int]int{}}
	for _, p := range []string{"/ok", "/no", "/ok"} {
		w := httptest.NewRecorder()
		h.ServeHTTP(w, httptest.NewRequest("PUT", p, nil))
		fmt.Println(w.Code, strings.TrimSpace(w.Body.String()))
	}
	fmt.Println(h.(*count).n)
}
