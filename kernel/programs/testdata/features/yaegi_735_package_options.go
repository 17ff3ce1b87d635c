// Functions that read and change package variables through maps, pointers and defaults (yaegi #735, #770, #772, #775, #776, #782, #784, #880, #981, #993).
package main

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
)

var options = map[string]string{"a": "1", "n": "42", "bad": "x"}
var round int = 30
var level = new(int)
var hooks []func(string) error
var cache struct {
	m map[string][]string
	n int
}

type Server struct {
	cfg   map[string]interface{}
	state *State
}
type State struct {
	names []string
	by    map[string]*State
}

func toInt(s string, def int) int {
	n, err := strconv.ParseInt(s, 10, 0)
	if err != nil {
		return def
	}
	return int(n)
}

func opt(name string, def int) int {
	if s, ok := options[name]; ok {
		return toInt(s, def)
	}
	return def
}

func init2() { round = opt("n", round); *level = round / 2 }

func (s *Server) Set(k string, v interface{}) *Server {
	if s.cfg == nil {
		s.cfg = map[string]interface{}{}
	}
	s.cfg[k] = v
	return s
}

func (s Server) Str(k string) (string, bool) { v, ok := s.cfg[k].(string); return v, ok }

func (st *State) sub(n string) *State {
	if st.by == nil {
		st.by = make(map[string]*State)
	}
	if _, ok := st.by[n]; !ok {
		st.by[n] = &State{}
		st.names = append(st.names, n)
	}
	return st.by[n]
}

func onEvent(f func(string) error) (cancel func()) {
	hooks = append(hooks, f)
	i := len(hooks) - 1
	return func() { hooks[i] = nil }
}

func fire(s string) (errs []error) {
	for _, h := range hooks {
		if h == nil {
			continue
		}
		if err := h(s); err != nil {
			errs = append(errs, err)
		}
	}
	return
}

func main() {
	init2()
	fmt.Println(round, *level, opt("bad", 7), opt("none", 8), opt("a", 0))
	s := new(Server)
	s.Set("x", "y").Set("n", 1).state = &State{}
	fmt.Println(s.Str("x"))
	fmt.Println(s.Str("n"))
	s.state.sub("a").sub("b").sub("c")
	s.state.sub("a").sub("d")
	fmt.Println(s.state.names, s.state.by["a"].names, len(s.state.by["a"].by["b"].by))
	cancel := onEvent(func(s string) error { cache.n++; return nil })
	onEvent(func(s string) error { return errors.New("hook: " + strings.ToUpper(s)) })
	fmt.Println(fire("e"), cache.n)
	cancel()
	fmt.Println(fire("f"), cache.n)
	if cache.m == nil {
		cache.m = make(map[string][]string)
	}
	for i, w := range strings.Split("b:1,a:2,b:3", ",") {
		k, v, _ := strings.Cut(w, ":")
		cache.m[k] = append(cache.m[k], v+strconv.Itoa(i))
	}
	fmt.Println(cache.m, len(cache.m["b"]))
}
