// Reflection sees the program's own types.
package main

import (
	"fmt"
	"reflect"
)

type Inner struct{ A int }

func (i Inner) Hello(n string) string { return fmt.Sprint("hello ", n, i.A) }

type T struct {
	Inner
	Name string `k:"v" j:"w"`
	f    float64
	P    *T
	I    fmt.Stringer
	M    map[string][]Inner
}

func main() {
	t := T{Name: "n", Inner: Inner{4}}
	rt := reflect.TypeOf(t)
	for i := range rt.NumField() {
		f := rt.Field(i)
		fmt.Print(f.Name, ":", f.Type, ":", f.Tag.Get("k"), ":", f.Anonymous, " ")
	}
	fmt.Println(rt.NumMethod(), rt.Kind(), rt.Name(), rt, rt.PkgPath())
	v := reflect.ValueOf(&t).Elem()
	v.FieldByName("Name").SetString("changed")
	v.Field(0).Field(0).SetInt(9)
	out := v.MethodByName("Hello").Call([]reflect.Value{reflect.ValueOf("r")})
	fmt.Println(t.Name, t.A, out[0], v.FieldByName("f").CanSet(), v.Field(4).IsNil())
	_, ok := rt.MethodByName("Nope")
	fmt.Println(ok, reflect.TypeFor[fmt.Stringer]().Kind(), rt.Field(4).Type.Kind(), reflect.TypeOf(t.M).Elem().Elem() == reflect.TypeOf(Inner{}))
	fn := reflect.MakeFunc(reflect.TypeOf(func(int, int) int { return 0 }), func(a []reflect.Value) []reflect.Value {
		return []reflect.Value{reflect.ValueOf(int(a[0].Int() + a[1].Int()))}
	})
	fmt.Println(fn.Call([]reflect.Value{reflect.ValueOf(2), reflect.ValueOf(3)})[0], reflect.DeepEqual(t, t), reflect.New(rt).Elem().Field(1).String() == "")
	s := reflect.MakeSlice(reflect.TypeOf([]Inner{}), 2, 2)
	s.Index(1).Field(0).SetInt(5)
	fmt.Println(s.Interface().([]Inner), s.Type())
}
