// Interfaces in maps, channels and structs, called through each (yaegi #1189, #1010, #1447, #1320, #1344).
package main

import (
	"encoding/json"
	"fmt"
	"sort"
)

type I interface{ Foo() int }
type S1 struct{ i int }

func (s S1) Foo() int { return s.i }

type S2 struct{}

func (s *S2) Foo() int { return 42 }

type M struct{ n int }

func (m M) MarshalJSON() ([]byte, error) { return fmt.Appendf(nil, `{"num":%d}`, m.n), nil }

type holder struct {
	iMap map[string]I
	ch   chan I
	list []I
	fn   func() I
	one  I
	arr  [2]I
}
type pooler interface{ Get() string }
type base struct{ pool pooler }
type connPool struct{ name string }

func (c *connPool) Get() string     { return c.name }
func newBase(_ int, p pooler) *base { return &base{pool: p} }

func main() {
	is := map[string]I{"foo": S1{21}, "bar": &S2{}}
	n := 0
	for _, s := range is {
		n += s.Foo()
	}
	bar := "bar"
	fmt.Println(n, is["foo"].Foo(), is[bar].Foo(), len(is))
	h := holder{iMap: map[string]I{}, ch: make(chan I, 1)}
	h.iMap["k"] = S1{1}
	h.ch <- h.iMap["k"]
	h.list = append(h.list, <-h.ch, &S2{}, S1{3})
	h.fn = func() I { return h.list[2] }
	h.one, h.arr[1] = h.fn(), h.list[1]
	fmt.Println(h.one.Foo(), h.fn().Foo(), h.list[1].Foo(), h.arr[1].Foo(), h.arr[0] == nil, h.iMap["none"] == nil)
	sort.Slice(h.list, func(i, j int) bool { return h.list[i].Foo() > h.list[j].Foo() })
	fmt.Println(h.list[0] == h.arr[1], h.list[1], h.list[2])
	ch := make(chan json.Marshaler, 1)
	ch <- M{2}
	b, err := json.Marshal(<-ch)
	fmt.Println(string(b), err)
	b, err = json.Marshal(map[string]any{"a": []any{M{1}, &M{2}, nil}, "b": M{3}})
	fmt.Println(string(b), err)
	bs := newBase(0, &connPool{"pool"})
	fmt.Println(bs.pool.(*connPool).name, bs.pool.Get())
	m := map[string]any{"a": "a", "i": S1{5}}
	a, _ := m["a"]
	s, ok := a.(string)
	i, ok2 := m["i"].(I)
	_, ok3 := m["zz"].(I)
	fmt.Println(s, ok, i.Foo(), ok2, ok3)
}
