package rtype

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"reflect"
	"runtime"
	"sort"
	"testing"
)

// celsius is a made type float64 with String by value and Add by pointer.
func celsius(t *testing.T) *Named {
	n := Declare("main", "main.Celsius", reflect.TypeFor[float64]())
	str := func(in []reflect.Value) []reflect.Value {
		return []reflect.Value{reflect.ValueOf(fmt.Sprintf("%.1f°C", in[0].Float()))}
	}
	strP := func(in []reflect.Value) []reflect.Value { in[0] = in[0].Elem(); return str(in) }
	add := func(in []reflect.Value) []reflect.Value {
		in[0].Elem().SetFloat(in[0].Elem().Float() + in[1].Float())
		return nil
	}
	mk := func(recv reflect.Type, sig reflect.Type, f func([]reflect.Value) []reflect.Value) reflect.Value {
		in := []reflect.Type{recv}
		for i := 0; i < sig.NumIn(); i++ {
			in = append(in, sig.In(i))
		}
		var out []reflect.Type
		for i := 0; i < sig.NumOut(); i++ {
			out = append(out, sig.Out(i))
		}
		return reflect.MakeFunc(reflect.FuncOf(in, out, false), f)
	}
	s := reflect.TypeFor[func() string]()
	a := reflect.TypeFor[func(float64)]()
	err := n.SetMethods(
		[]Method{{Name: "String", Type: s, Func: mk(n.Type(), s, str)}, {Name: "Error", Type: s, Func: mk(n.Type(), s, str)}},
		[]Method{{Name: "String", Type: s, Func: mk(n.Pointer(), s, strP)}, {Name: "Add", Type: a, Func: mk(n.Pointer(), a, add)}})
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func TestMethods(t *testing.T) {
	n := celsius(t)
	x := Retype(any(21.5), n.Type())
	if got := fmt.Sprintf("%v %T", x, x); got != "21.5°C main.Celsius" {
		t.Errorf("value: %s", got)
	}
	if _, ok := x.(fmt.Stringer); !ok {
		t.Error("no Stringer")
	}
	if _, ok := x.(io.Reader); ok {
		t.Error("a Reader")
	}
	p := reflect.New(n.Type())
	p.Elem().SetFloat(1)
	p.Interface().(interface{ Add(float64) }).Add(2)
	if got := fmt.Sprintf("%v %T", p, p.Interface()); got != "3.0°C *main.Celsius" {
		t.Errorf("pointer: %s", got)
	}
	if got := fmt.Sprint(p.MethodByName("String").Call(nil)[0]); got != "3.0°C" {
		t.Errorf("by reflection: %s", got)
	}
	if m, ok := n.Type().MethodByName("String"); !ok || m.Func.Call([]reflect.Value{p.Elem()})[0].String() != "3.0°C" {
		t.Error("Type.Method")
	}
	if reflect.PointerTo(n.Type()) != n.Pointer() || n.Type() == reflect.TypeFor[float64]() {
		t.Error("identity")
	}
	if x == any(21.5) || x != Retype(any(21.5), n.Type()) {
		t.Error("comparison")
	}
	e := fmt.Errorf("outer: %w", x.(error))
	target := reflect.New(n.Type())
	if !errors.As(e, target.Interface()) || target.Elem().Float() != 21.5 {
		t.Error("errors.As")
	}
	s := reflect.MakeSlice(reflect.SliceOf(n.Type()), 2, 2)
	if got := fmt.Sprintf("%v %T", s, s.Interface()); got != "[0.0°C 0.0°C] []main.Celsius" {
		t.Errorf("slice: %s", got)
	}
	m := reflect.MakeMap(reflect.MapOf(n.Type(), reflect.TypeFor[int]()))
	m.SetMapIndex(p.Elem(), reflect.ValueOf(7))
	if got := fmt.Sprintf("%v", m); got != "map[3.0°C:7]" {
		t.Errorf("map: %s", got)
	}
}

func TestStruct(t *testing.T) {
	like := reflect.StructOf([]reflect.StructField{
		{Name: "A", Type: reflect.TypeFor[int]()}, {Name: "U_b", Type: reflect.TypeFor[string]()},
		{Name: "Next", Type: reflect.TypeFor[*int]()}, {Name: "Blank3", Type: reflect.TypeFor[int]()}})
	n := Declare("main", "main.Node", like)
	n.Define(Struct("main", []Field{{Name: "A", Type: reflect.TypeFor[int](), Tag: `json:"a"`}, {Name: "b", Type: reflect.TypeFor[string]()},
		{Name: "Next", Type: n.Pointer()}, {Name: "_", Type: reflect.TypeFor[int]()}}, like, "struct { … }"))
	v := reflect.New(like).Elem()
	v.Field(0).SetInt(5)
	v.Field(1).SetString("x")
	x := Retype(v.Interface(), n.Type())
	if got := fmt.Sprintf("%+v", x); got != "{A:5 b:x Next:<nil> _:0}" {
		t.Errorf("%s", got)
	}
	if got := fmt.Sprintf("%#v", x); got != `main.Node{A:5, b:"x", Next:(*main.Node)(nil), _:0}` {
		t.Errorf("%s", got)
	}
	b, err := json.Marshal(x)
	if err != nil || string(b) != `{"a":5,"Next":null}` {
		t.Errorf("json: %s %v", b, err)
	}
	v.Field(3).SetInt(9)
	if y := Retype(v.Interface(), n.Type()); x != y {
		t.Error("blank fields compared")
	}
	set := map[any]bool{x: true}
	if !set[Retype(v.Interface(), n.Type())] {
		t.Error("hash of a value with blank fields")
	}
	for range 3 {
		runtime.GC()
	}
}

func TestSort(t *testing.T) {
	like := reflect.TypeFor[[]int]()
	n := Declare("main", "main.byValue", like)
	ints := func(v reflect.Value) []int { return Retype(v.Interface(), like).([]int) }
	recv := n.Type()
	mk := func(t reflect.Type, f func([]reflect.Value) []reflect.Value) reflect.Value {
		return reflect.MakeFunc(t, f)
	}
	intT, boolT := reflect.TypeFor[int](), reflect.TypeFor[bool]()
	err := n.SetMethods([]Method{
		{Name: "Len", Type: reflect.TypeFor[func() int](), Func: mk(reflect.FuncOf([]reflect.Type{recv}, []reflect.Type{intT}, false), func(in []reflect.Value) []reflect.Value {
			return []reflect.Value{reflect.ValueOf(in[0].Len())}
		})},
		{Name: "Less", Type: reflect.TypeFor[func(i, j int) bool](), Func: mk(reflect.FuncOf([]reflect.Type{recv, intT, intT}, []reflect.Type{boolT}, false), func(in []reflect.Value) []reflect.Value {
			s := ints(in[0])
			return []reflect.Value{reflect.ValueOf(s[in[1].Int()] < s[in[2].Int()])}
		})},
		{Name: "Swap", Type: reflect.TypeFor[func(i, j int)](), Func: mk(reflect.FuncOf([]reflect.Type{recv, intT, intT}, nil, false), func(in []reflect.Value) []reflect.Value {
			reflect.Swapper(ints(in[0]))(int(in[1].Int()), int(in[2].Int()))
			return nil
		})}}, nil)
	if err != nil {
		t.Fatal(err)
	}
	s := []int{5, 2, 8, 1}
	sort.Sort(Retype(any(s), n.Type()).(sort.Interface))
	if !sort.IntsAreSorted(s) {
		t.Error(s)
	}
}
