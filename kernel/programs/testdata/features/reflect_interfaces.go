// What package reflect says of interface types of the program, and json does with variables of such types.
package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
)

type Shape interface{ Area() int }
type Emb interface {
	Shape
	fmt.Stringer
	hidden(x int, ys ...string) (Shape, error)
}
type Sq int

func (s Sq) Area() int { return int(s) }
func (s Sq) Do() error { return nil }

type Holder struct {
	S Shape
	N int
	E error
}

func try(f func()) {
	defer func() {
		if r := recover(); r != nil {
			fmt.Println("panic:", r)
		}
	}()
	f()
}

type I2 interface{ Area() int }

func f(error) Shape { return nil }

func main() {
	errT := reflect.TypeOf((*error)(nil)).Elem()
	m, _ := reflect.TypeOf(Sq(1)).MethodByName("Do")
	fmt.Println(m.Type.Out(0) == errT, errT.NumMethod(), errT, errT.Name(), errT.PkgPath() == "")
	fmt.Println(reflect.TypeOf(f).In(0) == errT, reflect.TypeOf(f).Out(0) == reflect.TypeFor[Shape](), reflect.TypeOf(f))
	fmt.Println(reflect.TypeOf(Holder{}).Field(2).Type == errT, reflect.TypeOf(errors.New).Out(0) == errT)
	st := reflect.TypeOf((*Shape)(nil)).Elem()
	fmt.Println(st.NumMethod(), st.Method(0).Name, st.Method(0).Type, st.Method(0).PkgPath, st.Method(0).Index)
	et := reflect.TypeFor[Emb]()
	for i := range et.NumMethod() {
		m := et.Method(i)
		fmt.Println(m.Name, m.Type, m.PkgPath, m.Index, m.IsExported())
	}
	_, ok := et.MethodByName("Nope")
	mm, ok2 := et.MethodByName("Area")
	fmt.Println(ok, ok2, mm.Type)
	fmt.Println(reflect.TypeOf(Sq(1)).AssignableTo(st), reflect.TypeOf(1).AssignableTo(st), reflect.TypeOf(1).ConvertibleTo(st), reflect.TypeFor[I2]().AssignableTo(st), et.AssignableTo(st), st.AssignableTo(et), reflect.TypeFor[I2]() == st)
	h := Holder{S: Sq(2)}
	v := reflect.ValueOf(&h).Elem()
	try(func() { v.Field(0).Set(reflect.ValueOf(Sq(5))); fmt.Println(h.S.Area()) })
	try(func() { v.Field(0).Set(reflect.ValueOf(5)); fmt.Println(h.S) })
	fmt.Println(v.Field(0).NumMethod(), v.Field(0).Type().NumMethod(), v.Field(0).Kind())
	h = Holder{}
	fmt.Println(json.Unmarshal([]byte(`{"S":{"a":1},"N":5}`), &h), h.N, h.S == nil)
	h = Holder{}
	fmt.Println(json.Unmarshal([]byte(`{"S":3,"N":5}`), &h), h.N, h.S == nil)
	var list []Shape
	fmt.Println(json.Unmarshal([]byte(`[1,2]`), &list), list)
	var ss Shape
	fmt.Println(json.Unmarshal([]byte(`"x"`), &ss), ss)
	ms := map[string]Shape{}
	fmt.Println(json.Unmarshal([]byte(`{"a":null, "b":[1]}`), &ms), ms)
	fmt.Println(reflect.TypeOf(ms), reflect.TypeOf(ms).Elem().NumMethod())
	try(func() { reflect.ValueOf(ms).SetMapIndex(reflect.ValueOf("k"), reflect.ValueOf(3)); fmt.Println(ms) })
	try(func() { fmt.Println(reflect.Append(reflect.ValueOf(list), reflect.ValueOf("s"))) })
	try(func() {
		fmt.Println(reflect.ValueOf(func(s Shape) int { return s.Area() }).Call([]reflect.Value{reflect.ValueOf(3)}))
	})
	try(func() { fmt.Println(reflect.ValueOf(3).Convert(st)) })
	try(func() { fmt.Println(reflect.ValueOf(Sq(3)).Convert(st).Type()) })
	var sh Shape = Sq(4)
	pv := reflect.ValueOf(&sh).Elem()
	fmt.Println(pv.NumMethod(), pv.Elem().Type(), pv.Method(0).Call(nil)[0])
	var x interface{ Foo() }
	fmt.Println(reflect.TypeOf(&x).Elem().NumMethod(), reflect.TypeOf(&x))
	var e2 struct{ W fmt.Stringer }
	fmt.Println(reflect.TypeOf(e2).Field(0).Type.NumMethod(), reflect.TypeOf(e2).Field(0).Type == reflect.TypeFor[fmt.Stringer]())
	fmt.Println(json.Unmarshal([]byte(`{"W":"x"}`), &e2), e2.W)
}
