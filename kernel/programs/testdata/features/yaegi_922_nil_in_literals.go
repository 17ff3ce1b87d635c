// Nil as field, element, argument and result (yaegi #922, #163, #503, #464, #437, #433).
package main

import (
	"errors"
	"fmt"
)

type T struct {
	b []byte
	m map[string]int
	f func() error
	e error
	p *T
	c chan int
	i interface{ X() }
}

func none() (string, []int, func(), error) { return "", nil, nil, nil }
func maybe(fail bool) error {
	if fail {
		return errors.New("failed")
	}
	return nil
}
func takes(xs []int, f func(), e error, p *T, any any) string {
	return fmt.Sprint(xs == nil, f == nil, e == nil, p == nil, any == nil)
}

func main() {
	t := T{nil, nil, nil, nil, nil, nil, nil}
	fmt.Println(t.b == nil, len(t.m), t.f == nil, t.e == nil, t.p == nil, t.c == nil, t.i == nil)
	s, xs, f, err := none()
	fmt.Println(s == "", xs == nil, f == nil, err == nil)
	fmt.Println(takes(nil, nil, nil, nil, nil), takes([]int{}, func() {}, maybe(true), &T{}, (*T)(nil)))
	buf := []byte("x")
	buf = nil
	e := error(nil)
	fmt.Println(buf, e, maybe(false), e == maybe(false))
	list := []error{nil, maybe(true), nil}
	m := map[string]*T{"a": nil, "b": {b: nil, p: &T{}}}
	arr := [2]func(){nil, func() {}}
	fmt.Println(list, m["a"], m["b"].p.p, arr[0] == nil, arr[1] == nil, len(m["zz"].list()))
	var pp **T
	p := (*T)(nil)
	pp = &p
	fmt.Println(*pp == nil, p.list() == nil, []any{nil, p, e})
	var i interface{ list() []int } = p
	fmt.Println(i == nil, i != nil, i.list())
	fmt.Println([]byte{} == nil, nil == []int(nil), nil != &t, any(nil) == nil)
}

func (t *T) list() []int {
	if t == nil {
		return nil
	}
	return []int{1}
}
