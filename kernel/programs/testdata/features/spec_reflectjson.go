// Types of the program's own, through reflect, json, fmt and text/template.
package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"reflect"
	"sort"
	"strings"
	"text/template"
	"time"
)

type Level int

const (
	Low Level = iota + 1
	High
)

func (l Level) MarshalText() ([]byte, error) { return []byte([...]string{"?", "low", "high"}[l]), nil }
func (l *Level) UnmarshalText(b []byte) error {
	switch string(b) {
	case "low":
		*l = Low
	case "high":
		*l = High
	default:
		return fmt.Errorf("level %q", b)
	}
	return nil
}

type Base struct {
	ID   int       `json:"id"`
	When time.Time `json:"when,omitzero"`
	priv string
}
type Item struct {
	Base
	*Extra
	Name   string            `json:"name,omitempty" xml:"name,attr" custom:"a b"`
	Tags   []string          `json:"tags"`
	Level  Level             `json:"level"`
	Levels map[Level]float64 `json:"levels,omitempty"`
	Any    any               `json:"any"`
	Skip   func()            `json:"-"`
	Raw    json.RawMessage   `json:"raw,omitempty"`
	Next   *Item             `json:"next,omitempty"`
	Str    int               `json:",string"`
	hidden int
}
type Extra struct{ Note string }
type Shape interface {
	Area() float64
	Name() string
}
type Sq struct{ S float64 }

func (s Sq) Area() float64       { return s.S * s.S }
func (Sq) Name() string          { return "square" }
func (s *Sq) Grow(by float64)    { s.S += by }
func (s Sq) Mul(a, b int) string { return fmt.Sprint(s.S, a*b) }

type Temp float64

func (t Temp) MarshalJSON() ([]byte, error) { return []byte(fmt.Sprintf(`"%.1fC"`, float64(t))), nil }

type Err struct{ Code int }

func (e *Err) Error() string   { return fmt.Sprint("code ", e.Code) }
func (e *Err) Is(t error) bool { return t == os.ErrNotExist }
func (e *Err) Unwrap() []error { return []error{os.ErrClosed} }
func wrap(err error) error     { return fmt.Errorf("wrap: %w", err) }

type G[T any] struct {
	V T `json:"v"`
}
type Fmt struct{ a, b int }

func (f Fmt) Format(s fmt.State, verb rune) {
	w, ok := s.Width()
	fmt.Fprintf(s, "<%c %d %v %v>", verb, w, ok, s.Flag('+'))
}

type GoS struct{ x int }

func (g GoS) GoString() string { return "GoS!" }

func main() {
	it := Item{Base: Base{ID: 7}, Extra: &Extra{"n"}, Name: "x", Level: High, Levels: map[Level]float64{Low: 1.5}, Any: map[string]any{"b": []int{1}, "a": nil}, Raw: json.RawMessage(`{"z":1}`), Next: &Item{}, Str: 5}
	b, err := json.Marshal(it)
	fmt.Println(string(b), err)
	var back Item
	fmt.Println(json.Unmarshal(b, &back), back.ID, back.Note, back.Level, back.Levels, back.Any, string(back.Raw), back.Next != nil, back.Str)
	fmt.Println(json.Unmarshal([]byte(`{"level":"odd"}`), &back), json.Unmarshal([]byte(`{"id":"x"}`), &back))
	var ute *json.UnmarshalTypeError
	fmt.Println(errors.As(json.Unmarshal([]byte(`{"id":"x"}`), &back), &ute), ute.Field, ute.Type)
	b, _ = json.MarshalIndent(map[string]any{"t": Temp(3), "g": G[Level]{Low}, "s": []Shape{Sq{2}, &Sq{3}}, "e": struct{}{}}, "", " ")
	fmt.Println(string(b))
	t := reflect.TypeFor[Item]()
	for i := range t.NumField() {
		f := t.Field(i)
		fmt.Println(f.Name, f.Type, f.Type.Kind(), f.Tag.Get("json"), f.Anonymous, f.IsExported(), f.Index)
	}
	f, ok := t.FieldByName("Note")
	fmt.Println(f.Index, ok, f.Tag, t.Name(), t.PkgPath(), t.String(), t.NumMethod(), reflect.TypeFor[*Sq]().NumMethod())
	v := reflect.ValueOf(&Sq{2})
	v.MethodByName("Grow").Call([]reflect.Value{reflect.ValueOf(1.5)})
	fmt.Println(v.Elem().Field(0), v.MethodByName("Mul").Call([]reflect.Value{reflect.ValueOf(3), reflect.ValueOf(4)})[0], v.Elem().Type().Method(0).Name)
	fmt.Println(v.Type().Implements(reflect.TypeFor[Shape]()), v.Elem().Type().Implements(reflect.TypeFor[fmt.Stringer]()), reflect.TypeFor[Shape]().Kind())
	v.Elem().FieldByName("S").SetFloat(9)
	fmt.Println(v.Interface().(Shape).Area(), v.Elem().CanSet(), reflect.ValueOf(it).FieldByName("hidden").CanInterface())
	fmt.Println(reflect.DeepEqual(it, it), reflect.DeepEqual([]any{Sq{1}}, []any{Sq{1}}), reflect.DeepEqual(map[Level]*Sq{1: {1}}, map[Level]*Sq{1: {1}}))
	nv := reflect.New(reflect.TypeFor[Sq]()).Elem()
	nv.Field(0).SetFloat(4)
	fmt.Printf("%v %+v %#v %T\n", nv, nv.Interface(), nv.Interface(), nv.Interface())
	sl := reflect.MakeSlice(reflect.SliceOf(reflect.TypeFor[Shape]()), 0, 1)
	sl = reflect.Append(sl, nv)
	fmt.Println(sl.Interface().([]Shape)[0].Name(), sl.Type())
	fn := reflect.MakeFunc(reflect.TypeFor[func(Sq, Level) (Temp, error)](), func(in []reflect.Value) []reflect.Value {
		return []reflect.Value{reflect.ValueOf(Temp(in[0].Interface().(Sq).S * float64(in[1].Int()))), reflect.Zero(reflect.TypeFor[error]())}
	}).Interface().(func(Sq, Level) (Temp, error))
	fmt.Println(fn(Sq{3}, High))
	e := wrap(&Err{3})
	var pe *Err
	fmt.Println(errors.As(e, &pe), pe.Code, errors.Is(e, os.ErrNotExist), errors.Is(e, os.ErrClosed), errors.Is(e, os.ErrExist), e)
	fmt.Printf("%v|%+6d|%s|%#v|%v|%+v\n", Fmt{1, 2}, Fmt{}, []Fmt{{}}, GoS{1}, GoS{1}, struct{ G GoS }{GoS{2}})
	fmt.Printf("%#v %#v %#v %#v\n", G[int]{1}, []Level{Low}, map[string]*int{"a": nil}, struct {
		A any
		b Level
	}{1, 2})
	fmt.Printf("%v %d %s %x %q %5.1f|%-4v|%04d\n", High, High, Temp(1), "hi", []string{"a b"}, Temp(2), Low, High)
	tm := template.Must(template.New("t").Funcs(template.FuncMap{"up": strings.ToUpper, "dbl": func(l Level) Level { return l * 2 }}).Parse(
		"{{range $i, $s := .Shapes}}{{$i}}:{{$s.Name | up}}={{$s.Area}} {{$s.Mul 2 3}};{{end}}{{with .It}}{{.Name}} {{.ID}} {{.Note}} {{.Level}} {{index .Levels 1}}{{end}} {{dbl 1}}\n"))
	if err := tm.Execute(os.Stdout, map[string]any{"Shapes": []Sq{{1}, {2}}, "It": &it}); err != nil {
		fmt.Println(err)
	}
	keys := reflect.ValueOf(map[Level]string{2: "b", 1: "a"}).MapKeys()
	sort.Slice(keys, func(i, j int) bool { return keys[i].Int() < keys[j].Int() })
	fmt.Println(keys, keys[0].Type())
	var shape Shape
	fmt.Println(reflect.TypeOf(shape) == nil, reflect.TypeOf(&shape).Elem(), reflect.ValueOf(&shape).Elem().IsNil())
	st := reflect.StructOf([]reflect.StructField{{Name: "A", Type: reflect.TypeFor[Level](), Tag: `json:"a"`}})
	js, _ := json.Marshal(reflect.New(st).Interface())
	fmt.Println(st, string(js))
	type local struct {
		A int `json:"a"`
		b int
	}
	fmt.Printf("%T %+v\n", local{}, &local{1, 2})
	var dst struct {
		X struct{ Y []map[string]*G[[]int] }
		Z *float64
	}
	fmt.Println(json.Unmarshal([]byte(`{"x":{"y":[{"k":{"v":[1,2]}}]},"z":1.5}`), &dst), dst.X.Y[0]["k"].V, *dst.Z)
	fmt.Println(reflect.ValueOf(it.Base).Field(2).String() == "", reflect.TypeOf(it.Skip), reflect.TypeOf(wrap))
}
