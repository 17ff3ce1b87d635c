// Method values given to functions of the program and of the library (yaegi #1332, #1333, #1202, #1145, #500).
package main

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"sort"
	"strings"
	"sync"
)

func run(fn func(name string) int) int { return fn("test") }

type T2 struct {
	name string
	hits map[string]int
	mu   sync.Mutex
}

func (t *T2) f(s string) int     { return len(s + t.name) }
func (t T3) byLen(i, j int) bool { return len(t.s[i]) < len(t.s[j]) }

type T3 struct{ s []string }

func (t *T2) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.hits[r.URL.Path]++
	w.Header().Set("X-Hits", fmt.Sprint(t.hits[r.URL.Path]))
	fmt.Fprintf(w, "%s %s", r.Method, r.URL.Path)
}

func mock(name string) http.HandlerFunc {
	return func(rw http.ResponseWriter, req *http.Request) {
		if req.URL.Query().Get("fail") != "" {
			http.Error(rw, "teapot", http.StatusTeapot)
			return
		}
		fmt.Fprint(rw, "Hello ", name)
	}
}

func log(next http.Handler, out *[]string) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		*out = append(*out, r.URL.Path)
		next.ServeHTTP(w, r)
	})
}

func get(url string) string {
	resp, err := http.Get(url)
	if err != nil {
		return err.Error()
	}
	defer resp.Body.Close()
	b, _ := io.ReadAll(resp.Body)
	return fmt.Sprint(resp.StatusCode, " ", strings.TrimSpace(string(b)), " ", resp.Header.Get("X-Hits"))
}

func main() {
	t2 := &T2{name: "foo", hits: map[string]int{}}
	fmt.Println(run(t2.f), run(func(s string) int { return -len(s) }))
	t3 := T3{[]string{"ccc", "a", "bb"}}
	sort.Slice(t3.s, t3.byLen)
	fmt.Println(t3.s)
	mux := http.NewServeMux()
	var logged []string
	mux.Handle("/t/", log(t2, &logged))
	mux.Handle("/mock", mock("bar"))
	mux.HandleFunc("/fn", t2.ServeHTTP)
	server := httptest.NewServer(mux)
	defer server.Close()
	for _, p := range []string{"/t/1", "/t/1", "/mock", "/mock?fail=1", "/fn", "/none"} {
		fmt.Println(get(server.URL + p))
	}
	fmt.Println(logged)
	var once sync.Once
	n := 0
	inc := func() { n++ }
	once.Do(inc)
	once.Do(inc)
	ov := sync.OnceValue(func() int { n += 10; return n })
	fmt.Println(n, ov(), ov())
	fmt.Println(strings.FieldsFunc("a1b2c", func(r rune) bool { return r >= '0' && r <= '9' }), strings.IndexFunc("xY", func(r rune) bool { return r < 'a' }))
}
