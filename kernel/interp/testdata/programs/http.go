package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"time"
)

type logger struct {
	lines []string
	next  http.Handler
}

func (l *logger) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	rec := &statusRecorder{ResponseWriter: w, status: 200}
	l.next.ServeHTTP(rec, r)
	l.lines = append(l.lines, fmt.Sprintf("%s %s %d %d", r.Method, r.URL.Path, rec.status, rec.n))
}

type statusRecorder struct {
	http.ResponseWriter
	status int
	n      int
}

func (s *statusRecorder) WriteHeader(code int) {
	s.status = code
	s.ResponseWriter.WriteHeader(code)
}

func (s *statusRecorder) Write(b []byte) (int, error) {
	n, err := s.ResponseWriter.Write(b)
	s.n += n
	return n, err
}

type middleware func(http.Handler) http.Handler

func chain(h http.Handler, ms ...middleware) http.Handler {
	for i := len(ms) - 1; i >= 0; i-- {
		h = ms[i](h)
	}
	return h
}

func header(k, v string) middleware {
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set(k, v)
			next.ServeHTTP(w, r)
		})
	}
}

type user struct {
	Name string `json:"name"`
	Age  int    `json:"age,omitempty"`
	pw   string
}

type ctxKey int

const userKey ctxKey = 1

func main() {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /hello/{name}", func(w http.ResponseWriter, r *http.Request) {
		fmt.Fprintf(w, "hello %s", r.PathValue("name"))
	})
	mux.HandleFunc("POST /users", func(w http.ResponseWriter, r *http.Request) {
		var u user
		if err := json.NewDecoder(r.Body).Decode(&u); err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
			return
		}
		u.Age++
		w.WriteHeader(http.StatusCreated)
		json.NewEncoder(w).Encode(map[string]any{"user": u, "ok": true})
	})
	mux.Handle("/ctx", http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		r = r.WithContext(context.WithValue(r.Context(), userKey, &user{Name: "eve"}))
		u, ok := r.Context().Value(userKey).(*user)
		fmt.Fprint(w, ok, u.Name)
	}))
	l := &logger{next: chain(mux, header("X-A", "1"), header("X-B", "2"))}
	srv := httptest.NewServer(l)
	defer srv.Close()
	get := func(method, path, body string) {
		req, _ := http.NewRequest(method, srv.URL+path, strings.NewReader(body))
		resp, err := http.DefaultClient.Do(req)
		if err != nil {
			fmt.Println("error", err)
			return
		}
		defer resp.Body.Close()
		b, _ := io.ReadAll(resp.Body)
		fmt.Println(resp.StatusCode, resp.Header.Get("X-A")+resp.Header.Get("X-B"), strings.TrimSpace(string(b)))
	}
	get("GET", "/hello/bob", "")
	get("POST", "/users", `{"name":"al","age":3}`)
	get("POST", "/users", `{"name":3}`)
	get("GET", "/ctx", "")
	get("GET", "/none", "")
	fmt.Println(strings.Join(l.lines, "\n"))

	ln, _ := net.Listen("tcp", "127.0.0.1:0")
	s := &http.Server{Handler: mux, ReadTimeout: time.Second}
	errc := make(chan error, 1)
	go func() { errc <- s.Serve(ln) }()
	resp, err := http.Get("http://" + ln.Addr().String() + "/hello/x")
	fmt.Println(resp.Status, err)
	ctx, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	fmt.Println(s.Shutdown(ctx))
	fmt.Println(errors.Is(<-errc, http.ErrServerClosed))
}
