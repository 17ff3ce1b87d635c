// Nil functions in fields, maps, slices and interfaces are called and recovered (yaegi #1663, #437).
package main

import (
	"errors"
	"fmt"
	"runtime"
)

type cb func(bool, int, int) int
type shard struct {
	m      map[string]int
	upsert cb
}

func (s *shard) put(k string, n int, f cb) int {
	v, ok := s.m[k]
	r := f(ok, v, n)
	s.m[k] = r
	return r
}

type ifc interface{ Do() int }
type wrap struct{ ifc }

func try(what string, f func()) {
	defer func() {
		err, ok := recover().(runtime.Error)
		fmt.Println(what, ok, err)
	}()
	f()
	fmt.Println(what, "ran")
}

func main() {
	s := &shard{m: map[string]int{"a": 1}}
	add := func(ok bool, old, n int) int {
		if ok {
			return old + n
		}
		return n
	}
	fmt.Println(s.put("a", 5, add), s.put("b", 2, add))
	try("argument", func() { s.put("a", 1, nil) })
	try("field", func() { s.upsert(true, 1, 2) })
	try("map", func() { map[string]func(){}["x"]() })
	try("slice", func() { []func() error{nil}[0]() })
	try("embedded", func() { wrap{}.Do() })
	try("interface", func() { var i ifc; i.Do() })
	try("method of nil map", func() { var p *shard; p.put("a", 1, add) })
	try("go through value", func() { var f func(...int) (int, error); _, err := f(1, 2); fmt.Println(err) })
	try("deferred", func() { var f func(); defer f() })
	try("result", func() { func() func() { return nil }()() })
	try("goes well", func() { s.upsert = add; s.upsert(false, 1, 2) })
	fmt.Println(len(s.m), s.m["a"], errors.Is(nil, nil))
	var g func(int) int
	if g == nil {
		g = func(n int) int {
			if n == 0 {
				return 0
			}
			return n + g(n-1)
		}
	}
	fmt.Println(g(10))
}
