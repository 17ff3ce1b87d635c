// Handlers wrapped in handlers, a ResponseWriter that remembers the status,
// and a server from httptest.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"os"
	"strconv"
	"strings"
	"sync"
)

// statusWriter wraps a ResponseWriter to know what was sent.
type statusWriter struct {
	http.ResponseWriter
	status int
	size   int
}

func (w *statusWriter) WriteHeader(code int) {
	w.status = code
	w.ResponseWriter.WriteHeader(code)
}

func (w *statusWriter) Write(p []byte) (int, error) {
	if w.status == 0 {
		w.status = http.StatusOK
	}
	n, err := w.ResponseWriter.Write(p)
	w.size += n
	return n, err
}

func (w *statusWriter) Unwrap() http.ResponseWriter { return w.ResponseWriter }

type Middleware func(http.Handler) http.Handler

func Chain(h http.Handler, ms ...Middleware) http.Handler {
	for i := len(ms) - 1; i >= 0; i-- {
		h = ms[i](h)
	}
	return h
}

func Logging(logger *log.Logger) Middleware {
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			sw := &statusWriter{ResponseWriter: w}
			next.ServeHTTP(sw, r)
			logger.Printf("%s %s -> %d (%d bytes)", r.Method, r.URL.Path, sw.status, sw.size)
		})
	}
}

func Recover(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		defer func() {
			if v := recover(); v != nil {
				http.Error(w, fmt.Sprintf("recovered: %v", v), http.StatusInternalServerError)
			}
		}()
		next.ServeHTTP(w, r)
	})
}

type ctxKey struct{}

type user struct {
	Name  string `json:"name"`
	Admin bool   `json:"admin,omitempty"`
}

func Auth(users map[string]user) Middleware {
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			token, ok := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
			u, known := users[token]
			if !ok || !known {
				w.Header().Set("WWW-Authenticate", "Bearer")
				http.Error(w, "who are you?", http.StatusUnauthorized)
				return
			}
			next.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), ctxKey{}, u)))
		})
	}
}

type items struct {
	mu   sync.RWMutex
	next int
	m    map[int]string
}

func (it *items) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	u := r.Context().Value(ctxKey{}).(user)
	switch r.Method {
	case http.MethodGet:
		id, err := strconv.Atoi(r.PathValue("id"))
		if err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
			return
		}
		it.mu.RLock()
		defer it.mu.RUnlock()
		text, ok := it.m[id]
		if !ok {
			http.NotFound(w, r)
			return
		}
		json.NewEncoder(w).Encode(map[string]any{"id": id, "text": text, "for": u})
	case http.MethodPost:
		body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, 10))
		var tooBig *http.MaxBytesError
		if errors.As(err, &tooBig) {
			http.Error(w, fmt.Sprint("limit is ", tooBig.Limit), http.StatusRequestEntityTooLarge)
			return
		}
		it.mu.Lock()
		defer it.mu.Unlock()
		it.next++
		it.m[it.next] = string(body)
		w.WriteHeader(http.StatusCreated)
		fmt.Fprintf(w, "%d", it.next)
	}
}

func main() {
	mux := http.NewServeMux()
	it := &items{m: map[int]string{}}
	users := map[string]user{"t1": {"ann", true}, "t2": {Name: "bob"}}
	mux.Handle("GET /items/{id}", Auth(users)(it))
	mux.Handle("POST /items", Auth(users)(it))
	mux.HandleFunc("/panic", func(http.ResponseWriter, *http.Request) {
		var p *items
		p.m[1] = "x"
	})
	mux.HandleFunc("/whoami", func(w http.ResponseWriter, r *http.Request) { fmt.Fprint(w, "anonymous") })
	logger := log.New(os.Stdout, "access: ", log.Lmsgprefix)
	srv := httptest.NewServer(Chain(mux, Logging(logger), Recover))
	defer srv.Close()

	do := func(method, path, token, body string) {
		req, err := http.NewRequest(method, srv.URL+path, strings.NewReader(body))
		if err != nil {
			log.Fatal(err)
		}
		if token != "" {
			req.Header.Set("Authorization", "Bearer "+token)
		}
		resp, err := srv.Client().Do(req)
		if err != nil {
			log.Fatal(err)
		}
		defer resp.Body.Close()
		b, err := io.ReadAll(resp.Body)
		fmt.Printf("%d %q %v\n", resp.StatusCode, strings.TrimSpace(string(b)), err)
	}
	do("GET", "/whoami", "", "")
	do("GET", "/items/1", "", "")
	do("POST", "/items", "t1", "milk")
	do("POST", "/items", "t2", "a very long item")
	do("GET", "/items/1", "t2", "")
	do("GET", "/items/1", "t1", "")
	do("GET", "/items/x", "t1", "")
	do("GET", "/items/7", "t1", "")
	do("DELETE", "/items/7", "t1", "")
	do("GET", "/panic", "", "")

	rec := httptest.NewRecorder()
	Chain(mux, Recover).ServeHTTP(rec, httptest.NewRequest("GET", "/whoami", nil))
	fmt.Println(rec.Code, rec.Body)
}
