// Panics that the standard library recovers and prints or passes on.
package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"log"
	"net/http"
	"net/http/httptest"
	"sort"
	"strings"
	"sync"
	"text/template"
)

type S struct{ v any }

func (s S) String() string { panic(s.v) }

type E struct{}

func (E) Error() string { return "E" }

type J struct{}

func (J) MarshalJSON() ([]byte, error) { panic(E{}) }

type N struct{ n *int }

func (n N) String() string { return "N" }

func main() {
	fmt.Printf("%v|%s|%q\n", S{"text"}, S{E{}}, S{fmt.Errorf("e")})
	fmt.Println(S{42}, (*N)(nil))
	var logged bytes.Buffer
	srv := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { panic(S2("in handler")) }))
	srv.Config.ErrorLog = log.New(&logged, "", 0)
	srv.Start()
	_, err := http.Get(srv.URL)
	srv.Close()
	_, rest, _ := strings.Cut(logged.String(), "127.0.0.1:")
	_, rest, _ = strings.Cut(rest, ": ")
	first, _, _ := strings.Cut(rest, "\n")
	fmt.Println(err != nil, first)
	t := template.Must(template.New("t").Funcs(template.FuncMap{"p": func() string { panic(errors.New("in template")) }}).Parse("{{p}}"))
	fmt.Println(t.Execute(&logged, nil))
	func() {
		defer func() { r := recover(); fmt.Printf("%v %T\n", r, r) }()
		json.Marshal(J{})
	}()
	func() {
		defer func() { r := recover(); fmt.Printf("%v %T\n", r, r) }()
		sort.Slice([]int{1, 2}, func(i, j int) bool { panic("in less") })
	}()
	once := sync.OnceValue(func() int { panic(E{}) })
	for range 2 {
		func() {
			defer func() { r := recover(); fmt.Printf("%v %T\n", r, r) }()
			once()
		}()
	}
}

type S2 string
