// Reflection over own types: fields, tags, methods, calls, setting, making.
package main

import (
	"fmt"
	"reflect"
	"sort"
	"strings"
)

type Inner struct{ K string }
type User struct {
	Name  string `db:"name,pk" json:"n"`
	Age   int    `db:"age"`
	Inner `db:"-"`
	Tags  []string
	priv  bool
	Fn    func(int) int
	Any   any
}

func (u User) Hello(g string) string { return g + " " + u.Name }
func (u *User) Grow(n int)           { u.Age += n }

type Celsius float64

func columns(v any) (out []string) {
	t := reflect.TypeOf(v)
	if t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	for i := range t.NumField() {
		f := t.Field(i)
		tag, _, _ := strings.Cut(f.Tag.Get("db"), ",")
		out = append(out, fmt.Sprintf("%s:%s:%s:%v", f.Name, f.Type, tag, f.Anonymous))
	}
	return
}

func set(v any, name string, to any) (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("cannot set %s", name)
		}
	}()
	reflect.ValueOf(v).Elem().FieldByName(name).Set(reflect.ValueOf(to))
	return
}

func main() {
	u := &User{Name: "ann", Age: 3, Inner: Inner{"k"}, Tags: []string{"a"}, Fn: func(n int) int { return n + 1 }}
	fmt.Println(columns(u)[0], columns(*u)[2], len(columns(u)))
	fmt.Println(set(u, "Age", 40), set(u, "Name", "bob"), set(u, "Age", "x"), set(u, "priv", true), set(u, "K", "kk"), set(u, "Any", []int{1}))
	fmt.Println(u.Age, u.Name, u.K, u.Any)
	t := reflect.TypeOf(u)
	var ms []string
	for i := range t.NumMethod() {
		ms = append(ms, t.Method(i).Name+fmt.Sprint(t.Method(i).Type.NumIn()))
	}
	sort.Strings(ms)
	fmt.Println(ms, t.Elem().NumMethod(), t, t.Elem().Name(), t.Elem().Kind(), t.Elem().String())
	v := reflect.ValueOf(u)
	out := v.MethodByName("Hello").Call([]reflect.Value{reflect.ValueOf("hi")})
	v.MethodByName("Grow").Call([]reflect.Value{reflect.ValueOf(2)})
	fmt.Println(out[0], u.Age, v.Elem().FieldByName("Fn").Call([]reflect.Value{reflect.ValueOf(41)})[0].Int())
	n := reflect.New(reflect.TypeOf(Celsius(0))).Elem()
	n.SetFloat(36.6)
	fmt.Println(n.Interface().(Celsius)*2, n.Type(), n.Kind(), reflect.Zero(t.Elem()).Interface().(User).Name == "")
	s := reflect.MakeSlice(reflect.TypeOf(u.Tags), 0, 2)
	s = reflect.Append(s, reflect.ValueOf("x"), reflect.ValueOf("y"))
	m := reflect.MakeMap(reflect.TypeOf(map[string]Celsius{}))
	m.SetMapIndex(reflect.ValueOf("k"), n)
	fmt.Println(s.Interface().([]string), m.Interface().(map[string]Celsius)["k"], m.Len())
	fmt.Println(reflect.DeepEqual(*u, *u), reflect.DeepEqual([]Inner{{"a"}}, []Inner{{"a"}}), reflect.DeepEqual(u, &User{}), reflect.TypeFor[Celsius]().Name())
	f := reflect.MakeFunc(reflect.TypeOf(u.Fn), func(a []reflect.Value) []reflect.Value { return []reflect.Value{reflect.ValueOf(int(a[0].Int() * 2))} })
	u.Fn = f.Interface().(func(int) int)
	fmt.Println(u.Fn(21), reflect.ValueOf(u.Fn).Type())
}
